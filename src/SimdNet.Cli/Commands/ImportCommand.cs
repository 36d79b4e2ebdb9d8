using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Numerics;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;
using SimdNet.Cli.Training;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet import</c>: a model of the weights that another library trained.</summary>
internal sealed class ImportCommand
{
    private const string Ending = ".safetensors";

    private readonly Argument<string> _weights = new("WEIGHTS") { Description = "W.npz, or a .safetensors as PyTorch's users have it." };
    private readonly TrainingOptions _training = new();
    private readonly Option<string?> _from = OptionOf.Word("--from", "Whose names and layout the weights have. [default: what the names tell; for arr_0, arr_1, …, what the shapes tell]", "pytorch", "keras", "numpy");
    private readonly Option<string[]?> _order = OptionOf.Value<string[]?>("--order", "fc1,bn1,fc2", "The file's layers, first to last, where it does not tell. [default: the order of the file]", "names with commas between them", (string text, out string[]? value) =>
    {
        value = text.Split(',', StringSplitOptions.TrimEntries);
        return !value.Contains("");
    });

    private readonly Option<double?> _epsilon = OptionOf.Number("--epsilon", "E", "What the file's normalizations add to the variance. [default: 1e-5, Keras' 1e-3 for keras]", "a positive number", epsilon => epsilon > 0);
    private readonly Option<string?> _output = OptionOf.Output("--output", "MODEL.safetensors", "Where the model is saved. [default: the name of W.npz with .safetensors, if there is no such file]", Ending);

    public static Command Create()
    {
        ImportCommand import = new();
        DocumentedCommand command = new("import", "Makes a model of weights that PyTorch, Keras or numpy wrote.")
        {
            Notes =
            [
                "PyTorch's Linear.weight is [units × inputs] and is transposed; Keras' kernel and numpy's W1, W2, … are [inputs × units].",
                "Batch and layer normalizations are taken too. What was done with each tensor is shown; where a file leaves a choice,",
                "it is refused. 'simdnet inspect W.npz' shows the names and shapes. Scripts that write W.npz are in the README.",
            ],
            Examples =
            [
                "simdnet import W.npz --layers 128:relu,10:softmax",
                "simdnet import W.npz --layers 64,batchnorm,relu,1:sigmoid --from pytorch --output model.safetensors",
                "simdnet import fc.safetensors --layers 64:relu,64:relu,10 --order fc1,fc2,out --output model.safetensors",
            ],
        };
        command.Add(import._weights);
        Option layers = import.Described("--layers", "The layers, as train takes them ('simdnet train --help'): always needed, since a file of weights does not say what activations are between them.");
        Option precision = import.Described("--precision", "The numbers of the model. [default: float64 where the file has such, else float32]");
        foreach (Option option in (Option[])[layers, precision, import._from, import._order, import._epsilon, import._output])
        {
            command.Add(option);
        }

        command.SetAction(import.Run);
        return command;
    }

    /// <summary>An option of train, with what it means here.</summary>
    private Option Described(string name, string description)
    {
        Option option = _training.All.Single(option => option.Name == name);
        option.Description = description;
        return option;
    }

    private int Run(ParseResult parsed)
    {
        string weights = parsed.GetRequiredValue(_weights);
        TrainingChoices choices = _training.Read(parsed);
        if (choices.Layers is null)
        {
            throw ToolException.Usage("--layers is missing: a file of weights does not say what activations are between them. Give for example --layers 128:relu,10:softmax.");
        }

        string output = OutputOf(parsed, weights);
        WeightImportOptions options = new()
        {
            Source = parsed.GetValue(_from) switch { "pytorch" => WeightSource.PyTorch, "keras" => WeightSource.Keras, "numpy" => WeightSource.Numpy, _ => WeightSource.Automatic },
            Order = parsed.GetValue(_order) is { Length: > 0 } order ? order : null,
            Epsilon = parsed.GetValue(_epsilon),
        };
        if (options is { Source: WeightSource.Numpy, Order: not null })
        {
            throw ToolException.Usage("--order is for names that do not tell the order, and numpy's W1, b1, W2, … do. Leave it out.");
        }

        bool isDouble = choices.Precision is { } precision ? precision == "float64" : HoldsDoubles(weights);
        if (isDouble)
        {
            Import<double>(weights, choices, options, output);
        }
        else
        {
            Import<float>(weights, choices, options, output);
        }

        return ExitCode.Done;
    }

    private string OutputOf(ParseResult parsed, string weights)
    {
        string output = parsed.GetValue(_output) ?? Path.ChangeExtension(weights, Ending);
        if (OutputFile.AreSame(weights, output))
        {
            throw ToolException.Usage($"the model would replace {weights}, the weights that it is made of. Name another file with --output MODEL.safetensors.");
        }

        if (parsed.GetValue(_output) is null && File.Exists(output))
        {
            throw ToolException.Failure($"{output}: there is such a file. Say --output {output} to replace it, or name another.");
        }

        OutputFile.CheckFolder(output);
        return output;
    }

    /// <summary>Whether a tensor of the file has more digits than float.</summary>
    private static bool HoldsDoubles(string weights) => weights.EndsWith(Ending, StringComparison.OrdinalIgnoreCase)
        ? SafetensorsFile.ReadHeader(weights).Tensors.Any(tensor => tensor.Dtype == "F64")
        : NpzFile.Read(weights).Values.Any(array => array.Type == NpyElementType.Float64);

    private static void Import<T>(string weights, TrainingChoices choices, WeightImportOptions options, string output)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ImportedNetwork<T> imported = WeightImport.Load<T>(weights, choices.Layers!, options);
        imported.Network.Save(output);
        TextReport.Line("network", imported.Network.Spec.ToString());
        TextReport.Line("precision", typeof(T) == typeof(double) ? "float64" : "float32");
        TextReport.Line("from", imported.Source.ToString());
        foreach (ImportedTensor tensor in imported.Tensors)
        {
            TextReport.Line(
                TensorList.Describe(tensor.Parameter.Name, tensor.Parameter.Shape),
                tensor.Name is { } name ? $"{TensorList.Describe(name, tensor.Shape)}{(tensor.IsTransposed ? ", transposed" : "")}" : $"all {(tensor.Parameter.Kind == ParameterKind.Gamma ? 1 : 0)}, the file has none");
        }

        TextReport.Line("written", output);
    }
}
