using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

using SimdNet.Data;
using SimdNet.Files;
using SimdNet.IO;

namespace SimdNet;

/// <summary>safetensors: named tensors and strings, nothing in it is executed.</summary>
/// <remarks>
/// <code>header length, 8 bytes, little-endian | header, JSON, padded with blanks to a multiple of 8 | data, little-endian</code>
/// The header maps names to dtype, shape and data_offsets (from the start of the data), and __metadata__ to strings.
/// At most 100,000 tensors and as many strings are read and written. Reading takes memory for the file's bytes twice at most, for strings five times, and 64 MiB.
/// Read and written: truth values, integers of 8 to 64 bits, floats of 16 to 64 bits. bfloat16 is read, and becomes float, which holds all its values.
/// </remarks>
public static class SafetensorsFile
{
    /// <summary>The cap of the reference implementation.</summary>
    internal const int MaxHeaderLength = 100_000_000;

    private const int MinHeaderLength = 2;
    private const int Alignment = 8;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file: all of its tensors and strings.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is no safetensors file, is damaged, or has a tensor of another element type; <see cref="ReadHeader"/> lists those too.</exception>
    public static SafetensorsContents Read(string path)
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        return Read(reader);
    }

    /// <summary>Reads what ends where the reader does.</summary>
    internal static SafetensorsContents Read(BoundedReader reader)
    {
        SafetensorsHeader header = OpenHeader(reader);
        NamedBlock?[] blocks = new NamedBlock?[header.Entries.Count];
        foreach (SafetensorsHeader.Entry entry in header.Entries)
        {
            if (entry.Type is null)
            {
                throw reader.Error($"the tensor {Quoted.Of(entry.Name)} has the dtype {Quoted.Of(entry.Dtype)}; {SafetensorsTypes.Known} can be read. Convert it, or leave it out.", sizeof(ulong));
            }
        }

        foreach (int i in InOrderOfData(header.Entries))
        {
            SafetensorsHeader.Entry entry = header.Entries[i];
            blocks[i] = new NamedBlock(entry.Name, new NpyArray(entry.Type!.Value, entry.Shape, ReadData(reader, entry), reader.Source));
        }

        reader.ExpectEnd();
        return new SafetensorsContents(blocks!, header.Metadata);
    }

    /// <summary>What a file declares: names, shapes and element types, known here or not, without the numbers.</summary>
    /// <param name="path">The file. Its header is read and checked against its length; its data is not.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">It is no safetensors file, or is damaged.</exception>
    public static SafetensorsInfo ReadHeader(string path)
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        SafetensorsHeader header = OpenHeader(reader);
        return new(header.Entries.ConvertAll(static entry => new TensorInfo(entry.Name, entry.Dtype, entry.Shape)), header.Metadata);
    }

    /// <summary>Writes a file, in one step: on failure an older file of that name is as it was. The same tensors and strings give the same bytes.</summary>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="tensors">Names, unlike each other and not empty, and arrays. The header keeps their order; in the data those of wider elements come first, so that all are aligned.</param>
    /// <param name="metadata">Strings to go with them; null for none.</param>
    /// <exception cref="ArgumentException">A name is empty, reserved or used twice, a text is no valid Unicode, there are more than 100,000 tensors or strings, or the header becomes too large.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, NpyArray>> tensors, IEnumerable<KeyValuePair<string, string>>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        List<NamedBlock> blocks = [];
        foreach ((string name, NpyArray values) in tensors)
        {
            ArgumentNullException.ThrowIfNull(name, nameof(tensors));
            ArgumentNullException.ThrowIfNull(values, nameof(tensors));
            blocks.Add(new(name, values));
        }

        WriteBlocks(path, blocks, metadata, DiskOperations.Instance);
    }

    /// <inheritdoc cref="Write(string, IEnumerable{KeyValuePair{string, NpyArray}}, IEnumerable{KeyValuePair{string, string}}?)"/>
    internal static void Write(string path, IReadOnlyList<NamedBlock> blocks, IEnumerable<KeyValuePair<string, string>>? metadata = null) => WriteBlocks(path, blocks, metadata, DiskOperations.Instance);

    /// <summary>The same on a file system of the caller's.</summary>
    internal static void WriteBlocks(string path, IReadOnlyList<NamedBlock> blocks, IEnumerable<KeyValuePair<string, string>>? metadata, IFileOperations operations) => AtomicFile.Write(path, Contents(blocks, metadata), operations);

    /// <summary>The same where there is no such file yet; false where there is.</summary>
    internal static bool TryWriteNewBlocks(string path, IReadOnlyList<NamedBlock> blocks, IEnumerable<KeyValuePair<string, string>>? metadata, IFileOperations operations) => AtomicFile.TryWriteNew(path, Contents(blocks, metadata), operations);

    /// <summary>What writes the contents, once it is known that they can be written.</summary>
    private static Action<Stream> Contents(IReadOnlyList<NamedBlock> blocks, IEnumerable<KeyValuePair<string, string>>? metadata)
    {
        if (blocks.Count > SafetensorsHeader.MaxEntries)
        {
            throw new ArgumentException($"There are {blocks.Count} tensors; a file has at most {SafetensorsHeader.MaxEntries}.", nameof(blocks));
        }

        List<NamedBlock> ordered = [];
        for (int size = Alignment; size > 0; size /= 2)
        {
            foreach (NamedBlock block in blocks)
            {
                if (ElementTypes.SizeOf(block.Type) == size)
                {
                    ordered.Add(block);
                }
            }
        }

        byte[] header = MakeHeader(blocks, ordered, metadata);
        return stream =>
        {
            Span<byte> length = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (NamedBlock block in ordered)
            {
                WriteData(stream, block);
            }
        };
    }

    private static SafetensorsHeader OpenHeader(BoundedReader reader)
    {
        Span<byte> lengthBytes = stackalloc byte[sizeof(ulong)];
        reader.ReadExactly(lengthBytes, "the length of the safetensors header");
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length is < MinHeaderLength or > MaxHeaderLength)
        {
            throw reader.Error(
                $"the header is declared to have {length} bytes; that of a safetensors file has {MinHeaderLength} to {MaxHeaderLength}. It is no such file, or damaged.", 0);
        }

        byte[] json = reader.ReadArray((long)length, "the safetensors header");
        return json[0] == '{'
            ? SafetensorsHeader.Parse(json, reader)
            : throw reader.Error("this is no safetensors file; its header would begin with '{'.", sizeof(ulong));
    }

    private static byte[] ReadData(BoundedReader reader, in SafetensorsHeader.Entry entry)
    {
        // A name for each would be garbage: only a tensor that is too large for one piece is told by it.
        long length = entry.End - entry.Begin;
        string what = length > Array.MaxLength / 2 ? $"the tensor {Quoted.Of(entry.Name)}" : "the data of a tensor";
        if (entry.Dtype == SafetensorsTypes.BFloat16)
        {
            return ReadBFloat16(reader, length, what);
        }

        byte[] bytes = reader.ReadArray(length, what);
        if (!BitConverter.IsLittleEndian)
        {
            ByteOrder.Reverse(bytes, ElementTypes.SizeOf(entry.Type!.Value));
        }

        return bytes;
    }

    // The file's bytes go to the back half of the result. The floats grow from its front, and the last one meets its own source.
    private static byte[] ReadBFloat16(BoundedReader reader, long length, string what)
    {
        reader.RequireAvailable(length, what);
        if (2 * length > Array.MaxLength)
        {
            throw reader.Error($"{what} has {length} bytes of bfloat16; more than {Array.MaxLength / 2} cannot be read in one piece. Split it.");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)(2 * length));
        Span<byte> source = bytes.AsSpan((int)length);
        reader.ReadExactly(source, what);
        Span<uint> floats = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = (uint)BinaryPrimitives.ReadUInt16LittleEndian(source[(2 * i)..]) << 16;
        }

        return bytes;
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
                writer.WriteString("dtype"u8, SafetensorsTypes.CodeOf(block.Type));
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

            if (keys.Count == SafetensorsHeader.MaxEntries)
            {
                throw new ArgumentException($"There are more than {SafetensorsHeader.MaxEntries} strings; a file has at most so many.", nameof(metadata));
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

    /// <summary>The JSON writer would put a replacement character for half a character, and what is read would differ from what was written.</summary>
    /// <exception cref="ArgumentException">There is half a character in it.</exception>
    internal static void CheckText(string text) => _ = StrictUtf8.GetByteCount(text);
}
