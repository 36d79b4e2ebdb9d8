using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x·Φ(x) (Hendrycks and Gimpel, 2016), Φ(x) = ½·(1 + erf(x / √2)) the normal distribution; f′ = Φ(x) + x·φ(x), φ(x) = e^(−x²/2) / √(2π): a <see cref="Gate{T, TPrecision}"/>.</summary>
/// <remarks>
/// Left of 0, with a = |x|: Φ = e^(−a²/2)·h(a), where h, which is ½·erfcx(a / √2), falls as slowly as 1 / a and is a polynomial in (a − k) / (a + k) divided by a + k (<see cref="IPrecision{T}.NormalTail"/>), after
/// Shepherd and Laframboise (1981). The one exponential serves Φ and φ; erf from its own polynomials would leave no digit of 1 + erf where Φ is small.
/// <para>Error of f at most 6 ulp in float and 8 in double where the exponential is a normal number, of f′ 5 where |f′| ≥ ½: it passes through 0 at x = −0.752; elsewhere as much of the last place of ½. ±0 give themselves, −∞ −0, which is the limit, and +∞ itself; f′ is 0 and 1 there. NaN gives NaN.</para>
/// </remarks>
internal readonly struct GeluActivation<T, TPrecision> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector a = Magnitude<TVector, TWidth>(x);
        TVector left = TWidth.Multiply(TWidth.Or(a, TWidth.Broadcast(TPrecision.SignMask)), Tail<TVector, TWidth>(a));
        return Gate<T, TPrecision>.Value<TVector, TWidth>(x, TWidth.Multiply(left, Bell<TVector, TWidth>(a)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector a = Magnitude<TVector, TWidth>(x);
        TVector density = TWidth.Broadcast(T.CreateTruncating(-0.3989422804014327));
        TVector left = TWidth.MultiplyAdd(density, a, Tail<TVector, TWidth>(a));
        return Gate<T, TPrecision>.Derivative<TVector, TWidth>(x, TWidth.Multiply(left, Bell<TVector, TWidth>(a)));
    }

    /// <summary>|x|, no further than to where the exponential is 0: its product with ∞ would be NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Magnitude<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Smaller(TWidth.Abs(x), TWidth.Broadcast(TPrecision.NormalUpper));

    /// <summary>h(a).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Tail<TVector, TWidth>(TVector a)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector k = TWidth.Broadcast(TPrecision.NormalCentre);
        TVector q = TWidth.Divide(TWidth.Broadcast(T.One), TWidth.Add(a, k));
        return TWidth.Multiply(q, TPrecision.NormalTail<TVector, TWidth>(TWidth.Multiply(TWidth.Subtract(a, k), q)));
    }

    /// <summary>e^(−a²/2), error at most 1.5 ulp.</summary>
    /// <remarks>The square of the upper half of a's digits is exact, and the rest of a² small: it is added after the reduction. a² rounded would be off by its size times the error of the exponential.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Bell<TVector, TWidth>(TVector a)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector minusHalf = TWidth.Broadcast(T.CreateTruncating(-0.5));
        TVector upper = TWidth.And(a, TWidth.Broadcast(TPrecision.UpperHalfMask));
        TVector square = TWidth.Multiply(minusHalf, TWidth.Multiply(upper, upper));
        TVector rest = TWidth.Multiply(TWidth.Multiply(minusHalf, TWidth.Subtract(a, upper)), TWidth.Add(a, upper));
        return Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(square, rest);
    }
}
