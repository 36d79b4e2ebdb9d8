using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Damages safetensors files: the header's length and tokens, the texts in its metadata (damaged before they are escaped), the tensors' types, shapes and ranges, the data.</summary>
internal sealed class SafetensorsMutant
{
    private readonly TokenMutant _header;
    private readonly byte[] _sound;
    private readonly byte[] _data;

    // Keys, names and sound values as they are in the file: escaping them anew for each mutant takes longer than reading most of them.
    private readonly (string Key, TokenMutant Value, string Sound)[] _metadata;
    private readonly (string Name, string Type, long[] Shape, long Length)[] _tensors;

    /// <param name="file">A sound file.</param>
    public SafetensorsMutant(byte[] file)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        _sound = file[8..(8 + length)];
        _data = file[(8 + length)..];
        string text = Encoding.UTF8.GetString(_sound).TrimEnd();
        _header = new TokenMutant(text);
        using JsonDocument document = JsonDocument.Parse(text);
        List<(string Key, TokenMutant Value, string Sound)> metadata = [];
        List<(string, string, long[], long)> tensors = [];
        foreach (JsonProperty property in document.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                metadata.AddRange(property.Value.EnumerateObject().Select(entry => ($"\"{Escaped(entry.Name)}\":\"", new TokenMutant(entry.Value.GetString()!), Escaped(entry.Value.GetString()!))));
                continue;
            }

            long[] range = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(value => value.GetInt64())];
            tensors.Add((Escaped(property.Name), property.Value.GetProperty("dtype").GetString()!, [.. property.Value.GetProperty("shape").EnumerateArray().Select(value => value.GetInt64())], range[1] - range[0]));
        }

        _metadata = [.. metadata];
        _tensors = [.. tensors];
    }

    /// <summary>A damaged copy.</summary>
    public byte[] Of(Random random)
    {
        byte[] header = random.Next(8) switch
        {
            0 => _sound,
            1 or 2 or 3 => _header.BytesOf(random),
            _ => Encoding.UTF8.GetBytes(Header(random)),
        };
        FileBytes file = new();
        file.LittleEndian(8, Lie.Maybe(random, header.Length));
        file.Add(header);
        file.Add(Lie.Data(random, _data));
        return file.Finish(random);
    }

    private string Header(Random random)
    {
        StringBuilder text = new("{");
        int victim = random.Next(_metadata.Length + 1);
        if (_metadata.Length > 0)
        {
            text.Append("\"__metadata__\":{");
            bool isFirst = true;
            for (int i = 0; i < _metadata.Length; i++)
            {
                if (random.Next(40) == 0)
                {
                    continue;
                }

                text.Append(isFirst ? "" : ",").Append(_metadata[i].Key).Append(i == victim ? Escaped(_metadata[i].Value.Of(random)) : _metadata[i].Sound).Append('"');
                isFirst = false;
            }

            text.Append('}');
        }

        long begin = 0;
        foreach ((string name, string type, long[] shape, long length) in _tensors)
        {
            if (random.Next(30) == 0)
            {
                continue;
            }

            long end = begin + Lie.Maybe(random, length, 30);
            long[] sizes = Array.ConvertAll(shape, size => Lie.Maybe(random, size, 30));
            if (random.Next(30) == 0)
            {
                Array.Reverse(sizes);
            }

            text.Append(text.Length == 1 ? "" : ",").Append('"').Append(random.Next(30) == 0 ? _tensors[random.Next(_tensors.Length)].Name : name).Append("\":{\"dtype\":\"");
            text.Append(random.Next(20) == 0 ? (type == "F32" ? "F64" : "F16") : type).Append("\",\"shape\":[").AppendJoin(',', sizes);
            text.Append("],\"data_offsets\":[").Append(Lie.Maybe(random, begin, 30)).Append(',').Append(end).Append("]}");
            begin = end;
        }

        return text.Append('}').ToString();
    }

    /// <summary>Without halves of characters, which the encoder refuses.</summary>
    private static string Escaped(string text) => JsonEncodedText.Encode(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).ToString();
}
