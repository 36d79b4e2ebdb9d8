using System;
using System.Runtime.CompilerServices;

namespace SimdNet.Training.Schedules;

/// <summary>The ranges of schedules' numbers.</summary>
internal static class Ranges
{
    public static int Length(int value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least 1.");

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is positive and finite.");

    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is not negative, and finite.");

    public static double AtLeastOne(double value, [CallerArgumentExpression(nameof(value))] string? name = null) =>
        value >= 1 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least 1, and finite.");
}
