using System;
using System.Collections.Generic;
using System.Text;

using SimdNet.IO;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Damages zip archives of arrays: damaged arrays under a sound wrapping, and every field of the entries' headers, the directory and its end, with zip64 among them.</summary>
/// <remarks><code>local header | name | extra | data …  directory: header | name | extra | remark …  (zip64 end | zip64 locator)  end</code></remarks>
internal sealed class ZipMutant
{
    private static readonly string[] Names = ["", ".npy", "../../X.npy", "/etc/passwd", "X", "X.npy", "y.npy", "a/", "C:\\X.npy", "X\0.npy", "\u001b[2J.npy", "ü.npy", new string('n', 1_010) + ".npy"];
    private readonly (string Name, NpyMutant Array, byte[] Sound)[] _entries;

    public ZipMutant(params ReadOnlySpan<(string Name, byte[] Array)> entries)
    {
        List<(string, NpyMutant, byte[])> list = [];
        foreach ((string name, byte[] array) in entries)
        {
            list.Add((name + ".npy", new NpyMutant(array), array));
        }

        _entries = [.. list];
    }

    /// <summary>A damaged copy.</summary>
    public byte[] Of(Random random)
    {
        FileBytes file = new();
        FileBytes directory = new();
        int count = random.Next(10) == 0 ? random.Next(6) : _entries.Length;
        for (int i = 0; i < count; i++)
        {
            (string name, NpyMutant array, byte[] sound) = _entries[i % _entries.Length];
            AddEntry(file, directory, random.Next(12) == 0 ? Names[random.Next(Names.Length)] : name, random.Next(3) == 0 ? array.Of(random) : sound, random);
        }

        long start = file.Length;
        bool large = random.Next(8) == 0;
        file.Add(directory.ToArray());
        if (large)
        {
            long at = file.Length;
            file.Add([(byte)'P', (byte)'K', 6, 6]);
            file.LittleEndian(8, Lie.Maybe(random, 44, 8));
            file.LittleEndian(2, 45);
            file.LittleEndian(2, 45);
            file.LittleEndian(4, Lie.Maybe(random, 0, 8));
            file.LittleEndian(4, Lie.Maybe(random, 0, 8));
            file.LittleEndian(8, Lie.Maybe(random, count, 8));
            file.LittleEndian(8, Lie.Maybe(random, count, 8));
            file.LittleEndian(8, Lie.Maybe(random, directory.Length, 8));
            file.LittleEndian(8, Lie.Maybe(random, start, 8));
            file.Add([(byte)'P', (byte)'K', 6, 7]);
            file.LittleEndian(4, Lie.Maybe(random, 0, 8));
            file.LittleEndian(8, Lie.Maybe(random, at, 8));
            file.LittleEndian(4, Lie.Maybe(random, 1, 8));
        }

        byte[] remark = random.Next(12) == 0 ? "PK\u0005\u0006 a remark"u8.ToArray() : [];
        file.Add([(byte)'P', (byte)'K', 5, 6]);
        file.LittleEndian(2, Lie.Maybe(random, 0, 40));
        file.LittleEndian(2, Lie.Maybe(random, 0, 40));
        file.LittleEndian(2, large ? -1 : Lie.Maybe(random, count, 40));
        file.LittleEndian(2, large ? -1 : Lie.Maybe(random, count, 40));
        file.LittleEndian(4, large ? -1 : Lie.Maybe(random, directory.Length, 40));
        file.LittleEndian(4, large ? -1 : Lie.Maybe(random, start, 40));
        file.LittleEndian(2, Lie.Maybe(random, remark.Length, 20));
        file.Add(remark);
        return file.Finish(random);
    }

    private static void AddEntry(FileBytes file, FileBytes directory, string name, byte[] contents, Random random)
    {
        bool deflated = random.Next(2) == 0;
        byte[] data = deflated ? GzipMutant.Deflated(contents, random) : contents;
        long at = file.Length;
        long flags = Lie.Maybe(random, 0x800, 30);
        long method = Lie.Maybe(random, deflated ? 8 : 0, 40);
        long checksum = Lie.Maybe(random, Crc32.Append(0, contents), 40);
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        byte[] extra = random.Next(12) == 0 ? Zip64(data.Length, contents.Length, at, random) : [];
        file.Add([(byte)'P', (byte)'K', 3, 4]);
        AddCommon(file, flags, method, checksum, data.Length, contents.Length, random);
        file.LittleEndian(2, Lie.Maybe(random, bytes.Length, 50));
        file.LittleEndian(2, Lie.Maybe(random, extra.Length, 50));
        file.Add(bytes);
        file.Add(extra);
        file.Add(random.Next(40) == 0 ? ByteMutant.Of(data, random) : data);

        bool large = extra.Length > 0;
        directory.Add([(byte)'P', (byte)'K', 1, 2, 20, 0]);
        AddCommon(directory, flags, method, checksum, large ? -1 : data.Length, large ? -1 : contents.Length, random);
        directory.LittleEndian(2, Lie.Maybe(random, bytes.Length, 50));
        directory.LittleEndian(2, Lie.Maybe(random, extra.Length, 50));
        directory.LittleEndian(2, Lie.Maybe(random, 0, 50));
        directory.LittleEndian(2, Lie.Maybe(random, 0, 50));
        directory.LittleEndian(2, 0);
        directory.LittleEndian(4, 0);
        directory.LittleEndian(4, large ? -1 : Lie.Maybe(random, at, 30));
        directory.Add(bytes);
        directory.Add(extra);
    }

    private static void AddCommon(FileBytes file, long flags, long method, long checksum, long packed, long length, Random random)
    {
        file.LittleEndian(2, Lie.Maybe(random, 20, 60));
        file.LittleEndian(2, flags);
        file.LittleEndian(2, method);
        file.LittleEndian(4, Lie.Maybe(random, 0x21_0000, 60));
        file.LittleEndian(4, checksum);
        file.LittleEndian(4, Lie.Maybe(random, packed, 30));
        file.LittleEndian(4, Lie.Maybe(random, length, 30));
    }

    private static byte[] Zip64(long packed, long length, long at, Random random)
    {
        FileBytes extra = new();
        extra.LittleEndian(2, Lie.Maybe(random, 1, 12));
        extra.LittleEndian(2, Lie.Maybe(random, 24, 8));
        extra.LittleEndian(8, Lie.Maybe(random, length, 8));
        extra.LittleEndian(8, Lie.Maybe(random, packed, 8));
        extra.LittleEndian(8, Lie.Maybe(random, at, 8));
        return extra.ToArray();
    }
}
