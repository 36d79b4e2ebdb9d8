using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = p·x where x &gt; 0, q·(eˣ − 1) elsewhere; f′ = p, q·eˣ. With p = 1 and q = α that is ELU (Clevert, Unterthiner and Hochreiter, 2016), with p = λ and q = λα SELU (Klambauer et al., 2017).</summary>
/// <remarks>
/// eˣ − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1) is accurate relative to itself, as in <see cref="TanhActivation{T, TPrecision}"/>. f′(0) = q, as in PyTorch.
/// Error at most 2 ulp for f of ELU and 2.5 of SELU, 2.5 for f′; f(±0) = ±0; −∞ gives −q and +∞ itself; NaN gives NaN.
/// </remarks>
internal readonly struct ExponentialLinearActivation<T, TPrecision>(T positive, T negative) : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    /// <summary>λ and λα of SELU, the fixed point of mean 0 and variance 1: the product is rounded once.</summary>
    public static ExponentialLinearActivation<T, TPrecision> Selu => new(T.CreateTruncating(1.0507009873554805), T.CreateTruncating(1.7580993408473768));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector sign = TWidth.Broadcast(TPrecision.SignMask);
        TVector y = TWidth.Larger(TWidth.Or(x, sign), TWidth.Broadcast(TPrecision.Expm1Lower));
        TVector r = Exponential<T, TPrecision>.Reduce<TVector, TWidth>(y, out _, out TVector integer);
        TVector reduced = TWidth.MultiplyAdd(TWidth.Multiply(r, r), TPrecision.ExpTail<TVector, TWidth>(r), r);
        TVector power = PowerOfTwo<T, TPrecision>.OfInteger<TVector, TWidth>(integer);

        // Never above 0, which has the sign of x.
        TVector t = TWidth.Or(TWidth.MultiplyAdd(power, reduced, TWidth.Subtract(power, one)), TWidth.And(x, sign));
        TVector isRight = TWidth.LessThan(TWidth.Broadcast(T.Zero), x);
        return TWidth.Multiply(TWidth.Select(isRight, TWidth.Broadcast(positive), TWidth.Broadcast(negative)), TWidth.Select(isRight, x, t));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)));
        return TWidth.Select(TWidth.LessThan(TWidth.Broadcast(T.Zero), x), TWidth.Broadcast(positive), TWidth.Multiply(TWidth.Broadcast(negative), e));
    }
}
