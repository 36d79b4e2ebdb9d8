using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Small networks as a whole.</content>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The outputs of a small network for one sample, in one call.</summary>
    /// <remarks>
    /// Order of arithmetic: a layer's sum starts from its bias, or from 0, and adds inputᵢ·weightᵢ fused, i in order, up to two inputs; more inputs are four such chains by i mod 4, of which the first starts from the bias and the
    /// others from 0, combined (0 + 1) + (2 + 3). A layer of one unit is a <see cref="Dot"/>, to which the bias is added. Rows whose input is 0 are not skipped.
    /// </remarks>
    /// <param name="network">The layers.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs], overwritten.</param>
    public abstract void SmallPredict(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output);

    /// <summary>One step of plain gradient descent of a small network on one sample, in one call.</summary>
    /// <remarks>
    /// Order of arithmetic: forward as <see cref="SmallPredict"/>, loss and derivatives as the members for them; the gradient of a layer's input is a <see cref="MatrixVector"/>; each unit's step −rate·gradient is rounded, then the
    /// weight becomes input·step + weight, fused, and the bias bias + step.
    /// </remarks>
    /// <param name="network">The layers.</param>
    /// <param name="parameters">The block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="target">[outputs].</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">Factor of the loss' gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="output">[outputs], overwritten with the network's outputs before the step.</param>
    /// <returns>The loss' sum before the step. Where it is not finite, no parameter was changed.</returns>
    public abstract T SmallStep(SmallNetwork<T> network, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> target, SmallLoss loss, T scale, T rate, Span<T> output);

    /// <summary>Every layer's output for a batch, in one call, with the bits of <see cref="Forward"/> for each layer.</summary>
    /// <param name="network">The layers; see <see cref="SmallNetwork{T}.TakesBatches"/>.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="input">[rows × inputs], without gaps, at least one row.</param>
    /// <param name="most">Rows that <paramref name="outputs"/> has room for.</param>
    /// <param name="outputs">The layers' outputs, each [rows × units], one after the other, each with room for <paramref name="most"/> rows and a whole number of cache lines. Overwritten.</param>
    /// <param name="linear">True leaves the last activation out.</param>
    public abstract void SmallForward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, bool linear);

    /// <summary>The gradients of all parameters for a batch, in one call, with the bits of <see cref="ActivateGradient(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/> for the last layer where it is not linear, then of <see cref="InputGradient"/> and <see cref="WeightsGradient"/> for each.</summary>
    /// <param name="network">As in <see cref="SmallForward"/>.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="gradients">A block of the same layout. It may be the parameters themselves, added to: inputs' gradients come from the parameters as they were.</param>
    /// <param name="input">As in <see cref="SmallForward"/>.</param>
    /// <param name="most">As in <see cref="SmallForward"/>.</param>
    /// <param name="outputs">As <see cref="SmallForward"/> left them.</param>
    /// <param name="gradient">With respect to the last layer's output, or its pre-activation where that is linear, [rows × units] at the beginning; room for the widest layer's output. Overwritten.</param>
    /// <param name="other">As much room, overwritten.</param>
    /// <param name="linear">True where the last activation was left out.</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void SmallBackward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, Span<T> gradients, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, Span<T> gradient, Span<T> other, bool linear, bool accumulate, Span<T> scratch);

    /// <summary>One step of plain gradient descent on one sample of all layers above a first one, and of that one's bias: what lies between two passes over the first layer's weights.</summary>
    /// <remarks>
    /// Order of arithmetic: the first layer's function is applied to its sums, the layers above are <see cref="SmallStep"/>, and the gradient that it leaves goes through the first layer's function as in <see cref="ActivateGradient(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/>; the
    /// first layer's bias makes its step by <see cref="AddScaled"/>.
    /// </remarks>
    /// <param name="network">The layers above, from <see cref="SmallNetwork{T}.Above"/>.</param>
    /// <param name="parameters">The block, updated but for the first layer's weights.</param>
    /// <param name="sums">[units of the first]: its weighted inputs and bias on entry; its bias after the step, or 0 where it has none, on return.</param>
    /// <param name="target">[outputs]; empty where there is a label.</param>
    /// <param name="label">The class, for the softmax cross-entropy alone; −1 where there is a target.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">Factor of the loss' gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="output">[outputs], overwritten with the network's outputs before the step.</param>
    /// <param name="gradient">With respect to the sums, overwritten.</param>
    /// <returns>The loss' sum before the step. Where it is not finite, neither a parameter nor a sum was changed.</returns>
    public abstract T SmallTail(SmallNetwork<T> network, Span<T> parameters, Span<T> sums, ReadOnlySpan<T> target, int label, SmallLoss loss, T scale, T rate, Span<T> output, Span<T> gradient);
}
