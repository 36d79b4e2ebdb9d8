using System;
using System.Numerics;

using SimdNet.Kernels;

namespace SimdNet.Tests.Reference;

/// <summary>The order in which the forward of one sample adds, as <see cref="KernelSet{T}.VectorMatrix"/> states it.</summary>
internal static class ChainOrder
{
    private const int RowsOfBlock = 1024;
    private const int NarrowColumns = 32;

    /// <summary>y += Wᵀ·x.</summary>
    /// <param name="x">[rows].</param>
    /// <param name="weights">[rows × columns].</param>
    /// <param name="y">[columns].</param>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> weights, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = y.Length;
        int chains = columns <= NarrowColumns ? 2 : 1;
        for (int j = 0; j < columns; j++)
        {
            for (int start = 0; start < x.Length; start += RowsOfBlock)
            {
                T[] sums = new T[chains];
                sums[0] = y[j];
                int dealt = 0;
                for (int i = start; i < Math.Min(x.Length, start + RowsOfBlock); i++)
                {
                    if (x[i] != T.Zero)
                    {
                        ref T sum = ref sums[dealt++ % chains];
                        sum = FusedMultiplyAdd.Of(x[i], weights[(i * columns) + j], sum);
                    }
                }

                y[j] = dealt == 0 ? y[j] : chains == 2 ? sums[0] + sums[1] : sums[0];
            }
        }
    }

    /// <summary>W += (α·x)·gᵀ.</summary>
    /// <param name="alpha">α.</param>
    /// <param name="x">[rows].</param>
    /// <param name="g">[columns].</param>
    /// <param name="weights">[rows × columns].</param>
    public static void Update<T>(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> weights)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < g.Length && x[i] != T.Zero; j++)
            {
                ref T weight = ref weights[(i * g.Length) + j];
                weight = FusedMultiplyAdd.Of(alpha * x[i], g[j], weight);
            }
        }
    }
}
