using System;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The constants of single precision.</summary>
internal readonly struct FloatPrecision : IPrecision<float>
{
    public static int FractionBits => 23;

    public static float Magic => 12582912f;

    public static float IntegerBase => 8388608f;

    public static float BiasedIntegerBase => 8388735f;

    public static float FractionMask => BitConverter.Int32BitsToSingle(0x007F_FFFF);

    public static float SignMask => -0f;

    public static float SmallestNormal => 1.17549435E-38f;

    public static float LargestFinite => float.MaxValue;

    public static float SubnormalScale => 16777216f;

    public static float SubnormalExponent => 24f;

    public static float Log2E => 1.442695f;

    public static float Ln2 => 0.693145752f;

    public static float Ln2Rest => 1.4286068E-6f;

    public static float ExpUpper => 89f;

    public static float ExpLower => -104f;

    public static float Expm1Lower => -40f;

    public static float ErfSplit => 1f;

    public static float ErfUpper => 3.93f;

    public static float UpperHalfMask => BitConverter.UInt32BitsToSingle(0xFFFF_F000);

    public static float NormalUpper => 15f;

    public static float NormalCentre => 4f;

    /// <remarks>Degree 4, error 2^−28, by Horner: the loops overlap enough elements to hide the chain's latency.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpTail<TVector, TWidth>(TVector r)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, float>
    {
        TVector sum = TWidth.MultiplyAdd(r, TWidth.Broadcast(0.0013814601f), TWidth.Broadcast(0.008368717f));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.04166839f));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.16666521f));
        return TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.49999994f));
    }

    /// <remarks>f²·(f·q(f) − ½), q of degree 7, error 2^−27, by Horner. A division, as <see cref="DoublePrecision"/> has it, would spare five of the steps and takes the time of ten.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogRest<TVector, TWidth>(TVector f, TVector addend)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, float>
    {
        TVector sum = TWidth.MultiplyAdd(f, TWidth.Broadcast(-0.045152344f), TWidth.Broadcast(0.10472558f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(-0.13163938f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(0.1447763f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(-0.16646878f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(0.19990848f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(-0.2500011f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(0.3333345f));
        sum = TWidth.MultiplyAdd(f, sum, TWidth.Broadcast(-0.5f));
        return TWidth.MultiplyAdd(TWidth.Multiply(f, f), sum, addend);
    }

    /// <remarks>Degree 6, error 2^−29, by Horner.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ErfTail<TVector, TWidth>(TVector z)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, float>
    {
        TVector sum = TWidth.MultiplyAdd(z, TWidth.Broadcast(7.85385E-5f), TWidth.Broadcast(-8.0102024E-4f));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(5.1883305E-3f));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-2.6853815E-2f));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(1.12835854E-1f));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-3.7612626E-1f));
        return TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(1.2837917E-1f));
    }

    /// <remarks>A polynomial in x − 2.25 of degree 15, error 2^−30 relative to erf, by Horner: shorter than the exponential of a polynomial that double takes.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erfc<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, float>
    {
        TVector t = TWidth.Subtract(x, TWidth.Broadcast(2.25f));
        TVector sum = TWidth.MultiplyAdd(t, TWidth.Broadcast(3.5607076E-7f), TWidth.Broadcast(-2.221697E-6f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.9388247E-6f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.9495264E-5f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-6.483788E-5f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.5842923E-5f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(3.6798613E-4f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-1.0028513E-3f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(6.717752E-4f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(2.9057865E-3f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-1.0658216E-2f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.9083075E-2f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-2.1724464E-2f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.6070245E-2f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-7.142323E-3f));
        return TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.4627163E-3f));
    }

    /// <remarks>Degree 10, error 2^−25, a Chebyshev series cut off, by Horner.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalTail<TVector, TWidth>(TVector t)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, float>
    {
        TVector sum = TWidth.MultiplyAdd(t, TWidth.Broadcast(-5.03443953E-5f), TWidth.Broadcast(-0.000229278827f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.000171517546f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.00164338073f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.0034900899f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.00754480949f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.0603977442f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.186521322f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.387137353f));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.607896686f));
        return TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.755285144f));
    }
}
