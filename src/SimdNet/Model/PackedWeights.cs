using System;
using System.Numerics;

using SimdNet.Memory;
using SimdNet.Model.Layers;

namespace SimdNet.Model;

/// <summary>Copies of the weights of a network whose parameters do not change any more, in the order in which kernels read them.</summary>
internal sealed class PackedWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of all copies together: they are one array, with a line for its alignment and one for each copy's.</summary>
    private const int MaxLength = 0x7FFF_FF00;

    private readonly AlignedBuffer<T> _block;
    private readonly (int Start, int Length)[] _batch;
    private readonly (int Start, int Length)[] _sample;

    /// <param name="network">The network. In bfloat16 its weights are rounded, so that batches of samples are predicted by the same numbers as single ones.</param>
    /// <param name="bfloat16">Whether single samples are predicted by weights in bfloat16: then it is reading them that takes the time.</param>
    /// <param name="maxLength">Elements that all copies together may have.</param>
    public PackedWeights(Network<T> network, bool bfloat16, int maxLength = MaxLength)
    {
        ReadOnlySpan<Layer<T>> layers = network.InferenceLayers;
        _batch = new (int Start, int Length)[layers.Length];
        _sample = new (int Start, int Length)[layers.Length];
        int end = 0;
        for (int i = 0; i < layers.Length; i++)
        {
            DenseLayer<T>? dense = layers[i] as DenseLayer<T>;
            _batch[i] = Next(dense?.PackedLength ?? 0);
            _sample[i] = Next(bfloat16 ? dense?.BFloat16Length ?? 0 : 0);
        }

        _block = new(end);
        for (int i = 0; i < layers.Length; i++)
        {
            if (layers[i] is not DenseLayer<T> dense)
            {
                continue;
            }

            if (_sample[i].Length > 0)
            {
                dense.PackBFloat16(network.ParameterBlock, Part(_sample[i]));
            }

            if (_batch[i].Length > 0)
            {
                dense.Pack(network.ParameterBlock, Part(_batch[i]));
            }
        }

        // A copy that has no room beside those before it is not made: the layer is predicted by its weights as they are.
        (int Start, int Length) Next(long length)
        {
            (int Start, int Length) part = (end, length > maxLength - end ? 0 : (int)length);
            end += AlignedBuffer<T>.RoundUp(part.Length);
            return part;
        }
    }

    /// <summary>What <see cref="DenseLayer{T}.Pack"/> wrote for a layer; nothing where batches are predicted by its weights as they are.</summary>
    public ReadOnlySpan<T> ForBatch(int layer) => Part(_batch[layer]);

    /// <summary>What <see cref="DenseLayer{T}.PackBFloat16"/> wrote for a layer; nothing where single samples are predicted by its weights as they are.</summary>
    public ReadOnlySpan<T> ForSample(int layer) => Part(_sample[layer]);

    private Span<T> Part((int Start, int Length) part) => _block.Span.Slice(part.Start, part.Length);
}
