using System;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The constants of double precision.</summary>
internal readonly struct DoublePrecision : IPrecision<double>
{
    public static int FractionBits => 52;

    public static double Magic => 6755399441055744.0;

    public static double IntegerBase => 4503599627370496.0;

    public static double BiasedIntegerBase => 4503599627371519.0;

    public static double FractionMask => BitConverter.Int64BitsToDouble(0x000F_FFFF_FFFF_FFFF);

    public static double SignMask => -0.0;

    public static double SmallestNormal => 2.2250738585072014E-308;

    public static double LargestFinite => double.MaxValue;

    public static double SubnormalScale => 18014398509481984.0;

    public static double SubnormalExponent => 54.0;

    public static double Log2E => 1.4426950408889634;

    public static double Ln2 => 0.6931471805598903;

    public static double Ln2Rest => 5.497923018708371E-14;

    public static double ExpUpper => 710.0;

    public static double ExpLower => -746.0;

    public static double Expm1Lower => -80.0;

    public static double ErfSplit => 1.5;

    public static double ErfUpper => 5.93;

    public static double UpperHalfMask => BitConverter.UInt64BitsToDouble(0xFFFF_FFFF_F800_0000);

    public static double NormalUpper => 39.0;

    public static double NormalCentre => 5.0;

    /// <remarks>Degree 9, error 2^−58, by Horner: the loops overlap enough elements to hide the chain's latency.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ExpTail<TVector, TWidth>(TVector r)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector sum = TWidth.MultiplyAdd(r, TWidth.Broadcast(2.5000050561425933E-8), TWidth.Broadcast(2.763024869643957E-7));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(2.7557586409790352E-6));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(2.480149309808479E-5));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.00019841269505536816));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.001388888894363076));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.008333333333494484));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.041666666666530155));
        sum = TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.16666666666666413));
        return TWidth.MultiplyAdd(r, sum, TWidth.Broadcast(0.5000000000000011));
    }

    /// <remarks>
    /// fdlibm's e_log.c (Sun, 1993): s·(f²/2 + s²·tail(s²)) − f²/2 with s = f / (2 + f), the tail of degree 7, error 2^−62, by Horner. A polynomial in f would have a degree of 20.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LogRest<TVector, TWidth>(TVector f, TVector addend)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector s = TWidth.Divide(f, TWidth.Add(TWidth.Broadcast(2.0), f));
        TVector z = TWidth.Multiply(s, s);
        TVector sum = TWidth.MultiplyAdd(z, TWidth.Broadcast(0.13838565865056301), TWidth.Broadcast(0.13174261925645125));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.15391072430480968));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.18181667088147255));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.22222224276216077));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.2857142855600695));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.40000000000055946));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.666666666666666));
        TVector halfSquare = TWidth.Multiply(TWidth.Broadcast(0.5), TWidth.Multiply(f, f));
        return TWidth.Subtract(TWidth.MultiplyAdd(s, TWidth.MultiplyAdd(z, sum, halfSquare), addend), halfSquare);
    }

    /// <remarks>Degree 15, error 2^−62, by Horner.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector ErfTail<TVector, TWidth>(TVector z)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector sum = TWidth.MultiplyAdd(z, TWidth.Broadcast(-9.784630717819722E-15), TWidth.Broadcast(3.241840449537848E-13));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-6.16669101389221E-12));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(9.253761210742242E-11));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-1.2252819027407737E-9));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(1.4801012305464958E-8));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-1.6365096295561506E-7));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(1.646204745042969E-6));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-1.4925645985214932E-5));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.00012055332777037575));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-0.0008548327016804641));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.005223977625300099));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-0.02686617064511282));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.11283791670955));
        sum = TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(-0.3761263890318375));
        return TWidth.MultiplyAdd(z, sum, TWidth.Broadcast(0.1283791670955126));
    }

    /// <remarks>The exponential of ln erfc x, a polynomial in x − 3.5 of degree 15, error 2^−62 relative to erf, by Horner. A polynomial for erfc itself would have a degree of 35.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erfc<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector t = TWidth.Subtract(x, TWidth.Broadcast(3.5));
        TVector sum = TWidth.MultiplyAdd(t, TWidth.Broadcast(1.7986297250514756E-11), TWidth.Broadcast(1.0294987192950558E-10));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(4.1188390613604313E-10));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(6.691607622147566E-10));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-2.6882239834587447E-10));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(9.008066029888512E-9));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-8.228310091640924E-8));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(5.841766718578752E-7));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-3.889793719727961E-6));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(2.4386976412056545E-5));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.00014729726908945556));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.0008736874460075128));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.005225658250688646));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.9667530547616585));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-7.26609958836773));
        return Exponential<double, DoublePrecision>.OfNonPositive<TVector, TWidth>(TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-14.112437402148155)));
    }

    /// <remarks>Degree 23, error 2^−55, a Chebyshev series cut off, by Horner.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector NormalTail<TVector, TWidth>(TVector t)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, double>
    {
        TVector sum = TWidth.MultiplyAdd(t, TWidth.Broadcast(-3.698091375447147E-10), TWidth.Broadcast(-1.129498910048627E-9));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(2.207328442737972E-9));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.0699874887967948E-8));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-8.582027020993476E-9));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-7.001281072733922E-8));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(4.024655189172589E-8));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(4.3619667892291314E-7));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-3.3463966950032823E-7));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-2.770676965696665E-6));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(3.979840007030013E-6));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(1.668162717808948E-5));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-4.9762467566842586E-5));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-5.937580512854462E-5));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.0005448989950414766));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.0007978693895398635));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.0029933767621418096));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.02079506679927562));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.06911863870686022));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.16502036617040666));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.313533156671288));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.4953056159699761));
        sum = TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(-0.6653825028900568));
        return TWidth.MultiplyAdd(t, sum, TWidth.Broadcast(0.769193049750063));
    }
}
