using System;
using System.Runtime.CompilerServices;

namespace SimdNet.Training.Schedules;

/// <summary>η.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule
{
    internal override string Text => "constant";

    public override double RateAt(double initial, long count) => initial;
}

/// <summary>η·factor^⌊t / length⌋.</summary>
internal sealed record StepSchedule(int Length, double Factor) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public double Factor { get; } = Ranges.Positive(Factor);

    internal override string Text => ScheduleText.Write("step", Length, Factor);

    public override double RateAt(double initial, long count) => initial * Math.Pow(Factor, count / Length);
}

/// <summary>η·factorᵗ.</summary>
internal sealed record ExponentialSchedule(double Factor) : LearningRateSchedule
{
    public double Factor { get; } = Ranges.Positive(Factor);

    internal override string Text => ScheduleText.Write("exponential", Factor);

    public override double RateAt(double initial, long count) => initial * Math.Pow(Factor, count);
}

/// <summary>least + ½·(η − least)·(1 + cos(π·t / length)).</summary>
internal sealed record CosineSchedule(int Length, double Least) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public double Least { get; } = Ranges.NotNegative(Least);

    internal override string Text => Least == 0 ? ScheduleText.Write("cosine", Length) : ScheduleText.Write("cosine", Length, Least);

    public override double RateAt(double initial, long count) => Curve(initial, Least, (double)count / Length);

    /// <summary>From one rate to another on half a cosine.</summary>
    public static double Curve(double from, double to, double share) => to + ((from - to) * (1 + Math.Cos(Math.PI * share)) / 2);
}

/// <summary>The same curve again and again, each time longer.</summary>
internal sealed record CosineRestartsSchedule(int Length, int Growth, double Least) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public int Growth { get; } = Ranges.Length(Growth);

    public double Least { get; } = Ranges.NotNegative(Least);

    internal override string Text => Least == 0 ? ScheduleText.Write("cosine-restarts", Length, Growth) : ScheduleText.Write("cosine-restarts", Length, Growth, Least);

    public override double RateAt(double initial, long count)
    {
        long length = Length;
        if (Growth == 1)
        {
            count %= length;
        }

        // Curves that grow are at most 62 until a long is exhausted.
        while (count >= length)
        {
            count -= length;
            length *= Growth;
        }

        return CosineSchedule.Curve(initial, Least, (double)count / length);
    }
}

/// <summary>Up to η, then down, each on half a cosine.</summary>
internal sealed record OneCycleSchedule(int Length, double Rise, double Divisor, double FinalDivisor) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public double Rise { get; } = Rise is >= 0 and < 1 ? Rise : throw new ArgumentOutOfRangeException(nameof(Rise), Rise, "The share of the rise lies in [0, 1).");

    public double Divisor { get; } = Ranges.AtLeastOne(Divisor);

    public double FinalDivisor { get; } = Ranges.AtLeastOne(FinalDivisor);

    internal override string Text => Rise == 0.3 && Divisor == 25 && FinalDivisor == 1e4 ? ScheduleText.Write("one-cycle", Length) : ScheduleText.Write("one-cycle", Length, Rise, Divisor, FinalDivisor);

    /// <remarks>The rise ends at rise·length − 1, the whole at length − 1: times, which need not be whole.</remarks>
    public override double RateAt(double initial, long count)
    {
        double top = (Rise * Length) - 1;
        double end = Length - 1;
        return count <= top
            ? CosineSchedule.Curve(initial / Divisor, initial, top > 0 ? count / top : 1)
            : CosineSchedule.Curve(initial, initial / Divisor / FinalDivisor, end > top ? Math.Min((count - top) / (end - top), 1) : 1);
    }
}

/// <summary>η·(start + (1 − start)·t / length), then another schedule.</summary>
internal sealed record WarmUpSchedule : LearningRateSchedule
{
    public const double DefaultStart = 1.0 / 3;

    public WarmUpSchedule(int length, LearningRateSchedule then, double start)
    {
        Length = Ranges.Length(length);
        Then = then;
        Start = start is >= 0 and <= 1 ? start : throw new ArgumentOutOfRangeException(nameof(start), start, "The share that a warm-up starts from lies in [0, 1].");
        PerEpoch = then.PerEpoch;
    }

    public int Length { get; }

    public LearningRateSchedule Then { get; }

    public double Start { get; }

    internal override string Text => (Start == DefaultStart ? ScheduleText.Write("warmup", Length) : ScheduleText.Write("warmup", Length, Start)) + (Then is ConstantSchedule ? "" : "+" + Then.Text);

    internal override bool CountsEpochs => Then.CountsEpochs;

    internal override PlateauSchedule? Reduction => Then.Reduction;

    public override double RateAt(double initial, long count) => count < Length
        ? initial * (Start + ((1 - Start) * count / Length))
        : Then.RateAt(initial, count - Length);
}

/// <summary>η·(1 − min(t, length) / length)^power.</summary>
internal sealed record PolynomialSchedule(int Length, double Power) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public double Power { get; } = Ranges.Positive(Power);

    internal override string Text => ScheduleText.Write("polynomial", Length, Power);

    public override double RateAt(double initial, long count) => initial * Math.Pow(1 - ((double)Math.Min(count, Length) / Length), Power);
}

/// <summary>η, until <see cref="Scheduler"/> reduces it by the losses of epochs.</summary>
internal sealed record PlateauSchedule : LearningRateSchedule
{
    public PlateauSchedule(int patience, double factor, double threshold, int cooldown, double least)
    {
        Patience = patience >= 0 ? patience : throw new ArgumentOutOfRangeException(nameof(patience), patience, "Patience is not negative.");
        Factor = factor is > 0 and < 1 ? factor : throw new ArgumentOutOfRangeException(nameof(factor), factor, "The factor of a plateau lies between 0 and 1.");
        Threshold = threshold is >= 0 and < 1 ? threshold : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold of a plateau lies in [0, 1).");
        Cooldown = cooldown >= 0 ? cooldown : throw new ArgumentOutOfRangeException(nameof(cooldown), cooldown, "A cooldown is not negative.");
        Least = Ranges.NotNegative(least);
        PerEpoch = true;
    }

    public int Patience { get; }

    public double Factor { get; }

    public double Threshold { get; }

    public int Cooldown { get; }

    public double Least { get; }

    internal override string Text => Threshold == 1e-4 && Cooldown == 0 && Least == 0 ? ScheduleText.Write("plateau", Patience, Factor) : ScheduleText.Write("plateau", Patience, Factor, Threshold, Cooldown, Least);

    internal override bool CountsEpochs => true;

    internal override PlateauSchedule? Reduction => this;

    public override double RateAt(double initial, long count) => initial;
}

/// <summary>A user's formula.</summary>
internal sealed record CustomSchedule(Func<double, long, double> Rate) : LearningRateSchedule
{
    internal override string Text => "custom";

    public override double RateAt(double initial, long count) => Rate(initial, count);
}

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
