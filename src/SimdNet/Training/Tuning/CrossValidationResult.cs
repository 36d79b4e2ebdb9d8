using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SimdNet;

/// <summary>What a cross-validation measured, fold by fold. Its text is a table.</summary>
public sealed class CrossValidationResult
{
    internal CrossValidationResult(IReadOnlyList<FoldResult> folds)
    {
        Folds = folds;
        Loss = MetricSummary.Of(folds.Select(fold => fold.Validation.Loss));
        Accuracy = OfAll(folds, fold => fold.Validation.Accuracy);
        MeanAbsoluteError = MetricSummary.Of(folds.Select(fold => fold.Validation.MeanAbsoluteError));
        TrainingLoss = MetricSummary.Of(folds.Select(fold => fold.Training.Loss));
        TrainingAccuracy = OfAll(folds, fold => fold.Training.Accuracy);
    }

    /// <summary>One entry a fold.</summary>
    public IReadOnlyList<FoldResult> Folds { get; }

    /// <summary>Loss on the rows held out.</summary>
    public MetricSummary Loss { get; }

    /// <summary>Accuracy on the rows held out; null where the data has no classes.</summary>
    public MetricSummary? Accuracy { get; }

    /// <summary>Mean absolute error on the rows held out.</summary>
    public MetricSummary MeanAbsoluteError { get; }

    /// <summary>Loss on the rows trained on, after training.</summary>
    public MetricSummary TrainingLoss { get; }

    /// <summary>Accuracy on the rows trained on, after training; null where the data has no classes.</summary>
    public MetricSummary? TrainingAccuracy { get; }

    /// <summary>A row a fold, then mean and standard deviation.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        Row("fold", "rows", "training loss", "accuracy", "held-out loss", "accuracy");
        foreach (FoldResult fold in Folds)
        {
            Row((fold.Fold + 1).ToString(CultureInfo.InvariantCulture), fold.Validation.Rows.ToString(CultureInfo.InvariantCulture), Number(fold.Training.Loss), Number(fold.Training.Accuracy), Number(fold.Validation.Loss), Number(fold.Validation.Accuracy));
        }

        Row("mean", "", Number(TrainingLoss.Mean), Number(TrainingAccuracy?.Mean), Number(Loss.Mean), Number(Accuracy?.Mean));
        Row("±", "", Number(TrainingLoss.StandardDeviation), Number(TrainingAccuracy?.StandardDeviation), Number(Loss.StandardDeviation), Number(Accuracy?.StandardDeviation));
        return text.ToString();

        void Row(string a, string b, string c, string d, string e, string f) => text.Append(CultureInfo.InvariantCulture, $"{a,-4}  {b,6}  {c,13}  {d,8}  {e,13}  {f,8}\n");
    }

    private static MetricSummary? OfAll(IReadOnlyList<FoldResult> folds, Func<FoldResult, double?> metric) =>
        folds.All(fold => metric(fold) is not null) ? MetricSummary.Of(folds.Select(fold => metric(fold)!.Value)) : null;

    private static string Number(double? value) => value?.ToString("G5", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One fold.</summary>
/// <param name="Fold">Its number, from 0.</param>
/// <param name="Training">Measured on the rows trained on, after training.</param>
/// <param name="Validation">Measured on the rows held out.</param>
public sealed record FoldResult(int Fold, Evaluation Training, Evaluation Validation);

/// <summary>A metric over the folds.</summary>
/// <param name="Mean">Its mean; every fold counts the same.</param>
/// <param name="StandardDeviation">Its standard deviation over the folds, of the population: numpy's <c>std</c>, which scikit-learn reports.</param>
public readonly record struct MetricSummary(double Mean, double StandardDeviation)
{
    internal static MetricSummary Of(IEnumerable<double> values)
    {
        double[] all = [.. values];
        double mean = 0;
        foreach (double value in all)
        {
            mean += value / all.Length;
        }

        double squares = 0;
        foreach (double value in all)
        {
            squares += (value - mean) * (value - mean);
        }

        return new(mean, Math.Sqrt(squares / all.Length));
    }
}
