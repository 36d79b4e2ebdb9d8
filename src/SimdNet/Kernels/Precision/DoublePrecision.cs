using System;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The constants of double precision.</summary>
internal readonly struct DoublePrecision : IPrecision<double>
{
    public static int FractionBits => 52;

    public static double Magic => 6755399441055744.0;

    public static double IntegerBase => 4503599627370496.0;

    public static double ExponentBias => 1023.0;

    public static double FractionMask => BitConverter.Int64BitsToDouble(0x000F_FFFF_FFFF_FFFF);

    public static double SignMask => -0.0;

    public static double SmallestNormal => 2.2250738585072014E-308;

    public static double SubnormalScale => 18014398509481984.0;

    public static double SubnormalExponent => 54.0;

    public static double SqrtHalf => 0.7071067811865476;

    public static double Log2E => 1.4426950408889634;

    public static double Ln2 => 0.6931471805598903;

    public static double Ln2Rest => 5.497923018708371E-14;

    public static double ExpUpper => 710.0;

    public static double ExpLower => -746.0;

    public static double Expm1Lower => -80.0;

    /// <remarks>Degree 9, error 2^−58. Evaluated in pairs (Estrin), which halves the latency of a chain; the rounding of the tail hardly shows beside 1 + r.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpTail<TVector, TWidth>(TVector r)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector r2 = TWidth.Multiply(r, r);
        TVector c01 = TWidth.MultiplyAdd(r, TWidth.Broadcast(0.1666666666666641), TWidth.Broadcast(0.5000000000000011));
        TVector c23 = TWidth.MultiplyAdd(r, TWidth.Broadcast(0.008333333333494961), TWidth.Broadcast(0.04166666666652973));
        TVector c45 = TWidth.MultiplyAdd(r, TWidth.Broadcast(0.00019841269505802478), TWidth.Broadcast(0.0013888888943759767));
        TVector c67 = TWidth.MultiplyAdd(r, TWidth.Broadcast(2.755758678329628E-6), TWidth.Broadcast(2.48014929497621E-5));
        TVector c89 = TWidth.MultiplyAdd(r, TWidth.Broadcast(2.5000023930448133E-8), TWidth.Broadcast(2.7630306236643746E-7));
        TVector r4 = TWidth.Multiply(r2, r2);
        TVector c03 = TWidth.MultiplyAdd(r2, c23, c01);
        TVector c47 = TWidth.MultiplyAdd(r2, c67, c45);
        TVector c49 = TWidth.MultiplyAdd(r4, c89, c47);
        return TWidth.MultiplyAdd(r4, c49, c03);
    }

    /// <remarks>Degree 6, error 2^−59, by Horner.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogTail<TVector, TWidth>(TVector z)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector sum = TWidth.MultiplyAdd(z, TWidth.Broadcast(0.14797470956089248), TWidth.Broadcast(0.15313907198604298));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.18183569571840436));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.22222198479552646));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.285714287432235));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.39999999999411295));
        return TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.6666666666666735));
    }
}
