using System;
using System.Numerics;

using SimdNet.Model;

namespace SimdNet;

/// <summary>Everything that a training needs but the data: what <see cref="CrossValidation"/>, searches and <see cref="LearningCurve"/> carry out many times.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="Spec">The network.</param>
public sealed record TrainingSetup<T>(NetworkSpec Spec)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The network.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public NetworkSpec Spec
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Spec));
            field = value;
        }
    } = Spec ?? throw new ArgumentNullException(nameof(Spec));

    /// <summary>What is made smaller; the loss that fits the last layer where null.</summary>
    public Loss? Loss { get; init; }

    /// <summary>How. Adam with its defaults.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public Optimizer Optimizer
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Optimizer));
            field = value;
        }
    } = new Adam();

    /// <summary>Epochs, batch size, order. Its validation rows, their share and metrics, its reports and its checkpoints are not used: the rows that are held out must not decide anything, and one folder does not hold many trainings. With callbacks, one training follows another, whatever the team.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public FitOptions<T> Fit
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Fit));
            field = value;
        }
    } = new();

    /// <summary>Clipping, schedule and the largest batch; null for none of them. Its threads and team are not used: a team trains folds, not parts of one.</summary>
    public TrainerOptions? Trainer { get; init; }

    /// <summary>Decides the initial parameters, the same for every part of the data. 42.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Makes the scaler of the inputs from the rows that are trained on, never from those that are held out; null for none. The threads of a team call it at once.</summary>
    public Func<Dataset<T>, Scaler<T>?>? InputScaler { get; init; }

    /// <summary>The scaler of the targets; null for none.</summary>
    public Scaler<T>? TargetScaler { get; init; }

    /// <summary>A trainer of a new network for some rows.</summary>
    internal Trainer<T> TrainerFor(Dataset<T> training)
    {
        Network<T> network = Spec.Build<T>(Seed);
        network.InputScaler = InputScaler?.Invoke(training);
        network.TargetScaler = TargetScaler;
        TrainerOptions options = (Trainer ?? new()) with { Threads = 1, Team = null };
        if (network.TakesWholeBatches && options.MaxBatch == int.MaxValue)
        {
            // Room for the batches that there will be, and for the tiles of an evaluation.
            options = options with { MaxBatch = Math.Max(Math.Min(Fit.BatchSize, training.Rows), Tiles.DefaultWholeBatch(network)) };
        }

        return new(network, Loss ?? Loss.Auto(Spec), Optimizer, options);
    }

    /// <summary>Who trains several parts at once: nobody where callbacks are told, which count for one training at a time.</summary>
    internal WorkerTeam? TeamFor(CrossValidationOptions options) => Fit.Callbacks.Count > 0 ? null : options.Team;

    /// <summary>The fit of one of many trainings.</summary>
    internal FitOptions<T> QuietFit => Fit with { Validation = null, ValidationSplit = 0, Metrics = [], Progress = null, Checkpoint = null };
}
