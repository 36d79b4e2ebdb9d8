using System;
using System.Numerics;
using System.Runtime.InteropServices;

namespace SimdNet.Tests.Support;

/// <summary>Seeded numbers for tests, and how they are compared.</summary>
internal static class Numbers
{
    /// <summary>Uniform in (−1, 1) · scale.</summary>
    public static void Fill<T>(Span<T> destination, int seed, double scale = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong state = (ulong)seed;
        double factor = scale / 2147483648.0;
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating((int)(SplitMix(ref state) >> 32) * factor);
        }
    }

    /// <summary>Integers in −8..8: products and their sums are exact in either precision.</summary>
    public static void FillIntegers<T>(Span<T> destination, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ulong state = (ulong)seed;
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = T.CreateTruncating((int)(SplitMix(ref state) % 17) - 8);
        }
    }

    /// <summary>The generator SplitMix64 (Steele, Lea and Flood, 2014): a few instructions a number.</summary>
    public static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The same bits, or both NaN: which payload survives when NaNs meet depends on how an instruction orders its operands.</summary>
    public static bool SameBits<T>(T a, T b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.IsNaN(a) ? T.IsNaN(b) : a == b && T.IsNegative(a) == T.IsNegative(b);

    /// <summary>The first index at which two lists do not have the same bits, −1 where there is none.</summary>
    public static int FirstDifference<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.Length != b.Length)
        {
            return Math.Min(a.Length, b.Length);
        }

        // Nearly always, and a vector at a time.
        if (MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b)))
        {
            return -1;
        }

        for (int i = 0; i < a.Length; i++)
        {
            if (!SameBits(a[i], b[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
