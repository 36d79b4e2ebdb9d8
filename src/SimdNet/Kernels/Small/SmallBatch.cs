using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>A small network on a batch, all layers in one call: the bits of the layers one by one, without what lies between them.</summary>
/// <remarks>On 8 rows, carving, checking and pinning a product's operands and finding it through two tables of methods take as long as the product: <c>bench/run.sh MinibatchStep</c> has such steps.</remarks>
internal static unsafe class SmallBatch<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Every layer's output.</summary>
    /// <param name="layers">The layers, without a softmax but for the last where that is linear.</param>
    /// <param name="depth">How many.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="rows">Rows of the batch, at least 1.</param>
    /// <param name="input">[rows × inputs].</param>
    /// <param name="outputs">[rows × units] of each layer, one after the other, see <see cref="Room"/>.</param>
    /// <param name="most">Rows that there is room for.</param>
    /// <param name="linear">True leaves the last activation out.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Forward(SmallLayer<T>* layers, int depth, T* parameters, int rows, T* input, T* outputs, int most, bool linear)
    {
        SmallLayer<T>* last = layers + (depth - 1);
        for (SmallLayer<T>* layer = layers; layer <= last; layer++)
        {
            T* bias = layer->Bias < 0 ? null : parameters + layer->Bias;
            ActivationKind kind = linear && layer == last ? ActivationKind.Identity : layer->Kind;
            SmallDense<T, TPrecision, TVector, TWidth>.Forward(rows, layer->Inputs, layer->Units, input, parameters + layer->Weights, bias, kind, layer->Slope, outputs);
            input = outputs;
            outputs += Room(most, layer->Units);
        }
    }

    /// <summary>The gradients of all parameters, overwritten or added to.</summary>
    /// <param name="layers">As in <see cref="Forward"/>.</param>
    /// <param name="depth">How many.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="gradients">A block of the same layout, or the parameters themselves.</param>
    /// <param name="rows">Rows of the batch, at least 1.</param>
    /// <param name="input">[rows × inputs].</param>
    /// <param name="outputs">As <see cref="Forward"/> left them.</param>
    /// <param name="most">As in <see cref="Forward"/>.</param>
    /// <param name="gradient">With respect to the last layer's output, or its pre-activation where that is linear, [rows × units]; overwritten.</param>
    /// <param name="other">Room for as much as the widest layer's output, overwritten.</param>
    /// <param name="linear">True where the last activation was left out.</param>
    /// <param name="add">False: the gradients are overwritten without being read.</param>
    /// <param name="scratch">Room for the weights of a layer.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Backward(SmallLayer<T>* layers, int depth, T* parameters, T* gradients, int rows, T* input, T* outputs, int most, T* gradient, T* other, bool linear, bool add, T* scratch)
    {
        SmallLayer<T>* last = layers + (depth - 1);
        for (SmallLayer<T>* layer = layers; layer < last; layer++)
        {
            outputs += Room(most, layer->Units);
        }

        if (!linear)
        {
            Activations<T, TPrecision, TVector, TWidth>.ActivateGradient(last->Kind, last->Slope, outputs, gradient, (nint)rows * last->Units);
        }

        for (SmallLayer<T>* layer = last; layer >= layers; layer--)
        {
            T* below = input;
            if (layer > layers)
            {
                below = outputs -= Room(most, layer[-1].Units);
                SmallDense<T, TPrecision, TVector, TWidth>.InputGradient(rows, layer->Inputs, layer->Units, gradient, parameters + layer->Weights, layer[-1].Kind, layer[-1].Slope, below, other, scratch);
            }

            T* bias = layer->Bias < 0 ? null : gradients + layer->Bias;
            SmallDense<T, TPrecision, TVector, TWidth>.WeightsGradient(rows, layer->Inputs, layer->Units, below, gradient, gradients + layer->Weights, bias, add, scratch);
            T* spare = gradient;
            gradient = other;
            other = spare;
        }
    }

    /// <summary>Elements from one layer's output to the next: whole cache lines.</summary>
    private static nint Room(int most, int units)
    {
        nint line = 64 / sizeof(T);
        return (((nint)most * units) + line - 1) & -line;
    }
}
