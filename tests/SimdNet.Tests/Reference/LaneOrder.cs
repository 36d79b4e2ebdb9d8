using System;
using System.Numerics;

using SimdNet.Kernels;

namespace SimdNet.Tests.Reference;

/// <summary>The order of reductions as the contract states it, one number at a time: element i to lane i mod 32, lanes combined by halving.</summary>
internal static class LaneOrder
{
    /// <summary>Σ x.</summary>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] lanes = new T[KernelSet<T>.Lanes];
        for (int i = 0; i < x.Length; i++)
        {
            lanes[i % lanes.Length] += x[i];
        }

        return Halve(lanes);
    }

    /// <summary>Σ x·y, fused.</summary>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] lanes = new T[KernelSet<T>.Lanes];
        for (int i = 0; i < x.Length; i++)
        {
            lanes[i % lanes.Length] = FusedMultiplyAdd.Of(x[i], y[i], lanes[i % lanes.Length]);
        }

        return Halve(lanes);
    }

    private static T Halve<T>(T[] lanes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int half = lanes.Length / 2; half > 0; half /= 2)
        {
            for (int j = 0; j < half; j++)
            {
                lanes[j] += lanes[j + half];
            }
        }

        return lanes[0];
    }
}
