using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Training.Tuning;

/// <summary>The rules of <see cref="LearningCurve"/>, which its methods state.</summary>
internal static class LearningVerdicts
{
    public static (LearningVerdict Verdict, string Explanation) OfRows(LearningCurvePoint last, double untrained, int folds)
    {
        double trained = last.TrainingLoss.Mean;
        double gap = last.ValidationLoss.Mean - trained;
        double noise = 2 * last.ValidationLoss.StandardDeviation / Math.Sqrt(folds);
        string losses = string.Create(CultureInfo.InvariantCulture, $"with {last.Size} rows the loss is {trained:G4} on them and {last.ValidationLoss.Mean:G4} on others, from {untrained:G4} before training");
        return trained > untrained / 2 ? (LearningVerdict.Underfitting, $"{losses}: more units, layers or epochs, or another rate.")
            : gap > untrained / 10 && gap > noise ? (LearningVerdict.Overfitting, $"{losses}: more rows, dropout, penalties, or fewer units.")
            : (LearningVerdict.Fits, $"{losses}.");
    }

    public static (LearningVerdict Verdict, string Explanation) OfEpochs(IReadOnlyList<LearningCurvePoint> points)
    {
        LearningCurvePoint last = points[^1];
        LearningCurvePoint best = points[0];
        foreach (LearningCurvePoint point in points)
        {
            best = point.ValidationLoss.Mean < best.ValidationLoss.Mean ? point : best;
        }

        if (last.ValidationLoss.Mean > 1.1 * best.ValidationLoss.Mean && last.TrainingLoss.Mean < best.TrainingLoss.Mean)
        {
            return (LearningVerdict.Overfitting, string.Create(CultureInfo.InvariantCulture, $"the validation loss was {best.ValidationLoss.Mean:G4} after epoch {best.Size} and is {last.ValidationLoss.Mean:G4} after epoch {last.Size}, while the training loss fell from {best.TrainingLoss.Mean:G4} to {last.TrainingLoss.Mean:G4}: stop earlier, or use dropout, penalties or more rows."));
        }

        LearningCurvePoint before = points[Math.Max(0, points.Count - 1 - Math.Max(1, points.Count / 10))];
        return last.TrainingLoss.Mean < 0.95 * before.TrainingLoss.Mean
            ? (LearningVerdict.Underfitting, string.Create(CultureInfo.InvariantCulture, $"the training loss still fell from {before.TrainingLoss.Mean:G4} after epoch {before.Size} to {last.TrainingLoss.Mean:G4} after epoch {last.Size}: train longer."))
            : (LearningVerdict.Fits, string.Create(CultureInfo.InvariantCulture, $"after epoch {last.Size} the training loss is {last.TrainingLoss.Mean:G4} and the validation loss {last.ValidationLoss.Mean:G4}."));
    }
}
