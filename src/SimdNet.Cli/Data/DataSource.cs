using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Numerics;

using SimdNet.Interop;

namespace SimdNet.Cli.Data;

/// <summary>Data that a command line names, and how it is read.</summary>
internal sealed class DataSource
{
    private readonly string? _labels;
    private readonly string? _labelColumn;
    private readonly bool _noHeader;

    /// <param name="text">The argument as typed.</param>
    /// <param name="labels">File with the labels of a .npy.</param>
    /// <param name="labelColumn">Label column of a .csv; null for the last.</param>
    /// <param name="noHeader">Whether a .csv has no names.</param>
    /// <exception cref="ToolException">The text names no kind of data, or nothing that exists.</exception>
    public DataSource(string text, string? labels, string? labelColumn, bool noHeader)
    {
        Text = text;
        Kind = KindOf(text);
        _labels = labels;
        _labelColumn = labelColumn;
        _noHeader = noHeader;
    }

    /// <summary>The argument as typed.</summary>
    public string Text { get; }

    public DataKind Kind { get; }

    /// <summary>The files that are named to be read.</summary>
    public string[] Files => Array.FindAll([Kind == DataKind.BuiltIn ? null : Text, _labels, Weights], file => file is not null)!;

    /// <summary>The file that says how much each row counts; null where all count alike.</summary>
    public string? Weights { get; init; }

    public bool HasCsvWeights => Weights is not null && SampleWeights.IsCsv(Weights);

    /// <summary>The option that names the labels of this data.</summary>
    public string LabelsOption { get; init; } = "--labels";

    /// <summary>Whether other commands find rows here: of a folder they take the test pair, which it may lack.</summary>
    public bool HasTestRows => Kind != DataKind.IdxFolder || Directory.EnumerateFiles(Text, "t10k-*").Any();

    /// <summary>The arguments that name this data in another command.</summary>
    /// <param name="withLabels">Whether that command takes labels.</param>
    public string Arguments(bool withLabels) => string.Concat(
        Shell.Quote(Text),
        withLabels && _labels is not null ? $" --labels {Shell.Quote(_labels)}" : "",
        withLabels && Weights is not null && Kind != DataKind.IdxFolder ? $" --sample-weights {Shell.Quote(Weights)}" : "",
        Kind == DataKind.Csv && _labelColumn is not null ? $" --label-column {Shell.Quote(_labelColumn)}" : "",
        (Kind == DataKind.Csv || (withLabels && HasCsvWeights)) && _noHeader ? " --no-header" : "");

    /// <summary>A file of labels belongs to a .npy, and to nothing else.</summary>
    /// <param name="isNeeded">Whether a .npy needs one.</param>
    public void CheckLabels(bool isNeeded)
    {
        if (Kind == DataKind.Npy && isNeeded && _labels is null)
        {
            throw ToolException.Usage($"{Text} has no labels of its own. Name their file with {LabelsOption} FILE.npy.");
        }

        if (Kind != DataKind.Npy && _labels is not null)
        {
            throw ToolException.Usage($"{LabelsOption} goes with a .npy, and {Text} has labels of its own. Leave it out.");
        }
    }

    /// <summary>Inputs with their labels or targets, as the last layer of a network takes them.</summary>
    /// <param name="output">What follows the last layer's sum, and decides whether labels are classes.</param>
    /// <param name="outputs">Units of the last layer.</param>
    /// <param name="test">Whether a folder's test pair (t10k) is read, not its training pair.</param>
    /// <param name="names">The classes that labels are mapped to; null to take them from the data.</param>
    public Dataset<T> Load<T>(Activation output, int outputs, bool test, IReadOnlyList<string>? names = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isNumber = outputs == 1 && output.Kind != ActivationKind.Sigmoid;
        Dataset<T> data = Kind switch
        {
            DataKind.BuiltIn => BuiltIn<T>(),
            DataKind.Csv => CsvFile.Read<T>(Text, Csv with { Labels = isNumber ? CsvLabels.Numbers : CsvLabels.Automatic, ClassNames = names }),
            DataKind.Npy => Dataset.FromNpy<T>(Text, _labels!),
            DataKind.Npz => Dataset.FromNpz<T>(Text),
            _ => Dataset.FromIdxFolder<T>(Text, test),
        };
        bool areClasses = output.Kind is ActivationKind.Softmax or ActivationKind.LogSoftmax && outputs > 1;
        data = isNumber && data.HasLabels ? Labels.ToTargets(data) : areClasses && !data.HasLabels && data.Outputs == 1 ? Labels.FromTargets(data, _labels ?? Text) : data;
        return Weights is null ? data : SampleWeights.Apply(data, Weights, hasHeader: !_noHeader);
    }

    /// <summary>Inputs alone, [rows × features], for a network that takes <paramref name="features"/>.</summary>
    public T[] LoadInputs<T>(int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Kind switch
        {
            DataKind.BuiltIn => Checked(BuiltIn<T>(), features),
            DataKind.Csv => CsvFile.ReadInputs<T>(Text, features, Csv).Values.ToArray(),
            DataKind.Npy => Rows<T>(NpyFile.Read(Text), features),
            DataKind.Npz => NpzFile.Read(Text).TryGetValue("X", out NpyArray? array)
                ? Rows<T>(array, features)
                : throw ToolException.Failure($"{Text}: the archive has no array X, which holds the inputs."),
            _ => Checked(Dataset.FromIdxFolder<T>(Text, test: true), features),
        };

    private CsvOptions Csv => new() { HasHeader = !_noHeader, LabelColumn = _labelColumn };

    private static DataKind KindOf(string text)
    {
        if (text is BuiltInDefaults.Digits or BuiltInDefaults.Exam or BuiltInDefaults.Xor)
        {
            return DataKind.BuiltIn;
        }

        if (Directory.Exists(text))
        {
            return DataKind.IdxFolder;
        }

        string ending = Path.GetExtension(text);
        foreach ((string known, DataKind kind) in (ReadOnlySpan<(string, DataKind)>)[(".csv", DataKind.Csv), (".npy", DataKind.Npy), (".npz", DataKind.Npz)])
        {
            if (ending.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }

        throw File.Exists(text)
            ? ToolException.Usage($"{text} is no kind of data that is understood. DATA is {DataOptions.Kinds}.")
            : ToolException.Failure($"{text}: there is no such file or folder. DATA is {DataOptions.Kinds}.");
    }

    private T[] Rows<T>(NpyArray array, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<int> shape = array.Shape;
        bool isOneSample = shape.Length == 1 && shape[0] == features;
        int width = shape.Length >= 2 && shape[0] > 0 ? array.Length / shape[0] : isOneSample ? features : 1;
        if (array.Length == 0 || width != features)
        {
            throw ToolException.Failure($"{Text}: an array of shape ({string.Join(", ", shape.ToArray())}) does not fit a model that takes {features} inputs; [rows × {features}] does.");
        }

        T[] values = array.ToArray<T>();
        int bad = Array.FindIndex(values, value => !T.IsFinite(value));
        return bad < 0
            ? values
            : throw ToolException.Failure(string.Create(CultureInfo.InvariantCulture, $"{Text}: the value in row {bad / features}, column {bad % features} (from 0) is {values[bad]}; inputs are finite numbers."));
    }

    private Dataset<T> BuiltIn<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Text switch
        {
            BuiltInDefaults.Digits => Dataset.Digits<T>(),
            BuiltInDefaults.Exam => Dataset.Exam<T>(),
            _ => Dataset.Xor<T>(),
        };

    private T[] Checked<T>(Dataset<T> data, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => data.Features == features
        ? data.Inputs.ToArray()
        : throw ToolException.Failure($"{Text}: {data.Features} features a row do not fit a model that takes {features} inputs.");
}
