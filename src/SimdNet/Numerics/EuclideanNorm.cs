using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;

namespace SimdNet.Numerics;

/// <summary>√Σ x² over the whole range of numbers.</summary>
internal static class EuclideanNorm
{
    public static T Of<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelSet<T> kernels = KernelSets.Active<T>();
        T squares = kernels.Dot(x, x);
        return IsAccurate(squares) ? T.Sqrt(squares) : Scaled(kernels, new ReadOnlyTensorSpan<T>(x));
    }

    public static T Of<T>(in ReadOnlyTensorSpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelSet<T> kernels = KernelSets.Active<T>();
        DotRun<T> squares = default;
        TensorElements.Walk(kernels, ref squares, x, x, x, inOrder: true);
        return IsAccurate(squares.Total) ? T.Sqrt(squares.Total) : Scaled(kernels, x);
    }

    private static T Scaled<T>(KernelSet<T> kernels, in ReadOnlyTensorSpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LargestRun<T> largest = default;
        TensorElements.Walk(kernels, ref largest, x, x, x, inOrder: true);
        if (largest.Value == T.Zero || !T.IsFinite(largest.Value))
        {
            return largest.Value;
        }

        // The largest element becomes about 1. Its exponent is taken no further than a power of two and its inverse are both numbers.
        int most = typeof(T) == typeof(float) ? 126 : 1022;
        int exponent = int.Clamp(T.ILogB(largest.Value), -most, most);
        ScaledSquaresRun<T> scaled = new(T.ScaleB(T.One, -exponent));
        TensorElements.Walk(kernels, ref scaled, x, x, x, inOrder: true);
        return T.ScaleB(T.Sqrt(scaled.Total), exponent);
    }

    /// <summary>
    /// True where the sum of squares has kept its digits, or is NaN, which is the norm then. From the smallest normal number divided by ε on, 2⁻¹⁰³ or 2⁻⁹⁷⁰, an ulp of the sum is a normal number:
    /// what terms below the normal range have lost does not count.
    /// </summary>
    private static bool IsAccurate<T>(T squares)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T least = T.CreateTruncating(typeof(T) == typeof(float) ? 9.8607613152626476E-32 : 1.0020841800044864E-292);
        return T.IsNaN(squares) || (squares >= least && squares < T.PositiveInfinity);
    }

    private struct LargestRun<T> : IElementRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public static bool Writes => false;

        public static bool ReadsSecond => false;

        public static bool WorksInPlace => false;

        public T Value { get; private set; }

        public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => Value = T.Max(Value, T.Abs(TensorPrimitives.MaxMagnitude(x)));
    }

    private struct ScaledSquaresRun<T>(T factor) : IElementRun<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private const int Block = 256;

        public static bool Writes => false;

        public static bool ReadsSecond => false;

        public static bool WorksInPlace => false;

        public T Total { get; private set; }

        public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
        {
            Span<T> buffer = stackalloc T[Block];
            while (x.Length > 0)
            {
                Span<T> scaled = buffer[..int.Min(Block, x.Length)];
                TensorPrimitives.Multiply(x[..scaled.Length], factor, scaled);
                Total += kernels.Dot(scaled, scaled);
                x = x[scaled.Length..];
            }
        }
    }
}
