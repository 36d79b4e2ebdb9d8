using System;
using System.Collections.Generic;

namespace SimdNet;

/// <summary>What a training measured, epoch by epoch.</summary>
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

    internal void Add(in EpochResult epoch) => _epochs.Add(epoch);
}

/// <summary>What one epoch measured.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Loss">Loss over the epoch's rows, each measured before the step that used it.</param>
/// <param name="Accuracy">Accuracy of the same rows; null where the data has no classes.</param>
/// <param name="ValidationLoss">Loss of the validation rows after the epoch; null without validation.</param>
/// <param name="ValidationAccuracy">Their accuracy; null without validation or classes.</param>
public readonly record struct EpochResult(int Epoch, double Loss, double? Accuracy, double? ValidationLoss, double? ValidationAccuracy);

/// <summary>What <see cref="Trainer{T}.Evaluate(Dataset{T})"/> measured.</summary>
/// <param name="Rows">Rows that were evaluated.</param>
/// <param name="Loss">The trainer's loss over all of them.</param>
/// <param name="Accuracy">Share of rows whose class was predicted (binary at 0.5, else the largest output); null where the data has no classes.</param>
/// <param name="MeanAbsoluteError">Mean of |p − y| over rows and outputs, in the units of the raw targets.</param>
public readonly record struct Evaluation(int Rows, double Loss, double? Accuracy, double MeanAbsoluteError);
