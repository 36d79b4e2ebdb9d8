using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

using SimdNet.Kernels;

namespace SimdNet;

/// <summary>What a search may choose: names, each with its values or its range. Immutable: every method returns a larger space.</summary>
/// <example>
/// <code>
/// SearchSpace space = new SearchSpace().Choice("units", 16, 64).LogUniform("rate", 1e-4, 1e-1);
/// </code>
/// </example>
public sealed class SearchSpace
{
    private readonly IReadOnlyList<Dimension> _dimensions;

    /// <summary>A space without any choice.</summary>
    public SearchSpace()
        : this([])
    {
    }

    private SearchSpace(IReadOnlyList<Dimension> dimensions) => _dimensions = dimensions;

    /// <summary>The names, in the order that they were added.</summary>
    public IReadOnlyList<string> Names => [.. _dimensions.Select(dimension => dimension.Name)];

    /// <summary>How many combinations there are; null where a range has no end of them, or there are more than an int counts.</summary>
    public int? Count
    {
        get
        {
            long count = 1;
            foreach (Dimension dimension in _dimensions)
            {
                if (dimension.Values is null || (count *= dimension.Values.Count) > int.MaxValue)
                {
                    return null;
                }
            }

            return (int)count;
        }
    }

    /// <summary>One of some values.</summary>
    /// <param name="name">What is chosen; not in the space yet.</param>
    /// <param name="values">At least one. A grid takes them in this order.</param>
    /// <exception cref="ArgumentException">There is no value, or the name is taken.</exception>
    public SearchSpace Choice<TValue>(string name, params IReadOnlyList<TValue> values)
        where TValue : notnull
    {
        ArgumentNullException.ThrowIfNull(values);
        return values.Count > 0
            ? With(name, new(name, [.. values.Select(value => (object)value)], 0, 0, IsLog: false))
            : throw new ArgumentException($"There is no value of '{name}' to choose.", nameof(values));
    }

    /// <summary>A number in [<paramref name="low"/>, <paramref name="high"/>), each as likely. For a random search.</summary>
    /// <param name="name">What is chosen; not in the space yet.</param>
    /// <param name="low">The lower bound, finite.</param>
    /// <param name="high">The upper bound, above it, and finite: it is not reached but by rounding.</param>
    /// <remarks>Rounded to six digits, so that a table says what was tried.</remarks>
    /// <exception cref="ArgumentException">A bound is not finite, low is not below high, or the name is taken.</exception>
    public SearchSpace Uniform(string name, double low, double high) => low < high && double.IsFinite(high - low)
        ? With(name, new(name, null, low, high, IsLog: false))
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The range of '{name}' goes from a finite number to a larger one, not from {low} to {high}."), nameof(high));

    /// <summary>A number between positive bounds whose logarithm is uniform: each order of magnitude is as likely. For a random search; learning rates and penalties are looked for this way.</summary>
    /// <param name="name">What is chosen; not in the space yet.</param>
    /// <param name="low">The lower bound, positive.</param>
    /// <param name="high">The upper bound, above it, and finite: it is not reached but by rounding.</param>
    /// <inheritdoc cref="Uniform" path="/remarks"/>
    /// <exception cref="ArgumentException">A bound is not positive and finite, low is not below high, or the name is taken.</exception>
    public SearchSpace LogUniform(string name, double low, double high) => low > 0 && low < high && double.IsFinite(high)
        ? With(name, new(name, null, low, high, IsLog: true))
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The range of '{name}' goes from a positive number to a larger one, not from {low} to {high}."), nameof(high));

    /// <summary>A combination by its number: the last name varies fastest.</summary>
    internal SearchValues At(int index)
    {
        object[] values = new object[_dimensions.Count];
        for (int i = values.Length - 1; i >= 0; i--)
        {
            IReadOnlyList<object> choices = _dimensions[i].Values!;
            (index, int place) = Math.DivRem(index, choices.Count);
            values[i] = choices[place];
        }

        return new(Names, values);
    }

    /// <summary>A combination by chance.</summary>
    internal SearchValues Draw(ulong seed, ulong trial)
    {
        Philox random = new(seed, RandomPurpose.Search, trial);
        object[] values = new object[_dimensions.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _dimensions[i].Draw(ref random);
        }

        return new(Names, values);
    }

    /// <summary>The first name that has a range; null where none has.</summary>
    internal string? FirstRange => _dimensions.FirstOrDefault(dimension => dimension.Values is null)?.Name;

    private SearchSpace With(string name, Dimension dimension)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return _dimensions.All(known => known.Name != name)
            ? new([.. _dimensions, dimension])
            : throw new ArgumentException($"The space has '{name}' already. Choose another name.", nameof(name));
    }

    private sealed record Dimension(string Name, IReadOnlyList<object>? Values, double Low, double High, bool IsLog)
    {
        public object Draw(ref Philox random)
        {
            if (Values is not null)
            {
                return Values[random.NextInt(Values.Count)];
            }

            double uniform = random.NextUniform();
            double value = IsLog ? Low * Math.Pow(High / Low, uniform) : Low + ((High - Low) * uniform);
            return double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        }
    }
}

/// <summary>What a trial of a search has for each name.</summary>
public sealed class SearchValues
{
    private readonly object[] _values;

    internal SearchValues(IReadOnlyList<string> names, object[] values)
    {
        Names = names;
        _values = values;
    }

    /// <summary>The names, in the order of the space.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The value of a name.</summary>
    /// <typeparam name="TValue">What it was chosen from; double where it comes from a range.</typeparam>
    /// <exception cref="ArgumentException">There is no such name, or its value is of another type.</exception>
    public TValue Get<TValue>(string name)
    {
        for (int i = 0; i < _values.Length; i++)
        {
            if (Names[i] == name)
            {
                return _values[i] is TValue value
                    ? value
                    : throw new ArgumentException($"The value of '{name}' is a {_values[i].GetType().Name}, not a {typeof(TValue).Name}.", nameof(name));
            }
        }

        throw new ArgumentException($"There is no '{name}' among {string.Join(", ", Names)}.", nameof(name));
    }

    /// <summary>The value of a name as text, in the invariant culture.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public string Text(string name) => Convert.ToString(Get<object>(name), CultureInfo.InvariantCulture) ?? "";

    /// <summary>Names and values.</summary>
    public override string ToString() => string.Join(", ", Names.Select(name => $"{name} {Text(name)}"));
}
