using System;

namespace SimdNet.Training.Schedules;

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
