using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|), and x itself above 20, as in PyTorch (its threshold; Keras has none): ln(1 + e⁻ˣ) is less than 2.1e-9 there. f′ = σ(x), and 1 above 20.</summary>
/// <remarks>Error of f at most 2.5 ulp up to 20, of f′ that of <see cref="SigmoidActivation{T, TPrecision}"/>; in float, x itself and 1 are the rounded values above 20 anyway. −∞ gives 0, +∞ itself, NaN NaN.</remarks>
internal readonly struct SoftplusActivation<T, TPrecision> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    private static T Threshold => T.CreateTruncating(20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)));
        TVector sum = TWidth.Add(TWidth.Larger(x, TWidth.Broadcast(T.Zero)), Logarithm<T, TPrecision>.OfOnePlus<TVector, TWidth>(e));
        return TWidth.Select(TWidth.LessThan(TWidth.Broadcast(Threshold), x), x, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Select(TWidth.LessThan(TWidth.Broadcast(Threshold), x), TWidth.Broadcast(T.One), default(SigmoidActivation<T, TPrecision>).Invoke<TVector, TWidth>(x));
}
