using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The softmax cross-entropy of one row that fits one vector, in registers: the bits of <see cref="SoftmaxCrossEntropy{T, TPrecision, TVector, TWidth}"/>.</summary>
/// <remarks>The row's lanes are the first of the 32; those beyond would add 0 to the sums and −∞ to the maximum, which changes nothing.</remarks>
internal static unsafe class NarrowCrossEntropy<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Returns the loss; the outputs become probabilities.</summary>
    /// <param name="logits">Of any numbers beyond the units.</param>
    /// <param name="units">1 to a full vector.</param>
    /// <param name="target">[units]; not read where there is a label.</param>
    /// <param name="label">The class; −1 where there is a target.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="output">[units], overwritten.</param>
    /// <param name="gradient">With respect to the logits; 0 beyond the units.</param>
    [MethodImpl(Compiled.Loop)]
    public static T Run(TVector logits, int units, T* target, int label, T scale, T* output, out TVector gradient)
    {
        TVector mask = TWidth.FirstMask(units);
        TVector zero = TWidth.Broadcast(T.Zero);
        T maximum = TWidth.Fold<LargerFold<T>>(TWidth.Select(mask, logits, TWidth.Broadcast(T.NegativeInfinity)));
        TVector exponentials = TWidth.And(mask, Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(logits, TWidth.Broadcast(maximum))));
        T sum = TWidth.Fold<SumFold<T>>(exponentials);
        TVector probabilities = TWidth.Multiply(exponentials, TWidth.Broadcast(T.One / sum));
        TWidth.StoreFirst(output, probabilities, units, mask);
        T logSum = Softmax<T, TPrecision, TVector, TWidth>.Log(sum);
        TVector y = label < 0 ? TWidth.LoadFirst(target, units, mask) : OneHot(label);
        TVector expected = label < 0 ? TWidth.Multiply(probabilities, TWidth.Broadcast(TWidth.Fold<SumFold<T>>(y))) : probabilities;

        gradient = TWidth.And(mask, TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Subtract(expected, y)));
        TVector surprise = TWidth.Add(TWidth.Broadcast(logSum), TWidth.Subtract(TWidth.Broadcast(maximum), logits));
        return TWidth.Fold<SumFold<T>>(TWidth.Select(TWidth.Equal(y, zero), zero, TWidth.MultiplyAdd(y, surprise, zero)));
    }

    /// <summary>1 in one lane, 0 in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OneHot(int index)
    {
        TVector one = TWidth.Select(TWidth.FirstMask(index + 1), TWidth.Broadcast(T.One), TWidth.Broadcast(T.Zero));
        return TWidth.Select(TWidth.FirstMask(index), TWidth.Broadcast(T.Zero), one);
    }
}
