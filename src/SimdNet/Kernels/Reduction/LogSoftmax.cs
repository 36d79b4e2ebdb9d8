using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Log-softmax of rows. Every exponent is a difference from the row's maximum: no finite row overflows.</summary>
internal static unsafe class LogSoftmax<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Each row becomes (x − max) − ln Σ eˣ⁻ᵐᵃˣ.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Rows(T* data, nint stride, nint rows, nint columns)
    {
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, TWidth.Count);
            if (RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                BlockLogSoftmax<T, TPrecision, TVector, TWidth>.Forward(data, stride, block, (int)columns);
            }
            else
            {
                block = 1;
                T maximum = Softmax<T, TPrecision, TVector, TWidth>.Largest(data, columns);
                T sum = ReductionLoop<T, TVector, TWidth>.Run<ExponentialSumReduction<T, TPrecision>, SumFold<T>>(new(maximum), T.Zero, data, null, null, null, columns);
                ElementwiseLoop<T, TVector, TWidth>.Unary(new Below(maximum, Softmax<T, TPrecision, TVector, TWidth>.Log(sum)), data, data, columns);
            }

            data += block * stride;
            rows -= block;
        }
    }

    /// <summary>Each row of the gradient becomes g − eʸ·Σ g.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void RowsGradient(T* output, nint stride, nint rows, nint columns, T* gradient, nint gradientStride)
    {
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, TWidth.Count);
            if (RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                BlockLogSoftmax<T, TPrecision, TVector, TWidth>.Gradient(output, stride, block, (int)columns, gradient, gradientStride);
            }
            else
            {
                block = 1;
                T sum = ReductionLoop<T, TVector, TWidth>.Run<SumReduction<T>, SumFold<T>>(default, T.Zero, gradient, null, null, null, columns);
                ElementwiseLoop<T, TVector, TWidth>.Binary(new Through(sum), output, gradient, gradient, columns);
            }

            output += block * stride;
            gradient += block * gradientStride;
            rows -= block;
        }
    }

    /// <summary>(x − max) − ln Σ.</summary>
    private readonly struct Below(T maximum, T logSum) : IUnary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther x)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
            => TOtherWidth.Subtract(TOtherWidth.Subtract(x, TOtherWidth.Broadcast(maximum)), TOtherWidth.Broadcast(logSum));
    }

    /// <summary>g − eʸ·Σ g, fused.</summary>
    private readonly struct Through(T sum) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther output, TOther gradient)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
            => TOtherWidth.MultiplyAdd(Exponential<T, TPrecision>.OfNonPositive<TOther, TOtherWidth>(output), TOtherWidth.Broadcast(-sum), gradient);
    }
}
