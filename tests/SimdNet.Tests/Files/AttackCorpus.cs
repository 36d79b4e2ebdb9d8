using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Text;

namespace SimdNet.Tests.Files;

/// <summary>A file that nobody should trust, what reads it, and what the error must say.</summary>
/// <param name="Read">Reads the file at a path.</param>
/// <param name="Bytes">The file.</param>
/// <param name="Expected">A part of the error's message.</param>
internal sealed record Attack(Action<string> Read, byte[] Bytes, string Expected)
{
    /// <summary>What may be allocated before the file is refused: next to nothing, unless what is wrong comes after megabytes of what is right.</summary>
    public long MaxAllocation { get; init; } = 1 << 20;

    /// <summary>Whether the reader is given the file's path, so that the error must name it; else it is given its text.</summary>
    public bool NamesFile { get; init; } = true;

    /// <summary>What the reader throws.</summary>
    public Type Documented { get; init; } = typeof(SimdNetFormatException);
}

/// <summary>Named attacks and accidents.</summary>
internal static partial class AttackCorpus
{
    public static readonly Dictionary<string, Attack> All = MakeAll();

    /// <summary>The sound file that those of numpy are made from.</summary>
    public static byte[] SoundNpy => Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 24);

    public static byte[] Npy(string header, int dataLength, byte major = 1, byte minor = 0, uint? declared = null)
    {
        byte[] text = Encoding.Latin1.GetBytes(header);
        using MemoryStream stream = new();
        stream.Write([0x93, .. "NUMPY"u8, major, minor]);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, declared ?? (uint)text.Length);
        stream.Write(length, 0, major == 1 ? 2 : 4);
        stream.Write(text);
        stream.Write(new byte[dataLength]);
        return stream.ToArray();
    }

    public static byte[] Zip(params (string Name, byte[] Contents, CompressionLevel Level)[] entries)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] contents, CompressionLevel level) in entries)
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(contents);
            }
        }

        return stream.ToArray();
    }

    private static byte[] With(byte[] bytes, int at, params byte[] values)
    {
        byte[] changed = [.. bytes];
        values.CopyTo(changed, at < 0 ? changed.Length + at : at);
        return changed;
    }

    private static int Find(byte[] bytes, ReadOnlySpan<byte> what) => bytes.AsSpan().IndexOf(what);

    public static string Tensor(string name, string shape, int begin, int end, string dtype = "F32") => SafetensorsFileTests.Tensor(name, shape, begin, end, dtype);

    private static Dictionary<string, Attack> MakeAll()
    {
        Dictionary<string, Attack> attacks = [];
        AddNpy(attacks);
        AddNpz(attacks);
        AddIdx(attacks);
        AddSafetensors(attacks);
        AddModels(attacks);
        AddCheckpoints(attacks);
        AddSpecs(attacks);
        AddScalers(attacks);
        AddCsv(attacks);
        AddText(attacks);
        return attacks;
    }
}
