using System;
using System.Numerics;

namespace SimdNet.Bench;

/// <summary>A comparison of speeds is one only where both sides compute the same: suites check it before they are measured.</summary>
internal static class Agreement
{
    /// <exception cref="InvalidOperationException">An element differs by more than rounding explains.</exception>
    public static void Check<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Loose on purpose: it tells another formula from another order of summation, and is no test of accuracy. But of the largest number's size: some methods are given numbers of 1e-30.
        double tolerance = Math.Sqrt(double.CreateTruncating(T.BitIncrement(T.One) - T.One));
        double scale = 0;
        foreach (T value in expected)
        {
            scale = Math.Max(scale, Math.Abs(double.CreateTruncating(value)));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            double difference = Math.Abs(double.CreateTruncating(expected[i]) - double.CreateTruncating(actual[i]));
            if (!(difference <= tolerance * scale))
            {
                throw new InvalidOperationException($"The implementations of {what} do not compute the same: element {i} is {actual[i]}, not {expected[i]}.");
            }
        }
    }
}
