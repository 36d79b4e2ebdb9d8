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
}
