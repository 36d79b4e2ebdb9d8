using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Training.Checkpoints;

/// <summary>What epochs measured, as an array [epochs × columns] of a checkpoint.</summary>
internal static class HistoryTable
{
    private const string Name = "history";
    private const string Column = "history.column.";
    private const string Epoch = "epoch";

    /// <summary>What an epoch did not measure: a NaN that no arithmetic gives.</summary>
    private const long Absent = 0x7FF8_0000_0AB5_E474;

    private static readonly string[] Always = [Epoch, EpochResult.LossName, EpochResult.AccuracyName, EpochResult.ValidationLossName, EpochResult.ValidationAccuracyName, EpochResult.LearningRateName];

    public static void Save(CheckpointContents contents, IReadOnlyList<EpochResult> epochs)
    {
        List<string> columns = [.. Always];
        foreach (EpochResult epoch in epochs)
        {
            foreach (string name in epoch.Metrics?.Keys ?? [])
            {
                if (columns.IndexOf(name, Always.Length) < 0)
                {
                    columns.Add(name);
                }
            }
        }

        double[] values = new double[epochs.Count * columns.Count];
        for (int row = 0; row < epochs.Count; row++)
        {
            for (int i = 0; i < columns.Count; i++)
            {
                values[(row * columns.Count) + i] = i == 0 ? epochs[row].Epoch : epochs[row][columns[i]] ?? BitConverter.Int64BitsToDouble(Absent);
            }
        }

        for (int i = Always.Length; i < columns.Count; i++)
        {
            contents.Set(string.Create(CultureInfo.InvariantCulture, $"{Column}{i}"), columns[i]);
        }

        contents.Set<double>(Name, values, epochs.Count, columns.Count);
    }

    /// <param name="contents">What holds it.</param>
    /// <param name="count">How many epochs are done, each of which left a row.</param>
    /// <exception cref="SimdNetFormatException">There is none, or it is of other epochs.</exception>
    public static List<EpochResult> Load(CheckpointContents contents, int count)
    {
        List<string> columns = [.. Always];
        foreach ((_, string text) in contents.TextsUnder(Column))
        {
            columns.Add(text);
        }

        double[] values = contents.Values<double>(Name);
        if (values.Length != (long)count * columns.Count)
        {
            throw contents.Error($"its history has {values.Length} numbers, and {count} epochs are done, of {columns.Count} numbers each");
        }

        List<EpochResult> epochs = new(count);
        for (ReadOnlySpan<double> rest = values; !rest.IsEmpty; rest = rest[columns.Count..])
        {
            if (rest[0] != epochs.Count + 1)
            {
                throw contents.Error(string.Create(CultureInfo.InvariantCulture, $"its history has the epoch {rest[0]} where {epochs.Count + 1} should be"));
            }

            Dictionary<string, double>? metrics = null;
            for (int i = Always.Length; i < columns.Count; i++)
            {
                if (Value(rest[i]) is { } value)
                {
                    (metrics ??= [])[columns[i]] = value;
                }
            }

            epochs.Add(new((int)rest[0], rest[1], Value(rest[2]), Value(rest[3]), Value(rest[4])) { LearningRate = rest[5], Metrics = metrics });
        }

        return epochs;
    }

    private static double? Value(double stored) => BitConverter.DoubleToInt64Bits(stored) == Absent ? null : stored;
}
