using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>safetensors: named tensors and strings, nothing in it is executed.</summary>
/// <remarks>
/// <code>header length, 8 bytes, little-endian | header, JSON, padded with blanks to a multiple of 8 | data, little-endian</code>
/// The header maps names to dtype, shape and data_offsets (from the start of the data), and __metadata__ to strings. F32 and F64 are read and written.
/// </remarks>
internal static class SafetensorsFile
{
    /// <summary>The cap of the reference implementation.</summary>
    public const int MaxHeaderLength = 100_000_000;

    private const int MinHeaderLength = 2;
    private const int Alignment = 8;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is no safetensors file, is damaged, or holds elements other than F32 and F64.</exception>
    public static SafetensorsContents Read(string path)
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        reader.ReadExactly(lengthBytes, "the length of the safetensors header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length is < MinHeaderLength or > MaxHeaderLength)
        {
            throw reader.Error(
                $"the header is declared to have {length} bytes; that of a safetensors file has {MinHeaderLength} to {MaxHeaderLength}. It is no such file, or damaged.", 0);
        }

        byte[] json = reader.ReadArray((long)length, "the safetensors header");
        if (json[0] != '{')
        {
            throw reader.Error("this is no safetensors file; its header would begin with '{'.", sizeof(ulong));
        }

        SafetensorsHeader header = SafetensorsHeader.Parse(json, reader);
        NamedBlock?[] blocks = new NamedBlock?[header.Entries.Count];
        foreach (int i in InOrderOfData(header.Entries))
        {
            SafetensorsHeader.Entry entry = header.Entries[i];
            byte[] bytes = reader.ReadArray(entry.End - entry.Begin, $"the tensor {Quoted.Of(entry.Name)}");
            if (!BitConverter.IsLittleEndian)
            {
                ByteOrder.Reverse(bytes, ElementTypes.SizeOf(entry.Type));
            }

            blocks[i] = new NamedBlock(entry.Name, new NpyArray(entry.Type, entry.Shape, bytes, path));
        }

        reader.ExpectEnd();
        return new SafetensorsContents(blocks!, header.Metadata);
    }

    /// <summary>Writes a file, in one step. The same blocks and strings give the same bytes.</summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="blocks">Float32 and Float64, named unlike each other. The header keeps their order; in the data the wider ones come first, so that all are aligned.</param>
    /// <param name="metadata">Strings to go with them; null for none.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, a text is no valid Unicode, a block has another type, or the header becomes too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<NamedBlock> blocks, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        List<NamedBlock> ordered = [];
        foreach (NpyElementType type in (ReadOnlySpan<NpyElementType>)[NpyElementType.Float64, NpyElementType.Float32])
        {
            foreach (NamedBlock block in blocks)
            {
                if (block.Type == type)
                {
                    ordered.Add(block);
                }
            }
        }

        if (ordered.Count < blocks.Count)
        {
            throw new ArgumentException("Blocks have the type Float32 or Float64.", nameof(blocks));
        }

        byte[] header = MakeHeader(blocks, ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (NamedBlock block in ordered)
            {
                WriteData(stream, block);
            }
        });
    }

    private static int[] InOrderOfData(List<SafetensorsHeader.Entry> entries)
    {
        int[] order = new int[entries.Count];
        long[] begins = new long[entries.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
            begins[i] = entries[i].Begin;
        }

        // Of several that begin at one place all but one are empty and read nothing, so their order does not matter.
        Array.Sort(begins, order);
        return order;
    }

    private static void WriteData(Stream stream, NamedBlock block)
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(block.Values.Bytes);
            return;
        }

        byte[] bytes = block.Values.Bytes.ToArray();
        ByteOrder.Reverse(bytes, ElementTypes.SizeOf(block.Type));
        stream.Write(bytes);
    }

    private static byte[] MakeHeader(IReadOnlyList<NamedBlock> blocks, List<NamedBlock> ordered, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        Dictionary<string, long> begins = new(StringComparer.Ordinal);
        long end = 0;
        foreach (NamedBlock block in ordered)
        {
            CheckText(block.Name);
            if (block.Name.Length == 0 || block.Name == SafetensorsHeader.MetadataKey || !begins.TryAdd(block.Name, end))
            {
                throw new ArgumentException($"The name {Quoted.Of(block.Name)} is empty, reserved or used twice.", nameof(blocks));
            }

            end += block.Values.Bytes.Length;
        }

        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            foreach (NamedBlock block in blocks)
            {
                writer.WriteStartObject(block.Name);
                writer.WriteString("dtype"u8, SafetensorsHeader.CodeOf(block.Type));
                writer.WriteStartArray("shape"u8);
                foreach (int size in block.Shape)
                {
                    writer.WriteNumberValue(size);
                }

                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets"u8);
                writer.WriteNumberValue(begins[block.Name]);
                writer.WriteNumberValue(begins[block.Name] + block.Values.Bytes.Length);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        while (stream.Length % Alignment != 0)
        {
            stream.WriteByte((byte)' ');
        }

        return stream.Length <= MaxHeaderLength
            ? stream.ToArray()
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"The header would have {stream.Length} bytes; at most {MaxHeaderLength} are allowed."), nameof(metadata));
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach ((string key, string value) in metadata ?? [])
        {
            CheckText(key);
            CheckText(value);
            if (keys.Count == 0)
            {
                writer.WriteStartObject(SafetensorsHeader.MetadataKey);
            }

            if (!keys.Add(key))
            {
                throw new ArgumentException($"The key {Quoted.Of(key)} is used twice.", nameof(metadata));
            }

            writer.WriteString(key, value);
        }

        if (keys.Count > 0)
        {
            writer.WriteEndObject();
        }
    }

    // The JSON writer would put a replacement character for half a character, and what is read would differ from what was written.
    private static void CheckText(string text) => _ = StrictUtf8.GetByteCount(text);
}
