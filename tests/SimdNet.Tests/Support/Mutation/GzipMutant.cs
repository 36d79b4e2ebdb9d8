using System;
using System.IO;
using System.IO.Compression;

using SimdNet.IO;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>Damages gzip files: contents that are damaged themselves under a sound wrapping, and the fields of the wrapping.</summary>
/// <param name="contents">Makes the contents.</param>
internal sealed class GzipMutant(Func<Random, byte[]> contents)
{
    /// <summary>A damaged copy.</summary>
    public byte[] Of(Random random)
    {
        byte[] inside = contents(random);
        FileBytes file = new();
        int flags = random.Next(6) == 0 ? random.Next(256) : 0;
        file.Add([0x1F, 0x8B, (byte)(random.Next(20) == 0 ? random.Next(256) : 8), (byte)flags, 0, 0, 0, 0, 0, 3]);
        if ((flags & 4) != 0)
        {
            byte[] extra = new byte[random.Next(9)];
            file.LittleEndian(2, Lie.Maybe(random, extra.Length, onceIn: 4));
            file.Add(extra);
        }

        file.Add((flags & 8) != 0 ? "name\0"u8 : []);
        file.Add((flags & 16) != 0 ? "a remark\0"u8 : []);
        file.LittleEndian((flags & 2) != 0 ? 2 : 0, random.Next());
        byte[] deflated = Deflated(inside, random);
        file.Add(random.Next(16) == 0 ? ByteMutant.Of(deflated, random) : deflated);
        file.LittleEndian(4, Lie.Maybe(random, Crc32.Append(0, inside), onceIn: 20));
        file.LittleEndian(4, Lie.Maybe(random, inside.Length, onceIn: 20));
        return random.Next(8) == 0 ? file.Finish(random) : file.ToArray();
    }

    /// <summary>Deflated data, packed or as it is.</summary>
    public static byte[] Deflated(byte[] contents, Random random)
    {
        if (random.Next(4) > 0 && contents.Length <= ushort.MaxValue)
        {
            // One stored block (RFC 1951): what a decompressor sees is the same, and making it costs nothing.
            FileBytes block = new();
            block.Add([1]);
            block.LittleEndian(2, contents.Length);
            block.LittleEndian(2, ~contents.Length);
            block.Add(contents);
            return block.ToArray();
        }

        using MemoryStream stream = new();
        using (DeflateStream packed = new(stream, CompressionLevel.Fastest, leaveOpen: true))
        {
            packed.Write(contents);
        }

        return stream.ToArray();
    }
}
