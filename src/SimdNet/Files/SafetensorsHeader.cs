using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Text.Unicode;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>What the header of a safetensors file declares, checked against the size of its data.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The key under which strings stand instead of a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    private readonly BoundedReader _reader;

    private SafetensorsHeader(BoundedReader reader)
    {
        _reader = reader;
    }

    /// <summary>A tensor: what it is, and where its bytes are, from the start of the data.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Dtype">What the file calls its element type.</param>
    /// <param name="Type">What its elements are read as; null where they cannot be.</param>
    /// <param name="Shape">Size of each dimension.</param>
    /// <param name="Begin">Its first byte.</param>
    /// <param name="End">The byte behind its last.</param>
    public readonly record struct Entry(string Name, string Dtype, NpyElementType? Type, int[] Shape, long Begin, long End);

    /// <summary>The tensors, in the order of the header.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>The strings, in the order of the header.</summary>
    public OrderedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads and checks a header.</summary>
    /// <param name="json">The header.</param>
    /// <param name="reader">Names the file in errors; stands behind the header, so that what remains is the data.</param>
    /// <exception cref="SimdNetFormatException">It is no JSON, not of this form, or does not cover the data without holes and overlaps.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, BoundedReader reader)
    {
        // Utf8JsonReader takes invalid bytes inside strings and fails only when they are read, or never.
        if (!Utf8.IsValid(json))
        {
            throw reader.Error("the safetensors header is no valid UTF-8; the file is damaged.", sizeof(ulong));
        }

        SafetensorsHeader header = new(reader);
        Utf8JsonReader tokens = new(json, new JsonReaderOptions { MaxDepth = 3 });
        try
        {
            header.ReadTokens(ref tokens);
        }
        catch (JsonException error)
        {
            throw reader.Error("the safetensors header is no valid JSON; the file is damaged.", sizeof(ulong) + tokens.TokenStartIndex, error);
        }
        catch (InvalidOperationException error)
        {
            // An escape sequence for half a character (\uD800) is valid JSON but no text.
            throw reader.Error("a string in the safetensors header is no valid text; the file is damaged.", sizeof(ulong) + tokens.TokenStartIndex, error);
        }

        header.CheckRanges();
        return header;
    }

    private void ReadTokens(ref Utf8JsonReader tokens)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Expect(ref tokens, JsonTokenType.StartObject, "an object");
        while (NextName(ref tokens) is string name)
        {
            if (!names.Add(name))
            {
                throw Error(ref tokens, $"the safetensors header has {Quoted.Of(name)} twice.");
            }

            if (name == MetadataKey)
            {
                ReadMetadata(ref tokens);
            }
            else
            {
                Entries.Add(ReadEntry(ref tokens, name));
            }
        }

        // Blanks may follow, they are the padding; the JSON reader refuses anything else.
        _ = tokens.Read();
    }

    private void ReadMetadata(ref Utf8JsonReader tokens)
    {
        Expect(ref tokens, JsonTokenType.StartObject, $"an object for {MetadataKey}");
        while (NextName(ref tokens) is string key)
        {
            Expect(ref tokens, JsonTokenType.String, $"a string for {Quoted.Of(key)} under {MetadataKey}");
            if (!Metadata.TryAdd(key, tokens.GetString()!))
            {
                throw Error(ref tokens, $"{MetadataKey} in the safetensors header has {Quoted.Of(key)} twice.");
            }
        }
    }

    private Entry ReadEntry(ref Utf8JsonReader tokens, string name)
    {
        string? dtype = null;
        int[]? shape = null;
        List<long>? range = null;
        Expect(ref tokens, JsonTokenType.StartObject, $"an object for the tensor {Quoted.Of(name)}");
        while (NextName(ref tokens) is string key)
        {
            switch (key)
            {
                case "dtype" when dtype is null:
                    Expect(ref tokens, JsonTokenType.String, $"a string for the dtype of the tensor {Quoted.Of(name)}");
                    dtype = tokens.GetString()!;
                    break;
                case "shape" when shape is null:
                    shape = [.. ReadNumbers(ref tokens, name, key, int.MaxValue, ArrayShape.MaxRank).ConvertAll(static size => (int)size)];
                    break;
                case "data_offsets" when range is null:
                    range = ReadNumbers(ref tokens, name, key, long.MaxValue, 2);
                    break;
                default:
                    throw Error(ref tokens, $"the tensor {Quoted.Of(name)} has {Quoted.Of(key)}; it should have dtype, shape and data_offsets, each once.");
            }
        }

        if (dtype is null || shape is null || range is null)
        {
            string missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Error(ref tokens, $"the tensor {Quoted.Of(name)} lacks {missing}.");
        }

        if (range.Count != 2 || range[0] > range[1])
        {
            throw Error(ref tokens, $"data_offsets of the tensor {Quoted.Of(name)} are no pair of a begin and an end.");
        }

        NpyElementType? type = SafetensorsTypes.FromCode(dtype);
        if (type is NpyElementType known)
        {
            int size = dtype == SafetensorsTypes.BFloat16 ? sizeof(ushort) : ElementTypes.SizeOf(known);
            if (ArrayShape.CountOrNull(shape) is not int count || (long)count * size != range[1] - range[0])
            {
                throw Error(
                    ref tokens,
                    $"the tensor {Quoted.Of(name)} of dtype {dtype} and shape {Quoted.Of(ArrayShape.Text(shape))} has data_offsets over {range[1] - range[0]} bytes; the numbers do not agree.");
            }
        }

        return new Entry(name, dtype, type, shape, range[0], range[1]);
    }

    private List<long> ReadNumbers(ref Utf8JsonReader tokens, string name, string what, long max, int maxCount)
    {
        List<long> numbers = [];
        Expect(ref tokens, JsonTokenType.StartArray, $"a list for {what} of the tensor {Quoted.Of(name)}");
        while (tokens.Read() && tokens.TokenType != JsonTokenType.EndArray)
        {
            if (tokens.TokenType != JsonTokenType.Number || !tokens.TryGetInt64(out long number) || number < 0 || number > max || numbers.Count == maxCount)
            {
                throw Error(ref tokens, $"{what} of the tensor {Quoted.Of(name)} should be a list of at most {maxCount} whole numbers from 0 to {max}.");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    // The ranges, sorted, must follow each other from the first byte of the data to its last: nothing hidden, nothing shared.
    private void CheckRanges()
    {
        List<Entry> sorted = [.. Entries];
        sorted.Sort(static (a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long end = 0;
        foreach (Entry entry in sorted)
        {
            if (entry.Begin != end)
            {
                throw _reader.Error(
                    $"the data of the tensor {Quoted.Of(entry.Name)} begins at byte {entry.Begin} of the data where {end} was expected: there is {(entry.Begin > end ? "a hole" : "an overlap")}. The file is damaged.");
            }

            end = entry.End;
        }

        if (end != _reader.Remaining)
        {
            throw _reader.Error(
                $"the tensors declare {end} bytes of data, but {_reader.Remaining} follow the header; the file {(end > _reader.Remaining ? "was cut short" : "had something appended")} or is damaged.");
        }
    }

    private static string? NextName(ref Utf8JsonReader tokens) => tokens.Read() && tokens.TokenType == JsonTokenType.PropertyName ? tokens.GetString() : null;

    private void Expect(ref Utf8JsonReader tokens, JsonTokenType type, string what)
    {
        if (!tokens.Read() || tokens.TokenType != type)
        {
            throw Error(ref tokens, $"{what} was expected in the safetensors header.");
        }
    }

    private SimdNetFormatException Error(ref Utf8JsonReader tokens, string message) => _reader.Error(message, sizeof(ulong) + tokens.TokenStartIndex);
}
