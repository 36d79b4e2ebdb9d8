using System.CommandLine;
using System.Numerics;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet evaluate</c>: a saved network against data that it has not seen.</summary>
internal sealed class EvaluateCommand
{
    private readonly ModelArgument _model = new();
    private readonly DataOptions _data = new();
    private readonly Option<int?> _threads = OptionOf.Threads();
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print the results as one line of JSON.");

    public static Command Create()
    {
        EvaluateCommand evaluate = new();
        DocumentedCommand command = new("evaluate", "Measures a model's loss and accuracy on data.")
        {
            Notes = ["The loss is the one that the model was trained with. Inputs are given raw: the model scales them. Of a folder, the t10k pair is taken."],
            Examples =
            [
                "simdnet evaluate digits.safetensors digits",
                "simdnet evaluate model.safetensors X.npy --labels y.npy --json",
            ],
        };
        command.Add(evaluate._model.Argument);
        evaluate._data.AddTo(command, withLabels: true);
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
        Evaluation result = isDouble ? Evaluate<double>(model, data, team) : Evaluate<float>(model, data, team);
        if (parsed.GetValue(_json))
        {
            JsonLine.Write(json =>
            {
                json.WriteStartObject();
                json.WriteNumber("rows", result.Rows);
                json.WriteFinite("loss", result.Loss);
                json.WriteFinite("accuracy", result.Accuracy);
                json.WriteEndObject();
            });
        }
        else
        {
            TextReport.Line("rows", Show.Count(result.Rows));
            TextReport.Line("loss", Show.Number(result.Loss));
            TextReport.Line("accuracy", Show.Share(result.Accuracy));
            TextReport.Line("mean absolute error", Show.Number(result.MeanAbsoluteError));
        }

        return ExitCode.Done;
    }

    private static Evaluation Evaluate<T>(string model, DataSource source, WorkerTeam? team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Network<T> network = ModelFile.Load<T>(model);
        return network.Evaluate(source.Load<T>(network.Spec.OutputActivation, network.Outputs, test: true, network.ClassNames), team: team);
    }
}
