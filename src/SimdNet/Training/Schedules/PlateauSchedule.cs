using System;

namespace SimdNet.Training.Schedules;

/// <summary>η, until <see cref="Scheduler"/> reduces it by the losses of epochs.</summary>
internal sealed record PlateauSchedule : LearningRateSchedule
{
    public const double DefaultThreshold = 1e-4;

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

    internal override string Text => Threshold == DefaultThreshold && Cooldown == 0 && Least == 0 ? ScheduleText.Write("plateau", Patience, Factor) : ScheduleText.Write("plateau", Patience, Factor, Threshold, Cooldown, Least);

    internal override bool CountsEpochs => true;

    internal override PlateauSchedule? Reduction => this;

    public override double RateAt(double initial, long count) => initial;
}
