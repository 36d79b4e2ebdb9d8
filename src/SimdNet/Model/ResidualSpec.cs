using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>A residual block (He et al. 2015): output [batch × features] = input + f(input), where f is a list of layers that ends as wide as it begins.</summary>
public sealed record ResidualSpec : LayerSpec
{
    /// <summary>The most blocks within each other. It bounds the depth that a file can ask a reader to go.</summary>
    internal const int MaxDepth = 16;

    private readonly LayerSpec[] _layers;

    /// <param name="layers">f's layers, at least one. They may be residual blocks in turn, at most 16 within each other.</param>
    /// <exception cref="ArgumentException">There is no layer, or blocks are nested deeper.</exception>
    public ResidualSpec(params IReadOnlyList<LayerSpec> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        _layers = [.. layers];
        Layers = Array.AsReadOnly(_layers);
        if (_layers.Length == 0)
        {
            throw new ArgumentException("A residual block has at least one layer. Write it as residual(64:relu,64).", nameof(layers));
        }

        foreach (LayerSpec layer in _layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            Depth = Math.Max(Depth, layer is ResidualSpec inner ? inner.Depth : 0);
        }

        Depth++;
        if (Depth > MaxDepth)
        {
            throw new ArgumentException($"Residual blocks are {Depth} deep within each other, and {MaxDepth} is the most. Put some behind each other.", nameof(layers));
        }
    }

    /// <summary>f's layers, first to last.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; }

    /// <summary>How many blocks are within each other, this one included.</summary>
    internal int Depth { get; }

    internal override int OutputsFor(int inputs)
    {
        int width = inputs;
        foreach (LayerSpec layer in _layers)
        {
            width = layer.OutputsFor(width);
        }

        return width == inputs
            ? width
            : throw new ArgumentException($"The residual block {NetworkSpec.Shortened(ToString())} adds its output of {width} features to its input of {inputs}. End it in a layer of {inputs} units.");
    }

    internal override long ParameterCountFor(int inputs)
    {
        long count = 0;
        foreach (LayerSpec layer in _layers)
        {
            count += layer.ParameterCountFor(inputs);
            inputs = layer.OutputsFor(inputs);
            if (count > NetworkSpec.MaxParameters)
            {
                break;
            }
        }

        return count;
    }

    internal override void AddTo<T>(LayerList<T> list)
    {
        SplitLayer<T> split = new(list);
        list.Add(split);
        foreach (LayerSpec layer in _layers)
        {
            layer.AddTo(list);
        }

        list.Add(new AddLayer<T>(split, list));
    }

    internal override string Describe<T>(Layer<T> first) => ToString();

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: <c>residual(64:relu,64)</c>.</summary>
    public override string ToString() => $"residual({string.Join(',', (IEnumerable<LayerSpec>)_layers)})";

    /// <summary>Whether both have the same layers.</summary>
    public bool Equals(ResidualSpec? other) => other is not null && _layers.AsSpan().SequenceEqual(other._layers);

    /// <inheritdoc/>
    public override int GetHashCode() => _layers.Aggregate(Depth, HashCode.Combine);
}
