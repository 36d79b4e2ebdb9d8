using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>A layer at work: offsets into the parameter block, and forward and backward over memory that the caller owns.</summary>
/// <remarks>
/// <c>parameters</c> and <c>gradients</c> are whole blocks of the network's layout. <c>linear</c> true leaves the last step, the activation, to the caller: a loss that is fused
/// with it takes the logits and gives the gradient with respect to them.
/// </remarks>
internal abstract class Layer<T>(KernelSet<T> kernels, int inputs, int outputs, Activation activation)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Inputs { get; } = inputs;

    public int Outputs { get; } = outputs;

    public Activation Activation { get; } = activation;

    protected KernelSet<T> Kernels { get; } = kernels;

    /// <summary>The layer's tensors, in the order of the files.</summary>
    public abstract IReadOnlyList<ParameterInfo> Parameters { get; }

    /// <summary>What the layer asks of its weights in training; null for nothing.</summary>
    public virtual WeightRule? WeightRule => null;

    /// <summary>The layer as the kernels of small networks take it.</summary>
    public abstract SmallLayer<T> Small { get; }

    /// <summary>Sets the layer's parameters to their start.</summary>
    /// <param name="parameters">The network's block.</param>
    /// <param name="seed">The network's seed.</param>
    /// <param name="firstTensor">How many tensors the layers before have.</param>
    public abstract void Initialize(Span<T> parameters, ulong seed, int firstTensor);

    /// <param name="parameters">The network's block.</param>
    /// <param name="input">[batch × inputs].</param>
    /// <param name="output">[batch × outputs], overwritten.</param>
    /// <param name="linear">True: without the activation.</param>
    /// <param name="scratch">The kernels' scratch.</param>
    /// <param name="share">The part of the work that is done.</param>
    public abstract void Forward(ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, MatrixView<T> output, bool linear, Span<T> scratch, Share share);

    /// <summary>Floating-point operations of <see cref="Forward"/> for one row, and of each of the two halves of the way back: what decides into how many parts they are cut.</summary>
    public abstract long Operations { get; }

    /// <summary>The gradient of the layer below's pre-activation, from that of the layer's own.</summary>
    /// <param name="parameters">The network's block.</param>
    /// <param name="outputGradient">[batch × outputs], with respect to the pre-activation.</param>
    /// <param name="input">[batch × inputs], as forward read it.</param>
    /// <param name="inputGradient">[batch × inputs], overwritten.</param>
    /// <param name="below">The activation that made <paramref name="input"/>, whose derivative is applied on the way down.</param>
    /// <param name="scratch">The kernels' scratch.</param>
    /// <param name="share">The part of the work that is done.</param>
    public abstract void InputGradient(ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, MatrixView<T> inputGradient, Activation below, Span<T> scratch, Share share);

    /// <summary>The gradients of the layer's parameters.</summary>
    /// <param name="input">[batch × inputs], as forward read it.</param>
    /// <param name="outputGradient">[batch × outputs], with respect to the pre-activation.</param>
    /// <param name="gradients">A block of the parameters' layout. It may be the network's block itself, added to: where <paramref name="outputGradient"/> was scaled by minus the learning rate, that is the step of plain gradient descent, and no gradient is stored.</param>
    /// <param name="accumulate">True: the gradients are added to. False: overwritten.</param>
    /// <param name="scratch">The kernels' scratch.</param>
    /// <param name="share">The part of the work that is done.</param>
    public abstract void ParameterGradients(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate, Span<T> scratch, Share share);

    /// <summary><see cref="Forward"/> of one sample, by kernels that read each weight once.</summary>
    public abstract void ForwardSample(ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output, bool linear);

    /// <summary>Elements that <see cref="Pack"/> writes; 0 where packing does not pay.</summary>
    public abstract long PackedLength { get; }

    /// <summary>Copies the weights into the order that a product reads them in.</summary>
    /// <param name="parameters">The network's block.</param>
    /// <param name="packed"><see cref="PackedLength"/> elements, overwritten.</param>
    public abstract void Pack(ReadOnlySpan<T> parameters, Span<T> packed);

    /// <summary><see cref="Forward"/> by packed weights, to the same bits.</summary>
    /// <param name="parameters">The network's block, for the rest of the parameters.</param>
    /// <param name="packed">As <see cref="Pack"/> left them.</param>
    /// <param name="input">[batch × inputs].</param>
    /// <param name="output">[batch × outputs], overwritten.</param>
    /// <param name="scratch">The kernels' scratch.</param>
    public abstract void ForwardPacked(ReadOnlySpan<T> parameters, ReadOnlySpan<T> packed, ReadOnlyMatrixView<T> input, MatrixView<T> output, Span<T> scratch);

    /// <summary>Elements that <see cref="PackBFloat16"/> writes; 0 where the layer is too narrow to gain by it.</summary>
    public abstract long BFloat16Length { get; }

    /// <summary>Rounds the weights to bfloat16, and copies them in that format. In float alone.</summary>
    /// <param name="parameters">The network's block; the layer's weights are rounded.</param>
    /// <param name="packed"><see cref="BFloat16Length"/> elements, overwritten.</param>
    public abstract void PackBFloat16(Span<T> parameters, Span<T> packed);

    /// <summary><see cref="ForwardSample"/> by weights in bfloat16.</summary>
    /// <param name="parameters">The network's block, for the rest of the parameters.</param>
    /// <param name="packed">As <see cref="PackBFloat16"/> left them.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs], overwritten.</param>
    public abstract void ForwardSampleBFloat16(ReadOnlySpan<T> parameters, ReadOnlySpan<T> packed, ReadOnlySpan<T> input, Span<T> output);

    /// <summary>Backward of one sample and, in the same pass over the weights, the step of plain gradient descent.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs].</param>
    /// <param name="outputGradient">[outputs], overwritten with the gradient of the pre-activation.</param>
    /// <param name="inputGradient">[inputs], overwritten with the gradient by the weights before the step; empty where nobody needs it.</param>
    /// <param name="linear">As in <see cref="Forward"/>.</param>
    public abstract void BackwardSampleAndStep(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient, bool linear);

    /// <summary>The bias' step of plain gradient descent.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="gradient">Of the pre-activation, [outputs].</param>
    /// <param name="sums">[outputs], overwritten with the bias after the step, or 0: where the sums of the next sample start.</param>
    public abstract void StepBias(T rate, Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> sums);

    /// <summary>The weights' step of plain gradient descent on one sample. For the first layer: there is no input gradient.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="gradient">Of the pre-activation, [outputs].</param>
    public abstract void StepWeights(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> gradient);

    /// <summary><see cref="StepWeights"/> of one sample and the weighted sums of the next, in one pass over the weights.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="gradient">Of the pre-activation, [outputs].</param>
    /// <param name="next">The next sample's, [inputs].</param>
    /// <param name="sums">[outputs], added to.</param>
    public abstract void StepWeightsAndForward(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, ReadOnlySpan<T> next, Span<T> sums);

    /// <summary>values = activation(values), [batch × outputs].</summary>
    [MethodImpl(Compiled.Entry)]
    public void Activate(MatrixView<T> values)
    {
        if (Activation.Kind == ActivationKind.Softmax)
        {
            Kernels.SoftmaxRows(values);
        }
        else if (Activation.Kind != ActivationKind.Identity)
        {
            Kernels.Activate(Activation.Kind, T.CreateTruncating(Activation.Slope), values.Elements);
        }
    }

    /// <summary>gradient = gradient · activation′, [batch × outputs].</summary>
    [MethodImpl(Compiled.Entry)]
    public void ActivateGradient(ReadOnlyMatrixView<T> output, MatrixView<T> gradient)
    {
        if (Activation.Kind == ActivationKind.Softmax)
        {
            Kernels.SoftmaxRowsGradient(output, gradient);
        }
        else if (Activation.Kind != ActivationKind.Identity)
        {
            Kernels.ActivateGradient(Activation.Kind, T.CreateTruncating(Activation.Slope), output.Elements, gradient.Elements);
        }
    }
}
