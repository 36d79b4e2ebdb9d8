using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Bench;

/// <summary>Numbers to compute with, the same in every run, in blocks that start on a cache line in every process.</summary>
internal static class RandomData
{
    /// <summary>Numbers in [−1, 1), none of them 0.</summary>
    public static AlignedBuffer<T> Uniform<T>(int length, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Random random = new(seed);
        AlignedBuffer<T> buffer = new(length);
        foreach (ref T value in buffer.Span)
        {
            double number = (2 * random.NextDouble()) - 1;
            value = T.CreateTruncating(number == 0 ? 0.5 : number);
        }

        return buffer;
    }

    /// <summary>Numbers in [−1, 1), of which a share is exactly 0, scattered as in images of few strokes.</summary>
    public static AlignedBuffer<T> UniformWithZeros<T>(int length, double share, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        AlignedBuffer<T> buffer = Uniform<T>(length, seed);
        Random random = new(~seed);
        foreach (ref T value in buffer.Span)
        {
            value = random.NextDouble() < share ? T.Zero : value;
        }

        return buffer;
    }

    /// <summary>Classes in 0..classes − 1.</summary>
    public static int[] Labels(int length, int classes, int seed)
    {
        Random random = new(seed);
        int[] labels = new int[length];
        foreach (ref int label in labels.AsSpan())
        {
            label = random.Next(classes);
        }

        return labels;
    }
}
