using System;

namespace SimdNet.Training.Schedules;

/// <summary>A user's formula.</summary>
internal sealed record CustomSchedule(Func<double, long, double> Rate) : LearningRateSchedule
{
    internal override string Text => "custom";

    public override double RateAt(double initial, long count) => Rate(initial, count);
}
