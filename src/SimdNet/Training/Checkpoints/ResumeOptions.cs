namespace SimdNet;

/// <summary>What a file cannot hold of a training: users' own code, and threads. None of the former by default, and one thread.</summary>
public sealed record ResumeOptions
{
    /// <summary>Makes users' own layers and activations.</summary>
    public LayerRegistry? Layers { get; init; }

    /// <summary>Makes users' own losses.</summary>
    public LossRegistry? Losses { get; init; }

    /// <summary>The schedule, where it has a formula of one's own (<see cref="LearningRateSchedule.Custom"/>): it must say the same for the same numbers.</summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <inheritdoc cref="TrainerOptions.Threads"/>
    public int Threads
    {
        get;
        init => field = WorkerTeam.CheckedSize(value);
    } = 1;

    /// <inheritdoc cref="TrainerOptions.Team"/>
    public WorkerTeam? Team { get; init; }
}
