using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>ln x = k·ln 2 + ln(1 + f) with x = 2ᵏ·(1 + f), √½ ≤ 1 + f &lt; √2, and ln(1 + f) = f − (f²/2 − s·(f²/2 + s²·tail(s²))), s = f / (2 + f).</summary>
/// <remarks>
/// The reduction and the formula are those of fdlibm's e_log.c (Sun, 1993); the tail is <see cref="IPrecision{T}.LogTail"/>. Error at most 1 ulp.
/// ±0 gives −∞, negative numbers and NaN give NaN, +∞ gives +∞; subnormals are exact inputs like any other.
/// </remarks>
internal readonly struct Logarithm<T, TPrecision> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => Of<TVector, TWidth>(x, TWidth.Broadcast(T.Zero));

    /// <summary>ln(1 + x), error at most 1 ulp in float and 1.5 in double: ln u of the rounded sum u = 1 + x, corrected by what the rounding lost, divided by u (Kahan; fdlibm's s_log1p.c).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfOnePlus<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector u = TWidth.Add(one, x);
        TVector lostOfSmall = TWidth.Subtract(x, TWidth.Subtract(u, one));
        TVector lostOfLarge = TWidth.Subtract(one, TWidth.Subtract(u, x));
        TVector lost = TWidth.Select(TWidth.LessThan(one, x), lostOfLarge, lostOfSmall);

        // u = ∞ has lost nothing: ∞ − ∞ must not reach the sum.
        lost = TWidth.Select(TWidth.Equal(u, TWidth.Broadcast(T.PositiveInfinity)), TWidth.Broadcast(T.Zero), lost);
        return Of<TVector, TWidth>(u, TWidth.Divide(lost, u));
    }

    /// <summary>ln x + correction, for a correction of less than an ulp of x, relative to x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Of<TVector, TWidth>(TVector x, TVector correction)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector one = TWidth.Broadcast(T.One);
        TVector half = TWidth.Broadcast(T.CreateTruncating(0.5));
        TVector subnormal = TWidth.LessThan(x, TWidth.Broadcast(TPrecision.SmallestNormal));
        TVector normal = TWidth.Select(subnormal, TWidth.Multiply(x, TWidth.Broadcast(TPrecision.SubnormalScale)), x);

        // Adding 1 − √½ to the bits carries into the exponent exactly where the fraction is above √½'s.
        TVector sqrtHalf = TWidth.Broadcast(TPrecision.SqrtHalf);
        TVector bits = TWidth.AddBits(normal, TWidth.SubtractBits(one, sqrtHalf));
        TVector exponent = TWidth.ShiftRight(bits, TPrecision.FractionBits);
        TVector integerBase = TWidth.Broadcast(TPrecision.IntegerBase);
        TVector k = TWidth.Subtract(TWidth.Subtract(TWidth.Or(exponent, integerBase), integerBase), TWidth.Broadcast(TPrecision.ExponentBias));
        k = TWidth.Select(subnormal, TWidth.Subtract(k, TWidth.Broadcast(TPrecision.SubnormalExponent)), k);
        TVector f = TWidth.Subtract(TWidth.AddBits(TWidth.And(bits, TWidth.Broadcast(TPrecision.FractionMask)), sqrtHalf), one);

        TVector s = TWidth.Divide(f, TWidth.Add(TWidth.Broadcast(T.CreateTruncating(2)), f));
        TVector z = TWidth.Multiply(s, s);
        TVector halfSquare = TWidth.Multiply(half, TWidth.Multiply(f, f));
        TVector tail = TWidth.MultiplyAdd(z, TPrecision.LogTail<TVector, TWidth>(z), halfSquare);
        TVector small = TWidth.MultiplyAdd(k, TWidth.Broadcast(TPrecision.Ln2Rest), correction);
        TVector rest = TWidth.Subtract(halfSquare, TWidth.MultiplyAdd(s, tail, small));
        TVector result = TWidth.MultiplyAdd(k, TWidth.Broadcast(TPrecision.Ln2), TWidth.Subtract(f, rest));

        // Zero, negative numbers, infinity and NaN had no exponent to speak of.
        result = TWidth.Select(TWidth.LessThan(x, TWidth.Broadcast(T.PositiveInfinity)), result, x);
        result = TWidth.Select(TWidth.LessThan(x, zero), TWidth.Broadcast(T.NaN), result);
        return TWidth.Select(TWidth.Equal(x, zero), TWidth.Broadcast(T.NegativeInfinity), result);
    }
}
