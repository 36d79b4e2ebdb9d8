using System;
using System.Runtime.InteropServices;

namespace SimdNet.Data;

/// <summary>Arithmetic on the shapes of arrays.</summary>
internal static class ArrayShape
{
    /// <summary>The most dimensions an array may have; numpy's limit.</summary>
    public const int MaxRank = 64;

    /// <summary>Number of elements, null if it overflows an <see cref="int"/> or a dimension is negative; 1 for a shape without dimensions.</summary>
    public static int? CountOrNull(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int size in shape)
        {
            if (size < 0)
            {
                return null;
            }

            // Both factors are below 2³¹, so the product cannot leave a long.
            count *= size;
            if (count > int.MaxValue)
            {
                return null;
            }
        }

        return (int)count;
    }

    /// <summary>As Python writes tuples: (), (3,), (3, 4).</summary>
    public static string Text(ReadOnlySpan<int> shape) => shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape.ToArray())})";

    /// <summary>Elements whose first index runs fastest (Fortran), in the order in which the last one does (C).</summary>
    /// <param name="bytes">The elements, shape's product × elementSize bytes.</param>
    /// <param name="shape">Size of each dimension.</param>
    /// <param name="elementSize">1, 2, 4 or 8.</param>
    public static byte[] FromFortranOrder(byte[] bytes, ReadOnlySpan<int> shape, int elementSize)
    {
        byte[] result = GC.AllocateUninitializedArray<byte>(bytes.Length);
        Span<int> axes = stackalloc int[MaxRank];
        axes = axes[..WithoutOnes(shape, axes)];
        switch (elementSize)
        {
            case 1:
                Reorder<byte>(bytes, axes, result);
                break;
            case 2:
                Reorder<ushort>(bytes, axes, result);
                break;
            case 4:
                Reorder<uint>(bytes, axes, result);
                break;
            default:
                Reorder<ulong>(bytes, axes, result);
                break;
        }

        return result;
    }

    /// <summary>The dimensions of another size than 1: those change no order, and 62 of them would be stepped over at every row.</summary>
    /// <param name="shape">At most <see cref="MaxRank"/> dimensions.</param>
    /// <param name="axes">Room for as many.</param>
    /// <returns>How many there are.</returns>
    internal static int WithoutOnes(ReadOnlySpan<int> shape, Span<int> axes)
    {
        int rank = 0;
        foreach (int size in shape)
        {
            if (size != 1)
            {
                axes[rank++] = size;
            }
        }

        return rank;
    }

    // Rows of the result are written in order; their elements are strides apart in the source. The lines that a row touches serve
    // the next rows too, and those of a row of some thousand elements fit the second-level cache, so no blocking is needed.
    private static void Reorder<T>(ReadOnlySpan<byte> sourceBytes, ReadOnlySpan<int> shape, Span<byte> destinationBytes)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(sourceBytes);
        Span<T> destination = MemoryMarshal.Cast<byte, T>(destinationBytes);
        if (destination.IsEmpty || shape.IsEmpty)
        {
            source.CopyTo(destination);
            return;
        }

        Span<int> index = stackalloc int[MaxRank];
        Span<int> strides = stackalloc int[MaxRank];
        int stride = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            index[axis] = 0;
            strides[axis] = stride;
            stride *= shape[axis];
        }

        int last = shape.Length - 1;
        int columns = shape[last];
        int columnStride = strides[last];
        int start = 0;
        for (int written = 0; written < destination.Length; written += columns)
        {
            Span<T> row = destination.Slice(written, columns);
            int from = start;
            for (int j = 0; j < row.Length; j++, from += columnStride)
            {
                row[j] = source[from];
            }

            for (int axis = last - 1; axis >= 0; axis--)
            {
                start += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                start -= shape[axis] * strides[axis];
                index[axis] = 0;
            }
        }
    }
}
