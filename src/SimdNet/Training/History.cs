using System;
using System.Collections.Generic;

using SimdNet.Training.Callbacks;

namespace SimdNet;

/// <summary>What a training measured, epoch by epoch.</summary>
/// <remarks>While <see cref="Trainer{T}.Fit"/> runs, it grows, and is for the callbacks on that thread alone; once it is returned nothing changes it, and any number of threads may read it.</remarks>
public sealed class History
{
    private readonly List<EpochResult> _epochs;

    internal History(int epochs) => _epochs = new(Math.Min(epochs, 1 << 20));

    /// <summary>One entry an epoch, in order.</summary>
    public IReadOnlyList<EpochResult> Epochs => _epochs;

    /// <summary>Rows that were trained on in each epoch.</summary>
    public int Rows { get; internal set; }

    /// <summary>Time spent in steps, without validation and reports.</summary>
    public TimeSpan TrainingTime { get; internal set; }

    /// <summary>Why the training ended before its last epoch; null where it did not.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>The epoch in which a value was best, the first of several; null where none of its values is finite.</summary>
    /// <param name="monitor">loss, accuracy, val_loss, val_accuracy, or the name of a metric, as in <see cref="EpochResult.this[string]"/>.</param>
    /// <param name="mode">Whether small or large values are good; by default the name decides, see <see cref="MonitorMode.Auto"/>.</param>
    public EpochResult? BestEpoch(string monitor, MonitorMode mode = MonitorMode.Auto)
    {
        MonitoredValue watched = new(monitor, mode);
        EpochResult? best = null;
        foreach (EpochResult epoch in _epochs)
        {
            if (epoch[monitor] is { } value && watched.IsBetter(value, best?[monitor]))
            {
                best = epoch;
            }
        }

        return best;
    }

    internal void Add(in EpochResult epoch) => _epochs.Add(epoch);

    /// <summary>Puts the epochs before those of a training that goes on.</summary>
    internal void Add(IReadOnlyList<EpochResult> epochs) => _epochs.AddRange(epochs);

    /// <summary>Puts what a callback has added in place of the last epoch.</summary>
    internal void Amend(in EpochResult epoch) => _epochs[^1] = epoch;
}

/// <summary>What <see cref="Trainer{T}.Evaluate(Dataset{T})"/> measured.</summary>
/// <param name="Rows">Rows that were evaluated.</param>
/// <param name="Loss">The trainer's loss over all of them.</param>
/// <param name="Accuracy">Share of rows whose class was predicted (binary at 0.5, else the largest output); null where the data has no classes.</param>
/// <param name="MeanAbsoluteError">Mean of |p − y| over rows and outputs, in the units of the raw targets.</param>
public readonly record struct Evaluation(int Rows, double Loss, double? Accuracy, double MeanAbsoluteError);
