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
    private readonly Option<bool> _deflate = OptionOf.Flag("--deflate", "Deflate the arrays of an .npz; weights hardly shrink.");
    private readonly Option<char?> _delimiter = OptionOf.Value<char?>("--delimiter", "C", "What stands between the numbers of text files: a comma, a semicolon, 'tab' or the like. [default: a blank]", "one character that no number has, or 'tab'", TryReadDelimiter);

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
                "simdnet export digits.safetensors weights --delimiter ,",
            ],
        };
        command.Add(export._model.Argument);
        command.Add(export._output);
        command.Add(export._deflate);
        command.Add(export._delimiter);
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

        bool isNpz = ending.Equals(".npz", StringComparison.OrdinalIgnoreCase);
        bool isText = !isNpz && !ending.Equals(".safetensors", StringComparison.OrdinalIgnoreCase);
        bool deflates = parsed.GetValue(_deflate);
        if (deflates && !isNpz)
        {
            throw ToolException.Usage($"--deflate is for an OUT that ends in .npz, and '{output}' does not. Leave it out.");
        }

        TextOptions text = new() { Delimiter = parsed.GetValue(_delimiter) };
        if (text.Delimiter is not null && !isText)
        {
            throw ToolException.Usage($"--delimiter is for an OUT that is a folder of text files, and '{output}' is one file. Leave it out.");
        }

        string model = _model.Read(parsed, out bool isDouble);
        if (OutputFile.AreSame(model, output))
        {
            throw ToolException.Usage($"OUT would replace the model {model} by its weights alone. Name another file.");
        }

        if (isDouble)
        {
            Export(ModelFile.Load<double>(model), output, isNpz, deflates, isText ? text : null);
        }
        else
        {
            Export(ModelFile.Load<float>(model), output, isNpz, deflates, isText ? text : null);
        }

        TextReport.Line("written", output);
        return ExitCode.Done;
    }

    private static void Export<T>(Network<T> network, string output, bool isNpz, bool deflates, TextOptions? text)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (text is not null)
        {
            WeightFiles.SaveText(network, output, text);
            return;
        }

        OutputFile.CheckFolder(output);
        if (isNpz)
        {
            WeightFiles.SaveNpz(network, output, deflates);
        }
        else
        {
            WeightFiles.SaveSafetensors(network, output);
        }
    }

    /// <summary>A shell needs quotes for a tab, so that it has a name.</summary>
    private static bool TryReadDelimiter(string text, out char? delimiter)
    {
        delimiter = text == "tab" ? '\t' : text.Length == 1 ? text[0] : null;
        try
        {
            return (new TextOptions { Delimiter = delimiter }).Delimiter is not null;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
