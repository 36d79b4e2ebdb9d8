using System;
using System.Diagnostics;
using System.Numerics;
using System.Threading;

using SimdNet.Data;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;
using SimdNet.Training;
using SimdNet.Training.Losses;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Trains a network: one step, or epochs over a data set.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// For one thread at a time. All memory is allocated by the constructor: steps and evaluations allocate nothing and take no lock, and the network's parameters are current whenever a
/// call returns. Where the network has scalers, inputs and targets are given raw.
/// </remarks>
/// <example>
/// <code>
/// Trainer&lt;float&gt; trainer = new(network, Loss.CrossEntropy, new Adam { LearningRate = 1e-3 });
/// History history = trainer.Fit(train, new() { Epochs = 10, BatchSize = 128, Validation = test });
/// float loss = trainer.Step(x, y);
/// </code>
/// </example>
public sealed class Trainer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows between looks at the clock within an epoch, where progress is wanted: a look costs about as much as one tiny step.</summary>
    private const int RowsBetweenReports = 1024;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly LossFunction<T> _loss;
    private readonly OptimizerState<T> _optimizer;
    private readonly AlignedBuffer<T> _gradient;
    private readonly Workspace<T> _workspace;
    private readonly int _maxBatch;

    /// <summary>A trainer for a network, which it changes in place.</summary>
    /// <param name="network">What is trained.</param>
    /// <param name="loss">What is made smaller. Its name is noted in the network's metadata.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="options">More choices; the defaults where null.</param>
    /// <exception cref="ArgumentException">The loss does not fit the network's last layer, or the optimizer's choices contradict each other.</exception>
    public Trainer(Network<T> network, Loss loss, Optimizer optimizer, TrainerOptions? options = null)
        : this(network, loss, optimizer, options, notesLoss: true)
    {
    }

    /// <summary>A trainer that evaluates only need not note its loss in the model.</summary>
    internal Trainer(Network<T> network, Loss loss, Optimizer optimizer, TrainerOptions? options, bool notesLoss)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        loss.CheckFits(network.Spec);
        Network = network;
        Loss = loss;
        _loss = loss.Bind(network);
        _optimizer = optimizer.Bind(network.Kernels, network.ParameterBlock.Length);
        _maxBatch = options?.MaxBatch ?? int.MaxValue;
        _gradient = new AlignedBuffer<T>(network.ParameterBlock.Length);
        _workspace = Tiles.Workspace(network, _maxBatch, training: true);
        CheckRate(optimizer.LearningRate, nameof(optimizer));
        if (notesLoss)
        {
            network.Metadata["loss"] = loss.Name;
        }
    }

    /// <summary>What is trained.</summary>
    public Network<T> Network { get; }

    /// <summary>What is made smaller.</summary>
    public Loss Loss { get; }

    /// <summary>The optimizer's step size, which may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double LearningRate
    {
        get => _optimizer.LearningRate;
        set => _optimizer.LearningRate = CheckRate(value, nameof(value));
    }

    /// <summary>The gradient of the last step that formed one, a block of the parameters' layout.</summary>
    internal Span<T> GradientBlock => _gradient.Span;

    /// <summary>One step on one sample, or on several as one batch.</summary>
    /// <param name="x">Inputs, [rows × inputs].</param>
    /// <param name="y">Targets, [rows × outputs].</param>
    /// <returns>The loss of these rows before the step.</returns>
    /// <exception cref="ArgumentException">A length does not fit, a target is outside the loss' domain, or there are more rows than <see cref="TrainerOptions.MaxBatch"/>.</exception>
    /// <exception cref="NonFiniteException">An input or the loss is NaN or infinite; no parameter was changed.</exception>
    public T Step(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        int rows = CheckedRows(x, nameof(x));
        Shapes.CheckOutputs(Network.Spec, y.Length, rows, nameof(y));
        if (Network.TargetScaler is null && _loss.Check(y) is { } wrong)
        {
            throw new ArgumentException($"No step was made: {wrong}.", nameof(y));
        }

        return Step(new RowSource<T>(Network.Inputs, Network.Outputs, x, y, default, default, Network.InputScaler, Network.TargetScaler));
    }

    /// <summary>One step on one sample of a class.</summary>
    /// <param name="x">Inputs, [inputs].</param>
    /// <param name="label">Its class: 0 to outputs − 1, or 0 and 1 where there is one output.</param>
    /// <returns>The loss of the sample before the step.</returns>
    /// <inheritdoc cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})" path="/exception"/>
    public T Step(ReadOnlySpan<T> x, int label) => Step(x, new ReadOnlySpan<int>(in label));

    /// <summary>One step on a batch of samples with classes.</summary>
    /// <param name="x">Inputs, [rows × inputs].</param>
    /// <param name="labels">Their classes, [rows]: 0 to outputs − 1, or 0 and 1 where there is one output.</param>
    /// <returns>The loss of these rows before the step.</returns>
    /// <inheritdoc cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})" path="/exception"/>
    public T Step(ReadOnlySpan<T> x, ReadOnlySpan<int> labels)
    {
        int rows = CheckedRows(x, nameof(x));
        if (labels.Length != rows)
        {
            throw new ArgumentException($"{labels.Length} labels do not fit {rows} samples: there is one for each.", nameof(labels));
        }

        int classes = ScaledRows<T>.Classes(Network);
        foreach (int label in labels)
        {
            if ((uint)label >= (uint)classes)
            {
                throw new ArgumentException($"The label {label} is not in 0..{classes - 1}, the classes of a network with {Network.Outputs} outputs. No step was made.", nameof(labels));
            }
        }

        return Step(new RowSource<T>(Network.Inputs, Network.Outputs, x, default, labels, default, Network.InputScaler, Network.TargetScaler));
    }

    /// <summary>One step on all rows of a data set as one batch.</summary>
    /// <returns>The loss of these rows before the step.</returns>
    /// <inheritdoc cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})" path="/exception"/>
    public T Step(Dataset<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.HasLabels ? Step(batch.Inputs.Span, batch.Labels.Span) : Step(batch.Inputs.Span, batch.Targets.Span);
    }

    /// <summary>Trains for a number of epochs. The data's class names become the network's where it has none.</summary>
    /// <param name="data">The rows, raw.</param>
    /// <param name="options">Epochs, batch size, order, validation, reports; the defaults where null.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>Loss and accuracy of every epoch.</returns>
    /// <remarks>Allocates before the first epoch (the history, the order of the rows, a scaled copy of the data where the network has scalers), then nothing but what <see cref="FitOptions{T}.Progress"/> does.</remarks>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss.</exception>
    /// <exception cref="NonFiniteException">A loss or a parameter became NaN or infinite. The parameters are those after the last step whose loss was finite.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled. The parameters are those after the last complete step.</exception>
    public History Fit(Dataset<T> data, FitOptions<T>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        Dataset<T>? validation = options.Validation;
        if (validation is null && options.ValidationSplit > 0)
        {
            (data, validation) = data.Split(options.ValidationSplit, options.Seed);
        }

        ScaledRows<T> rows = new(Network, data, _loss, nameof(data));
        int batch = Math.Min(options.BatchSize, rows.Count);
        if (batch > _maxBatch)
        {
            throw new ArgumentException($"A batch of {batch} rows exceeds the trainer's MaxBatch of {_maxBatch}.", nameof(options));
        }

        if (data.ClassNames?.Count == Math.Max(2, Network.Outputs))
        {
            Network.ClassNames ??= data.ClassNames;
        }

        ScaledRows<T>? held = validation is null ? null : new(Network, validation, _loss, nameof(options));

        BatchOrder? order = options.Shuffle && batch < rows.Count ? new(rows.Count) : null;
        History history = new(options.Epochs) { Rows = rows.Count };
        FitRun run = new(options, history, Stopwatch.StartNew());
        for (int epoch = 1; epoch <= options.Epochs; epoch++)
        {
            RunEpoch(rows, order is null ? default : order.Shuffle(options.Seed, (ulong)epoch), batch, epoch, held, run, cancellationToken);
        }

        return history;
    }

    /// <summary>The loss, accuracy and mean absolute error over a data set. Allocates nothing.</summary>
    /// <param name="data">The rows, raw.</param>
    /// <exception cref="ArgumentException">The data does not fit the network or the loss.</exception>
    public Evaluation Evaluate(Dataset<T> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        ScaledRows<T>.Check(Network, data, _loss, nameof(data));
        RowSource<T> source = new(Network.Inputs, Network.Outputs, data.Inputs.Span, data.Targets.Span, data.Labels.Span, default, Network.InputScaler, Network.TargetScaler);
        AccuracyKind kind = Accuracy.For(Network.Spec, data);
        (double sum, double right, double error) = Evaluate(source, kind, withError: true);
        return new(data.Rows, sum / _loss.Divisor(data.Rows), kind == AccuracyKind.None ? null : right / data.Rows, error / ((double)data.Rows * Network.Outputs));
    }

    /// <summary>The loss of a data set as one batch, whose gradient is left in <see cref="GradientBlock"/>. No step is made.</summary>
    internal double LossAndGradient(Dataset<T> data)
    {
        ScaledRows<T> rows = new(Network, data, _loss, nameof(data));
        double right = 0;
        return LossAndGradient(rows.InOrder(default), 0, rows.Count, AccuracyKind.None, ref right) / _loss.Divisor(rows.Count);
    }

    /// <summary>The number of rows, once it is known that their values are finite: a loss can be finite where an input is not, and the step would spoil the weights.</summary>
    private int CheckedRows(ReadOnlySpan<T> x, string name)
    {
        int rows = Shapes.Rows(Network.Spec, x.Length, name);
        if (rows > _maxBatch)
        {
            throw new ArgumentException($"{rows} rows exceed the trainer's MaxBatch of {_maxBatch}.", name);
        }

        if (x.Overlaps(Network.ParameterBlock))
        {
            throw new ArgumentException("The inputs are the network's own parameters, which the step changes. Pass a copy.", name);
        }

        CheckFinite(x, "Input");
        return rows;
    }

    private static double CheckRate(double rate, string name) => rate >= 0 && T.IsFinite(T.CreateTruncating(rate))
        ? rate
        : throw new ArgumentOutOfRangeException(name, rate, $"The learning rate is not negative, and finite as {typeof(T).Name}.");

    private T Step(in RowSource<T> source)
    {
        double right = 0;
        return T.CreateTruncating(Step(source, 0, source.Rows, AccuracyKind.None, ref right) / _loss.Divisor(source.Rows));
    }

    private void RunEpoch(ScaledRows<T> rows, ReadOnlySpan<int> order, int batch, int epoch, ScaledRows<T>? held, FitRun run, CancellationToken cancellationToken)
    {
        RowSource<T> source = rows.InOrder(order);
        double sum = 0;
        double right = 0;
        int nextReport = run.Options.Progress is null ? int.MaxValue : RowsBetweenReports;
        TimeSpan began = run.Clock.Elapsed;
        for (int start = 0; start < rows.Count; start += batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = Math.Min(batch, rows.Count - start);
            sum += Step(source, start, count, rows.Accuracy, ref right);
            if (start + count >= nextReport)
            {
                nextReport = start + count + RowsBetweenReports;
                Report(start + count, completed: false, default);
            }
        }

        CheckParameters(epoch);
        run.History.TrainingTime += run.Clock.Elapsed - began - run.Reporting;
        run.Reporting = TimeSpan.Zero;
        EpochResult result = new(epoch, sum / _loss.Divisor(rows.Count), rows.Share(right, rows.Count), null, null);
        if (held is not null)
        {
            (double heldSum, double heldRight, _) = Evaluate(held.InOrder(default), held.Accuracy, withError: false);
            result = result with { ValidationLoss = heldSum / _loss.Divisor(held.Count), ValidationAccuracy = held.Share(heldRight, held.Count) };
        }

        run.History.Add(result);
        Report(rows.Count, completed: true, result);

        void Report(int done, bool completed, in EpochResult result)
        {
            if (run.Options.Progress is { } progress && (completed || run.Clock.Elapsed - run.LastReport >= ReportInterval))
            {
                run.LastReport = run.Clock.Elapsed;
                progress(new(epoch, run.Options.Epochs, done, rows.Count, sum / _loss.Divisor(done), rows.Share(right, done), result.ValidationLoss, result.ValidationAccuracy, run.LastReport, completed));
                run.Reporting += completed ? TimeSpan.Zero : run.Clock.Elapsed - run.LastReport;
            }
        }
    }

    /// <summary>One step on rows start to start + count − 1 as a batch.</summary>
    /// <returns>The sum of the loss' terms before the step; the rows predicted right are added to <paramref name="right"/>.</returns>
    private double Step(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        if (count == 1 && _optimizer.IsPlain)
        {
            return StepSample(source, start, accuracy, ref right);
        }

        double sum = LossAndGradient(source, start, count, accuracy, ref right);
        CheckLoss(sum);
        _optimizer.Step(Network.ParameterBlock, _gradient.Span);
        return sum;
    }

    /// <summary>The loss' sum over a batch, tile by tile, and its gradient.</summary>
    private double LossAndGradient(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        ReadOnlySpan<Layer<T>> layers = Network.Layers;
        ReadOnlySpan<T> parameters = Network.ParameterBlock;
        Span<T> gradients = _gradient.Span;
        gradients.Clear();
        T scale = _loss.GradientScale(count);
        int tile = Tiles.Balanced(count, _workspace.Rows);
        double sum = 0;
        for (int end = start + count; start < end; start += tile)
        {
            int rows = Math.Min(tile, end - start);
            ReadOnlyMatrixView<T> input = Inputs(source, start, rows);
            sum += ForwardAndLoss(source, start, input, scale, accuracy, ref right);
            for (int i = layers.Length - 1; i >= 0; i--)
            {
                layers[i].Backward(
                    parameters,
                    gradients,
                    i == 0 ? input : _workspace.Output(i - 1, rows),
                    _workspace.Output(i, rows),
                    _workspace.OutputGradient(i, rows),
                    i == 0 ? default : _workspace.OutputGradient(i - 1, rows),
                    linear: _loss.TakesLogits && i == layers.Length - 1,
                    _workspace.Scratch);
            }
        }

        return sum;
    }

    /// <summary>One step of plain gradient descent on one sample: every weight is read once forward, and once more backward while it is updated.</summary>
    private double StepSample(in RowSource<T> source, int row, AccuracyKind accuracy, ref double right)
    {
        ReadOnlySpan<Layer<T>> layers = Network.Layers;
        ReadOnlyMatrixView<T> input = Inputs(source, row, 1);
        double loss = ForwardAndLoss(source, row, input, _loss.GradientScale(1), accuracy, ref right);
        CheckLoss(loss);
        T rate = T.CreateTruncating(_optimizer.LearningRate);
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            layers[i].BackwardSampleAndStep(
                rate,
                Network.ParameterBlock,
                i == 0 ? input.Row(0) : _workspace.Output(i - 1, 1).Row(0),
                _workspace.Output(i, 1).Row(0),
                _workspace.OutputGradient(i, 1).Row(0),
                i == 0 ? default : _workspace.OutputGradient(i - 1, 1).Row(0),
                linear: _loss.TakesLogits && i == layers.Length - 1);
        }

        return loss;
    }

    /// <summary>A tile of inputs; those that are scaled only now are looked at once more, since a quotient can overflow.</summary>
    private ReadOnlyMatrixView<T> Inputs(in RowSource<T> source, int start, int rows)
    {
        ReadOnlyMatrixView<T> input = source.Inputs(start, rows, _workspace);
        if (source.ScalesInputs)
        {
            CheckFinite(input.Elements, "Scaled input");
        }

        return input;
    }

    /// <summary>A sum is finite where all its terms are, unless they are huge: then they are looked at one by one.</summary>
    private void CheckFinite(ReadOnlySpan<T> x, string what)
    {
        if (T.IsFinite(Network.Kernels.Sum(x)))
        {
            return;
        }

        for (int i = 0; i < x.Length; i++)
        {
            if (!T.IsFinite(x[i]))
            {
                throw new NonFiniteException($"{what} {i % Network.Inputs} of row {i / Network.Inputs} is {x[i]}; no parameter was changed.");
            }
        }
    }

    /// <summary>Forward of a tile, its loss, and the loss' gradient in the workspace.</summary>
    private double ForwardAndLoss(in RowSource<T> source, int start, ReadOnlyMatrixView<T> input, T scale, AccuracyKind accuracy, ref double right)
    {
        int rows = input.Rows;
        MatrixView<T> output = InferencePass<T>.Forward(Network, _workspace, input, _loss.TakesLogits);
        MatrixView<T> gradient = _workspace.OutputGradient(Network.Layers.Length - 1, rows);
        if (_loss.TakesLabels && source.HasLabels)
        {
            ReadOnlySpan<int> labels = source.Labels(start, rows, _workspace);
            double loss = double.CreateTruncating(_loss.Sum(output, labels, scale, gradient));
            right += accuracy == AccuracyKind.None ? 0 : Accuracy.Count<T>(output, labels);
            return loss;
        }

        ReadOnlyMatrixView<T> target = source.Targets(start, rows, _workspace);
        if (source.ScalesTargets && _loss.Check(target.Elements) is { } wrong)
        {
            throw new ArgumentException($"The scaled targets do not fit the loss: {wrong}. No parameter was changed.", nameof(source));
        }

        double sum = double.CreateTruncating(_loss.Sum(output, target, scale, gradient));
        right += accuracy == AccuracyKind.None ? 0 : Accuracy.Count<T>(accuracy, output, target);
        return sum;
    }

    private (double Sum, double Right, double Error) Evaluate(in RowSource<T> source, AccuracyKind accuracy, bool withError)
    {
        double sum = 0;
        double right = 0;
        double error = 0;
        int tile = Tiles.Balanced(source.Rows, _workspace.Rows);
        for (int start = 0; start < source.Rows; start += tile)
        {
            int rows = Math.Min(tile, source.Rows - start);
            sum += ForwardAndLoss(source, start, Inputs(source, start, rows), T.One, accuracy, ref right);
            if (withError)
            {
                Span<T> output = _workspace.Output(Network.Layers.Length - 1, rows).Elements;
                ReadOnlySpan<T> target = source.Targets(start, rows, _workspace).Elements;
                if (Network.TargetScaler is { } scaler)
                {
                    Span<T> raw = _workspace.Target(rows).Elements;
                    scaler.Inverse(target, raw);
                    scaler.Inverse(output, output);
                    target = raw;
                }

                error += double.CreateTruncating(Network.Kernels.AbsoluteError(output, target));
            }
        }

        return (sum, right, error);
    }

    private void CheckLoss(double sum)
    {
        if (!double.IsFinite(sum))
        {
            throw new NonFiniteException($"The loss {Loss} became {(double.IsNaN(sum) ? "NaN" : "infinite")}; the step was not made. Lower the learning rate (now {LearningRate}), or scale the inputs.");
        }
    }

    /// <summary>Finds what no loss has shown yet, such as an infinite weight whose input is always 0.</summary>
    private void CheckParameters(int epoch)
    {
        if (T.IsFinite(Network.Kernels.Sum(Network.ParameterBlock)))
        {
            return;
        }

        foreach (ParameterInfo parameter in Network.Parameters)
        {
            foreach (T value in Network.GetParameter(parameter.Name))
            {
                if (!T.IsFinite(value))
                {
                    throw new NonFiniteException($"A value of {parameter.Name} was {value} after epoch {epoch}. Lower the learning rate (now {LearningRate}), or scale the inputs.");
                }
            }
        }
    }

    /// <summary>What the epochs of one fit share.</summary>
    private sealed class FitRun(FitOptions<T> options, History history, Stopwatch clock)
    {
        public FitOptions<T> Options { get; } = options;

        public History History { get; } = history;

        public Stopwatch Clock { get; } = clock;

        public TimeSpan LastReport { get; set; }

        /// <summary>Time spent in reports within the current epoch.</summary>
        public TimeSpan Reporting { get; set; }
    }
}
