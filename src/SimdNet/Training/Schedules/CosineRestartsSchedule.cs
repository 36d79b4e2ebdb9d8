namespace SimdNet.Training.Schedules;

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
