using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Metrics;

/// <summary>Metrics against scikit-learn 1.2's numbers and naive formulas, in parts and merged.</summary>
public sealed class MetricTests
{
    private static readonly int[] Actual = [0, 2, 1, 2, 0, 0, 3, 1, 2, 3, 3, 0];
    private static readonly int[] Predicted = [0, 2, 2, 2, 1, 0, 3, 1, 0, 3, 2, 0];

    /// <summary>precision_score, recall_score, f1_score, accuracy_score and confusion_matrix.</summary>
    [Fact]
    public void Scores_of_classes_are_scikit_learns()
    {
        float[] outputs = Outputs(Predicted, 4);
        Close(2 / 3.0, Of(Metric.Accuracy(4), outputs, Actual));
        foreach (Averaging averaging in (Averaging[])[Averaging.Macro, Averaging.Auto])
        {
            Close(0.6875, Of(Metric.Precision(4, averaging), outputs, Actual));
            Close(0.6458333333333333, Of(Metric.Recall(4, averaging), outputs, Actual));
            Close(0.655357142857143, Of(Metric.F1(4, averaging), outputs, Actual));
        }

        Close(2 / 3.0, Of(Metric.Precision(4, Averaging.Micro), outputs, Actual));
        Close(2 / 3.0, Of(Metric.Recall(4, Averaging.Micro), outputs, Actual));
        Close(2 / 3.0, Of(Metric.F1(4, Averaging.Micro), outputs, Actual));
        ConfusionMatrix matrix = new(4);
        Close(2 / 3.0, Of(matrix, outputs, Actual));
        Assert.Equal([3, 1, 0, 0, 0, 1, 1, 0, 1, 0, 2, 0, 0, 0, 1, 2], Enumerable.Range(0, 16).Select(i => matrix[i / 4, i % 4]));
        Assert.Equal([0.75, 0.5, 0.5, 1], Enumerable.Range(0, 4).Select(matrix.PrecisionOf));
        Assert.Equal([0.75, 0.5, 2 / 3.0, 2 / 3.0], Enumerable.Range(0, 4).Select(matrix.RecallOf));
        Assert.Equal([0.75, 0.5, 4 / 7.0, 0.8], Enumerable.Range(0, 4).Select(matrix.F1Of));
        Assert.Equal((4L, 3L), (matrix.Actual(0), matrix.Predicted(2) - 1));
    }

    /// <summary>A class that is never said, one that is not there, and one that is neither, which scikit-learn's macro leaves out.</summary>
    [Fact]
    public void Nothing_to_divide_by_is_0()
    {
        int[] actual = [0, 1, 2, 0, 1];
        float[] outputs = Outputs([0, 1, 1, 3, 0], 5);
        Close(0.25, Of(Metric.Precision(5), outputs, actual));
        Close(0.25, Of(Metric.Recall(5), outputs, actual));
        Close(0.25, Of(Metric.F1(5), outputs, actual));
        ConfusionMatrix matrix = new(5);
        Of(matrix, outputs, actual);
        Assert.Equal((0.0, 0.0, 0.0), (matrix.PrecisionOf(2), matrix.RecallOf(3), matrix.F1Of(4)));
    }

    /// <summary>roc_auc_score with ties, and the scores of class 1 at a half.</summary>
    [Fact]
    public void Scores_of_two_classes_are_scikit_learns()
    {
        double[] scores = [0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.9, 0.1, 0.35, 0.7];
        int[] labels = [0, 0, 1, 1, 1, 0, 1, 0, 1, 0];
        double[] two = [.. scores.SelectMany(score => (double[])[1 - score, score])];
        double[] signs = [.. labels.Select(label => (2.0 * label) - 1)];
        foreach ((Metric one, double expected) in ((Metric, double)[])[(new RocAuc(), 0.68), (Metric.Precision(1), 2 / 3.0), (Metric.Recall(1), 0.4), (Metric.F1(1), 0.5), (Metric.Accuracy(1), 0.6), (Metric.BinaryAccuracy(1), 0.6)])
        {
            Close(expected, Of(one, scores, labels));
            one.Reset();
            one.Update<double>(scores, signs);
            Close(expected, one.Result);
        }

        Close(0.68, Of(new RocAuc(2), two, labels));
        Close(0.5, Of(Metric.F1(2, Averaging.Binary), two, labels));
        Close(0.6, Of(Metric.Accuracy(1, threshold: 0), Array.ConvertAll(scores, score => score - 0.5), labels));
        Assert.Equal(double.NaN, Of(new RocAuc(), scores, new int[10]));
        Close(1, Of(new RocAuc(), [double.NegativeInfinity, 0, double.PositiveInfinity], [0, 1, 1]));
    }

    /// <summary>top_k_accuracy_score where no outputs are equal at the border.</summary>
    [Fact]
    public void The_target_among_the_largest_is_counted()
    {
        float[] outputs = [0.5f, 0.25f, 0.2f, 0.1f, 0.1f, 0.15f, 0.4f, 0.45f, 0.3f, 0.35f, 0.2f, 0.1f, 0.4f, 0.3f, 0.2f, 0.1f];
        int[] labels = [1, 3, 1, 3];
        Close(0.5, Of(Metric.TopK(4, 1), outputs, labels));
        Close(0.75, Of(Metric.TopK(4, 2), outputs, labels));
        Close(0.75, Of(Metric.TopK(4, 3), outputs, labels));
        Close(1, Of(Metric.TopK(4, 4), outputs, labels));

        // Of equal outputs the first come first, as the accuracy has it.
        Assert.Equal((1.0, 0.0, 1.0), (Of(Metric.TopK(3, 2), [1f, 1, 1], [1]), Of(Metric.TopK(3, 2), [1f, 1, 1], [2]), Of(Metric.TopK(3, 1), [1f, 1, 1], [0])));
    }

    /// <summary>mean_absolute_error, r2_score, and the root of mean_squared_error.</summary>
    [Fact]
    public void Errors_are_scikit_learns()
    {
        double[] y = [0.5, 1, -1, 1, 7, -6];
        double[] p = [0, 2, -1, 2, 8, -5];
        Close(0.75, OfTargets(Metric.MeanAbsoluteError(2), p, y));
        Close(0.8416254115301732, OfTargets(Metric.RootMeanSquaredError(2), p, y));
        Close(0.9368005266622779, OfTargets(Metric.R2(2), p, y));
        Assert.Equal((1.0, 0.0), (OfTargets(Metric.R2(1), [1.0, 1, 1], [1.0, 1, 1]), OfTargets(Metric.R2(1), [1.0, 1, 2], [1.0, 1, 1])));
        Assert.Equal(double.NaN, OfTargets(Metric.R2(1), [1.0], [1.0]));

        // Digits survive a large mean.
        Close(0.5, OfTargets(Metric.R2(1), [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 3], [1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 2]));

        // Labels are numbers where the output is one, else one-hot rows.
        Close(0.5, Of(Metric.MeanAbsoluteError(1), [3.0, 4], [3, 5]));
        Close(0.5, Of(Metric.MeanAbsoluteError(2), [1.0, 1], [0]));
    }

    /// <summary>Against the definitions, over random rows with ties.</summary>
    [Fact]
    public void Random_rows_agree_with_the_definitions_in_parts_too()
    {
        Random random = new(7);
        for (int trial = 0; trial < 200; trial++)
        {
            int outputs = random.Next(1, 6);
            int rows = random.Next(2, 40);
            int classes = Math.Max(2, outputs);
            double[] p = [.. Enumerable.Range(0, rows * outputs).Select(_ => random.Next(8) / 7.0)];
            int[] labels = [.. Enumerable.Range(0, rows).Select(_ => random.Next(classes))];
            int[] said = [.. Enumerable.Range(0, rows).Select(row => outputs == 1 ? p[row] > 0.5 ? 1 : 0 : Array.IndexOf(p, p[(row * outputs)..((row + 1) * outputs)].Max(), row * outputs) - (row * outputs))];
            int[] present = [.. Enumerable.Range(0, classes).Where(c => labels.Contains(c) || said.Contains(c))];
            double Right(int c) => labels.Zip(said).Count(pair => pair.First == c && pair.Second == c);
            double F1(int c) => 2 * Right(c) / (labels.Count(label => label == c) + said.Count(label => label == c));
            double[] y = [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, outputs).Select(j => outputs == 1 ? labels[row] : j == labels[row] ? 1.0 : 0))];
            double R2(int j)
            {
                double[] column = [.. Enumerable.Range(0, rows).Select(row => y[(row * outputs) + j])];
                double total = column.Sum(value => Math.Pow(value - column.Average(), 2));
                double rest = column.Select((value, row) => Math.Pow(value - p[(row * outputs) + j], 2)).Sum();
                return total == 0 ? rest == 0 ? 1 : 0 : 1 - (rest / total);
            }

            List<(Metric Metric, double Expected)> cases =
            [
                (Metric.Accuracy(outputs), labels.Zip(said).Average(pair => pair.First == pair.Second ? 1 : 0)),
                (Metric.F1(outputs, Averaging.Macro), present.Average(F1)),
                (Metric.F1(outputs, Averaging.Micro), labels.Zip(said).Average(pair => pair.First == pair.Second ? 1 : 0)),
                (Metric.MeanAbsoluteError(outputs), p.Zip(y).Average(pair => Math.Abs(pair.First - pair.Second))),
                (Metric.RootMeanSquaredError(outputs), Math.Sqrt(p.Zip(y).Average(pair => Math.Pow(pair.First - pair.Second, 2)))),
                (Metric.R2(outputs), Enumerable.Range(0, outputs).Average(R2)),
                (Metric.BinaryAccuracy(outputs), p.Zip(y).Average(pair => pair.First > 0.5 == pair.Second > 0.5 ? 1 : 0)),
                (new ConfusionMatrix(outputs), labels.Zip(said).Average(pair => pair.First == pair.Second ? 1 : 0)),
            ];
            if (outputs > 1)
            {
                cases.Add((Metric.TopK(outputs, 1), cases[0].Expected));
            }

            if (outputs == 1)
            {
                double[] ones = [.. p.Where((_, row) => labels[row] == 1)];
                double[] zeros = [.. p.Where((_, row) => labels[row] == 0)];
                cases.Add((new RocAuc(), ones.Length * zeros.Length == 0 ? double.NaN : ones.Average(one => zeros.Average(zero => one > zero ? 1 : one == zero ? 0.5 : 0))));
            }

            int cut = random.Next(rows);
            foreach ((Metric metric, double expected) in cases)
            {
                Close(expected, Of(metric, p, labels));
                metric.Reset();
                metric.Update<double>(p.AsSpan(0, cut * outputs), labels.AsSpan(0, cut));
                metric.Update<double>(p.AsSpan(cut * outputs), y.AsSpan(cut * outputs));
                Close(expected, metric.Result);
                metric.Reset();
                Metric rest = Metric.Parse(metric.Name, outputs);
                rest.Update<double>(p.AsSpan(cut * outputs), labels.AsSpan(cut));
                metric.Update<double>(p.AsSpan(0, cut * outputs), labels.AsSpan(0, cut));
                metric.Merge(rest);
                Close(expected, metric.Result);
                Assert.Equal(rows, metric.Rows);
                metric.Reset();
                Assert.Equal((double.NaN, 0L), (metric.Result, metric.Rows));
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_after_construction()
    {
        Random random = new(3);
        double[] outputs = [.. Enumerable.Range(0, 40 * 4).Select(_ => random.NextDouble())];
        double[] single = outputs[..40];
        int[] labels = [.. Enumerable.Range(0, 40).Select(_ => random.Next(2))];
        foreach (string name in (string[])["accuracy", "binary-accuracy", "top-k(2)", "precision", "recall-micro", "f1-macro", "mae", "rmse", "r2", "confusion-matrix"])
        {
            Metric metric = Metric.Parse(name, 4);
            Metric other = Metric.Parse(name, 4);
            Assert.Equal(0, Allocation.Of(() => Collect(metric, other, outputs, outputs, labels), 500).Bytes);
        }

        RocAuc auc = new(1, capacity: 120);
        RocAuc part = new(1, capacity: 80);
        Assert.Equal(0, Allocation.Of(() => Collect(auc, part, single, single, labels), 500).Bytes);

        // Negative control: one without room grows.
        Assert.NotEqual(0, Allocation.Of(() => Of(new RocAuc(), single, labels), 500).Bytes);

        static void Collect(Metric metric, Metric other, double[] outputs, double[] targets, int[] labels)
        {
            metric.Reset();
            other.Reset();
            metric.Update<double>(outputs, labels);
            other.Update<double>(outputs, targets);
            metric.Merge(other);
            Assert.False(double.IsNaN(metric.Result));
        }
    }

    [Fact]
    public void A_metric_writes_the_name_that_is_read()
    {
        foreach (string name in (string[])["accuracy", "binary-accuracy", "top-k(3)", "precision", "precision-micro", "recall-macro", "f1", "mae", "rmse", "r2", "confusion-matrix"])
        {
            Assert.Equal(name, Metric.Parse(name, 4).ToString());
        }

        Assert.Equal("roc-auc", Metric.Parse("ROC-AUC", 1).Name);
        Assert.Contains("'auc' is not a metric", Assert.Throws<FormatException>(() => Metric.Parse("auc", 1)).Message, StringComparison.Ordinal);
        foreach (string wrong in (string[])["", "top-k", "top-k(0)", "top-k(1.5)", "f1(2)", "accuracy-micro", "f1-"])
        {
            Assert.Throws<FormatException>(() => Metric.Parse(wrong, 4));
        }
    }

    [Fact]
    public void Wrong_calls_are_refused_and_collect_nothing()
    {
        foreach (string name in (string[])["accuracy", "top-k(2)", "f1", "mae", "r2", "confusion-matrix"])
        {
            Metric metric = Metric.Parse(name, 3);
            Refused("4 outputs", () => metric.Update<float>(new float[4], new float[4]));
            Refused("2 targets", () => metric.Update<float>(new float[3], new float[2]));
            Refused("2 labels", () => metric.Update<float>(new float[3], new int[2]));
            Refused("label 3", () => metric.Update<float>(new float[6], (int[])[0, 3]));
            Refused("label -1", () => metric.Update<float>(new float[3], (int[])[-1]));
            Assert.Contains("Output 1 of row 1 is NaN", Assert.Throws<NonFiniteException>(() => metric.Update<float>([0, 0, 0, 0, float.NaN, 0], (int[])[0, 0])).Message, StringComparison.Ordinal);
            Assert.Contains("Target 2 of row 0 is NaN", Assert.Throws<NonFiniteException>(() => metric.Update<float>([0, 0, 0], [0, 0, float.NaN])).Message, StringComparison.Ordinal);
            Refused("merged", () => metric.Merge(metric));
            Refused("merged", () => metric.Merge(Metric.Parse(name, 4)));
            Refused("merged", () => metric.Merge(Metric.Precision(3)));
            Assert.Throws<ArgumentNullException>(() => metric.Merge(null!));
            metric.Update<float>([], Array.Empty<int>());
            Assert.Equal((0L, double.NaN), (metric.Rows, metric.Result));
        }

        Refused("label 2", () => new RocAuc().Update<float>([1], (int[])[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.Accuracy(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.TopK(3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Metric.F1(3, Averaging.Binary));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RocAuc(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RocAuc(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ConfusionMatrix(3)[3, 0]);

        static void Refused(string reason, Action call) => Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    private static float[] Outputs(int[] classes, int count) => [.. classes.SelectMany(c => Enumerable.Range(0, count).Select(i => i == c ? 0.7f : 0.1f))];

    private static double Of<T>(Metric metric, T[] outputs, int[] labels)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        metric.Reset();
        metric.Update<T>(outputs, labels);
        return metric.Result;
    }

    private static double OfTargets(Metric metric, double[] outputs, double[] targets)
    {
        metric.Update<double>(outputs, targets);
        return metric.Result;
    }

    private static void Close(double expected, double actual)
    {
        if (!double.IsNaN(expected) || !double.IsNaN(actual))
        {
            Assert.Equal(expected, actual, 1e-12);
        }
    }
}
