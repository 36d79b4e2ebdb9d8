using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What differs between float and double: the fields of the format and the polynomials that are just long enough for it.</summary>
/// <remarks>The polynomials are minimax (Remez exchange, weighted by the error that they cause in the function's result), rounded to the precision. Their errors are given relative to the function.</remarks>
internal interface IPrecision<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Bits of the fraction: 23 or 52.</summary>
    static abstract int FractionBits { get; }

    /// <summary>1.5 · 2^<see cref="FractionBits"/>: x + Magic − Magic is x rounded to an integer (ties to even), and the lowest bits of x + Magic are that integer in two's complement.</summary>
    static abstract T Magic { get; }

    /// <summary>2^<see cref="FractionBits"/>: a small integer in its fraction bits has that value above 2^<see cref="FractionBits"/>.</summary>
    static abstract T IntegerBase { get; }

    /// <summary><see cref="IntegerBase"/> and the exponent's bias, added: exact.</summary>
    static abstract T BiasedIntegerBase { get; }

    /// <summary>The bits of the fraction, all set.</summary>
    static abstract T FractionMask { get; }

    /// <summary>The sign bit.</summary>
    static abstract T SignMask { get; }

    /// <summary>The smallest normal number.</summary>
    static abstract T SmallestNormal { get; }

    /// <summary>The largest number that is not infinite.</summary>
    static abstract T LargestFinite { get; }

    /// <summary>A power of two that makes every subnormal normal.</summary>
    static abstract T SubnormalScale { get; }

    /// <summary>The exponent of <see cref="SubnormalScale"/>.</summary>
    static abstract T SubnormalExponent { get; }

    /// <summary>1 / ln 2.</summary>
    static abstract T Log2E { get; }

    /// <summary>ln 2 cut to few enough bits that its product with any exponent is exact, with fused multiply-add and without.</summary>
    static abstract T Ln2 { get; }

    /// <summary>ln 2 − <see cref="Ln2"/>.</summary>
    static abstract T Ln2Rest { get; }

    /// <summary>Above it eˣ is +∞.</summary>
    static abstract T ExpUpper { get; }

    /// <summary>Below it eˣ is 0.</summary>
    static abstract T ExpLower { get; }

    /// <summary>Below it tanh's e^−2|x| − 1 is −1.</summary>
    static abstract T Expm1Lower { get; }

    /// <summary>Below it erf is a polynomial in x, from it on 1 − erfc.</summary>
    static abstract T ErfSplit { get; }

    /// <summary>From it on erf is 1.</summary>
    static abstract T ErfUpper { get; }

    /// <summary>The sign, the exponent and as many upper bits of the fraction as make its square exact.</summary>
    static abstract T UpperHalfMask { get; }

    /// <summary>From it on x·Φ(−x) is 0, Φ the normal distribution.</summary>
    static abstract T NormalUpper { get; }

    /// <summary>k of <see cref="NormalTail"/>.</summary>
    static abstract T NormalCentre { get; }

    /// <summary>(eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2.</summary>
    static abstract TVector ExpTail<TVector, TWidth>(TVector r)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;

    /// <summary>ln(1 + f) − f + addend for ¾ ≤ 1 + f &lt; 1½, with an error that is small beside ln(1 + f).</summary>
    static abstract TVector LogRest<TVector, TWidth>(TVector f, TVector addend)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;

    /// <summary>erf x / x − 1, a function of z = x², for x below <see cref="ErfSplit"/>.</summary>
    static abstract TVector ErfTail<TVector, TWidth>(TVector z)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;

    /// <summary>1 − erf x for x from <see cref="ErfSplit"/> to <see cref="ErfUpper"/>, with an error that is small beside erf x.</summary>
    static abstract TVector Erfc<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;

    /// <summary>Φ(−a)·e^(a²/2)·(a + k) for a from 0 to <see cref="NormalUpper"/>, a function of t = (a − k) / (a + k).</summary>
    static abstract TVector NormalTail<TVector, TWidth>(TVector t)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}
