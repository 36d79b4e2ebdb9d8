using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Numerics.Tensors;
using System.Threading;

using SimdNet.Cli.Data;
using SimdNet.Cli.Progress;

namespace SimdNet.Cli.Training;

/// <summary>Carries a plan out: data, network, training, measurements, files.</summary>
/// <typeparam name="T">The precision that was chosen.</typeparam>
internal sealed class TrainingRun<T>(TrainingPlan plan)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TrainingChoices _choices = plan.Choices;

    /// <exception cref="OperationCanceledException">It was cancelled; nothing is saved but the checkpoint, where one is wanted.</exception>
    public TrainingReport Run(CancellationToken cancellationToken)
    {
        OutputFile.CheckFolder(plan.Output);
        OutputFile.CheckFolder(plan.WeightsOutput);
        OutputFile.CheckFolder(plan.Callbacks.CheckpointBest);
        OutputFile.CheckFolder(plan.Callbacks.CsvLog);
        OutputFile.CheckFolder(plan.Callbacks.LearningCurve);
        CheckpointChoice? checkpoint = plan.Callbacks.Checkpoint;
        IReadOnlyDictionary<string, string> options = ResumedOptions.Of(plan);
        CheckpointInfo? from = checkpoint?.Find(options, _choices.Epochs!.Value);
        Dataset<T> data = plan.Data.Load<T>(plan.OutputSpec.OutputActivation, plan.OutputSpec.Outputs, test: false);
        NetworkSpec spec = plan.CheckedSpecFor(data.Features);
        IReadOnlyList<string>? names = ClassNames(data, spec);
        data = data.Take(Math.Min(plan.Rows ?? int.MaxValue, data.Rows));
        (Dataset<T> train, Dataset<T>? held) = HoldOut(data, names);

        if (plan.Callbacks.LearningCurve is not null && held is null)
        {
            throw ToolException.Failure(string.Create(CultureInfo.InvariantCulture, $"--learning-curve compares the rows trained on with others, and --validation-split {_choices.ValidationSplit} of {data.Rows} rows holds out none. Raise it, or add --test."));
        }

        foreach (string doubt in plan.Doubts(train.Rows))
        {
            Console.Error.WriteLine($"simdnet train: {doubt}");
        }

        using WorkerTeam? team = plan.Threads > 1 ? new(plan.Threads) : null;
        Trainer<T> trainer = from is null ? Begin(spec, names, train, team) : Trainer<T>.Resume(checkpoint!.Folder, new() { Team = team });
        TrainingCallbacks<T> callbacks = new(plan.Callbacks, held is not null);
        long rowsBefore = from is null ? 0 : ((long)from.Epochs * train.Rows) + from.RowsDone;
        History history = ProgressReport.Show(_choices.Epochs!.Value, plan.LogEvery, rowsBefore, progress => trainer.Fit(
            train,
            new FitOptions<T>
            {
                Epochs = _choices.Epochs.Value,
                BatchSize = _choices.BatchSize!.Value,
                Shuffle = _choices.NoShuffle != true,
                Seed = _choices.Seed!.Value,
                Validation = held,
                Progress = progress,
                Checkpoint = checkpoint?.For(options),
                Callbacks = callbacks.All,
            },
            cancellationToken));

        if (trainer.SkippedSteps > 0)
        {
            Console.Error.WriteLine($"simdnet train: {trainer.SkippedSteps} of {trainer.Steps} steps were not made, since their gradient was not finite.");
        }

        foreach (string report in callbacks.BadNumberReports)
        {
            Console.Error.WriteLine(report);
        }

        Evaluation trained = Finite(trainer.Evaluate(train), trainer.Network, callbacks.BadNumbers > 0 && history.StopReason is not null);
        Evaluation? tested = held is null ? null : trainer.Evaluate(held);
        string fingerprint = trainer.Fingerprint();
        Network<T> network = trainer.Network;
        Save(network);
        LearningCurve? curve = null;
        if (plan.Callbacks.LearningCurve is { } path)
        {
            curve = LearningCurve.OfEpochs(history);
            curve.SaveCsv(path);
        }

        return new(plan, network.Spec, history.Epochs.Count, history.TrainingTime, trained, tested, Reports.ClassReader.TellsClasses(network), fingerprint, history.StopReason, callbacks.Restored, callbacks.BadNumbers, curve, trainer.ResumedFrom);
    }

    /// <summary>A training from the start.</summary>
    private Trainer<T> Begin(NetworkSpec spec, IReadOnlyList<string>? names, Dataset<T> train, WorkerTeam? team)
    {
        Network<T> network = spec.Build<T>(_choices.Seed!.Value);
        network.ClassNames = names;
        network.InputScaler = _choices.Scale!.Value.Fit(train.Inputs.Span, train.Features);
        network.TargetScaler = _choices.TargetDivisor is { } divisor ? Scaler<T>.Constant(divisor, spec.Outputs) : null;
        if (plan.InitialWeights is { } weights)
        {
            WeightFiles.LoadNpz(network, weights);
        }

        plan.Transfer.Apply(network, takesScaling: !plan.IsScaleGiven);
        Loss loss = _choices.ClassWeights is { } weighing ? plan.Loss with { ClassWeights = weighing.For(train, Math.Max(2, spec.Outputs)) } : plan.Loss;
        return new(network, loss, plan.Optimizer, plan.TrainerOptions with { Team = team, MaxBatch = plan.MaxBatch(spec, train.Rows) });
    }

    /// <summary>The rows to train on and those that are held out, if any.</summary>
    private (Dataset<T> Train, Dataset<T>? Held) HoldOut(Dataset<T> data, IReadOnlyList<string>? names)
    {
        if (plan.Test is { } source)
        {
            Dataset<T> test = source.Load<T>(plan.OutputSpec.OutputActivation, plan.OutputSpec.Outputs, test: true, names);
            if (test.Features != data.Features)
            {
                throw ToolException.Failure($"{source.Text} has {test.Features} features a row, and {plan.Data.Text} has {data.Features}. They must agree.");
            }

            return (data, test);
        }

        double share = _choices.ValidationSplit!.Value;
        int held = (int)Math.Round(share * data.Rows, MidpointRounding.AwayFromZero);
        if (held == 0)
        {
            return (data, null);
        }

        return held < data.Rows
            ? data.Split(share, _choices.Seed!.Value)
            : throw ToolException.Failure(string.Create(CultureInfo.InvariantCulture, $"--validation-split {share} of {data.Rows} rows leaves none to train on. Lower it, or give more rows."));
    }

    /// <summary>What the outputs are called, where the data names its classes: one name an output, of which the last may have no row.</summary>
    private static List<string>? ClassNames(Dataset<T> data, NetworkSpec spec)
    {
        if (data.ClassNames is not { } names)
        {
            return null;
        }

        int classes = Math.Max(2, spec.Outputs);
        return names.Count <= classes
            ? [.. names, .. Enumerable.Range(names.Count, classes - names.Count).Select(label => label.ToString(CultureInfo.InvariantCulture))]
            : throw ToolException.Failure($"The labels have {names.Count} classes ({string.Join(", ", names.Take(5))}{(names.Count > 5 ? ", …" : "")}), and --layers ends in {spec.Outputs} output{(spec.Outputs == 1 ? "" : "s")}. End it in {names.Count}:softmax.");
    }

    /// <summary>A training that ended in numbers that are none has failed, even if no step noticed.</summary>
    /// <param name="evaluation">Of the rows trained on.</param>
    /// <param name="network">What was trained.</param>
    /// <param name="isStopped">Whether a number that went bad may have stopped it, and be in the network.</param>
    private Evaluation Finite(Evaluation evaluation, Network<T> network, bool isStopped)
    {
        if (isStopped && !(double.IsFinite(evaluation.Loss) && network.Parameters.All(parameter => TensorPrimitives.IsFiniteAll<T>(network.GetParameter(parameter.Name)))))
        {
            throw new NonFiniteException("The training was stopped at a number that is not finite, and its weights are lost: nothing was saved. --restore-best ends in those of the best epoch, where these are good; --on-nan rollback goes on with a lower rate.");
        }

        return double.IsFinite(evaluation.Loss)
            ? evaluation
            : throw new NonFiniteException($"The loss {plan.Loss} over the training rows is not finite after the last step. Lower --learning-rate, or scale the inputs with --scale.");
    }

    private void Save(Network<T> network)
    {
        if (plan.Output is { } model)
        {
            network.Save(model);
        }

        if (plan.WeightsOutput is { } weights)
        {
            WeightFiles.SaveNpz(network, weights);
        }
    }
}
