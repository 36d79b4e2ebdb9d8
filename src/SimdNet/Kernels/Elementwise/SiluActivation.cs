using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x·σ(x) (Elfwing, Uchibe and Doya, 2018; swish); f′ = σ·(1 + x·(1 − σ)): a <see cref="LogisticGate{T, TPrecision}"/> with v = x.</summary>
/// <remarks>
/// Error of f at most 4 ulp where e^−|x| is a normal number, and of f′ where |f′| ≥ ½: it passes through 0 at x = −1.278; elsewhere as much of the last place of ½. ±0 give themselves, −∞ −0, which is the limit, and +∞ itself; f′ is 0 and 1 there. NaN gives NaN.
/// </remarks>
internal readonly struct SiluActivation<T, TPrecision> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector left = Left<TVector, TWidth>(x);
        return LogisticGate<T, TPrecision>.Value<TVector, TWidth>(x, left, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector left = Left<TVector, TWidth>(x);
        return LogisticGate<T, TPrecision>.Derivative<TVector, TWidth>(x, left, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Left<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Larger(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)), TWidth.Broadcast(TPrecision.ExpLower));
}
