using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Powers of two from the fields of the format.</summary>
internal static class PowerOfTwo<T, TPrecision>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    /// <summary>2ⁿ for integral n within the exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TWidth>(TVector n)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => OfInteger<TVector, TWidth>(TWidth.Add(n, TWidth.Broadcast(TPrecision.Magic)));

    /// <summary>2ⁿ for n + Magic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfInteger<TVector, TWidth>(TVector integer)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        // The low bits are n; shifted into the exponent they are added to that of 1. The bits of Magic fall off the end.
        return TWidth.AddBits(TWidth.ShiftLeft(integer, TPrecision.FractionBits), TWidth.Broadcast(T.One));
    }

    /// <summary>a · 2ⁿ for a in [½, 2) and integral n up to twice the exponents of normal numbers, rounded once.</summary>
    /// <remarks>In two factors: the first product is exact, so that the second alone rounds, be it to a subnormal, to 0 or to infinity, and a NaN stays one whatever bits it carries. The instruction does the same.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Scale<TVector, TWidth>(TVector a, TVector n)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        if (TWidth.HasScale)
        {
            return TWidth.Scale(a, n);
        }

        // The low bits of n / 2 + Magic are an integer about half of n. Added to the exponent of a, it would save a product, and make a number of many a NaN.
        TVector magic = TWidth.Broadcast(TPrecision.Magic);
        TVector half = TWidth.MultiplyAdd(n, TWidth.Broadcast(T.CreateTruncating(0.5)), magic);
        a = TWidth.Multiply(a, OfInteger<TVector, TWidth>(half));
        return TWidth.Multiply(a, Of<TVector, TWidth>(TWidth.Subtract(n, TWidth.Subtract(half, magic))));
    }
}
