using System;
using System.Numerics;
using System.Numerics.Tensors;

namespace SimdNet.Data;

/// <summary>Finds NaN and infinity before they reach a network.</summary>
internal static class FiniteValues
{
    private const int PieceLength = 512;

    /// <summary>Index of the first value that is NaN or infinite, −1 if there is none.</summary>
    public static int IndexOfOther<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (TensorPrimitives.IsFiniteAll(values))
        {
            return -1;
        }

        int index = 0;
        while (T.IsFinite(values[index]))
        {
            index++;
        }

        return index;
    }

    /// <summary>The same for what an array holds, converted piece by piece: memory is for those that are taken.</summary>
    /// <param name="array">The values.</param>
    /// <param name="found">The value at the index; zero if there is none.</param>
    public static int IndexOfOther<T>(NpyArray array, out T found)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Span<T> piece = stackalloc T[PieceLength];
        for (int start = 0; start < array.Length; start += piece.Length)
        {
            Span<T> part = piece[..Math.Min(piece.Length, array.Length - start)];
            array.CopyTo(start, part);
            int index = IndexOfOther<T>(part);
            if (index >= 0)
            {
                found = part[index];
                return start + index;
            }
        }

        found = T.Zero;
        return -1;
    }

    /// <summary>What is wrong with the value at <paramref name="index"/> of rows of <paramref name="columns"/> values.</summary>
    public static string Describe<T>(ReadOnlySpan<T> values, int index, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        $"the value in row {index / columns}, column {index % columns} (counted from 0) is {(T.IsNaN(values[index]) ? "NaN" : "infinite")}; all values must be finite";
}
