using System;

namespace SimdNet;

/// <summary>Where a training is.</summary>
/// <param name="Epoch">The epoch that runs or has just ended, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="RowsDone">Rows that the epoch has trained on.</param>
/// <param name="Rows">Rows in an epoch.</param>
/// <param name="Loss">Loss of the epoch's rows so far, each measured before the step that used it.</param>
/// <param name="Accuracy">Accuracy of the same rows; null where the data has no classes.</param>
/// <param name="ValidationLoss">Loss of the validation rows after the epoch; null before its end or without validation.</param>
/// <param name="ValidationAccuracy">Their accuracy, likewise.</param>
/// <param name="Elapsed">Time since <see cref="Trainer{T}.Fit"/> began.</param>
/// <param name="EpochCompleted">True after an epoch, false within one.</param>
public readonly record struct FitProgress(
    int Epoch,
    int Epochs,
    int RowsDone,
    int Rows,
    double Loss,
    double? Accuracy,
    double? ValidationLoss,
    double? ValidationAccuracy,
    TimeSpan Elapsed,
    bool EpochCompleted);
