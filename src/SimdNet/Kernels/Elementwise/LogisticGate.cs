using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x·σ(v), v an odd function of x: a <see cref="Gate{T, TPrecision}"/> whose left side is, with e = eᵛ, x·e / (1 + e), and its derivative e / (1 + e)·(1 + x·v′ / (1 + e)).</summary>
internal static class LogisticGate<T, TPrecision>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    /// <summary>f(x).</summary>
    /// <param name="x">The argument.</param>
    /// <param name="left">−|x|, no further left than where eᵛ is 0: its product with −∞ would be NaN.</param>
    /// <param name="v">v(−|x|).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value<TVector, TWidth>(TVector x, TVector left, TVector v)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(v);
        return Gate<T, TPrecision>.Value<TVector, TWidth>(x, TWidth.Divide(TWidth.Multiply(left, e), TWidth.Add(TWidth.Broadcast(T.One), e)));
    }

    /// <summary>f′(x).</summary>
    /// <param name="x">The argument.</param>
    /// <param name="product">x·v′ at −|x|.</param>
    /// <param name="v">v(−|x|).</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector, TWidth>(TVector x, TVector product, TVector v)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector e = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(v);
        TVector q = TWidth.Divide(one, TWidth.Add(one, e));
        return Gate<T, TPrecision>.Derivative<TVector, TWidth>(x, TWidth.Multiply(TWidth.Multiply(e, q), TWidth.MultiplyAdd(product, q, one)));
    }
}
