using System;
using System.CommandLine;

using SimdNet.Cli.CommandLine;

namespace SimdNet.Cli.Data;

/// <summary>The argument DATA and the options that say how it is read.</summary>
internal sealed class DataOptions
{
    public const string Kinds = "digits, exam or xor (built in), a .csv, a .npy with --labels, a .npz with X and y, or a folder with MNIST's four IDX files";

    private const string InputKinds = "digits, exam or xor (built in), a .csv, a .npy, a .npz with X, or a folder with MNIST's IDX files";

    public Argument<string> Data { get; } = new("DATA");

    public Option<string?> Labels { get; } = OptionOf.Text("--labels", "FILE.npy", "Labels of a .npy: whole numbers (classes), one-hot rows, or real targets.");

    public Option<string?> LabelColumn { get; } = OptionOf.Text("--label-column", "NAME|INDEX", "A .csv's label column, by name or index from 0. [default: the last]");

    public Option<bool> NoHeader { get; } = OptionOf.Flag("--no-header", "A .csv's first line is data, not names.");

    public Option<string?> SampleWeights { get; } = OptionOf.Text("--sample-weights", "FILE", "How much each row counts in the loss, also of the rows held out: a .npy with a number a row, a .csv of one column, or text with a number a line. [default: all alike]");

    public void AddTo(Command command, bool withLabels)
    {
        Data.Description = $"What to read: {(withLabels ? Kinds : InputKinds)}.";
        command.Add(Data);
        if (withLabels)
        {
            command.Add(Labels);
        }

        command.Add(LabelColumn);
        command.Add(NoHeader);
        if (withLabels)
        {
            command.Add(SampleWeights);
        }
    }

    /// <summary>The source that a command line names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="needsLabels">Whether the command compares with labels, which a .npy does not have.</param>
    public DataSource Read(ParseResult parsed, bool needsLabels)
    {
        DataSource source = new(parsed.GetRequiredValue(Data), needsLabels ? parsed.GetValue(Labels) : null, parsed.GetValue(LabelColumn), parsed.GetValue(NoHeader)) { Weights = needsLabels ? parsed.GetValue(SampleWeights) : null };
        source.CheckLabels(needsLabels);
        return source;
    }

    /// <summary>Options about a .csv contradict data that is none.</summary>
    public void CheckCsvOptions(ParseResult parsed, params DataSource?[] sources)
    {
        bool isCsv = Array.Exists(sources, source => source?.Kind == DataKind.Csv);
        bool hasHeaders = isCsv || Array.Exists(sources, source => source?.HasCsvWeights == true);
        string? idle = parsed.GetValue(NoHeader) && !hasHeaders ? NoHeader.Name : parsed.GetValue(LabelColumn) is not null && !isCsv ? LabelColumn.Name : null;
        if (idle is not null)
        {
            throw ToolException.Usage($"{idle} is about a .csv, and {sources[0]!.Text} is none. Leave it out.");
        }
    }
}
