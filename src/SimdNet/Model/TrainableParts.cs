using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Model;

/// <summary>What is trained of a network: all but frozen layers, and numbers that no gradient moves. As it is when this is made.</summary>
internal sealed class TrainableParts<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly bool[] _frozen;
    private readonly bool[] _trained;
    private readonly (int Start, int Length)[] _ranges;

    /// <param name="network">The network.</param>
    public TrainableParts(Network<T> network)
    {
        _frozen = new bool[network.Layers.Length];
        _trained = new bool[_frozen.Length];
        List<(int Start, int Length)> ranges = [];
        IsAll = true;
        Lowest = _frozen.Length;
        for (int i = 0; i < _frozen.Length; i++)
        {
            _frozen[i] = network.IsFrozen(network.SpecLayers[i]);
            NeedsPairs |= network.Layers[i].TakesWholeBatches && !_frozen[i];
            foreach (ParameterInfo parameter in network.Layers[i].Parameters)
            {
                if (_frozen[i] || !parameter.IsTrainable)
                {
                    IsAll = false;
                    continue;
                }

                _trained[i] = true;
                Lowest = Math.Min(Lowest, i);
                int length = AlignedBuffer<T>.RoundUp(parameter.Length);
                if (ranges is [.., (int start, int before)] && start + before == parameter.Start)
                {
                    ranges[^1] = (start, before + length);
                }
                else
                {
                    ranges.Add((parameter.Start, length));
                }
            }
        }

        _ranges = [.. ranges];
    }

    /// <summary>The first layer that is trained, where the way back ends; the number of layers where none is.</summary>
    public int Lowest { get; }

    /// <summary>True where every parameter is trained.</summary>
    public bool IsAll { get; }

    /// <summary>True where statistics of a batch are taken, which one row does not have.</summary>
    public bool NeedsPairs { get; }

    /// <summary>The parts of the parameter block that updates move, in whole cache lines: one, the whole block, where <see cref="IsAll"/>.</summary>
    public ReadOnlySpan<(int Start, int Length)> TrainedRanges => _ranges;

    /// <summary>Whether a layer is frozen.</summary>
    public bool IsFrozen(int layer) => _frozen[layer];

    /// <summary>Whether a layer has parameters that are trained.</summary>
    public bool IsTrained(int layer) => _trained[layer];
}
