using System;
using System.CommandLine;

using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli.Commands;

/// <summary>The option <c>--metrics</c>: names with commas between them.</summary>
internal static class MetricsOption
{
    public static Option<string[]?> Create() => OptionOf.Value<string[]?>(
        "--metrics",
        "accuracy,f1,…",
        "What is measured: accuracy, binary-accuracy, top-k(K), precision, recall, f1 (each also with -micro or -macro), roc-auc, mae, rmse, r2, confusion-matrix. [default: what fits the model]",
        "names of metrics with commas between them",
        (string text, out string[]? value) =>
        {
            value = text.Split(',', StringSplitOptions.TrimEntries);
            return Array.TrueForAll(value, IsName);
        });

    /// <summary>The metric of a name for a network.</summary>
    /// <exception cref="ToolException">It is not for so many outputs.</exception>
    public static Metric For(string name, int outputs, double threshold)
    {
        try
        {
            return Metric.Parse(name, outputs, threshold);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ToolException.Usage($"--metrics {name} is not for a model with {outputs} output{(outputs == 1 ? "" : "s")}. Leave it out.");
        }
    }

    private static bool IsName(string name)
    {
        try
        {
            return Metric.Parse(name, 2) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (ArgumentOutOfRangeException)
        {
            return true;
        }
    }
}
