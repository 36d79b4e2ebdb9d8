using System;

namespace SimdNet.Training.Schedules;

/// <summary>η·(1 − min(t, length) / length)^power.</summary>
internal sealed record PolynomialSchedule(int Length, double Power) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public double Power { get; } = Ranges.Positive(Power);

    internal override string Text => ScheduleText.Write("polynomial", Length, Power);

    public override double RateAt(double initial, long count) => initial * Math.Pow(1 - ((double)Math.Min(count, Length) / Length), Power);
}
