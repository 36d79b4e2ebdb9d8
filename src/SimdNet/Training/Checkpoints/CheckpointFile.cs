using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

using SimdNet.Data;
using SimdNet.Files;
using SimdNet.IO;

namespace SimdNet.Training.Checkpoints;

/// <summary>The file of a checkpoint: safetensors, with the version of the format, and a checksum over everything that it says.</summary>
/// <remarks>The checksum is the SHA-256 of all texts but itself, key and value, then of all arrays, name, type, shape and bytes (lowest first); texts and lists have their length before them. Its form is that of every version.</remarks>
internal static class CheckpointFile
{
    /// <summary>The newest version that is read, and that which is written.</summary>
    public const int Version = 1;

    private const string VersionName = "version";
    private const string ChecksumName = "sha256";

    /// <summary>Writes a file, whole or not at all.</summary>
    public static void Write(string path, CheckpointContents contents, IFileOperations operations)
    {
        Seal(contents);
        SafetensorsFile.WriteBlocks(path, contents.Arrays, contents.Texts, operations);
    }

    /// <summary>The same where there is no such file yet; false where there is.</summary>
    public static bool TryWriteNew(string path, CheckpointContents contents, IFileOperations operations)
    {
        Seal(contents);
        return SafetensorsFile.TryWriteNewBlocks(path, contents.Arrays, contents.Texts, operations);
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isNewer">Whether a newer version of the library wrote it, so that there is no telling what it says.</param>
    /// <exception cref="SimdNetFormatException">It is no checkpoint, or damaged.</exception>
    public static CheckpointContents Read(string path, out bool isNewer)
    {
        CheckpointContents contents = new(SafetensorsFile.Read(path), path);
        if (!contents.Has(VersionName) || !contents.Has(ChecksumName))
        {
            throw new SimdNetFormatException("the file is no checkpoint: its metadata lacks a version or a checksum.", path);
        }

        // First: a damaged version would else be taken for a newer one, and the sound generation before not be asked.
        if (contents.Text(ChecksumName) != Checksum(contents))
        {
            throw contents.Error("its checksum does not fit its contents");
        }

        isNewer = contents.Number(VersionName) > Version;
        return contents.Number(VersionName) > 0 ? contents : throw contents.Error("its version is below 1");
    }

    /// <summary>What is said where a newer version of the library is needed.</summary>
    public static SimdNetFormatException Newer(CheckpointContents contents) =>
        new($"the checkpoint has the format version {contents.Number(VersionName)}, and this SimdNet reads versions up to {Version}. Use a newer SimdNet.", contents.Path);

    /// <summary>The checksum of contents, whatever they say of it.</summary>
    public static string Checksum(CheckpointContents contents)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((string key, string value) in contents.Texts)
        {
            if (key != CheckpointContents.TextPrefix + ChecksumName)
            {
                Add(hash, key);
                Add(hash, value);
            }
        }

        foreach (NamedBlock block in contents.Arrays)
        {
            Add(hash, block.Name);
            Add(hash, SafetensorsTypes.CodeOf(block.Type));
            Add(hash, block.Shape.Length);
            foreach (int size in block.Shape)
            {
                Add(hash, size);
            }

            Add(hash, block);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Seal(CheckpointContents contents)
    {
        contents.Set(VersionName, Version);
        contents.Set(ChecksumName, Checksum(contents));
    }

    private static void Add(IncrementalHash hash, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Add(hash, bytes.Length);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void Add(IncrementalHash hash, NamedBlock block)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(block.Values.Bytes);
            return;
        }

        byte[] bytes = block.Values.Bytes.ToArray();
        ByteOrder.Reverse(bytes, ElementTypes.SizeOf(block.Type));
        hash.AppendData(bytes);
    }
}
