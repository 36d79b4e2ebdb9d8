using System.CommandLine;
using System.Numerics;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet evaluate</c>: a saved network against data that it has not seen.</summary>
internal sealed class EvaluateCommand
{
    private static readonly string[] OfClasses = ["precision", "recall", "f1"];
    private static readonly string[] OfTwoClasses = [.. OfClasses, "roc-auc"];
    private static readonly string[] OfNumbers = ["mae", "rmse", "r2"];

    private readonly ModelArgument _model = new();
    private readonly DataOptions _data = new();
    private readonly Option<string[]?> _metrics = MetricsOption.Create();
    private readonly Option<int?> _threads = OptionOf.Threads();
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print the results as one line of JSON.");

    public static Command Create()
    {
        EvaluateCommand evaluate = new();
        DocumentedCommand command = new("evaluate", "Measures a model's loss, accuracy and other metrics on data.")
        {
            Notes =
            [
                "The loss is the one that the model was trained with. Inputs are given raw: the model scales them. Of a folder, the t10k pair is taken.",
                "Precision, recall and F1 are means over the classes, or of class 1 of one output; 0 where there is nothing to divide by.",
            ],
            Examples =
            [
                "simdnet evaluate digits.safetensors digits",
                "simdnet evaluate digits.safetensors digits --metrics accuracy,f1-micro,top-k:3,confusion-matrix",
                "simdnet evaluate model.safetensors X.npy --labels y.npy --json",
            ],
        };
        command.Add(evaluate._model.Argument);
        evaluate._data.AddTo(command, withLabels: true);
        command.Add(evaluate._metrics);
        command.Add(evaluate._threads);
        command.Add(evaluate._json);
        command.SetAction(evaluate.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        DataSource data = _data.Read(parsed, needsLabels: true);
        _data.CheckCsvOptions(parsed, data);
        string model = _model.Read(parsed, out bool isDouble);
        using WorkerTeam? team = parsed.GetValue(_threads) is int threads and > 1 ? new(threads) : null;
        string[]? names = parsed.GetValue(_metrics) is { Length: > 0 } given ? given : null;
        EvaluationReport report = isDouble ? Evaluate<double>(model, data, team, names) : Evaluate<float>(model, data, team, names);
        if (parsed.GetValue(_json))
        {
            report.WriteJson();
        }
        else
        {
            report.WriteText();
        }

        return ExitCode.Done;
    }

    private static EvaluationReport Evaluate<T>(string model, DataSource source, WorkerTeam? team, string[]? names)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = ModelFile.Load<T>(model);

        // A hinge's classes are on both sides of 0.
        double threshold = network.Metadata.TryGetValue("loss", out string? loss) && loss == "hinge" ? 0 : 0.5;
        string[] ofClasses = network.Outputs <= 2 ? OfTwoClasses : OfClasses;
        Metric[] metrics = MetricsOption.For(names ?? [.. ofClasses, .. OfNumbers], network.Outputs, threshold);
        Dataset<T> data = source.Load<T>(network.Spec.OutputActivation, network.Outputs, test: true, network.ClassNames);
        Evaluation result = network.Evaluate(data, team: team, metrics: metrics);
        if (names is null)
        {
            // Several sigmoids are several answers, not one class.
            bool areClasses = result.Accuracy is not null && (network.Outputs == 1 || data.HasLabels || network.Spec.OutputActivation.Kind != ActivationKind.Sigmoid);
            metrics = areClasses ? metrics[..ofClasses.Length] : metrics[ofClasses.Length..];
        }

        return new(result, metrics);
    }
}
