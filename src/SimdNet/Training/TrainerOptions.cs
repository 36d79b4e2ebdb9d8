using System;

namespace SimdNet;

/// <summary>What a trainer is made with.</summary>
public sealed record TrainerOptions
{
    /// <summary>The most rows that a step will be given, at least 1: it bounds the workspace. Any number by default, since a batch is worked through in tiles whose size follows from the network.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxBatch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = int.MaxValue;

    /// <summary>Threads that a step and an evaluation compute on, the caller among them: 1 to <see cref="WorkerTeam.MaxSize"/>. 1, the default, starts none. More make a team of the trainer's own; results are the same bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public int Threads
    {
        get;
        init => field = WorkerTeam.CheckedSize(value);
    } = 1;

    /// <summary>A team that helps, which may be shared with others; it takes the place of <see cref="Threads"/>, and is its maker's to dispose. Null, the default, for none.</summary>
    public WorkerTeam? Team { get; init; }
}
