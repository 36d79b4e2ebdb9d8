using System;

namespace SimdNet.Training.Schedules;

/// <summary>Up to η, then down, each on half a cosine.</summary>
internal sealed record OneCycleSchedule(int Length, double Rise, double Divisor, double FinalDivisor) : LearningRateSchedule
{
    public const double DefaultRise = 0.3;
    public const double DefaultDivisor = 25;
    public const double DefaultFinalDivisor = 1e4;

    public int Length { get; } = Ranges.Length(Length);

    public double Rise { get; } = Rise is >= 0 and < 1 ? Rise : throw new ArgumentOutOfRangeException(nameof(Rise), Rise, "The share of the rise lies in [0, 1).");

    public double Divisor { get; } = Ranges.AtLeastOne(Divisor);

    public double FinalDivisor { get; } = Ranges.AtLeastOne(FinalDivisor);

    internal override string Text => Rise == DefaultRise && Divisor == DefaultDivisor && FinalDivisor == DefaultFinalDivisor ? ScheduleText.Write("one-cycle", Length) : ScheduleText.Write("one-cycle", Length, Rise, Divisor, FinalDivisor);

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
