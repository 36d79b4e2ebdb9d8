using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SimdNet.IO;

/// <summary>The CRC-32 of zip and gzip (polynomial 0xEDB88320, reflected), eight bytes a step.</summary>
/// <remarks>
/// The specification is one bit a step: c = (c &amp; 1) ? (c ≫ 1) ⊕ P : c ≫ 1. Table k holds what a byte becomes after k more zero bytes, so
/// eight look-ups that do not wait for each other replace eight that do ("slicing-by-8", Kounavis and Berry, 2005). .NET reads zip entries without checking theirs.
/// </remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of what <paramref name="checksum"/> stands for followed by <paramref name="bytes"/>; begin with 0.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<uint> tables = Tables;
        uint c = ~checksum;
        while (bytes.Length >= Slices)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ c;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            c = tables[(7 * 256) + (int)(low & 0xFF)]
                ^ tables[(6 * 256) + (int)((low >> 8) & 0xFF)]
                ^ tables[(5 * 256) + (int)((low >> 16) & 0xFF)]
                ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 0xFF)]
                ^ tables[(2 * 256) + (int)((high >> 8) & 0xFF)]
                ^ tables[256 + (int)((high >> 16) & 0xFF)]
                ^ tables[(int)(high >> 24)];
            bytes = bytes[Slices..];
        }

        foreach (byte value in bytes)
        {
            c = (c >> 8) ^ tables[(int)((c ^ value) & 0xFF)];
        }

        return ~c;
    }

    /// <summary>The same for the bytes of values as they lie in memory, a block after the other: those of all may be more than one span can have.</summary>
    /// <param name="checksum">What stands before.</param>
    /// <param name="values">The values.</param>
    /// <param name="block">How many are taken at once; their bytes fit in a span.</param>
    public static uint AppendValues<T>(uint checksum, ReadOnlySpan<T> values, int block = 1 << 20)
        where T : unmanaged
    {
        for (; values.Length > block; values = values[block..])
        {
            checksum = Append(checksum, MemoryMarshal.AsBytes(values[..block]));
        }

        return Append(checksum, MemoryMarshal.AsBytes(values));
    }

    private static uint[] MakeTables()
    {
        uint[] tables = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint c = value;
            for (int bit = 0; bit < 8; bit++)
            {
                c = (c & 1) != 0 ? (c >> 1) ^ Polynomial : c >> 1;
            }

            tables[value] = c;
        }

        for (int i = 256; i < tables.Length; i++)
        {
            uint previous = tables[i - 256];
            tables[i] = (previous >> 8) ^ tables[(int)(previous & 0xFF)];
        }

        return tables;
    }
}
