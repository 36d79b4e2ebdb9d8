using System;
using System.Numerics;

namespace SimdNet.Tests.Support;

/// <summary>The tolerances of the tests, by name.</summary>
internal static class Tolerance
{
    /// <summary>The factor of xBLAT3, LAPACK's test of the level-3 BLAS.</summary>
    private const double Sums = 16;

    /// <summary>Unit roundoff times two: 2⁻²³ or 2⁻⁵².</summary>
    public static double Epsilon<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => double.CreateTruncating(T.BitIncrement(T.One) - T.One);

    /// <summary>For a sum of terms whose magnitudes add up to <paramref name="magnitude"/>: 16·ε·Σ|aᵢbᵢ|.</summary>
    public static double ForSum<T>(double magnitude)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Sums * Epsilon<T>() * magnitude;

    /// <summary>For a formula of a few operations whose largest intermediate value is <paramref name="magnitude"/>.</summary>
    public static double ForFormula<T>(double magnitude)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => 8 * Epsilon<T>() * magnitude;

    /// <summary>What a result may lose where a factor of it has left the normal range: the smallest normal number.</summary>
    public static double ForUnderflow<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Math.ScaleB(1, typeof(T) == typeof(float) ? -126 : -1022);
}
