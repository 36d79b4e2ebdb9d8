using System;
using System.CommandLine;
using System.Linq;

using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli.Commands;

/// <summary>The option <c>--metrics</c>: names with commas between them.</summary>
internal static class MetricsOption
{
    public static Option<string[]?> Create() => OptionOf.Parsed<string[]?>(
        "--metrics",
        "accuracy,f1,…",
        "What is measured: accuracy, binary-accuracy, top-k:K, precision, recall, f1 (each also with -micro or -macro), roc-auc, mae, rmse, r2, confusion-matrix. [default: what fits the model]",
        text =>
        {
            string[] names = text.Split(',', StringSplitOptions.TrimEntries);
            Array.ForEach(names, Check);
            return names;
        });

    /// <summary>The metrics of names for a network.</summary>
    /// <exception cref="ToolException">One is not for so many outputs, or is named twice, in two spellings perhaps: the report has a line for each name.</exception>
    public static Metric[] For(string[] names, int outputs, double threshold)
    {
        Metric[] metrics = Array.ConvertAll(names, name => For(name, outputs, threshold));
        return metrics.GroupBy(metric => metric.Name).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw ToolException.Usage($"--metrics has {twice.Key} twice. Give it once.")
            : metrics;
    }

    private static Metric For(string name, int outputs, double threshold)
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

    /// <exception cref="FormatException">There is none of this name.</exception>
    private static void Check(string name)
    {
        try
        {
            _ = Metric.Parse(name, outputs: 2);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A name, and not for two outputs. The model will tell how many there are.
        }
    }
}
