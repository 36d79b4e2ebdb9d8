using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>The layers of a network while it is built: what each needs to know of those before it.</summary>
/// <param name="kernels">What they compute with.</param>
/// <param name="inputs">Width of the network's input.</param>
internal sealed class LayerList<T>(KernelSet<T> kernels, int inputs)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<Layer<T>> _layers = [];
    private readonly List<int> _specLayers = [];
    private readonly Dictionary<string, int> _numbers = [];

    public KernelSet<T> Kernels { get; } = kernels;

    /// <summary>The layers so far.</summary>
    public IReadOnlyList<Layer<T>> Layers => _layers;

    /// <summary>Which of the spec's layers each comes from.</summary>
    public IReadOnlyList<int> SpecLayers => _specLayers;

    /// <summary>Width of the last layer's output.</summary>
    public int Width { get; private set; } = inputs;

    /// <summary>Where the next layer's parameters begin in the block: on a cache line.</summary>
    public int End { get; private set; }

    /// <summary>Which of the spec's layers is being built, from 0.</summary>
    public int SpecLayer { get; set; }

    /// <summary>The next number of a kind of layers, from 1.</summary>
    public int NextNumber(string kind) => _numbers[kind] = _numbers.GetValueOrDefault(kind) + 1;

    public void Add(Layer<T> layer)
    {
        _layers.Add(layer);
        _specLayers.Add(SpecLayer);
        Width = layer.Outputs;
        foreach (ParameterInfo parameter in layer.Parameters)
        {
            End = parameter.Start + AlignedBuffer<T>.RoundUp(parameter.Length);
        }
    }
}
