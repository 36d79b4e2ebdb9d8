namespace SimdNet.Training.Schedules;

/// <summary>η.</summary>
internal sealed record ConstantSchedule : LearningRateSchedule
{
    internal override string Text => "constant";

    public override double RateAt(double initial, long count) => initial;
}
