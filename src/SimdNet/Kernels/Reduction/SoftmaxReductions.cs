using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Σ eˣ⁻ᵐᵃˣ with the terms beside it.</summary>
internal readonly struct ExponentialsReduction<T, TPrecision>(T maximum) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => false;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(x, TWidth.Broadcast(maximum)));
        second = default;
        return TWidth.Add(lane, first);
    }
}

/// <summary>Σ eˣ⁻ᵐᵃˣ alone.</summary>
internal readonly struct ExponentialSumReduction<T, TPrecision>(T maximum) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static bool ReadsSecond => false;

    public static int Outputs => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        return TWidth.Add(lane, Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(x, TWidth.Broadcast(maximum))));
    }
}

/// <summary>Σ y·(ln Σ eᶻ⁻ᵐᵃˣ + (max − z)). A target of exactly 0 contributes 0, also where z is −∞.</summary>
internal readonly struct CrossEntropyReduction<T>(T maximum, T logSum) : IReduction<T>
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
        TVector surprise = TWidth.Add(TWidth.Broadcast(logSum), TWidth.Subtract(TWidth.Broadcast(maximum), x));
        TVector none = TWidth.Equal(y, TWidth.Broadcast(T.Zero));
        return TWidth.Select(none, lane, TWidth.MultiplyAdd(y, surprise, lane));
    }
}
