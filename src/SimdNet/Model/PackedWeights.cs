using System;
using System.Numerics;

using SimdNet.Memory;
using SimdNet.Model.Layers;

namespace SimdNet.Model;

/// <summary>The weights of a network whose parameters do not change any more, in bfloat16, for one sample at a time: then it is reading them that takes the time.</summary>
internal sealed class PackedWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly AlignedBuffer<T> _block;
    private readonly int[] _starts;

    /// <param name="network">Its weights are rounded, so that batches of samples are predicted by the same numbers.</param>
    public PackedWeights(Network<T> network)
    {
        ReadOnlySpan<Layer<T>> layers = network.Layers;
        _starts = new int[layers.Length + 1];
        for (int i = 0; i < layers.Length; i++)
        {
            _starts[i + 1] = checked(_starts[i] + AlignedBuffer<T>.RoundUp(layers[i].PackedLength));
        }

        _block = new(_starts[^1]);
        for (int i = 0; i < layers.Length; i++)
        {
            if (layers[i].PackedLength > 0)
            {
                layers[i].Pack(network.ParameterBlock, _block.Span.Slice(_starts[i], layers[i].PackedLength));
            }
        }
    }

    /// <summary>Those of one layer.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="layer">The layer.</param>
    /// <returns>What <see cref="Layer{T}.Pack"/> wrote; nothing where the layer keeps its weights as they are.</returns>
    public ReadOnlySpan<T> Of(int index, Layer<T> layer) => _block.Span.Slice(_starts[index], layer.PackedLength);
}
