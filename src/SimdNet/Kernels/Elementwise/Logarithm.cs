using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>ln x = k·ln 2 + ln(1 + f) with x = 2ᵏ·(1 + f), ¾ ≤ 1 + f &lt; 1½.</summary>
/// <remarks>
/// ln 2 in two parts, the first short enough for exact products; ln(1 + f) is <see cref="IPrecision{T}.LogRest"/> added to f, so that it is accurate where f is small. Error at most 1 ulp (in float 0.92, by trial of every fraction).
/// ±0 gives −∞, negative numbers and NaN give NaN, +∞ gives +∞; subnormals are exact inputs like any other.
/// <para>Processors that have instructions for the fields of a number take them, and compute the same k and f: half of the loop's operations would be on bits otherwise, with as many constants, which the JIT then
/// no longer keeps in registers.</para>
/// </remarks>
internal readonly struct Logarithm<T, TPrecision> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        if (TWidth.HasScale)
        {
            // Their results for 0, +∞, NaN and negative numbers make the sum what it has to be.
            TVector fraction = TWidth.Fraction(x);
            return Sum<TVector, TWidth>(Exponent<TVector, TWidth>(x, fraction, one), TWidth.Subtract(fraction, one));
        }

        TVector subnormal = TWidth.LessThan(x, TWidth.Broadcast(TPrecision.SmallestNormal));
        TVector normal = TWidth.Select(subnormal, TWidth.Multiply(x, TWidth.Broadcast(TPrecision.SubnormalScale)), x);
        TVector bits = Shift<TVector, TWidth>(normal);
        TVector k = Exponent<TVector, TWidth>(bits);
        k = TWidth.Select(subnormal, TWidth.Subtract(k, TWidth.Broadcast(TPrecision.SubnormalExponent)), k);
        TVector f = TWidth.Subtract(TWidth.AddBits(TWidth.And(bits, TWidth.Broadcast(TPrecision.FractionMask)), TWidth.Broadcast(T.CreateTruncating(0.75))), one);
        return TWidth.LogarithmEnds(Sum<TVector, TWidth>(k, f), x);
    }

    /// <summary>ln(1 + x), error at most 1 ulp.</summary>
    /// <remarks>
    /// k is that of the rounded sum u = 1 + x, and f = (1 + x)·2⁻ᵏ − 1 = x·2⁻ᵏ + (2⁻ᵏ − 1), which is exact wherever the 1 counts: what the rounding of u loses does not matter.
    /// The ends are those of ln u, and the sign of x, which −0 would lose, is that of ln(1 + x).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfOnePlus<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector u = TWidth.Add(x, one);
        TVector k;

        // What is to be subtracted from the bits of a number to multiply it by 2⁻ᵏ.
        TVector field;
        if (TWidth.HasScale)
        {
            TVector fraction = TWidth.Fraction(u);
            k = Exponent<TVector, TWidth>(u, fraction, one);
            field = TWidth.SubtractBits(u, fraction);
        }
        else
        {
            TVector bits = Shift<TVector, TWidth>(u);
            k = Exponent<TVector, TWidth>(bits);
            field = TWidth.SubtractBits(TWidth.And(bits, TWidth.Broadcast(T.PositiveInfinity)), one);
        }

        // x has room for it, where k is not 0; 1 has not at the largest k, and is 0 then.
        TVector scale = TWidth.Larger(TWidth.SubtractBits(one, field), TWidth.Broadcast(T.Zero));
        TVector f = TWidth.Add(TWidth.SubtractBits(x, field), TWidth.Subtract(scale, one));
        return TWidth.Or(TWidth.LogarithmEnds(Sum<TVector, TWidth>(k, f), u), TWidth.And(x, TWidth.Broadcast(TPrecision.SignMask)));
    }

    /// <summary>k from the exponent in the format, which belongs to fractions from 1 to below 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exponent<TVector, TWidth>(TVector x, TVector fraction, TVector one)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector exponent = TWidth.Exponent(x);
        return TWidth.Select(TWidth.LessThan(fraction, one), TWidth.Add(exponent, one), exponent);
    }

    /// <summary>Adds 1 − ¾ to the bits, which carries into the exponent exactly where the fraction is not below 1½.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Shift<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.AddBits(x, TWidth.SubtractBits(TWidth.Broadcast(T.One), TWidth.Broadcast(T.CreateTruncating(0.75))));

    /// <summary>k from shifted bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Exponent<TVector, TWidth>(TVector bits)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Subtract(TWidth.Or(TWidth.ShiftRight(bits, TPrecision.FractionBits), TWidth.Broadcast(TPrecision.IntegerBase)), TWidth.Broadcast(TPrecision.BiasedIntegerBase));

    /// <summary>k·ln 2 + ln(1 + f).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Sum<TVector, TWidth>(TVector k, TVector f)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector rest = TPrecision.LogRest<TVector, TWidth>(f, TWidth.Multiply(k, TWidth.Broadcast(TPrecision.Ln2Rest)));
        return TWidth.MultiplyAdd(k, TWidth.Broadcast(TPrecision.Ln2), TWidth.Add(f, rest));
    }
}
