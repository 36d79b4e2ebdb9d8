using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Data;
using SimdNet.Kernels;

namespace SimdNet;

/// <summary>Rows of inputs, each with its targets or its class label.</summary>
/// <remarks>
/// At least one row, at least one input a row, all values finite: the constructors see to it. Immutable, and safe to share between threads as
/// long as nobody writes to memory that was handed in.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Dataset<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<string>? _classNames;
    private readonly IReadOnlyList<string>? _featureNames;

    /// <summary>Rows with numbers as targets. Nothing is copied.</summary>
    /// <param name="inputs">[rows × features], row-major, finite.</param>
    /// <param name="features">Inputs of a row, at least 1.</param>
    /// <param name="targets">[rows × outputs], row-major, finite.</param>
    /// <param name="outputs">Targets of a row, at least 1.</param>
    /// <exception cref="ArgumentException">The lengths are no multiples or give different numbers of rows, there is no row, or a value is not finite; the message names row and column.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A width is less than 1.</exception>
    public Dataset(ReadOnlyMemory<T> inputs, int features, ReadOnlyMemory<T> targets, int outputs)
    {
        Rows = CheckMatrix(inputs, features, nameof(inputs), nameof(features));
        int targetRows = CheckMatrix(targets, outputs, nameof(targets), nameof(outputs));
        if (Rows != targetRows)
        {
            throw new ArgumentException(
                $"There are inputs of shape [{Rows} × {features}] and targets of shape [{targetRows} × {outputs}]; the rows must agree.", nameof(targets));
        }

        Inputs = inputs;
        Features = features;
        Targets = targets;
        Outputs = outputs;
    }

    /// <summary>Rows with class labels. Nothing is copied.</summary>
    /// <param name="inputs">[rows × features], row-major, finite.</param>
    /// <param name="features">Inputs of a row, at least 1.</param>
    /// <param name="labels">[rows], each from 0 to <see cref="int.MaxValue"/> − 1.</param>
    /// <exception cref="ArgumentException">The lengths give different numbers of rows, there is no row, a value is not finite or a label out of range; the message names the row.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="features"/> is less than 1.</exception>
    public Dataset(ReadOnlyMemory<T> inputs, int features, ReadOnlyMemory<int> labels)
    {
        Rows = CheckMatrix(inputs, features, nameof(inputs), nameof(features));
        if (labels.Length != Rows)
        {
            throw new ArgumentException($"There are inputs of shape [{Rows} × {features}] and {labels.Length} labels; the rows must agree.", nameof(labels));
        }

        int max = 0;
        ReadOnlySpan<int> values = labels.Span;
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] is < 0 or int.MaxValue)
            {
                throw new ArgumentException(
                    $"The label in row {row} (counted from 0) is {values[row]}; labels are from 0 to {int.MaxValue - 1}.", nameof(labels));
            }

            max = Math.Max(max, values[row]);
        }

        Inputs = inputs;
        Features = features;
        Labels = labels;
        HasLabels = true;
        ClassCount = max + 1;
    }

    private Dataset(Dataset<T> whole, ReadOnlyMemory<T> inputs, ReadOnlyMemory<T> targets, ReadOnlyMemory<int> labels, ReadOnlyMemory<T> weights)
    {
        Inputs = inputs;
        Features = whole.Features;
        Rows = inputs.Length / whole.Features;
        Targets = targets;
        Outputs = whole.Outputs;
        Labels = labels;
        Weights = weights;
        HasLabels = whole.HasLabels;
        ClassCount = whole.ClassCount;
        _classNames = whole._classNames;
        _featureNames = whole._featureNames;
    }

    /// <summary>Number of rows, at least 1.</summary>
    public int Rows { get; }

    /// <summary>Inputs of a row, at least 1.</summary>
    public int Features { get; }

    /// <summary>Targets of a row; 0 where the rows have labels.</summary>
    public int Outputs { get; }

    /// <summary>Whether the rows have class labels rather than targets.</summary>
    public bool HasLabels { get; }

    /// <summary>The largest label + 1; 0 without labels. Parts of a set (<see cref="Split"/>, <see cref="Select"/>, <see cref="Take"/>) keep the number of the whole.</summary>
    public int ClassCount { get; }

    /// <summary>[rows × features], row-major.</summary>
    public ReadOnlyMemory<T> Inputs { get; }

    /// <summary>[rows × outputs], row-major; empty where the rows have labels.</summary>
    public ReadOnlyMemory<T> Targets { get; }

    /// <summary>[rows]; empty where the rows have targets.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>[rows], how much each row counts in a loss; empty where each counts 1. See <see cref="WithWeights"/>.</summary>
    public ReadOnlyMemory<T> Weights { get; private init; }

    /// <summary>Whether rows have weights.</summary>
    public bool HasWeights => !Weights.IsEmpty;

    /// <summary>What the classes are called, in the order of labels or of target columns; null where they are just numbers.</summary>
    /// <exception cref="ArgumentException">There are fewer names than classes, or as many names as targets are wanted and there are not.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get => _classNames;
        init
        {
            if (value is not null && (HasLabels ? value.Count < ClassCount : value.Count != Outputs))
            {
                throw new ArgumentException(
                    HasLabels
                        ? $"There are {value.Count} class names for {ClassCount} classes."
                        : $"There are {value.Count} class names for {Outputs} target columns.",
                    nameof(value));
            }

            _classNames = value;
        }
    }

    /// <summary>What the inputs are called, in their order; null if unknown.</summary>
    /// <exception cref="ArgumentException">There are not as many names as features.</exception>
    public IReadOnlyList<string>? FeatureNames
    {
        get => _featureNames;
        init => _featureNames = value is null || value.Count == Features
            ? value
            : throw new ArgumentException($"There are {value.Count} feature names for {Features} features.", nameof(value));
    }

    /// <summary>The first rows, in the same memory.</summary>
    /// <param name="rows">From 1 to <see cref="Rows"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many rows.</exception>
    public Dataset<T> Take(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, Rows);
        return rows == Rows
            ? this
            : new Dataset<T>(this, Inputs[..(rows * Features)], Targets[..(rows * Outputs)], HasLabels ? Labels[..rows] : default, HasWeights ? Weights[..rows] : default);
    }

    /// <summary>The same rows, in the same memory, with weights: how much each counts in a loss. Parts of the set (<see cref="Split"/>, <see cref="Select"/>, <see cref="Take"/>, <see cref="Shuffle"/>, <see cref="OneHot"/>) keep them.</summary>
    /// <remarks>
    /// A row's terms are multiplied by its weight, and a mean is divided by the weights of its rows instead of their number, as in scikit-learn and in PyTorch's weighted losses: a row that weighs 2 is as good as two, one that weighs 0 is
    /// left out. (Keras' <c>sample_weight</c> divides by the number of rows unless <c>mean_with_sample_weight</c> is chosen.) Accuracy and other metrics do not see weights.
    /// </remarks>
    /// <param name="weights">[rows], finite and not negative. Not copied. Empty takes weights away.</param>
    /// <exception cref="ArgumentException">There are not as many as rows, or one is negative or not finite; the message names the row.</exception>
    public Dataset<T> WithWeights(ReadOnlyMemory<T> weights)
    {
        if (!weights.IsEmpty && weights.Length != Rows)
        {
            throw new ArgumentException($"{weights.Length} weights do not fit {Rows} rows: there is one for each.", nameof(weights));
        }

        ReadOnlySpan<T> values = weights.Span;
        for (int row = 0; row < values.Length; row++)
        {
            if (!(values[row] >= T.Zero && T.IsFinite(values[row])))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The weight of row {row} (counted from 0) is {values[row]}; weights are finite and not negative."), nameof(weights));
            }
        }

        return new Dataset<T>(this, Inputs, Targets, Labels, weights);
    }

    /// <summary>The rows of the given numbers, in their order, copied. A row may be named more than once.</summary>
    /// <param name="indices">At least one, each from 0 to <see cref="Rows"/> − 1.</param>
    /// <exception cref="ArgumentException">No row is named, or one that is not there, or more than an array can hold.</exception>
    public Dataset<T> Select(params ReadOnlySpan<int> indices)
    {
        if (indices.IsEmpty)
        {
            throw new ArgumentException("A data set has at least one row.", nameof(indices));
        }

        if ((long)indices.Length * Math.Max(Features, Outputs) > Array.MaxLength)
        {
            throw new ArgumentException(
                $"{indices.Length} rows of {Features} inputs and {Outputs} targets are more than an array can hold.", nameof(indices));
        }

        T[] inputs = GC.AllocateUninitializedArray<T>(indices.Length * Features);
        T[] targets = HasLabels ? [] : GC.AllocateUninitializedArray<T>(indices.Length * Outputs);
        int[] labels = HasLabels ? new int[indices.Length] : [];
        T[] weights = HasWeights ? new T[indices.Length] : [];
        for (int to = 0; to < indices.Length; to++)
        {
            int row = indices[to];
            if ((uint)row >= (uint)Rows)
            {
                throw new ArgumentException($"There is no row {row}; the rows are 0 to {Rows - 1}.", nameof(indices));
            }

            Inputs.Span.Slice(row * Features, Features).CopyTo(inputs.AsSpan(to * Features));
            if (HasWeights)
            {
                weights[to] = Weights.Span[row];
            }

            if (HasLabels)
            {
                labels[to] = Labels.Span[row];
            }
            else
            {
                Targets.Span.Slice(row * Outputs, Outputs).CopyTo(targets.AsSpan(to * Outputs));
            }
        }

        return new Dataset<T>(this, inputs, targets, labels, weights);
    }

    /// <summary>All rows in another order, copied: the same order for the same seed and number of rows, everywhere.</summary>
    /// <param name="seed">Any number.</param>
    public Dataset<T> Shuffle(ulong seed) => Select(new BatchOrder(Rows).Shuffle(seed, epoch: 0));

    /// <summary>Two parts of the rows, both in the file's order: the same for the same seed, fraction and number of rows, everywhere.</summary>
    /// <param name="fraction">The part for validation, between 0 and 1: fraction · rows, rounded to the nearest (halves up), are drawn at random without replacement.</param>
    /// <param name="seed">Any number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is not between 0 and 1, or so close to either that one part would be empty.</exception>
    public (Dataset<T> Training, Dataset<T> Validation) Split(double fraction, ulong seed)
    {
        if (!(fraction > 0 && fraction < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(fraction), fraction, "The fraction for validation lies between 0 and 1.");
        }

        int validationRows = (int)Math.Round(fraction * Rows, MidpointRounding.AwayFromZero);
        if (validationRows == 0 || validationRows == Rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(fraction), fraction, $"Of {Rows} rows {validationRows} would be for validation; both parts need at least one row.");
        }

        int[] order = new int[Rows];
        BatchOrder.Permutation(order, seed, RandomPurpose.Split);
        Span<int> validation = order.AsSpan(0, validationRows);
        Span<int> training = order.AsSpan(validationRows);
        validation.Sort();
        training.Sort();
        return (Select(training), Select(validation));
    }

    /// <summary>The labels as targets: 1 in the column of the label, 0 in the others. The inputs stay in the same memory.</summary>
    /// <param name="classes">Number of target columns, at least <see cref="ClassCount"/>.</param>
    /// <exception cref="InvalidOperationException">The rows have no labels.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are more classes than columns, or more targets than an array can hold.</exception>
    public Dataset<T> OneHot(int classes)
    {
        if (!HasLabels)
        {
            throw new InvalidOperationException($"The rows have {Outputs} targets and no labels.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(classes, ClassCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)classes * Rows, Array.MaxLength, nameof(classes));
        T[] targets = new T[Rows * classes];
        ReadOnlySpan<int> labels = Labels.Span;
        for (int row = 0; row < labels.Length; row++)
        {
            targets[(row * classes) + labels[row]] = T.One;
        }

        return new Dataset<T>(Inputs, Features, targets, classes)
        {
            ClassNames = _classNames?.Count == classes ? _classNames : null,
            FeatureNames = _featureNames,
            Weights = Weights,
        };
    }

    /// <summary>The same rows in another precision, each number rounded to the nearest; this set itself where it is the same precision.</summary>
    internal Dataset<TOther> To<TOther>()
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        if ((object)this is Dataset<TOther> same)
        {
            return same;
        }

        TOther[] inputs = Converted<TOther>(Inputs.Span);
        TOther[] weights = Converted<TOther>(Weights.Span);
        return HasLabels
            ? new(inputs, Features, Labels) { ClassNames = _classNames, FeatureNames = _featureNames, Weights = weights }
            : new(inputs, Features, Converted<TOther>(Targets.Span), Outputs) { ClassNames = _classNames, FeatureNames = _featureNames, Weights = weights };
    }

    private static TOther[] Converted<TOther>(ReadOnlySpan<T> values)
        where TOther : unmanaged, IBinaryFloatingPointIeee754<TOther>
    {
        TOther[] converted = new TOther[values.Length];
        TensorPrimitives.ConvertTruncating<T, TOther>(values, converted);
        return converted;
    }

    private static int CheckMatrix(ReadOnlyMemory<T> values, int columns, string name, string columnsName)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1, columnsName);
        if (values.Length % columns != 0)
        {
            throw new ArgumentException($"{values.Length} values are no whole number of rows of {columns}.", name);
        }

        if (values.IsEmpty)
        {
            throw new ArgumentException("A data set has at least one row.", name);
        }

        int bad = FiniteValues.IndexOfOther(values.Span);
        return bad < 0
            ? values.Length / columns
            : throw new ArgumentException($"In the {name} {FiniteValues.Describe(values.Span, bad, columns)}.", name);
    }
}
