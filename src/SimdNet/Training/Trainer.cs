using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;

using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Training;
using SimdNet.Training.Optimizers;
using SimdNet.Training.Schedules;
using SimdNet.Training.Steps;

namespace SimdNet;

/// <summary>Trains a network: one step, or epochs over a data set.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// <para>All memory is allocated by the constructor: steps and evaluations allocate nothing and take no lock, and the network's parameters are current whenever a
/// call returns. Where the network has scalers, inputs and targets are given raw.</para>
/// <para>For one thread at a time. While <see cref="Fit"/>, <see cref="PartialFit(Dataset{T}, int)"/>, <see cref="Evaluate(Dataset{T})"/> or <see cref="SaveCheckpoint"/> runs, every call that computes or saves is refused by an <see cref="InvalidOperationException"/> before anything is
/// written; callbacks of <see cref="Fit"/> may evaluate and save, but not train. So it is while a step of several rows runs. One on a single row, or on a batch of a small network, is refused while any of these
/// runs, but holds nobody off, since that would take a part of its nanoseconds. Neither the network nor what is merely read (<see cref="Fingerprint"/>) is watched.</para>
/// </remarks>
/// <example>
/// <code>
/// Trainer&lt;float&gt; trainer = new(network, Loss.CrossEntropy, new Adam { LearningRate = 1e-3 });
/// History history = trainer.Fit(train, new() { Epochs = 10, BatchSize = 128, Validation = test });
/// float loss = trainer.Step(x, y);
/// </code>
/// </example>
public sealed partial class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Single steps that are made in one call: enough that what a call costs, and that its first and last step cannot overlap others, is lost in the rest. Of large networks fewer, so that a cancellation is seen within a tenth of a second: a
    /// step takes about a nanosecond a parameter.</summary>
    private const int MostSingleSteps = 64;
    private const int FewestSingleSteps = 8;
    private const int ParametersAtATime = 1 << 26;

    private readonly int _singleSteps;
    private readonly OptimizerState<T> _optimizer;
    private readonly AlignedBuffer<T>[] _moments;
    private readonly LossPass<T> _pass;
    private readonly SampleStep<T>? _sampleStep;
    private readonly SmallNetworkStep<T>? _smallStep;
    private readonly SmallBatchStep<T>? _smallBatch;
    private SmallNetworkStep<T>? _quickStep;
    private SmallBatchStep<T>? _quickBatch;
    private readonly Scheduler? _scheduler;
    private readonly BatchStep<T> _batchStep;
    private readonly ShardedPass<T> _shards;
    private readonly WeightRules<T>? _rules;
    private readonly int _maxBatch;
    private readonly bool _takesFullBatches;
    private readonly StepCount _steps;
    private readonly bool _needsPairs;

    /// <summary>A trainer for a network, which it changes in place.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="loss">What is made smaller. It is noted in the network's metadata.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="options">More choices; the defaults where null.</param>
    /// <exception cref="ArgumentException">The loss does not fit the network's last layer; there is nothing to train, since the network has no parameters or all its layers are frozen; the learning rate is infinite in this precision, or ε is 0; or choices contradict each other.</exception>
    public Trainer(Network<T> network, Loss loss, Optimizer optimizer, TrainerOptions? options = null)
        : this(network, loss, optimizer, options, notesLoss: true)
    {
    }

    /// <summary>A trainer that evaluates only need not note its loss in the model, and one whose options are a file's makes room for batches as they come: see <see cref="Tiles"/>.</summary>
    internal Trainer(Network<T> network, Loss loss, Optimizer optimizer, TrainerOptions? options, bool notesLoss, bool makesRoom = true)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        loss.CheckFits(network.Spec);
        Network = network;
        Loss = loss;
        Rule = optimizer;
        Options = options ?? new();
        _singleSteps = Math.Clamp(ParametersAtATime / Math.Max(1, network.ParameterCount), FewestSingleSteps, MostSingleSteps);
        _optimizer = optimizer.Bind(network.Kernels, network.ParameterBlock.Length);
        _moments = [.. _optimizer.Moments];
        _maxBatch = options?.MaxBatch ?? int.MaxValue;
        _maxBatch = network.TakesWholeBatches && _maxBatch == int.MaxValue ? Tiles.DefaultWholeBatch(network) : _maxBatch;
        _steps = new() { Seed = options?.Seed ?? TrainerOptions.DefaultSeed };
        TrainableParts<T> trained = new(network);
        _needsPairs = trained.NeedsPairs;
        if (notesLoss && trained.TrainedRanges.IsEmpty)
        {
            throw new ArgumentException($"There is nothing to train: the network {network.Spec.Short} has no parameters, or all its layers are frozen. Unfreeze one.", nameof(network));
        }

        CheckRate(optimizer.LearningRate, nameof(optimizer));
        if (options?.Schedule is { } schedule && schedule != LearningRateSchedule.Constant)
        {
            _scheduler = optimizer.HasRate
                ? new(schedule, optimizer.LearningRate)
                : throw new ArgumentException($"{optimizer.GetType().Name} has no learning rate that a schedule could change. Leave the schedule out, or choose another optimizer.", nameof(options));
            SetRate(0);
        }

        Clipping<T>? clipping = Clipping<T>.Of(options, network);
        if (optimizer.TakesFullBatches && clipping is not null)
        {
            throw new ArgumentException("A line search compares the loss with its gradient as it is: L-BFGS takes no bound of the gradient. Leave ClipValue, ClipNorm and ClipGlobalNorm out, or choose another optimizer.", nameof(options));
        }

        _takesFullBatches = optimizer.TakesFullBatches;
        Workspace<T>[] workspaces = new Workspace<T>[Options.Team?.Size ?? Options.Threads];
        LossPass<T>[] passes = new LossPass<T>[workspaces.Length];
        for (int i = 0; i < workspaces.Length; i++)
        {
            workspaces[i] = Tiles.Workspace(network, _maxBatch, training: true, makesRoom: makesRoom);
            passes[i] = new(network, loss, trained, [workspaces[i]], team: null);
        }

        // After all that may be refused: until the garbage collector found them, threads would outlive a trainer that was not made.
        WorkerTeam? team = WorkerTeam.Of(Options.Team, Options.Threads);
        _pass = new(network, loss, trained, workspaces, team);
        _rules = WeightRules<T>.Of(network, trained);
        bool isPlain = _optimizer.IsPlain && _rules is null && clipping is null;

        // Plain descent on one tile makes its step without a gradient block.
        bool formsGradients = !isPlain || network.TakesWholeBatches || _maxBatch > _pass.Workspace.Rows;
        _shards = new(_pass, passes, team, formsGradients ? Shards.Of(network, _maxBatch) : 0);
        _sampleStep = _pass.IsDense && isPlain ? new(_pass, _optimizer) : null;
        _smallStep = network.Small is not null && _sampleStep is not null && _pass.Loss is { Small: not null, ClassWeights: null } ? new(_pass, _optimizer, _sampleStep) : null;
        _batchStep = new(_pass, _optimizer, _shards, _rules, clipping, _steps);
        _smallBatch = _batchStep.IsPlain ? SmallBatchStep<T>.Of(_pass, _optimizer) : null;
        TakeQuickWays();
        if (notesLoss)
        {
            loss.Note(network.Metadata);
        }
    }

    /// <summary>What is trained.</summary>
    public Network<T> Network { get; }

    /// <summary>What is made smaller.</summary>
    public Loss Loss { get; }

    /// <summary>The step size of the last step, or of the first one to come; it may be changed between steps. Under a schedule, the rates that follow keep their proportion to the one that was set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double LearningRate
    {
        get => _optimizer.LearningRate;
        set
        {
            CheckRate(value, nameof(value));
            _scheduler?.Rescale(_optimizer.LearningRate, value);
            _optimizer.LearningRate = value;
        }
    }

    /// <summary>Steps that were asked for since the trainer was made, those of <see cref="Fit"/> and <see cref="SkippedSteps"/> among them: a schedule in steps follows it, and with <see cref="TrainerOptions.Seed"/> it decides which units a dropout leaves out in the next one.</summary>
    public long Steps
    {
        get => _steps.Made;
        internal set => _steps.Made = value;
    }

    /// <summary>Epochs that <see cref="Fit"/> completed since the trainer was made: a schedule in epochs follows it.</summary>
    public long Epochs { get; internal set; }

    /// <summary>True where the last step of <see cref="Lbfgs"/> found nothing to improve; false with every other optimizer. <see cref="Fit"/> ends after such an epoch.</summary>
    public bool HasConverged
    {
        get => _batchStep.HasConverged;
        internal set => _batchStep.HasConverged = value;
    }

    /// <summary>Steps that were not made, since a bound of the gradient is set (<see cref="TrainerOptions.ClipValue"/> and the like) and the gradient was not finite.</summary>
    public long SkippedSteps
    {
        get => _batchStep.Skipped;
        internal set => _batchStep.Skipped = value;
    }

    /// <summary>The gradient of the last step that formed one, a block of the parameters' layout.</summary>
    internal Span<T> GradientBlock => _batchStep.Gradient;

    /// <summary>The optimizer's moments, blocks of the parameters' layout.</summary>
    internal IReadOnlyList<AlignedBuffer<T>> Moments => _moments;

    /// <summary>Forward, loss and backward, which nobody else may use meanwhile.</summary>
    internal LossPass<T> Pass => _pass;

    /// <summary>The optimizer at work.</summary>
    internal OptimizerState<T> Optimizer => _optimizer;

    /// <summary>The optimizer as it was given.</summary>
    internal Optimizer Rule { get; }

    /// <summary>The choices as they were given.</summary>
    internal TrainerOptions Options { get; }

    /// <summary>The schedule at work; null where the rate stays.</summary>
    internal Scheduler? Scheduler => _scheduler;

    /// <summary>How many blocks of the parameters' layout steps change.</summary>
    internal int StateBlocks => 1 + _moments.Length;

    /// <summary>What steps beside schedules change: what a snapshot keeps, a checkpoint holds and a fingerprint sums up. The parameters, then the optimizer's moments.</summary>
    internal Span<T> StateBlock(int index) => index == 0 ? Network.ParameterBlock : _moments[index - 1].Span;

    /// <summary>The optimizer's numbers, which are the rest of it.</summary>
    internal Span<double> StateNumbers => _optimizer.Scalars;

    /// <summary>Trains for a number of epochs. The data's class names become the network's where it has none.</summary>
    /// <param name="data">The rows, raw.</param>
    /// <param name="options">Epochs, batch size, order, validation, reports; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>Loss and accuracy of every epoch; fewer than were asked for where a callback stopped it or <see cref="HasConverged"/> ended it, as <see cref="History.StopReason"/> then says.</returns>
    /// <remarks>Allocates before the first epoch (the history, the order of the rows, a scaled copy of the data where the network has scalers), then nothing but what <see cref="FitOptions{T}.Progress"/>, callbacks and checkpoints do and, where there are <see cref="FitOptions{T}.Metrics"/>, a dictionary of their results an epoch.</remarks>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss, or is not that of the training that is to go on after <see cref="Resume"/>.</exception>
    /// <exception cref="InvalidOperationException">The folder of <see cref="FitOptions{T}.Checkpoint"/> has checkpoints of another training; or another call has not ended, of another thread or the fit of which this one is a callback, and nothing was changed.</exception>
    /// <exception cref="SimdNetFormatException">The training that is to go on after <see cref="Resume"/> cannot have been: its checkpoint is damaged, though its checksum is right.</exception>
    /// <exception cref="System.IO.IOException">A checkpoint could not be written; those before are as they were.</exception>
    /// <exception cref="NonFiniteException">A loss or a parameter became NaN or infinite. The parameters are those after the last step whose loss was finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The parameters are those after the last complete step, and a checkpoint of them was written where one is wanted.</exception>
    public History Fit(Dataset<T> data, FitOptions<T>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        Begin(Fitting);
        try
        {
            return FitAlone(data, options ?? new(), cancellationToken);
        }
        finally
        {
            _fitFolder = null;
            End();
        }
    }

    private History FitAlone(Dataset<T> data, FitOptions<T> options, CancellationToken cancellationToken)
    {
        Dataset<T>? validation = options.Validation;
        if (validation is null && options.ValidationSplit > 0)
        {
            (data, validation) = data.Split(options.ValidationSplit, options.Seed);
        }

        ScaledRows<T> rows = new(Network, data, _pass.Loss, nameof(data));
        int batch = Math.Min(options.BatchSize, rows.Count);
        CheckBatch(batch, rows.Count, nameof(options));
        _pass.Workspace.Reserve(Math.Min(batch, _pass.Workspace.Rows));
        if (data.ClassNames?.Count == Math.Max(2, Network.Outputs))
        {
            Network.ClassNames ??= data.ClassNames;
        }

        ScaledRows<T>? held = validation is null ? null : new(Network, validation, _pass.Loss, nameof(options));
        _pass.CheckScaled(rows.InOrder(default));
        if (held is not null)
        {
            _pass.CheckScaled(held.InOrder(default));
        }

        if (held is null && options.Metrics.Count > 0)
        {
            throw new ArgumentException("Metrics are measured on validation rows, and there are none. Give Validation or ValidationSplit, or leave Metrics out.", nameof(options));
        }

        foreach (Metric metric in options.Metrics)
        {
            CheckMetric(metric, nameof(options));
        }

        return new FitLoop<T>(this, rows, held, options, batch, Start(data, validation, options, batch)).Run(cancellationToken);
    }

    /// <summary>The loss, with the layers' penalties, accuracy and mean absolute error over a data set, with the team's help. Allocates nothing.</summary>
    /// <param name="data">The rows, raw.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss.</exception>
    /// <exception cref="InvalidOperationException">Another call has not ended. Callbacks of a fit may evaluate, on its thread.</exception>
    public Evaluation Evaluate(Dataset<T> data) => Evaluate(data, default);

    /// <summary><see cref="Evaluate(Dataset{T})"/> with metrics, which forget what they have and collect these rows. They see outputs and targets in the targets' own scale, and probabilities where the loss takes logits; weights they do not see.</summary>
    /// <param name="data">The rows, raw.</param>
    /// <param name="metrics">For as many outputs as the network has.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss, or a metric does not fit the network.</exception>
    /// <exception cref="NonFiniteException">An output is NaN.</exception>
    /// <exception cref="InvalidOperationException">Another call has not ended. Callbacks of a fit may evaluate, on its thread.</exception>
    public Evaluation Evaluate(Dataset<T> data, params ReadOnlySpan<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(data);
        int before = BeginReading();
        try
        {
            RowSource<T> source = Checked(data);
            foreach (Metric metric in metrics)
            {
                CheckMetric(metric, nameof(metrics));
                metric.Reset();
            }

            AccuracyKind kind = Accuracy.For(Network.Spec, data, _pass.Loss);
            (double sum, double right, double error) = _shards.Evaluate(source, kind, withError: true, metrics);
            return new(data.Rows, _pass.Loss.Mean(sum, source.Weight(0, data.Rows)) + Penalty, kind == AccuracyKind.None ? null : right / data.Rows, error / ((double)data.Rows * Network.Outputs));
        }
        finally
        {
            End(before);
        }
    }

    /// <summary>SHA-256 of the parameters and the optimizer's state, 64 hexadecimal digits: two trainers with the same one, and as many <see cref="Steps"/> behind them, go on alike.</summary>
    /// <remarks>As <see cref="Network{T}.Fingerprint"/>, then the optimizer's moments in the same manner, then its numbers beside them, such as powers of β, and a schedule's. The learning rate is a choice, not a state.</remarks>
    public string Fingerprint()
    {
        using Fingerprint fingerprint = new();
        for (int i = 0; i < StateBlocks; i++)
        {
            fingerprint.Add<T>(Network.Parameters, StateBlock(i));
        }

        foreach (double scalar in StateNumbers)
        {
            fingerprint.Add(scalar);
        }

        foreach (double number in _scheduler is null ? default : _scheduler.State)
        {
            fingerprint.Add(number);
        }

        return fingerprint.ToString();
    }

    /// <summary>The loss of a data set as one batch, whose gradient is left in <see cref="GradientBlock"/>. No step is made.</summary>
    internal double LossAndGradient(Dataset<T> data)
    {
        if (Network.TakesWholeBatches)
        {
            CheckRoom(data.Rows, nameof(data));
        }

        double right = 0;
        RowSource<T> source = Checked(data);
        double sum = _batchStep.LossAndGradient(source, 0, data.Rows, AccuracyKind.None, ref right, out double penalty);
        return Mean(sum, source.Weight(0, data.Rows), penalty);
    }
}
