using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Categorical cross-entropy of one row of logits, fused with the softmax. ln Σ eᶻ − z is computed as ln Σ eᶻ⁻ᵐᵃˣ + (max − z), which keeps its digits where the logits are large.</summary>
internal static unsafe class SoftmaxCrossEntropy<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>The rows' losses with class indices, added in order.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Rows(T* logits, nint stride, nint rows, nint columns, int* labels, T scale, T* gradient, nint gradientStride)
    {
        T total = T.Zero;
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, TWidth.Count);
            if (RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                total = BlockSoftmax<T, TPrecision, TVector, TWidth>.CrossEntropy(total, logits, stride, block, (int)columns, labels, scale, gradient, gradientStride);
            }
            else if (NarrowSoftmax<T, TPrecision, TVector, TWidth>.Fits(columns))
            {
                block = int.Min(block, NarrowSoftmax<T, TPrecision, TVector, TWidth>.Block);
                total = NarrowSoftmax<T, TPrecision, TVector, TWidth>.CrossEntropy(total, logits, stride, block, (int)columns, labels, scale, gradient, gradientStride);
            }
            else
            {
                block = 1;
                total += Row(logits, *labels, scale, gradient, columns);
            }

            logits += block * stride;
            labels += block;
            gradient += block * gradientStride;
            rows -= block;
        }

        return total;
    }

    /// <summary>The rows' losses with rows of targets, added in order.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Rows(T* logits, nint stride, nint rows, nint columns, T* target, nint targetStride, T scale, T* gradient, nint gradientStride)
    {
        T total = T.Zero;
        while (rows > 0)
        {
            int block = (int)nint.Min(rows, TWidth.Count);
            if (RowBlock<T, TVector, TWidth>.Pays(block, columns))
            {
                total = BlockSoftmax<T, TPrecision, TVector, TWidth>.CrossEntropy(
                    total, logits, stride, block, (int)columns, target, targetStride, scale, gradient, gradientStride);
            }
            else
            {
                block = 1;
                total += Row(logits, target, scale, gradient, columns);
            }

            logits += block * stride;
            target += block * targetStride;
            gradient += block * gradientStride;
            rows -= block;
        }

        return total;
    }

    /// <summary>Returns ln Σ eᶻ − z[label]; logits become probabilities; gradient = scale·(p − onehot).</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Row(T* logits, int label, T scale, T* gradient, nint length)
    {
        T maximum = Softmax<T, TPrecision, TVector, TWidth>.Largest(logits, length);
        T distance = maximum - logits[label];
        T sum = Softmax<T, TPrecision, TVector, TWidth>.Exponentials(logits, maximum, logits, length);
        ElementwiseLoop<T, TVector, TWidth>.Unary(new Scaled<T>(T.One / sum), logits, logits, length);
        ElementwiseLoop<T, TVector, TWidth>.Unary(new Scaled<T>(scale), logits, gradient, length);
        gradient[label] = scale * (logits[label] - T.One);
        return Softmax<T, TPrecision, TVector, TWidth>.Log(sum) + distance;
    }

    /// <summary>Returns Σ y·(ln Σ eᶻ − z); logits become probabilities; gradient = scale·(p·Σ y − y).</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Row(T* logits, T* target, T scale, T* gradient, nint length)
    {
        T maximum = Softmax<T, TPrecision, TVector, TWidth>.Largest(logits, length);
        T sum = Softmax<T, TPrecision, TVector, TWidth>.Exponentials(logits, maximum, gradient, length);
        T weight = ReductionLoop<T, TVector, TWidth>.Run<SumReduction<T>, SumFold<T>>(default, T.Zero, target, null, null, null, length);
        CrossEntropyReduction<T> loss = new(maximum, Softmax<T, TPrecision, TVector, TWidth>.Log(sum));
        T total = ReductionLoop<T, TVector, TWidth>.Run<CrossEntropyReduction<T>, SumFold<T>>(loss, T.Zero, logits, target, null, null, length);
        ElementwiseLoop<T, TVector, TWidth>.Unary(new Scaled<T>(T.One / sum), gradient, logits, length);
        ElementwiseLoop<T, TVector, TWidth>.Binary(new Gradient(scale, weight), logits, target, gradient, length);
        return total;
    }

    /// <summary>scale·(p·Σ y − y).</summary>
    private readonly struct Gradient(T scale, T weight) : IBinary<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TOther Invoke<TOther, TOtherWidth>(TOther probability, TOther target)
            where TOther : unmanaged
            where TOtherWidth : IWidth<TOther, T>
        {
            TOther difference = TOtherWidth.Subtract(TOtherWidth.Multiply(probability, TOtherWidth.Broadcast(weight)), target);
            return TOtherWidth.Multiply(TOtherWidth.Broadcast(scale), difference);
        }
    }
}
