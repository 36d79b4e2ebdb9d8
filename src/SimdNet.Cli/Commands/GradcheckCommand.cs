using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Numerics;
using System.Text.Json;

using SimdNet.Cli.CommandLine;
using SimdNet.Cli.Data;
using SimdNet.Cli.Reports;
using SimdNet.Cli.Training;

namespace SimdNet.Cli.Commands;

/// <summary><c>simdnet gradcheck</c>: whether the gradient of a network's loss is its slope.</summary>
internal sealed class GradcheckCommand
{
    /// <summary>The options of training that change a loss or its gradient, or where it is taken.</summary>
    private static readonly string[] Taken = ["--layers", "--loss", "--label-smoothing", "--class-weights", "--precision", "--init", "--bias-init", "--no-bias", "--bias", "--seed", "--scale"];

    private const int DefaultRows = 8;
    private const int DefaultInputs = 4;

    private readonly TrainingOptions _training = new();
    private readonly Option<int?> _inputs = OptionOf.Count("--inputs", "N", $"Features of the rows that are made up. [default: {DefaultInputs}]");
    private readonly Option<int?> _rows = OptionOf.Count("--rows", "N", $"Rows to check on: made up, or the first of --data. [default: {DefaultRows}]");
    private readonly Option<int?> _directions = OptionOf.Value<int?>("--directions", "K", $"Random directions in each tensor instead of single parameters; 0 for every parameter. [default: 0 up to {GradientCheckOptions.MostOneByOne} parameters, else 8]", "a whole number from 0", (string text, out int? value) => OptionOf.TryReadCount(text, out value) || (value = text == "0" ? 0 : null) == 0);
    private readonly Option<string?> _data = OptionOf.Text("--data", "DATA", $"Rows to check on instead of those that are made up: {DataOptions.Kinds}.");
    private readonly Option<string?> _labels = OptionOf.Text("--labels", "FILE.npy", "Labels of a .npy in --data.");
    private readonly Option<bool> _json = OptionOf.Flag("--json", "Print the results as one line of JSON.");

    public static Command Create()
    {
        GradcheckCommand gradcheck = new();
        DocumentedCommand command = new("gradcheck", "Checks the gradient of a network's loss against differences of the loss.")
        {
            Notes =
            [
                "In double precision, over all rows as one batch, with random weights, and biases of normal:0.1 where --bias-init",
                "does not say otherwise; with --precision float32, the default, the gradient in float is checked against it as well.",
                "An error is a multiple of what is allowed. The exit code is 1 where the check fails.",
            ],
            Examples =
            [
                "simdnet gradcheck --layers 8:relu,3:softmax --loss cross-entropy",
                "simdnet gradcheck --layers 16:tanh,1 --loss mse --rows 4 --seed 7 --json",
                "simdnet gradcheck --layers 128:relu,10:softmax --data digits --scale divide:16 --directions 20",
            ],
        };
        foreach (Option option in (IEnumerable<Option>)[.. gradcheck._training.All.Where(option => Taken.Contains(option.Name)), gradcheck._inputs, gradcheck._rows, gradcheck._directions, gradcheck._data, gradcheck._labels, gradcheck._json])
        {
            command.Add(option);
        }

        command.SetAction(gradcheck.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        DataSource? data = ReadData(parsed);
        TrainingChoices given = _training.Read(parsed);
        TrainingPlan plan = new(given, data, null) { Rows = parsed.GetValue(_rows) ?? DefaultRows };
        if (data is null && given.Scale is { Kind: not "none" })
        {
            throw ToolException.Usage("--scale is fitted on data, and rows that are made up need none. Add --data, or leave it out.");
        }

        if (data is null && given.ClassWeights is { Given: null })
        {
            throw ToolException.Usage("--class-weights balanced counts the classes of data. Add --data, or give a weight for each class.");
        }

        // Biases of 0 would leave zero inputs at kinks. They are no part of what the user wrote, and of no message.
        TrainingPlan start = given.BiasInitializer is null ? new(given with { BiasInitializer = Initializer.Normal(0.1) }, data, null) : plan;
        GradientCheckOptions options = new() { Directions = parsed.GetValue(_directions), Seed = plan.Choices.Seed!.Value };
        int inputs = parsed.GetValue(_inputs) ?? DefaultInputs;
        using Interrupt interrupt = new();
        GradientCheckReport report;
        try
        {
            report = plan.Choices.Precision == "float64" ? Check<double>(plan, start, inputs, options, interrupt) : Check<float>(plan, start, inputs, options, interrupt);
        }
        catch (OperationCanceledException)
        {
            throw interrupt.Stopped("the check is not complete.");
        }

        if (parsed.GetValue(_json))
        {
            WriteJson(report);
        }
        else
        {
            Console.Out.Write(report);
        }

        return report.Passed ? ExitCode.Done : ExitCode.Failed;
    }

    private DataSource? ReadData(ParseResult parsed)
    {
        string? labels = parsed.GetValue(_labels);
        if (parsed.GetValue(_data) is not { } text)
        {
            return labels is null ? null : throw ToolException.Usage("--labels goes with --data. Add --data FILE.npy, or leave it out.");
        }

        if (parsed.GetValue(_inputs) is not null)
        {
            throw ToolException.Usage("--inputs is about rows that are made up, and --data has its own. Leave one of them out.");
        }

        DataSource data = new(text, labels, labelColumn: null, noHeader: false);
        data.CheckLabels(isNeeded: true);
        return data;
    }

    private static GradientCheckReport Check<T>(TrainingPlan plan, TrainingPlan start, int inputs, GradientCheckOptions options, Interrupt interrupt)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dataset<T>? data = plan.HasData ? plan.Data.Load<T>(plan.OutputSpec.OutputActivation, plan.OutputSpec.Outputs, test: false) : null;
        data = data?.Take(Math.Min(plan.Rows!.Value, data.Rows));
        NetworkSpec spec = plan.CheckedSpecFor(data?.Features ?? inputs);
        Network<T> network = spec.Build<T>(plan.Choices.Seed!.Value);
        Network<T> initial = start.SpecFor(spec.Inputs).Build<T>(plan.Choices.Seed.Value);
        foreach (ParameterInfo parameter in network.Parameters)
        {
            initial.GetParameter(parameter.Name).CopyTo(network.GetParameter(parameter.Name));
        }

        if (data is not null)
        {
            network.InputScaler = plan.Choices.Scale!.Value.Fit(data.Inputs.Span, data.Features);
            network.TargetScaler = plan.Choices.TargetDivisor is { } divisor ? Scaler<T>.Constant(divisor, network.Outputs) : null;
        }

        Loss loss = plan.Choices.ClassWeights is not { } weighing
            ? plan.Loss
            : plan.Loss with { ClassWeights = data is null ? weighing.Given : weighing.For(data, Math.Max(2, spec.Outputs)) };
        return GradientCheck.Run(network, loss, data ?? GradientCheck.SampleData(network, loss, plan.Rows!.Value, plan.Choices.Seed.Value), options, interrupt.Token);
    }

    private static void WriteJson(GradientCheckReport report) => JsonLine.Write(json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("passed", report.Passed);
        json.WriteFinite("loss", report.Loss);
        json.WriteNumber("directions", report.Directions);
        json.WriteNumber("compared", report.Compared);
        json.WriteNumber("failed", report.Failed);
        json.WriteNumber("skipped", report.Skipped);
        json.WriteFinite("norm_error", report.NormError);
        json.WriteFinite("float_error", report.SinglePrecisionError);
        json.WriteStartArray("tensors");
        foreach (GradientCheckTensor tensor in report.Tensors)
        {
            WriteJson(json, tensor);
        }

        json.WriteEndArray();
        json.WriteStartArray("complaints");
        foreach (string complaint in report.Complaints)
        {
            json.WriteStringValue(complaint);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteJson(Utf8JsonWriter json, GradientCheckTensor tensor)
    {
        json.WriteStartObject();
        json.WriteString("name", tensor.Name);
        json.WriteNumber("compared", tensor.Compared);
        json.WriteNumber("failed", tensor.Failed);
        json.WriteNumber("skipped", tensor.Skipped);
        json.WriteFinite("norm_error", tensor.NormError);
        if (tensor.Worst is { } worst)
        {
            json.WriteFinite("largest_error", worst.Error);
            json.WriteNumber("at", worst.Index);
            json.WriteFinite("analytic", worst.Analytic);
            json.WriteFinite("numeric", worst.Numeric);
        }

        json.WriteEndObject();
    }
}
