using System;
using System.Numerics;

namespace SimdNet.Tests.Reference;

/// <summary>Errors in units of the last place.</summary>
internal static class Ulp
{
    /// <summary>|computed − exact| in units of the last place that the exact value has in T, with gradual underflow.</summary>
    /// <param name="computed">What is checked.</param>
    /// <param name="exact">What it should be.</param>
    /// <param name="floor">The unit is no smaller than that of 2^floor: where a function passes through 0, what it is a difference of counts.</param>
    public static double Error<T>(T computed, BigFloat exact, int floor = int.MinValue)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isFloat = typeof(T) == typeof(float);
        int bits = isFloat ? 24 : 53;
        int smallest = isFloat ? -126 : -1022;
        int largest = isFloat ? 127 : 1023;
        if (exact.Mantissa.IsZero)
        {
            return T.IsZero(computed) ? 0 : double.PositiveInfinity;
        }

        if (T.IsInfinity(computed))
        {
            // Right where the exact value is beyond the largest number by more than half its last place.
            return exact.Magnitude > largest ? 0 : double.PositiveInfinity;
        }

        BigFloat difference = BigFloat.From(double.CreateTruncating(computed)) - exact;
        int last = Math.Max(Math.Max(exact.Magnitude, floor), smallest) - (bits - 1);
        return Math.Abs(new BigFloat(difference.Mantissa, difference.Exponent - last).ToDouble());
    }
}
