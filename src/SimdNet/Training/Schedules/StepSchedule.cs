using System;

namespace SimdNet.Training.Schedules;

/// <summary>η·factor^⌊t / length⌋.</summary>
internal sealed record StepSchedule(int Length, double Factor) : LearningRateSchedule
{
    public int Length { get; } = Ranges.Length(Length);

    public double Factor { get; } = Ranges.Positive(Factor);

    internal override string Text => ScheduleText.Write("step", Length, Factor);

    public override double RateAt(double initial, long count) => initial * Math.Pow(Factor, count / Length);
}
