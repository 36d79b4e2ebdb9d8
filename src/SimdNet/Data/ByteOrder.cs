using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SimdNet.Data;

/// <summary>Turns the bytes of numbers around, where file and machine differ.</summary>
internal static class ByteOrder
{
    /// <summary>Reverses the bytes of each element, in place.</summary>
    /// <param name="bytes">Whole elements.</param>
    /// <param name="elementSize">1, 2, 4 or 8.</param>
    public static void Reverse(Span<byte> bytes, int elementSize)
    {
        switch (elementSize)
        {
            case 2:
                Span<ushort> two = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(two, two);
                break;
            case 4:
                Span<uint> four = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(four, four);
                break;
            case 8:
                Span<ulong> eight = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eight, eight);
                break;
            default:
                break;
        }
    }
}
