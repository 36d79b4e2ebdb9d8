using System;
using System.Globalization;
using System.Numerics;

using SimdNet.Model;

namespace SimdNet;

/// <summary>A number that says how good outputs are, collected row by row: by itself on spans, in <see cref="Trainer{T}.Evaluate(Dataset{T}, ReadOnlySpan{Metric})"/>, and after epochs by <see cref="FitOptions{T}.Metrics"/>.</summary>
/// <remarks>
/// Nothing is allocated after construction (but see <see cref="RocAuc"/>), and sums are in double precision in the order of the rows. Rows count alike: weights are the loss' own. For one thread at a time; parts that several threads
/// collected are put together by <see cref="Merge"/>. The trainer hands over probabilities where its loss takes logits.
/// <para>Classes: of one output, 1 where it exceeds the threshold, else 0; of several, the largest, and of equal ones the first. Targets: a label, a row in the same manner (one-hot or probabilities), or one number, class 1 above a half.</para>
/// </remarks>
/// <example>
/// <code>
/// Metric f1 = Metric.F1(outputs: 3);
/// f1.Update(outputs, labels);
/// double macro = f1.Result;
/// </code>
/// </example>
public abstract class Metric
{
    private const string Names = "accuracy, binary-accuracy, top-k(K), precision, recall, f1 (each also with -micro or -macro), roc-auc, mae, rmse, r2, confusion-matrix";

    /// <param name="name">What reports call it.</param>
    /// <param name="outputs">Width of a row of outputs, at least 1, and no more than a network has.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1 or above <see cref="NetworkSpec.MaxParameters"/>.</exception>
    protected Metric(string name, int outputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputs, NetworkSpec.MaxParameters);
        Name = name;
        Outputs = outputs;
    }

    /// <summary>What reports call it.</summary>
    public string Name { get; }

    /// <summary>Width of a row of outputs.</summary>
    public int Outputs { get; }

    /// <summary>Rows that were collected.</summary>
    public long Rows { get; private set; }

    /// <summary>The number; NaN where the rows do not decide it, as before the first.</summary>
    public abstract double Result { get; }

    /// <summary>Labels are below it.</summary>
    protected virtual int Classes => Outputs == 1 ? int.MaxValue : Outputs;

    /// <summary>Share of rows whose class is the target's.</summary>
    /// <param name="outputs">Width of a row.</param>
    /// <param name="threshold">Above it one output says 1: a half for a probability, 0 for a logit.</param>
    public static Metric Accuracy(int outputs, double threshold = 0.5) => new AccuracyMetric("accuracy", outputs, threshold, isOfEach: false);

    /// <summary>Share of outputs that are on the same side of the threshold as their targets are of a half, each by itself. Keras' <c>BinaryAccuracy</c>.</summary>
    /// <param name="outputs">Width of a row.</param>
    /// <param name="threshold">As in <see cref="Accuracy"/>.</param>
    public static Metric BinaryAccuracy(int outputs, double threshold = 0.5) => new AccuracyMetric("binary-accuracy", outputs, threshold, isOfEach: true);

    /// <summary>Share of rows whose target's output is among the k largest; of equal ones the first come first.</summary>
    /// <param name="outputs">Width of a row, at least 2.</param>
    /// <param name="k">1 to outputs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Metric TopK(int outputs, int k) => new TopKMetric(outputs, k);

    /// <summary>Rows of a class that were said to be of it, of all that were: TP / (TP + FP). 0 where there are none, scikit-learn's default.</summary>
    /// <param name="outputs">Width of a row.</param>
    /// <param name="averaging">Over classes: see <see cref="Averaging"/>. Per class: <see cref="ConfusionMatrix"/>.</param>
    /// <param name="threshold">As in <see cref="Accuracy"/>.</param>
    public static Metric Precision(int outputs, Averaging averaging = Averaging.Auto, double threshold = 0.5) => new ClassScore("precision", outputs, averaging, threshold);

    /// <summary>Rows of a class that were said to be of it, of all that are of it: TP / (TP + FN). 0 where there are none, scikit-learn's default.</summary>
    /// <inheritdoc cref="Precision" path="/param"/>
    public static Metric Recall(int outputs, Averaging averaging = Averaging.Auto, double threshold = 0.5) => new ClassScore("recall", outputs, averaging, threshold);

    /// <summary>Harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN). 0 where there is nothing to divide by, scikit-learn's default.</summary>
    /// <inheritdoc cref="Precision" path="/param"/>
    public static Metric F1(int outputs, Averaging averaging = Averaging.Auto, double threshold = 0.5) => new ClassScore("f1", outputs, averaging, threshold);

    /// <summary>Mean of |p − y| over rows and outputs.</summary>
    /// <param name="outputs">Width of a row.</param>
    public static Metric MeanAbsoluteError(int outputs) => new ErrorMetric("mae", outputs, isSquared: false);

    /// <summary>Root of the mean of (p − y)² over rows and outputs. Keras' <c>RootMeanSquaredError</c>; scikit-learn's takes the mean of the outputs' roots.</summary>
    /// <param name="outputs">Width of a row.</param>
    public static Metric RootMeanSquaredError(int outputs) => new ErrorMetric("rmse", outputs, isSquared: true);

    /// <summary>R², 1 − Σ (y − p)² / Σ (y − mean y)² of each output, and the mean over outputs. As scikit-learn's <c>r2_score</c>: NaN of fewer than two rows; for targets that are all equal, 1 where every output is right, else 0.</summary>
    /// <param name="outputs">Width of a row.</param>
    public static Metric R2(int outputs) => new R2Metric(outputs);

    /// <summary>The metric of a name: accuracy, binary-accuracy, top-k(K), precision, recall, f1 (each also with -micro or -macro), roc-auc, mae, rmse, r2 or confusion-matrix.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="outputs">Width of a row.</param>
    /// <param name="threshold">As in <see cref="Accuracy"/>, where it is of classes.</param>
    /// <exception cref="FormatException">There is none of this name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is not for so many outputs.</exception>
    public static Metric Parse(string name, int outputs, double threshold = 0.5)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool isCall = CallText.TryParse(name, out string plain, out double[] arguments);
        bool isCount = isCall && arguments is [>= 1 and <= int.MaxValue] && arguments[0] == Math.Floor(arguments[0]);
        string known = isCall ? plain.ToUpperInvariant() : "";
        Averaging averaging = known.EndsWith("-MICRO", StringComparison.Ordinal) ? Averaging.Micro : known.EndsWith("-MACRO", StringComparison.Ordinal) ? Averaging.Macro : Averaging.Auto;
        string stem = averaging == Averaging.Auto ? known : known[..^6];
        return (known, stem) switch
        {
            ("TOP-K", _) when isCount => TopK(outputs, (int)arguments[0]),
            _ when arguments.Length > 0 => throw Unknown(name),
            ("ACCURACY", _) => Accuracy(outputs, threshold),
            ("BINARY-ACCURACY", _) => BinaryAccuracy(outputs, threshold),
            (_, "PRECISION") => Precision(outputs, averaging, threshold),
            (_, "RECALL") => Recall(outputs, averaging, threshold),
            (_, "F1") => F1(outputs, averaging, threshold),
            ("ROC-AUC", _) => new RocAuc(outputs),
            ("MAE", _) => MeanAbsoluteError(outputs),
            ("RMSE", _) => RootMeanSquaredError(outputs),
            ("R2", _) => R2(outputs),
            ("CONFUSION-MATRIX", _) => new ConfusionMatrix(outputs, threshold),
            _ => throw Unknown(name),
        };
    }

    /// <summary>Collects rows with targets.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="outputs">[rows × outputs], row-major.</param>
    /// <param name="targets">The same shape.</param>
    /// <exception cref="ArgumentException">A length does not fit. Nothing was collected.</exception>
    /// <exception cref="NonFiniteException">An output or a target is NaN. Nothing was collected.</exception>
    public void Update<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = CheckedRows(outputs);
        if (targets.Length != outputs.Length)
        {
            throw new ArgumentException($"{targets.Length} targets do not fit {rows} × {Outputs} outputs.", nameof(targets));
        }

        CheckNumbers(targets, "Target");
        for (int row = 0; row < rows; row++)
        {
            Add(outputs.Slice(row * Outputs, Outputs), targets.Slice(row * Outputs, Outputs), -1);
        }

        Rows += rows;
    }

    /// <summary>Collects rows with labels.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="outputs">[rows × outputs], row-major.</param>
    /// <param name="labels">[rows]: 0 to outputs − 1, or 0 and 1 where there is one output; numbers where that is one.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a label is no class. Nothing was collected.</exception>
    /// <exception cref="NonFiniteException">An output is NaN. Nothing was collected.</exception>
    public void Update<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<int> labels)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = CheckedRows(outputs);
        if (labels.Length != rows)
        {
            throw new ArgumentException($"{labels.Length} labels do not fit {rows} rows of {Outputs} outputs.", nameof(labels));
        }

        foreach (int label in labels)
        {
            if ((uint)label >= (uint)Classes)
            {
                throw new ArgumentException($"The label {label} is not in 0..{Classes - 1}.", nameof(labels));
            }
        }

        for (int row = 0; row < rows; row++)
        {
            Add(outputs.Slice(row * Outputs, Outputs), default, labels[row]);
        }

        Rows += rows;
    }

    /// <summary>Forgets all rows.</summary>
    public void Reset()
    {
        Rows = 0;
        Clear();
    }

    /// <summary>Collects what another of the same kind and shape collected; that one stays as it is.</summary>
    /// <exception cref="ArgumentException">It is of another kind or shape, or this one itself.</exception>
    public void Merge(Metric other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.GetType() != GetType() || other.Name != Name || other.Outputs != Outputs || ReferenceEquals(this, other))
        {
            throw new ArgumentException($"A metric {other.Name} of {other.Outputs} outputs cannot be merged into {Name} of {Outputs}: they are of one kind and shape, and two.", nameof(other));
        }

        Add(other);
        Rows += other.Rows;
    }

    /// <summary>The name.</summary>
    public sealed override string ToString() => Name;

    /// <summary>Collects one row.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">[outputs], without NaN.</param>
    /// <param name="target">[outputs], without NaN; empty where there is a label.</param>
    /// <param name="label">The label; −1 where there is a target.</param>
    protected abstract void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>Collects what another of the same type, name and shape collected.</summary>
    protected abstract void Add(Metric other);

    /// <summary>Forgets all rows.</summary>
    protected abstract void Clear();

    /// <summary>The class that outputs say, or a target.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">[outputs].</param>
    /// <param name="threshold">Above it one output says 1; a half for a target.</param>
    protected static int ClassOf<T>(ReadOnlySpan<T> output, double threshold)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (output.Length == 1)
        {
            return double.CreateTruncating(output[0]) > threshold ? 1 : 0;
        }

        int largest = 0;
        for (int i = 1; i < output.Length; i++)
        {
            largest = output[i] > output[largest] ? i : largest;
        }

        return largest;
    }

    /// <summary>The target of an output as a number: of a label, 1 in its column and 0 in others, or itself where there is one output.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">As in <see cref="Add{T}"/>.</param>
    /// <param name="target">Likewise.</param>
    /// <param name="label">Likewise.</param>
    /// <param name="column">Which output.</param>
    protected static double Number<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label, int column)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        label < 0 ? double.CreateTruncating(target[column]) : output.Length == 1 ? label : column == label ? 1 : 0;

    private static FormatException Unknown(string name) =>
        new(string.Create(CultureInfo.InvariantCulture, $"'{name}' is not a metric. Choose of {Names}; K is a whole number from 1."));

    private int CheckedRows<T>(ReadOnlySpan<T> outputs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (outputs.Length % Outputs != 0)
        {
            throw new ArgumentException($"{outputs.Length} outputs are no whole number of rows of {Outputs}.", nameof(outputs));
        }

        CheckNumbers(outputs, "Output");
        return outputs.Length / Outputs;
    }

    private void CheckNumbers<T>(ReadOnlySpan<T> values, string what)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (T.IsNaN(values[i]))
            {
                throw new NonFiniteException($"{what} {i % Outputs} of row {i / Outputs} is NaN, and {Name} is of numbers. Nothing was collected.");
            }
        }
    }
}
