using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Data;
using SimdNet.Training.Checkpoints;

namespace SimdNet;

/// <summary>What a callback remembers, as a checkpoint holds it: numbers, texts and blocks of parameters by name, each to the bit.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class CallbackState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whole numbers up to this one are told apart in double.</summary>
    private const long MostCount = 1L << 53;

    private readonly IReadOnlyList<ParameterInfo> _parameters;
    private readonly string? _path;

    /// <param name="parameters">Those of the network.</param>
    /// <param name="path">The checkpoint that it comes from, for messages; null where it goes into one.</param>
    internal CallbackState(IReadOnlyList<ParameterInfo> parameters, string? path = null)
    {
        _parameters = parameters;
        _path = path;
    }

    /// <summary>Numbers; NaN and infinity are numbers too. What is not there was null.</summary>
    public IDictionary<string, double> Numbers { get; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Texts.</summary>
    public IDictionary<string, string> Texts { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Arrays, such as weights that were kept.</summary>
    public IDictionary<string, T[]> Arrays { get; } = new Dictionary<string, T[]>(StringComparer.Ordinal);

    /// <summary>A number, or null where there is none.</summary>
    internal double? Find(string name) => Numbers.TryGetValue(name, out double value) ? value : null;

    /// <summary>A number that is always there.</summary>
    /// <exception cref="SimdNetFormatException">It is not.</exception>
    internal double Number(string name) => Find(name) ?? throw Missing(name);

    /// <summary>A whole number from 0 on, or null where there is none.</summary>
    /// <exception cref="SimdNetFormatException">It is another number.</exception>
    internal long? FindCount(string name, long greatest = MostCount)
    {
        double? number = Find(name);
        return number is { } value && !(value >= 0 && value <= greatest && double.IsInteger(value))
            ? throw Damaged(string.Create(CultureInfo.InvariantCulture, $"'{name}' of a callback is {value}, and no whole number from 0 to {greatest}"))
            : (long?)number;
    }

    /// <summary>A whole number from 0 on that is always there.</summary>
    /// <exception cref="SimdNetFormatException">It is not, or is another number.</exception>
    internal long Count(string name, long greatest = MostCount) => FindCount(name, greatest) ?? throw Missing(name);

    /// <summary>Sets a number, where there is one.</summary>
    internal void Set(string name, double? value)
    {
        if (value is { } number)
        {
            Numbers[name] = number;
        }
    }

    /// <summary>Keeps a block of the parameters' layout, without what lies between its tensors.</summary>
    internal void SetBlock(string name, ReadOnlySpan<T> block) => Arrays[name] = PackedBlock.Pack(_parameters, block);

    /// <summary>Fills a block of the parameters' layout.</summary>
    /// <exception cref="SimdNetFormatException">There is none, or one of another length, or of numbers that no network can go on with.</exception>
    internal void GetBlock(string name, Span<T> block)
    {
        if (!Arrays.TryGetValue(name, out T[]? packed) || packed.Length != PackedBlock.Length(_parameters))
        {
            throw Missing(name);
        }

        int bad = FiniteValues.IndexOfOther<T>(packed);
        if (bad >= 0)
        {
            throw Damaged(string.Create(CultureInfo.InvariantCulture, $"'{name}' of a callback holds {packed[bad]}"));
        }

        PackedBlock.Unpack<T>(_parameters, packed, block);
    }

    /// <summary>A part is not what it must be.</summary>
    internal SimdNetFormatException Damaged(string what) => CheckpointContents.Damaged(what, _path);

    private SimdNetFormatException Missing(string name) => new($"the checkpoint does not hold '{name}' of a callback. Give the callbacks with which it was written.", _path);
}
