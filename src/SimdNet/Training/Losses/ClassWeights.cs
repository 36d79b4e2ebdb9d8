using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet;

/// <summary>How much each class counts in a loss: one finite number from 0 on a class, at least one above 0. Equal where all numbers are.</summary>
[CollectionBuilder(typeof(ClassWeights), nameof(Create))]
public sealed class ClassWeights : IReadOnlyList<double>, IEquatable<ClassWeights>
{
    private readonly double[] _weights;

    private ClassWeights(double[] weights) => _weights = weights;

    /// <summary>How many classes.</summary>
    public int Count => _weights.Length;

    /// <summary>The weight of a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double this[int index] => (uint)index < (uint)_weights.Length
        ? _weights[index]
        : throw new ArgumentOutOfRangeException(nameof(index), index, $"There are the classes 0..{_weights.Length - 1}.");

    /// <summary>Weights as they are given, in the order of the classes.</summary>
    /// <exception cref="ArgumentException">There is none, all are 0, or one is negative or not finite.</exception>
    public static ClassWeights Create(params ReadOnlySpan<double> weights)
    {
        foreach (double weight in weights)
        {
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The class weight {weight} is not a finite number from 0 on."), nameof(weights));
            }
        }

        return weights.ContainsAnyExcept(0)
            ? new(weights.ToArray())
            : throw new ArgumentException("At least one class weighs more than 0.", nameof(weights));
    }

    /// <summary>n / (classes · count) for each class: so that all weigh the same together, and the mean row 1. As scikit-learn's <c>class_weight="balanced"</c>.</summary>
    /// <param name="labels">The classes of n rows.</param>
    /// <param name="classes">How many classes there are; 0, the default, for the largest label + 1. One without a row is not among the classes that are counted, and weighs 1, should it turn up.</param>
    /// <exception cref="ArgumentException">There is no label, or one is negative, not below <paramref name="classes"/> or beyond <see cref="NetworkSpec.MaxParameters"/>, as <paramref name="classes"/> may not be either.</exception>
    public static ClassWeights Balanced(ReadOnlySpan<int> labels, int classes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, NetworkSpec.MaxParameters);
        int largest = -1;
        foreach (int label in labels)
        {
            if (label < 0 || label >= (classes > 0 ? classes : NetworkSpec.MaxParameters))
            {
                throw new ArgumentException($"The label {label} is not one of {(classes > 0 ? $"the {classes} classes" : "the classes")}, which count from 0.", nameof(labels));
            }

            largest = Math.Max(largest, label);
        }

        if (largest < 0)
        {
            throw new ArgumentException("At least one label is needed.", nameof(labels));
        }

        int[] counts = new int[Math.Max(classes, largest + 1)];
        int present = 0;
        foreach (int label in labels)
        {
            present += counts[label]++ == 0 ? 1 : 0;
        }

        int rows = labels.Length;
        return new(Array.ConvertAll(counts, count => count == 0 ? 1 : rows / ((double)present * count)));
    }

    /// <inheritdoc/>
    public bool Equals(ClassWeights? other) => other is not null && _weights.AsSpan().SequenceEqual(other._weights);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassWeights);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (double weight in _weights)
        {
            hash.Add(weight);
        }

        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => ((IEnumerable<double>)_weights).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The numbers with commas between them.</summary>
    public override string ToString() => string.Join(',', Array.ConvertAll(_weights, weight => weight.ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The weights of the text that <see cref="ToString"/> writes.</summary>
    /// <param name="text">Numbers with commas between them.</param>
    /// <param name="weights">The weights; null where the text is none, or <see cref="Create"/> would refuse its numbers.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ClassWeights? weights)
    {
        weights = null;
        if (text is null)
        {
            return false;
        }

        double[] numbers = new double[text.AsSpan().Count(',') + 1];
        int i = 0;
        foreach (Range part in text.AsSpan().Split(','))
        {
            if (!double.TryParse(text.AsSpan()[part], NumberStyles.Float, CultureInfo.InvariantCulture, out double weight) || !(weight >= 0 && double.IsFinite(weight)))
            {
                return false;
            }

            numbers[i++] = weight;
        }

        weights = numbers.AsSpan().ContainsAnyExcept(0) ? new(numbers) : null;
        return weights is not null;
    }

    /// <summary>The weights in a precision.</summary>
    /// <exception cref="ArgumentException">One has no finite number in it, or none but 0.</exception>
    internal T[] In<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Array.ConvertAll(_weights, weight => T.CreateTruncating(weight) is { } rounded && T.IsFinite(rounded) && (rounded > T.Zero || weight == 0)
            ? rounded
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The class weight {weight} has no number in {typeof(T).Name}.")));
}
