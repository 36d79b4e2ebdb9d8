using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>eˣ = 2ⁿ · eʳ with n = ⌊x / ln 2⌉ and r = x − n·ln 2, |r| ≤ ln 2 / 2, and eʳ = 1 + r·(1 + r·tail(r)).</summary>
/// <remarks>
/// The reduction is that of Cody and Waite (1980): ln 2 in two parts, the first short enough for exact products; the tail is <see cref="IPrecision{T}.ExpTail"/>.
/// Horner's form to the end: the factor of r is near 1, so that its rounding error counts for a third at most, where that of a sum r + r²·tail(r) would count in full.
/// Error at most 0.9 ulp in float, by trial of every number, and 1 in double. NaN gives NaN, +∞ and overflow +∞, −∞ and underflow 0; results below the normal range lose bits gradually, rounded once.
/// </remarks>
internal readonly struct Exponential<T, TPrecision> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => OfNonPositive<TVector, TWidth>(TWidth.Smaller(x, TWidth.Broadcast(TPrecision.ExpUpper)));

    /// <summary>eˣ for x ≤ <see cref="IPrecision{T}.ExpUpper"/>: what differences from a maximum and negated absolute values are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNonPositive<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector r = Reduce<TVector, TWidth>(TWidth.Larger(x, TWidth.Broadcast(TPrecision.ExpLower)), out TVector n, out _);
        TVector factor = TWidth.MultiplyAdd(r, TPrecision.ExpTail<TVector, TWidth>(r), one);
        return PowerOfTwo<T, TPrecision>.Scale<TVector, TWidth>(TWidth.MultiplyAdd(r, factor, one), n);
    }

    /// <summary>e^(x + rest), of a sum that is not rounded: x ≤ <see cref="IPrecision{T}.ExpUpper"/>, and rest small beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNonPositive<TVector, TWidth>(TVector x, TVector rest)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        _ = Reduce<TVector, TWidth>(TWidth.Add(x, rest), out TVector n, out _);
        TVector r = TWidth.Add(TWidth.MultiplyAdd(n, TWidth.Broadcast(-TPrecision.Ln2), x), rest);
        r = TWidth.MultiplyAdd(n, TWidth.Broadcast(-TPrecision.Ln2Rest), r);
        TVector factor = TWidth.MultiplyAdd(r, TPrecision.ExpTail<TVector, TWidth>(r), one);
        return PowerOfTwo<T, TPrecision>.Scale<TVector, TWidth>(TWidth.MultiplyAdd(r, factor, one), n);
    }

    /// <summary>Returns r, where x = n·ln 2 + r; the lowest bits of <paramref name="integer"/> are n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Reduce<TVector, TWidth>(TVector x, out TVector n, out TVector integer)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector magic = TWidth.Broadcast(TPrecision.Magic);
        integer = TWidth.MultiplyAdd(x, TWidth.Broadcast(TPrecision.Log2E), magic);
        n = TWidth.Subtract(integer, magic);
        TVector r = TWidth.MultiplyAdd(n, TWidth.Broadcast(-TPrecision.Ln2), x);
        return TWidth.MultiplyAdd(n, TWidth.Broadcast(-TPrecision.Ln2Rest), r);
    }
}
