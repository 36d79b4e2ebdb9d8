using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Numerics;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Reports;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet inspect</c>: what a saved network is.</summary>
internal sealed class InspectCommand
{
    /// <summary>Columns whose scaling is shown one by one; of a picture's hundreds, the range says enough.</summary>
    private const int MostColumns = 8;

    private readonly ModelArgument _model = new("A model, or a file of weights: a .safetensors, whatever program wrote it, or an .npz.");

    public static Command Create()
    {
        InspectCommand inspect = new();
        DocumentedCommand command = new("inspect", "Shows a model's layers, parameters, precision, scaling and class names, or the tensors of a file of weights.")
        {
            Notes = ["A .safetensors of another program, or an .npz, is shown as its tensors: the names and shapes that 'import' goes by."],
            Examples = ["simdnet inspect digits.safetensors", "simdnet inspect W.npz"],
        };
        command.Add(inspect._model.Argument);
        command.SetAction(inspect.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(_model.Argument);
        if (TensorList.TryRead(path) is { } tensors)
        {
            TextReport.Line("weights", path);
            foreach (TensorInfo tensor in tensors)
            {
                TextReport.Line(tensor.Dtype, TensorList.Describe(tensor.Name, tensor.Shape));
            }

            return ExitCode.Done;
        }

        string model = _model.Read(parsed, out bool isDouble);
        if (isDouble)
        {
            Write(ModelFile.Load<double>(model), model, "float64");
        }
        else
        {
            Write(ModelFile.Load<float>(model), model, "float32");
        }

        return ExitCode.Done;
    }

    private static void Write<T>(Network<T> network, string model, string precision)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TextReport.Line("model", model);
        TextReport.Line("network", network.Spec.ToString());
        TextReport.Line("precision", precision);
        TextReport.Line("input scaling", Describe(network.InputScaler));
        TextReport.Line("target scaling", Describe(network.TargetScaler));
        TextReport.Line("classes", network.ClassNames is { } names ? string.Join(", ", names) : null);
        foreach (KeyValuePair<string, string> remark in network.Metadata)
        {
            TextReport.Line(remark.Key, remark.Value);
        }

        Console.Out.WriteLine();
        Console.Out.Write(network.Summary());
    }

    private static string Describe<T>(Scaler<T>? scaler)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (scaler is null)
        {
            return "none";
        }

        ReadOnlySpan<T> offsets = scaler.Offsets;
        ReadOnlySpan<T> divisors = scaler.Divisors;
        if (!divisors.ContainsAnyExcept(divisors[0]) && !offsets.ContainsAnyExcept(T.Zero))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{scaler.Kind}: x / {divisors[0]}");
        }

        if (scaler.Columns > MostColumns)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{scaler.Kind}: (x - offset) / divisor, {scaler.Columns} columns");
        }

        string[] columns = new string[scaler.Columns];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = offsets[i] == T.Zero
                ? string.Create(CultureInfo.InvariantCulture, $"x{i} / {divisors[i]}")
                : string.Create(CultureInfo.InvariantCulture, $"(x{i} - {offsets[i]}) / {divisors[i]}");
        }

        return $"{scaler.Kind}: {string.Join(", ", columns)}";
    }
}
