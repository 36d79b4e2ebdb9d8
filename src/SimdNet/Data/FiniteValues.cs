using System;
using System.Numerics;
using System.Numerics.Tensors;

namespace SimdNet.Data;

/// <summary>Finds NaN and infinity before they reach a network.</summary>
internal static class FiniteValues
{
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

    /// <summary>What is wrong with the value at <paramref name="index"/> of rows of <paramref name="columns"/> values.</summary>
    public static string Describe<T>(ReadOnlySpan<T> values, int index, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        $"the value in row {index / columns}, column {index % columns} (counted from 0) is {(T.IsNaN(values[index]) ? "NaN" : "infinite")}; all values must be finite";
}
