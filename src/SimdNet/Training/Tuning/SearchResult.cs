using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

using SimdNet.IO;

namespace SimdNet;

/// <summary>What a search found, the best first. Its text is a table.</summary>
public sealed class SearchResult
{
    private readonly IReadOnlyList<string> _names;

    internal SearchResult(IReadOnlyList<string> names, IReadOnlyList<Trial> trials, SearchMetric metric)
    {
        _names = names;
        Metric = metric;
        bool isAccuracy = metric == SearchMetric.Accuracy;

        // Stable: of equals, the one that was tried first. What failed comes last.
        Trials = [.. trials.OrderBy(trial => Score(trial) is { } score && double.IsFinite(score) ? isAccuracy ? -score : score : double.PositiveInfinity)];
    }

    /// <summary>All trials, the best first; of equals, the one that was tried first.</summary>
    public IReadOnlyList<Trial> Trials { get; }

    /// <summary>The first of them.</summary>
    /// <exception cref="InvalidOperationException">Every trial failed.</exception>
    public Trial Best => Trials[0].Result is not null ? Trials[0] : throw new InvalidOperationException($"Every trial failed; the first: {Trials[0].Failure}");

    /// <summary>What they are sorted by.</summary>
    public SearchMetric Metric { get; }

    /// <summary>A trial's mean of <see cref="Metric"/>; null where it failed or has none.</summary>
    /// <param name="trial">One of <see cref="Trials"/>, or of another search.</param>
    public double? Score(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return Metric switch
        {
            SearchMetric.Accuracy => trial.Result?.Accuracy?.Mean,
            SearchMetric.MeanAbsoluteError => trial.Result?.MeanAbsoluteError.Mean,
            _ => trial.Result?.Loss.Mean,
        };
    }

    /// <summary>Writes the trials as CSV, the best first: rank, trial, the names, mean and standard deviation of each metric, what failed. Numbers have as many digits as bring them back.</summary>
    /// <param name="path">The file, which is written whole or not at all.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void SaveCsv(string path) => AtomicFile.Write(path, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        string[] head = ["rank", "trial", .. _names, "loss_mean", "loss_std", "accuracy_mean", "accuracy_std", "mean_absolute_error_mean", "mean_absolute_error_std", "training_loss_mean", "training_loss_std", "training_accuracy_mean", "training_accuracy_std", "failure"];
        writer.WriteLine(string.Join(',', head.Select(CsvField.Of)));
        for (int i = 0; i < Trials.Count; i++)
        {
            (int number, SearchValues values, CrossValidationResult? result, string? failure) = Trials[i];
            string[] row =
            [
                Whole(i + 1), Whole(number), .. _names.Select(values.Text), .. Both(result?.Loss), .. Both(result?.Accuracy), .. Both(result?.MeanAbsoluteError),
                .. Both(result?.TrainingLoss), .. Both(result?.TrainingAccuracy), failure ?? "",
            ];
            writer.WriteLine(string.Join(',', row.Select(CsvField.Of)));
        }
    });

    /// <summary>A row a trial: rank, the names, means ± standard deviations.</summary>
    public override string ToString()
    {
        bool hasAccuracy = Trials.Any(trial => trial.Result?.Accuracy is not null);
        List<string[]> rows = [["rank", .. _names, .. hasAccuracy ? (string[])["held-out accuracy", "training accuracy"] : [], "held-out loss", "training loss"]];
        for (int i = 0; i < Trials.Count; i++)
        {
            (_, SearchValues values, CrossValidationResult? result, string? failure) = Trials[i];
            string[] accuracies = hasAccuracy ? [Share(result?.Accuracy), Share(result?.TrainingAccuracy)] : [];
            rows.Add([Whole(i + 1), .. _names.Select(values.Text), .. accuracies, failure is null ? Number(result?.Loss) : "failed", Number(result?.TrainingLoss)]);
        }

        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Share(MetricSummary? metric) => metric is { } share ? string.Create(CultureInfo.InvariantCulture, $"{100 * share.Mean:0.00} ± {100 * share.StandardDeviation:0.00} %") : "";

    private static string Number(MetricSummary? metric) => metric is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number.Mean:G5} ± {number.StandardDeviation:G2}") : "";

    private static string[] Both(MetricSummary? metric) => metric is { } both
        ? [both.Mean.ToString("R", CultureInfo.InvariantCulture), both.StandardDeviation.ToString("R", CultureInfo.InvariantCulture)]
        : ["", ""];
}

/// <summary>One combination, and what came of it.</summary>
/// <param name="Number">Which it was, from 1.</param>
/// <param name="Values">What was chosen.</param>
/// <param name="Result">What was measured; null where it failed: a number became NaN or infinite, or the training could not be made.</param>
/// <param name="Failure">Why there is no result; null where there is one.</param>
public sealed record Trial(int Number, SearchValues Values, CrossValidationResult? Result, string? Failure);
