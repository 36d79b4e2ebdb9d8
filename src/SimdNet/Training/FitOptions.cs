using System;
using System.Collections.Generic;
using System.Numerics;

namespace SimdNet;

/// <summary>How <see cref="Trainer{T}.Fit"/> goes through the data. The defaults are Keras', but for the epochs.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed record FitOptions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>For <see cref="BatchSize"/>: all rows in one batch, as in full-batch gradient descent.</summary>
    public const int FullBatch = int.MaxValue;

    /// <summary>Passes over the data, at least 1. 10: a first look at a small problem takes seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int Epochs
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>Rows a step, at least 1: 1 for one sample a step, <see cref="FullBatch"/> for all. The last batch of an epoch may be smaller. 32, as in Keras.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int BatchSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 32;

    /// <summary>Whether each epoch takes the rows in a new random order. True, as in Keras. A batch of all rows is never shuffled: its order is nothing but rounding.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Decides the orders and the validation split. The order of an epoch depends on the seed and the epoch's number alone.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Rows that are evaluated after each epoch and never trained on; null for none. A loss of theirs that is NaN or infinite is told in <see cref="EpochResult.ValidationLoss"/>, and handled where a <see cref="TerminateOnNaN{T}"/> is among <see cref="Callbacks"/>.</summary>
    public Dataset<T>? Validation { get; init; }

    /// <summary>The share of the data, in [0, 1), that is drawn by the seed and held out as validation where <see cref="Validation"/> is null. 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public double ValidationSplit
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(ValidationSplit), value, "The validation split is a share in [0, 1).");
    }

    /// <summary>Called after each epoch and, in epochs of many rows, about ten times a second. It may allocate, and may cancel the token that <see cref="Trainer{T}.Fit"/> was given; null for none.</summary>
    public Action<FitProgress>? Progress { get; init; }

    /// <summary>Where and how often all that the training needs to go on is written down; null, the default, for nowhere. See <see cref="Trainer{T}.Resume"/>.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>What is measured on the validation rows after each epoch, beside loss and accuracy: <see cref="EpochResult.Metrics"/> has it by the name val_NAME. None by default. Each starts anew in every epoch.</summary>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    public IReadOnlyList<Metric> Metrics
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = [];

    /// <summary>Who is told of epochs and batches, and may stop the training; called in this order. None by default. They may allocate; steps between them do not.</summary>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    public IReadOnlyList<Callback<T>> Callbacks
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = [];
}
