using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;

namespace SimdNet.Numerics;

/// <summary>√Σ x² over the whole range of numbers.</summary>
internal static class EuclideanNorm
{
    public static T Of<T>(in ReadOnlyTensorSpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelSet<T> kernels = KernelSets.Active<T>();
        DotRun<T> squares = default;
        TensorElements.Walk(kernels, ref squares, x, x, x, inOrder: true);
        if (T.IsNaN(squares.Total) || (squares.Total >= LeastAccurate<T>() && T.IsFinite(squares.Total)))
        {
            return T.Sqrt(squares.Total);
        }

        LargestRun<T> largest = default;
        TensorElements.Walk(kernels, ref largest, x, x, x, inOrder: true);
        if (largest.Value == T.Zero || !T.IsFinite(largest.Value))
        {
            return largest.Value;
        }

        // The largest element becomes about 1. Its exponent is taken no further than a power of two and its inverse are both numbers.
        int exponent = int.Clamp(T.ILogB(largest.Value), T.ILogB(SmallestNormal<T>()), -T.ILogB(SmallestNormal<T>()));
        ScaledSquaresRun<T> scaled = new(T.ScaleB(T.One, -exponent));
        TensorElements.Walk(kernels, ref scaled, x, x, x, inOrder: true);
        return T.ScaleB(T.Sqrt(scaled.Total), exponent);
    }

    private static T SmallestNormal<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float) ? T.ScaleB(T.One, -126) : T.ScaleB(T.One, -1022);

    /// <summary>A sum of squares from here on has lost nothing that counts to terms below the normal range: an ulp of it is a normal number.</summary>
    private static T LeastAccurate<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => SmallestNormal<T>() / (T.BitIncrement(T.One) - T.One);

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
