using System;

namespace SimdNet;

/// <summary>How <see cref="GradientCheck"/> compares. The defaults are what the library's own layers are held to.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>Where <see cref="Directions"/> is null: the most trainable parameters that are compared one by one. At four losses each, that takes seconds.</summary>
    public const int MostOneByOne = 10_000;

    /// <summary>The most <see cref="Directions"/>: a million, which take hours and say no more than thousands.</summary>
    public const int MostDirections = 1_000_000;

    /// <summary>Random directions in each tensor along which slopes are compared, in place of single parameters; 0 for every parameter, whatever their number.</summary>
    /// <remarks>Null, the default: every parameter up to <see cref="MostOneByOne"/>, else 8 directions a tensor. A wrong gradient is missed by a direction only where it is at a right angle to it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or above <see cref="MostDirections"/>.</exception>
    public int? Directions
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0, nameof(Directions));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value ?? 0, MostDirections, nameof(Directions));
            field = value;
        }
    }

    /// <summary>Decides the directions. 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>How far analytic a and numeric n may be apart, as a share of the larger of both, above 0. 1e-6: what the extrapolated difference is good for where the loss is of the size of its slope.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a positive finite number.</exception>
    public double RelativeTolerance
    {
        get;
        init => field = Positive(value, nameof(RelativeTolerance));
    } = 1e-6;

    /// <summary>What is added to that, as a share of max(1, |loss|), above 0. 1e-9: the rounding of a loss (about 1e-15) over a step of 6e-6, with room.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not a positive finite number.</exception>
    public double AbsoluteTolerance
    {
        get;
        init => field = Positive(value, nameof(AbsoluteTolerance));
    } = 1e-9;

    /// <summary>The share of comparisons, in [0, 1], that may be skipped near kinks. 0.05: more, and the check says too little.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1].</exception>
    public double MostSkipped
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MostSkipped), value, "The share of skipped comparisons lies in [0, 1].");
    } = 0.05;

    /// <summary>False leaves out the rule for kinks: for the tests, which must see that it is needed.</summary>
    internal bool SkipsKinks { get; init; } = true;

    private static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "A tolerance is a positive finite number.");
}
