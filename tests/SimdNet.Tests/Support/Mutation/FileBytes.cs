using System;
using System.Collections.Generic;

namespace SimdNet.Tests.Support.Mutation;

/// <summary>A file in the making: numbers of a width and a byte order, cut to it without a check, since that is what a liar does.</summary>
internal sealed class FileBytes
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void LittleEndian(int width, long value)
    {
        for (int i = 0; i < width; i++, value >>= 8)
        {
            _bytes.Add((byte)value);
        }
    }

    public void BigEndian(int width, long value)
    {
        for (int i = width - 1; i >= 0; i--)
        {
            _bytes.Add((byte)(value >> (8 * i)));
        }
    }

    /// <summary>The bytes, in one of four files damaged once more where nothing corrects a checksum.</summary>
    public byte[] Finish(Random random)
    {
        byte[] bytes = ToArray();
        return random.Next(4) == 0 ? ByteMutant.Of(bytes, random) : bytes;
    }

    public byte[] ToArray() => [.. _bytes];
}
