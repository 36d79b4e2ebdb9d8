using System.CommandLine;
using System.Numerics;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet predict</c>: a saved network's outputs, or classes, for inputs.</summary>
internal sealed class PredictCommand
{
    private readonly ModelArgument _model = new();
    private readonly DataOptions _data = new();
    private readonly Option<string?> _output = OptionOf.Output("--output", "P.npy|P.csv", "Write a file instead of standard output.", ".npy", ".csv");
    private readonly Option<bool> _classes = OptionOf.Flag("--classes", "The class of each row, by name where the model has names, instead of the outputs.");
    private readonly Option<int?> _threads = OptionOf.Threads();
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print rows, outputs and classes as one line of JSON.");

    public static Command Create()
    {
        PredictCommand predict = new();
        DocumentedCommand command = new("predict", "Predicts with a model, a row of outputs for each row of inputs.")
        {
            Notes =
            [
                "Inputs are given raw: the model scales them. A .csv may have the label column or lack it; of an .npz, X is taken;",
                "of a folder, the t10k pair. With --classes, a .npy holds the classes' numbers, a .csv the outputs beside them.",
            ],
            Examples =
            [
                "simdnet predict digits.safetensors digits --classes",
                "simdnet predict model.safetensors X.npy --output P.npy",
                "simdnet predict model.safetensors new.csv --json",
            ],
        };
        command.Add(predict._model.Argument);
        predict._data.AddTo(command, withLabels: false);
        command.Add(predict._output);
        command.Add(predict._classes);
        command.Add(predict._threads);
        command.Add(predict._json);
        command.SetAction(predict.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        DataSource data = _data.Read(parsed, needsLabels: false);
        _data.CheckCsvOptions(parsed, data);
        OutputFile.CheckKeeps(_output.Name, parsed.GetValue(_output), data);
        string model = _model.Read(parsed, out bool isDouble);
        if (isDouble)
        {
            Predict<double>(parsed, model, data);
        }
        else
        {
            Predict<float>(parsed, model, data);
        }

        return ExitCode.Done;
    }

    private void Predict<T>(ParseResult parsed, string model, DataSource source)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string? output = parsed.GetValue(_output);
        OutputFile.CheckFolder(output);
        Network<T> network = ModelFile.Load<T>(model);
        bool wantsClasses = parsed.GetValue(_classes);
        if (wantsClasses && !ClassReader.TellsClasses(network))
        {
            throw ToolException.Failure($"{model}: the network {network.Spec} gives numbers, not classes. Leave --classes out.");
        }

        using WorkerTeam? team = parsed.GetValue(_threads) is int threads and > 1 ? new(threads) : null;
        PredictionReport<T> report = new(network, source.LoadInputs<T>(network.Inputs), wantsClasses, team);
        if (output is not null)
        {
            report.Save(output);
        }

        if (parsed.GetValue(_json))
        {
            report.WriteJson();
        }
        else if (output is null)
        {
            report.WriteText();
        }
    }
}
