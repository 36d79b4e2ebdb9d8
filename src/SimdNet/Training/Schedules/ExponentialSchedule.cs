using System;

namespace SimdNet.Training.Schedules;

/// <summary>η·factorᵗ.</summary>
internal sealed record ExponentialSchedule(double Factor) : LearningRateSchedule
{
    public double Factor { get; } = Ranges.Positive(Factor);

    internal override string Text => ScheduleText.Write("exponential", Factor);

    public override double RateAt(double initial, long count) => initial * Math.Pow(Factor, count);
}
