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

    /// <summary>Where the name of a tensor or a string goes in what is expected.</summary>
    private const string Name = "{name}";

    /// <summary>The most tensors, and the most strings, that a file may have: each takes half a kilobyte here, and an empty one some sixty bytes of a file. Large models have some thousand.</summary>
    public const int MaxEntries = 100_000;

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
                RequireFewer(ref tokens, Entries.Count, "tensors");
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
            RequireFewer(ref tokens, Metadata.Count, "strings");
            Expect(ref tokens, JsonTokenType.String, $"a string for {Name} under {MetadataKey}", key);
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
        int? bounds = null;
        Span<long> range = stackalloc long[2];
        Span<long> sizes = stackalloc long[ArrayShape.MaxRank];
        Expect(ref tokens, JsonTokenType.StartObject, $"an object for the tensor {Name}", name);
        while (tokens.Read() && tokens.TokenType == JsonTokenType.PropertyName)
        {
            // Compared where they are: a string of each would be most of what a tensor takes.
            if (dtype is null && tokens.ValueTextEquals("dtype"u8))
            {
                Expect(ref tokens, JsonTokenType.String, $"a string for the dtype of the tensor {Name}", name);
                dtype = tokens.GetString()!;
            }
            else if (shape is null && tokens.ValueTextEquals("shape"u8))
            {
                shape = new int[ReadNumbers(ref tokens, name, "shape", int.MaxValue, sizes)];
                for (int axis = 0; axis < shape.Length; axis++)
                {
                    shape[axis] = (int)sizes[axis];
                }
            }
            else if (bounds is null && tokens.ValueTextEquals("data_offsets"u8))
            {
                bounds = ReadNumbers(ref tokens, name, "data_offsets", long.MaxValue, range);
            }
            else
            {
                throw Error(ref tokens, $"the tensor {Quoted.Of(name)} has {Quoted.Of(tokens.GetString())}; it should have dtype, shape and data_offsets, each once.");
            }
        }

        if (dtype is null || shape is null || bounds is null)
        {
            string missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw Error(ref tokens, $"the tensor {Quoted.Of(name)} lacks {missing}.");
        }

        if (bounds != 2 || range[0] > range[1])
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

    /// <summary>Reads a list of numbers from 0 into the beginning of a span, and says how many there are.</summary>
    private int ReadNumbers(ref Utf8JsonReader tokens, string name, string what, long max, scoped Span<long> numbers)
    {
        if (!tokens.Read() || tokens.TokenType != JsonTokenType.StartArray)
        {
            throw Error(ref tokens, $"a list for {what} of the tensor {Quoted.Of(name)} was expected in the safetensors header.");
        }

        int count = 0;
        while (tokens.Read() && tokens.TokenType != JsonTokenType.EndArray)
        {
            if (tokens.TokenType != JsonTokenType.Number || !tokens.TryGetInt64(out long number) || number < 0 || number > max || count == numbers.Length)
            {
                throw Error(ref tokens, $"{what} of the tensor {Quoted.Of(name)} should be a list of at most {numbers.Length} whole numbers from 0 to {max}.");
            }

            numbers[count++] = number;
        }

        return count;
    }

    private void RequireFewer(ref Utf8JsonReader tokens, int count, string what)
    {
        if (count == MaxEntries)
        {
            throw Error(ref tokens, $"the safetensors header has more than {MaxEntries} {what}; at most so many are read.");
        }
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

    /// <summary>Takes the next token. The message is made where it is needed: there may be a hundred thousand tensors.</summary>
    private void Expect(ref Utf8JsonReader tokens, JsonTokenType type, string what, string name = "")
    {
        if (!tokens.Read() || tokens.TokenType != type)
        {
            throw Error(ref tokens, $"{what.Replace(Name, Quoted.Of(name), StringComparison.Ordinal)} was expected in the safetensors header.");
        }
    }

    private SimdNetFormatException Error(ref Utf8JsonReader tokens, string message) => _reader.Error(message, sizeof(ulong) + tokens.TokenStartIndex);
}
