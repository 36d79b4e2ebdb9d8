using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>eˣ = 2ⁿ · eʳ with n = ⌊x / ln 2⌉ and r = x − n·ln 2, |r| ≤ ln 2 / 2, and eʳ = 1 + (r + r²·tail(r)).</summary>
/// <remarks>
/// The reduction is that of Cody and Waite (1980): ln 2 in two parts, the first short enough for exact products; the tail is <see cref="IPrecision{T}.ExpTail"/>.
/// Error at most 1.01 ulp in float, by trial of every number, and 1.1 in double. NaN gives NaN, +∞ and overflow +∞, −∞ and underflow 0; results below the normal range lose bits gradually, rounded once.
/// </remarks>
internal readonly struct Exponential<T, TPrecision> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector upper = TWidth.Broadcast(TPrecision.ExpUpper);
        return OfNonPositive<TVector, TWidth>(TWidth.Select(TWidth.LessThan(upper, x), upper, x));
    }

    /// <summary>eˣ for x ≤ <see cref="IPrecision{T}.ExpUpper"/>: what differences from a maximum and negated absolute values are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNonPositive<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector lower = TWidth.Broadcast(TPrecision.ExpLower);
        x = TWidth.Select(TWidth.LessThan(x, lower), lower, x);
        TVector minusOne = Reduce<TVector, TWidth>(x, out TVector n);
        return PowerOfTwo<T, TPrecision>.Scale<TVector, TWidth>(TWidth.Add(TWidth.Broadcast(T.One), minusOne), n);
    }

    /// <summary>Returns eʳ − 1, accurate relative to itself, where x = n·ln 2 + r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Reduce<TVector, TWidth>(TVector x, out TVector n)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector magic = TWidth.Broadcast(TPrecision.Magic);
        n = TWidth.Subtract(TWidth.MultiplyAdd(x, TWidth.Broadcast(TPrecision.Log2E), magic), magic);
        TVector r = TWidth.MultiplyAdd(n, TWidth.Broadcast(-TPrecision.Ln2), x);
        r = TWidth.MultiplyAdd(n, TWidth.Broadcast(-TPrecision.Ln2Rest), r);
        return TWidth.MultiplyAdd(TWidth.Multiply(r, r), TPrecision.ExpTail<TVector, TWidth>(r), r);
    }
}
