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
    /// <summary>The largest element, −∞ of none, NaN where there is one.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Maximum(T* row, nint length)
        => ReductionLoop<T, TVector, TWidth>.Run<MaximumReduction<T>, MaximumFold<T>>(default, T.NegativeInfinity, row, null, null, null, length);

    /// <summary>destination = eˣ⁻ᵐᵃˣ; returns their sum. The destination may be the row.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Exponentials(T* row, T maximum, T* destination, nint length)
        => ReductionLoop<T, TVector, TWidth>.Run<ExponentialsReduction<T, TPrecision>, SumFold<T>>(new(maximum), T.Zero, row, null, destination, null, length);

    /// <summary>Each row becomes its softmax.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Rows(T* data, nint stride, nint rows, nint columns)
    {
        if (columns > 0 && NarrowSoftmax<T, TPrecision, TVector, TWidth>.Fits(columns))
        {
            for (nint i = 0; i < rows; i += NarrowSoftmax<T, TPrecision, TVector, TWidth>.Block)
            {
                int block = (int)nint.Min(NarrowSoftmax<T, TPrecision, TVector, TWidth>.Block, rows - i);
                NarrowSoftmax<T, TPrecision, TVector, TWidth>.Softmax(data + (i * stride), stride, block, (int)columns);
            }
        }
        else
        {
            for (nint i = 0; i < rows; i++)
            {
                Row(data + (i * stride), columns);
            }
        }
    }

    /// <summary>The row becomes its softmax. A row whose maximum is infinite or NaN has none: it becomes NaN, in all places or where it was not −∞.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Row(T* row, nint length)
    {
        T sum = Exponentials(row, Maximum(row, length), row, length);
        ElementwiseLoop<T, TVector, TWidth>.Unary(new Divided<T>(sum), row, row, length);
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
    public static T LogSumExp(T* row, nint length)
    {
        T maximum = Maximum(row, length);
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
