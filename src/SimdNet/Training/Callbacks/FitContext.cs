using System;
using System.Collections.Generic;
using System.Numerics;

namespace SimdNet;

/// <summary>Where a training is, for its callbacks.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class FitContext<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal FitContext(Trainer<T> trainer, FitOptions<T> options, History history, int rows, int batch, bool hasValidation)
    {
        Trainer = trainer;
        Options = options;
        History = history;
        Batches = (rows + batch - 1) / batch;
        HasValidation = hasValidation;
    }

    /// <summary>Who trains; its learning rate may be set.</summary>
    public Trainer<T> Trainer { get; }

    /// <summary>What is trained, in place.</summary>
    public Network<T> Network => Trainer.Network;

    /// <summary>How the data is gone through.</summary>
    public FitOptions<T> Options { get; }

    /// <summary>What the epochs so far have measured.</summary>
    public History History { get; }

    /// <summary>The epoch that runs or has just ended, from 1; 0 before the first.</summary>
    public int Epoch { get; internal set; }

    /// <summary>Steps in an epoch.</summary>
    public int Batches { get; }

    /// <summary>The batch that has just ended, from 1, where batches are told of.</summary>
    public int Batch { get; internal set; }

    /// <summary>Rows of that batch.</summary>
    public int BatchRows { get; internal set; }

    /// <summary>Loss of that batch before its step.</summary>
    public double BatchLoss { get; internal set; }

    /// <summary>Whether rows are evaluated after each epoch, so that there are val_loss and val_accuracy.</summary>
    public bool HasValidation { get; }

    /// <summary>What the last epoch has measured.</summary>
    public EpochResult Result { get; internal set; }

    /// <summary>The exception that ends the training, at its end; null where none does.</summary>
    public Exception? Error { get; internal set; }

    /// <summary>Whether the training goes on from a checkpoint, so that <see cref="History"/> has epochs from the start.</summary>
    public bool IsResumed { get; internal init; }

    /// <summary>Whether the training is to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Stops the training: after the batch that has just ended, or before the next epoch. The callbacks of this batch or epoch are still called, and an epoch that is cut short counts with the rows it has seen.</summary>
    /// <param name="reason">Why, for <see cref="History.StopReason"/>; the first one given stays.</param>
    /// <exception cref="ArgumentException">The reason is null or empty.</exception>
    public void Stop(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        IsStopping = true;
        History.StopReason ??= reason;
    }

    /// <summary>Adds a value to the epoch that has just ended, for the callbacks that follow and for the history. For <see cref="Callback{T}.OnEpochEnd"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The name is that of what every epoch measures.</exception>
    /// <exception cref="InvalidOperationException">No epoch has ended.</exception>
    public void Log(string name, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (History.Epochs.Count == 0)
        {
            throw new InvalidOperationException($"'{name}' has no epoch to be added to: log in OnEpochEnd.");
        }

        if (name is EpochResult.LossName or EpochResult.AccuracyName or EpochResult.ValidationLossName or EpochResult.ValidationAccuracyName or EpochResult.LearningRateName)
        {
            throw new ArgumentException($"'{name}' is what every epoch measures. Choose another name.", nameof(name));
        }

        Dictionary<string, double> metrics = Result.Metrics is { } known ? new(known) : [];
        metrics[name] = value;
        Result = Result with { Metrics = metrics };
        History.Amend(Result);
    }
}
