using System;
using System.CommandLine;
using System.IO;
using System.Numerics;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet export</c>: a saved network's weights for other programs.</summary>
internal sealed class ExportCommand
{
    private readonly ModelArgument _model = new();
    private readonly Argument<string> _output = new("OUT") { Description = "OUT.npz, OUT.safetensors, or a folder for text files w1.txt, b1.txt, w2.txt, …" };

    public static Command Create()
    {
        ExportCommand export = new();
        DocumentedCommand command = new("export", "Writes a model's weights for other programs.")
        {
            Notes = ["Weights are [inputs × units] in C order. The text files are what numpy.loadtxt reads; a folder is made where there is none."],
            Examples =
            [
                "simdnet export digits.safetensors digits.npz",
                "simdnet export digits.safetensors weights",
            ],
        };
        command.Add(export._model.Argument);
        command.Add(export._output);
        command.SetAction(export.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string output = parsed.GetRequiredValue(_output);
        string ending = Path.GetExtension(output);
        if (!Directory.Exists(output) && Array.Exists([".txt", ".npy", ".csv"], known => known.Equals(ending, StringComparison.OrdinalIgnoreCase)))
        {
            throw ToolException.Usage($"OUT ends in .npz or .safetensors, or is a folder, and '{output}' is neither.");
        }

        string model = _model.Read(parsed, out bool isDouble);
        if (OutputFile.AreSame(model, output))
        {
            throw ToolException.Usage($"OUT would replace the model {model} by its weights alone. Name another file.");
        }

        if (isDouble)
        {
            Export(ModelFile.Load<double>(model), output, ending);
        }
        else
        {
            Export(ModelFile.Load<float>(model), output, ending);
        }

        TextReport.Line("written", output);
        return ExitCode.Done;
    }

    private static void Export<T>(Network<T> network, string output, string ending)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (ending.Equals(".npz", StringComparison.OrdinalIgnoreCase))
        {
            OutputFile.CheckFolder(output);
            WeightFiles.SaveNpz(network, output);
        }
        else if (ending.Equals(".safetensors", StringComparison.OrdinalIgnoreCase))
        {
            OutputFile.CheckFolder(output);
            WeightFiles.SaveSafetensors(network, output);
        }
        else
        {
            WeightFiles.SaveText(network, output);
        }
    }
}
