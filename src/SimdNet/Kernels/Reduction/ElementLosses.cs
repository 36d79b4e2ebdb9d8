using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Σ (p − y)² with the gradient scale·(p − y) beside it.</summary>
internal readonly struct SquaredErrorReduction<T>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector difference = TWidth.Subtract(x, y);
        first = TWidth.Multiply(TWidth.Broadcast(scale), difference);
        second = default;
        return TWidth.MultiplyAdd(difference, difference, lane);
    }
}

/// <summary>Σ |p − y|.</summary>
internal readonly struct AbsoluteErrorReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        return TWidth.Add(lane, TWidth.Abs(TWidth.Subtract(x, y)));
    }
}

/// <summary>Σ max(z, 0) − z·y + ln(1 + e^−|z|), with σ(z) and the gradient scale·(σ(z) − y) beside it; all three from one exponential.</summary>
internal readonly struct SigmoidCrossEntropyReduction<T, TPrecision>(T scale) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector signMask = TWidth.Broadcast(TPrecision.SignMask);
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, signMask));
        first = SigmoidActivation<T, TPrecision>.FromExponential<TVector, TWidth>(x, e);
        second = TWidth.Multiply(TWidth.Broadcast(scale), TWidth.Subtract(first, y));
        TVector positive = TWidth.Larger(x, TWidth.Broadcast(T.Zero));
        TVector linear = TWidth.Subtract(positive, TWidth.Multiply(x, y));
        return TWidth.Add(lane, TWidth.Add(linear, Logarithm<T, TPrecision>.OfOnePlus<TVector, TWidth>(e)));
    }
}
