using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Softmax of a row and what is fused with it. Every exponent is a difference from the row's maximum: no finite row overflows.</summary>
internal static unsafe class Softmax<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Rows of a <see cref="RowBlock{T, TVector, TWidth}"/>.</summary>
    private static int Block => TWidth.Count;

    /// <summary>The largest element, −∞ of none. A NaN may be passed over: its own exponential shows it.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Largest(T* row, nint length)
        => ReductionLoop<T, TVector, TWidth>.Run<MaximumReduction<T, LargerFold<T>>, LargerFold<T>>(default, T.NegativeInfinity, row, null, null, null, length);

    /// <summary>destination = eˣ⁻ᵐᵃˣ; returns their sum. The destination may be the row.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Exponentials(T* row, T maximum, T* destination, nint length)
        => ReductionLoop<T, TVector, TWidth>.Run<ExponentialsReduction<T, TPrecision>, SumFold<T>>(new(maximum), T.Zero, row, null, destination, null, length);

    /// <summary>Each row becomes its softmax.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Rows(T* data, nint stride, nint rows, nint columns)
    {
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, Block);
            if (RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                BlockSoftmax<T, TPrecision, TVector, TWidth>.Softmax(data, stride, block, (int)columns);
            }
            else if (NarrowSoftmax<T, TPrecision, TVector, TWidth>.Fits(columns))
            {
                block = int.Min(block, NarrowSoftmax<T, TPrecision, TVector, TWidth>.Block);
                NarrowSoftmax<T, TPrecision, TVector, TWidth>.Softmax(data, stride, block, (int)columns);
            }
            else
            {
                block = 1;
                Row(data, columns);
            }

            data += block * stride;
            rows -= block;
        }
    }

    /// <summary>The row becomes its softmax. A row whose maximum is infinite, or that holds a NaN, has none: it becomes NaN.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Row(T* row, nint length)
    {
        T sum = Exponentials(row, Largest(row, length), row, length);
        ElementwiseLoop<T, TVector, TWidth>.Unary(new Scaled<T>(T.One / sum), row, row, length);
    }

    /// <summary>Each row of the gradient becomes p·(g − Σ g·p).</summary>
    [MethodImpl(Compiled.Entry)]
    public static void RowsGradient(T* output, nint stride, nint rows, nint columns, T* gradient, nint gradientStride)
    {
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, Block);
            // Two operands to transpose for two operations an element: rows that fill a vector are faster by themselves.
            if (columns < 16 && RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                BlockSoftmax<T, TPrecision, TVector, TWidth>.Gradient(output, stride, block, (int)columns, gradient, gradientStride);
            }
            else
            {
                block = 1;
                RowGradient(output, gradient, columns);
            }

            output += block * stride;
            gradient += block * gradientStride;
            rows -= block;
        }
    }

    /// <summary>ln Σ eˣ of each row.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void RowsLogSumExp(T* data, nint stride, nint rows, nint columns, T* destination)
    {
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, Block);
            if (RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                BlockSoftmax<T, TPrecision, TVector, TWidth>.LogSumExp(data, stride, block, (int)columns, destination);
            }
            else
            {
                block = 1;
                *destination = LogSumExp(data, columns);
            }

            data += block * stride;
            destination += block;
            rows -= block;
        }
    }

    /// <summary>gradient = p·(g − Σ g·p).</summary>
    [MethodImpl(Compiled.Entry)]
    public static void RowGradient(T* output, T* gradient, nint length)
    {
        T dot = ReductionLoop<T, TVector, TWidth>.Run<DotReduction<T>, SumFold<T>>(default, T.Zero, gradient, output, null, null, length);
        ElementwiseLoop<T, TVector, TWidth>.Binary(new ThroughSoftmax(dot), output, gradient, gradient, length);
    }

    /// <summary>ln Σ eˣ. An infinite maximum, or a NaN, is the result itself.</summary>
    [MethodImpl(Compiled.Entry)]
    private static T LogSumExp(T* row, nint length)
    {
        T maximum = ReductionLoop<T, TVector, TWidth>.Run<MaximumReduction<T, MaximumFold<T>>, MaximumFold<T>>(default, T.NegativeInfinity, row, null, null, null, length);
        if (!T.IsFinite(maximum))
        {
            return maximum;
        }

        return maximum + Log(ReductionLoop<T, TVector, TWidth>.Run<ExponentialSumReduction<T, TPrecision>, SumFold<T>>(new(maximum), T.Zero, row, null, null, null, length));
    }

    /// <summary>ln x of one number, with the bits of every other width.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Log(T x) => default(Logarithm<T, TPrecision>).Invoke<T, WidthScalar<T>>(x);

    /// <summary>p·(g − Σ g·p).</summary>
    private readonly struct ThroughSoftmax(T dot) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther output, TOther gradient)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
            => TOtherWidth.Multiply(output, TOtherWidth.Subtract(gradient, TOtherWidth.Broadcast(dot)));
    }
}
