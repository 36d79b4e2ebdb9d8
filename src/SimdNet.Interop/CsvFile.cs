using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;

using SimdNet.IO;

namespace SimdNet.Interop;

/// <summary>CSV files: data sets, rows to predict from, predictions.</summary>
/// <remarks>
/// UTF-8, fields may be quoted, empty lines are passed over, all rows have the same number of fields. Numbers are read in invariant notation and in whole:
/// 1,5 is no number, and neither is one beyond the range of the type. Missing values, NaN and infinity are refused. Every error names line and column.
/// Reading takes memory for the numbers twice (a digit and a comma become a double of eight bytes), for the names of classes, of which there are at most 100,000, and 64 MiB; the text is not kept.
/// Readers throw <see cref="FileNotFoundException"/> for a file that is missing, another <see cref="IOException"/> for one that cannot be read, and
/// <see cref="SimdNetFormatException"/> for one that is not what it should be.
/// </remarks>
public static class CsvFile
{
    private static readonly CsvOptions Defaults = new();
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads inputs and labels.</summary>
    /// <remarks>
    /// What the label column holds decides (unless <see cref="CsvOptions.Labels"/> does): whole numbers from 0 are class labels; other numbers, also
    /// if just one is negative or not whole, are one target column; text names classes, which are sorted by their code points, numbered in that order
    /// and kept in <see cref="Dataset{T}.ClassNames"/>. A column in which some fields are numbers and others are not is refused: it is more often a mistake.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="options">How to read it; null for a header and the label in the last column.</param>
    /// <exception cref="ArgumentException"><see cref="CsvOptions.NoLabel"/> is set.</exception>
    /// <exception cref="IOException">The file cannot be opened or read, or is not what it should be.</exception>
    public static Dataset<T> Read<T>(string path, CsvOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options ??= Defaults;
        if (options.NoLabel)
        {
            throw new ArgumentException("A data set needs a label column; read inputs alone with ReadInputs.", nameof(options));
        }

        using CsvRows rows = CsvRows.Open(path, options);
        if (rows.Columns < 2)
        {
            throw rows.Error("the file has one column; a column of labels and at least one of inputs are needed. Is the delimiter another one?");
        }

        int labelColumn = FindLabelColumn(rows, options);
        LabelColumn<T> labels = new(rows, labelColumn, options);
        T[] inputs = ReadRows(rows, labelColumn, labels, out int _);
        int features = rows.Columns - 1;
        IReadOnlyList<string>? featureNames = FeatureNames(rows, labelColumn);
        if (labels.TryGetTargets(out T[] targets))
        {
            return new Dataset<T>(inputs, features, targets, 1) { FeatureNames = featureNames };
        }

        int[] classes = labels.GetClasses(out IReadOnlyList<string>? classNames);
        return new Dataset<T>(inputs, features, classes) { FeatureNames = featureNames, ClassNames = classNames };
    }

    /// <summary>Reads inputs alone, for predictions.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="features">Inputs of a row, at least 1. A file with one column more loses its label column, unless <see cref="CsvOptions.NoLabel"/> is set.</param>
    /// <param name="options">How to read it; null for a header and, if there is one, the label in the last column.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="features"/> is less than 1.</exception>
    /// <exception cref="IOException">The file cannot be opened or read, or is not what it should be.</exception>
    public static CsvInputs<T> ReadInputs<T>(string path, int features, CsvOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        options ??= Defaults;
        using CsvRows rows = CsvRows.Open(path, options);
        bool hasLabel = !options.NoLabel && rows.Columns == features + 1;
        if (!hasLabel && rows.Columns != features)
        {
            throw rows.Error(
                $"the file has {rows.Columns} columns where {features} inputs {(options.NoLabel ? "are" : "or, with a label, one column more are")} expected. Is the delimiter another one?");
        }

        int labelColumn = hasLabel ? FindLabelColumn(rows, options) : -1;
        T[] values = ReadRows<T>(rows, labelColumn, labels: null, out int count);
        return new CsvInputs<T>(values, count, features, FeatureNames(rows, labelColumn));
    }

    /// <summary>Writes predictions with a header, in one step: on failure an older file of that name is as it was.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="path">The file to write or to replace.</param>
    /// <param name="outputs">[rows × columns], row-major; written with the digits that bring their bits back.</param>
    /// <param name="columns">Outputs of a row, at least 1.</param>
    /// <param name="columnNames">What the outputs are called, as many as columns; null for output0, output1 and so on.</param>
    /// <param name="classes">The predicted class of each row, to go into a first column named class; null for none.</param>
    /// <exception cref="ArgumentException">The numbers of values, rows and names do not agree, or a name is null or no valid Unicode.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void WritePredictions<T>(
        string path, ReadOnlySpan<T> outputs, int columns, IReadOnlyList<string>? columnNames = null, IReadOnlyList<string>? classes = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        if (outputs.Length % columns != 0)
        {
            throw new ArgumentException($"{outputs.Length} values are no whole number of rows of {columns}.", nameof(outputs));
        }

        int rows = outputs.Length / columns;
        if (columnNames is not null && columnNames.Count != columns)
        {
            throw new ArgumentException($"There are {columnNames.Count} names for {columns} columns.", nameof(columnNames));
        }

        if (classes is not null && classes.Count != rows)
        {
            throw new ArgumentException($"There are {classes.Count} classes for {rows} rows.", nameof(classes));
        }

        CheckNames(columnNames, nameof(columnNames));
        CheckNames(classes, nameof(classes));
        StringBuilder text = new();
        text.Append(classes is null ? string.Empty : "class,");
        for (int column = 0; column < columns; column++)
        {
            text.Append(column == 0 ? string.Empty : ",");
            AppendField(text, columnNames?[column] ?? string.Create(CultureInfo.InvariantCulture, $"output{column}"));
        }

        text.Append('\n');
        for (int row = 0; row < rows; row++)
        {
            if (classes is not null)
            {
                AppendField(text, classes[row]);
                text.Append(',');
            }

            for (int column = 0; column < columns; column++)
            {
                text.Append(column == 0 ? string.Empty : ",");
                text.Append(outputs[(row * columns) + column].ToString("R", CultureInfo.InvariantCulture));
            }

            text.Append('\n');
        }

        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream, StrictUtf8, leaveOpen: true);
            writer.Write(text);
        });
    }

    private static void CheckNames(IReadOnlyList<string>? names, string parameter)
    {
        for (int i = 0; i < names?.Count; i++)
        {
            if (names[i] is null)
            {
                throw new ArgumentException($"The name {i} is null.", parameter);
            }

            try
            {
                StrictUtf8.GetByteCount(names[i]);
            }
            catch (EncoderFallbackException error)
            {
                throw new ArgumentException($"The name {i}, {Quoted.Of(names[i])}, is no valid Unicode: it has half a character.", parameter, error);
            }
        }
    }

    private static void AppendField(StringBuilder text, string field)
    {
        bool plain = field.AsSpan().IndexOfAny(",\"\r\n") < 0 && field.AsSpan().Trim().Length == field.Length && field.Length > 0;
        text.Append(plain ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
    }

    private static int FindLabelColumn(CsvRows rows, CsvOptions options)
    {
        if (options.LabelColumn is not string wanted)
        {
            return rows.Columns - 1;
        }

        for (int column = 0; rows.Names is not null && column < rows.Columns; column++)
        {
            if (rows.Names[column] == wanted)
            {
                return column;
            }
        }

        return int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < rows.Columns
            ? index
            : throw rows.Error(
                rows.Names is null
                    ? $"there is no column {Quoted.Of(wanted)}; without a header, columns have the numbers 0 to {rows.Columns - 1}."
                    : $"there is no column {Quoted.Of(wanted)}; the columns are {Quoted.Of(string.Join(", ", rows.Names))}, or the numbers 0 to {rows.Columns - 1}.");
    }

    private static List<string>? FeatureNames(CsvRows rows, int labelColumn)
    {
        if (rows.Names is null)
        {
            return null;
        }

        List<string> names = [.. rows.Names];
        if (labelColumn >= 0)
        {
            names.RemoveAt(labelColumn);
        }

        return names;
    }

    private static T[] ReadRows<T>(CsvRows rows, int labelColumn, LabelColumn<T>? labels, out int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Pieces<T> values = new();
        count = 0;
        while (rows.Read())
        {
            if (values.Count > Array.MaxLength - rows.Columns)
            {
                throw rows.Error($"the file has more than {Array.MaxLength} values; split it.");
            }

            for (int column = 0; column < rows.Columns; column++)
            {
                if (column != labelColumn)
                {
                    values.Add(rows.Number<T>(column));
                }
            }

            labels?.Add();
            count++;
        }

        return count > 0 ? values.ToArray() : throw rows.Error("the file has a header and no rows.");
    }
}
