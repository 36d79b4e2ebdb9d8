using System;

namespace SimdNet.Training.Schedules;

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
