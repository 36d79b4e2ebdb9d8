using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Threading;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Training;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet tune</c>: cross-validates combinations of choices.</summary>
internal sealed class TuneCommand
{
    private const int DefaultFolds = 5;
    private const int DefaultTrials = 20;

    private readonly DataOptions _data = new();
    private readonly TuningOptions _tuning = new();
    private readonly Option<int?> _rows = OptionOf.Count("--rows", "N", "Use the first N rows only. [default: all]");
    private readonly Option<string?> _search = OptionOf.Word("--search", "Every combination, or some at random. [default: grid]", "grid", "random");
    private readonly Option<int?> _trials = OptionOf.Count("--trials", "N", $"Combinations of a random search. [default: {DefaultTrials}]");
    private readonly Option<int?> _folds = OptionOf.Count("--folds", "K", $"Parts that are held out in turn, at least 2. [default: {DefaultFolds}]");
    private readonly Option<string?> _metric = OptionOf.Word("--metric", "What decides. [default: accuracy where there are classes, else loss]", "accuracy", "loss", "mae");
    private readonly Option<int?> _threads = OptionOf.Threads();
    private readonly Option<string?> _csv = OptionOf.Output("--csv", "FILE.csv", "Write the table.", ".csv");
    private readonly Option<string?> _curve = OptionOf.Output("--learning-curve", "FILE.csv", "Write loss and accuracy of the best combination against the number of rows, and say whether the network over- or underfits.", ".csv");
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print the results as one line of JSON.");

    /// <summary>The table, once it is written; null before.</summary>
    private string? _written;

    public static Command Create()
    {
        TuneCommand tune = new();
        DocumentedCommand command = new("tune", "Tries combinations of choices, and measures each by cross-validation.")
        {
            Notes =
            [
                "Options of train take lists here: values with commas between them. Those whose values have commas themselves",
                "(--layers, --init, --bias-init, --class-weights) are given more than once instead. With --search random, numbers",
                "may also be uniform(A,B) or log-uniform(A,B). Every trial has the same folds; --seed decides them too. Scaling is",
                "fitted on the rows trained on. A trial fails, and comes last, where its numbers become NaN or infinite or its training cannot be made.",
            ],
            Examples =
            [
                "simdnet tune digits --layers 32:relu,10:softmax --layers 128:relu,10:softmax --learning-rate 0.01,0.001 --epochs 10",
                "simdnet tune digits --learning-rate 'log-uniform(1e-4,1e-1)' --batch-size 16,32,128 --search random --trials 12 --csv trials.csv",
                "simdnet tune iris.csv --layers 8:tanh,3:softmax --optimizer sgd,adam --scale standard --folds 10 --learning-curve curve.csv",
            ],
        };
        tune._data.AddTo(command, withLabels: true);
        foreach (Option option in (IEnumerable<Option>)[tune._rows, .. tune._tuning.All, tune._search, tune._trials, tune._folds, tune._metric, tune._threads, tune._csv, tune._curve, tune._json])
        {
            command.Add(option);
        }

        command.SetAction(tune.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        DataSource data = _data.Read(parsed, needsLabels: true);
        _data.CheckCsvOptions(parsed, data);
        CheckOutputs(parsed, data);
        TuningChoices choices = _tuning.Read(parsed);
        bool isRandom = parsed.GetValue(_search) == "random";
        Check(parsed, choices, isRandom);
        TrainingPlan plan = Plan(choices, data);
        using Interrupt interrupt = new();
        using WorkerTeam? team = parsed.GetValue(_threads) is int threads and > 1 ? new(threads) : null;
        int? trials = isRandom ? parsed.GetValue(_trials) ?? DefaultTrials : null;
        SearchOptions options = new()
        {
            CrossValidation = new() { Folds = parsed.GetValue(_folds) ?? DefaultFolds, Seed = plan.Choices.Seed!.Value, Team = team },
            Seed = plan.Choices.Seed.Value,
            Metric = parsed.GetValue(_metric) switch { "accuracy" => SearchMetric.Accuracy, "loss" => SearchMetric.Loss, "mae" => SearchMetric.MeanAbsoluteError, _ => SearchMetric.Auto },
            Progress = Report,
        };
        TuningReport report;
        string? curveFailure;
        try
        {
            report = plan.Choices.Precision == "float64"
                ? Search<double>(parsed, choices, plan, options, trials, out curveFailure, interrupt.Token)
                : Search<float>(parsed, choices, plan, options, trials, out curveFailure, interrupt.Token);
        }
        catch (OperationCanceledException)
        {
            throw interrupt.Stopped(_written is null ? "nothing was written." : $"{_written} has all trials, and {_curve.Name} was not written.");
        }

        if (parsed.GetValue(_json))
        {
            report.WriteJson();
        }
        else
        {
            report.WriteText(choices);
        }

        return curveFailure is null ? ExitCode.Done : throw ToolException.Failure($"{_curve.Name} was not written: {curveFailure}");
    }

    private void CheckOutputs(ParseResult parsed, DataSource data)
    {
        string? csv = parsed.GetValue(_csv);
        string? curve = parsed.GetValue(_curve);
        if (csv is not null && curve is not null && OutputFile.AreSame(csv, curve))
        {
            throw ToolException.Usage($"{_csv.Name} and {_curve.Name} both write {curve}. Name two files.");
        }

        OutputFile.CheckKeeps(_csv.Name, csv, data);
        OutputFile.CheckKeeps(_curve.Name, curve, data);
        OutputFile.CheckFolder(csv);
        OutputFile.CheckFolder(curve);
    }

    private void Check(ParseResult parsed, TuningChoices choices, bool isRandom)
    {
        if (parsed.GetValue(_folds) == 1)
        {
            throw ToolException.Usage("--folds takes a whole number, at least 2: one fold would leave no rows to train on.");
        }

        if (!isRandom && parsed.GetValue(_trials) is not null)
        {
            throw ToolException.Usage("--trials counts the combinations of a random search. Add --search random, or leave it out.");
        }

        if (!isRandom && choices.Space.Count is null)
        {
            throw ToolException.Usage("a grid has lists of values, no ranges and not millions of combinations. Add --search random, or give lists.");
        }

        if (!isRandom && choices.Space.Count > GridSearch.MostTrials)
        {
            throw ToolException.Usage($"a grid of {choices.Space.Count} combinations is more than {GridSearch.MostTrials}. Add --search random, or give fewer values.");
        }
    }

    /// <summary>The plan of the first combination, once all are known to be without contradictions and to fit the same data.</summary>
    private static TrainingPlan Plan(TuningChoices choices, DataSource data)
    {
        TrainingPlan? first = null;
        foreach (IReadOnlyList<string> sample in choices.Samples)
        {
            TrainingPlan plan = new(TuningOptions.Parse([.. choices.Same, .. sample]), data, null);
            first ??= plan;
            if (plan.OutputSpec.Outputs != first.OutputSpec.Outputs || plan.OutputSpec.OutputActivation != first.OutputSpec.OutputActivation)
            {
                throw ToolException.Usage($"all --layers end alike, since they learn the same data, and here one ends in {first.OutputSpec.Layers[^1]} and one in {plan.OutputSpec.Layers[^1]}.");
            }

            if (plan.Choices.Precision != first.Choices.Precision)
            {
                throw ToolException.Usage("--precision takes one value here.");
            }
        }

        return first!;
    }

    private TuningReport Search<T>(ParseResult parsed, TuningChoices choices, TrainingPlan plan, SearchOptions options, int? trials, out string? curveFailure, CancellationToken cancellationToken)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dataset<T> data = plan.Data.Load<T>(plan.OutputSpec.OutputActivation, plan.OutputSpec.Outputs, test: false);
        data = data.Take(Math.Min(parsed.GetValue(_rows) ?? int.MaxValue, data.Rows));
        if (options.Metric == SearchMetric.Accuracy)
        {
            CheckClasses(plan, data);
        }

        SearchResult result = trials is { } count
            ? RandomSearch.Run(choices.Space, count, data, Setup, options, cancellationToken)
            : GridSearch.Run(choices.Space, data, Setup, options, cancellationToken);
        if (result.Trials[0].Failure is { } failure)
        {
            throw ToolException.Failure($"every trial failed. The first: {failure}");
        }

        if (parsed.GetValue(_csv) is { } csv)
        {
            result.SaveCsv(csv);
            _written = csv;
        }

        LearningCurve? curve = null;
        curveFailure = null;
        if (parsed.GetValue(_curve) is { } path)
        {
            try
            {
                curve = LearningCurve.OfRows(Setup(result.Best.Values), data, new() { CrossValidation = options.CrossValidation }, cancellationToken);
                curve.SaveCsv(path);
            }
            catch (Exception error) when (error is ArgumentException or NonFiniteException)
            {
                // Few rows can fail where many do not. What the search found is shown all the same.
                curveFailure = ErrorText.Describe(error);
            }
        }

        return new(result, plan.Data, data.Rows, options.CrossValidation.Folds, curve);

        TrainingSetup<T> Setup(SearchValues values) => new TrainingPlan(TuningOptions.Parse(choices.Arguments(values)), plan.Data, null).Setup<T>(data.Features);
    }

    /// <exception cref="ToolException">The data has no classes.</exception>
    private static void CheckClasses<T>(TrainingPlan plan, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = plan.CheckedSpecFor(data.Features).Build<T>();
        network.TargetScaler = plan.Setup<T>(data.Features).TargetScaler;
        if (new Trainer<T>(network, plan.Loss, new Sgd()).Evaluate(data).Accuracy is null)
        {
            throw ToolException.Failure("--metric accuracy needs classes, and the data has none. Choose loss or mae.");
        }
    }

    private static void Report(Trial trial)
    {
        string outcome = trial.Result is not { } result
            ? "failed"
            : result.Accuracy is { } accuracy
            ? string.Create(CultureInfo.InvariantCulture, $"accuracy {100 * accuracy.Mean:0.00} ± {100 * accuracy.StandardDeviation:0.00} %")
            : string.Create(CultureInfo.InvariantCulture, $"loss {result.Loss.Mean:G5} ± {result.Loss.StandardDeviation:G2}");
        Console.Error.WriteLine($"trial {trial.Number}{(trial.Values.Names.Any() ? $": {trial.Values}" : "")}: {outcome}");
    }
}
