using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Training.Checkpoints;

namespace SimdNet;

/// <summary>What a callback remembers, as a checkpoint holds it: numbers, texts and blocks of parameters by name, each to the bit.</summary>
/// <typeparam name="T">float or double.</typeparam>
public sealed class CallbackState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly IReadOnlyList<ParameterInfo> _parameters;

    internal CallbackState(IReadOnlyList<ParameterInfo> parameters) => _parameters = parameters;

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
    /// <exception cref="SimdNetFormatException">There is none, or one of another length.</exception>
    internal void GetBlock(string name, Span<T> block)
    {
        if (!Arrays.TryGetValue(name, out T[]? packed) || packed.Length != PackedBlock.Length(_parameters))
        {
            throw Missing(name);
        }

        PackedBlock.Unpack<T>(_parameters, packed, block);
    }

    private static SimdNetFormatException Missing(string name) => new($"The checkpoint does not hold '{name}' of a callback. Give the callbacks with which it was written.");
}
