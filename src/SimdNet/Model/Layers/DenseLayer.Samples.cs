using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <content>Copies of the weights for networks that do not change any more, and the kernels of single samples.</content>
internal sealed partial class DenseLayer<T>
{
    /// <summary>Elements that <see cref="Pack"/> writes; 0 where packing does not pay.</summary>
    public long PackedLength => Kernels.PackingPays(Inputs, Outputs) ? Kernels.PackedLength(Inputs, Outputs) : 0;

    /// <summary>Copies the weights into the order that a product reads them in.</summary>
    /// <param name="parameters">The network's block.</param>
    /// <param name="packed"><see cref="PackedLength"/> elements, overwritten.</param>
    public void Pack(ReadOnlySpan<T> parameters, Span<T> packed) => Kernels.Pack(Weights(parameters), isTransposed: false, packed);

    /// <summary><see cref="Forward"/> by packed weights, to the same bits.</summary>
    /// <param name="parameters">The network's block, for the rest of the parameters.</param>
    /// <param name="packed">As <see cref="Pack"/> left them.</param>
    /// <param name="input">[batch × inputs].</param>
    /// <param name="output">[batch × outputs], overwritten.</param>
    /// <param name="scratch">The kernels' scratch.</param>
    [MethodImpl(Compiled.Entry)]
    public void ForwardPacked(ReadOnlySpan<T> parameters, ReadOnlySpan<T> packed, ReadOnlyMatrixView<T> input, MatrixView<T> output, Span<T> scratch)
    {
        bool isSoftmax = Activation.Kind == ActivationKind.Softmax;
        Kernels.ForwardPacked(input, packed, Bias(parameters), isSoftmax ? ActivationKind.Identity : Activation.Kind, T.CreateTruncating(Activation.Slope), output, scratch);
        if (isSoftmax)
        {
            Kernels.SoftmaxRows(output);
        }
    }

    /// <summary><see cref="Forward"/> of one sample, by kernels that read each weight once.</summary>
    [MethodImpl(Compiled.Entry)]
    public void ForwardSample(ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output, bool linear)
    {
        if (_bias is not null)
        {
            parameters.Slice(_bias.Start, _bias.Length).CopyTo(output);
        }

        Kernels.VectorMatrix(input, Weights(parameters), output, accumulate: _bias is not null);
        if (!linear)
        {
            Activate(new MatrixView<T>(output, 1, Outputs));
        }
    }

    /// <summary>Elements that <see cref="PackBFloat16"/> writes; 0 where the layer is too narrow to gain by it.</summary>
    /// <remarks>A narrower layer would be filled up with zeros to a block of columns.</remarks>
    public long BFloat16Length => Outputs < BFloat16.Columns ? 0 : (long)Inputs * BFloat16.Words(Outputs);

    /// <summary>Rounds the weights to bfloat16, and copies them in that format. In float alone.</summary>
    /// <param name="parameters">The network's block; the layer's weights are rounded.</param>
    /// <param name="packed"><see cref="BFloat16Length"/> elements, overwritten.</param>
    public void PackBFloat16(Span<T> parameters, Span<T> packed) =>
        BFloat16.Pack(MemoryMarshal.Cast<T, float>(parameters.Slice(_weights.Start, _weights.Length)), Outputs, MemoryMarshal.Cast<T, float>(packed));

    /// <summary><see cref="ForwardSample"/> by weights in bfloat16.</summary>
    /// <param name="parameters">The network's block, for the rest of the parameters.</param>
    /// <param name="packed">As <see cref="PackBFloat16"/> left them.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs], overwritten.</param>
    [MethodImpl(Compiled.Entry)]
    public void ForwardSampleBFloat16(ReadOnlySpan<T> parameters, ReadOnlySpan<T> packed, ReadOnlySpan<T> input, Span<T> output)
    {
        if (_bias is null)
        {
            output.Clear();
        }
        else
        {
            Bias(parameters).CopyTo(output);
        }

        Kernels.VectorBFloat16Matrix(input, packed, output);
        Activate(new MatrixView<T>(output, 1, Outputs));
    }

    /// <summary>Backward of one sample and, in the same pass over the weights, the step of plain gradient descent.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs].</param>
    /// <param name="outputGradient">[outputs], overwritten with the gradient of the pre-activation.</param>
    /// <param name="inputGradient">[inputs], overwritten with the gradient by the weights before the step; empty where nobody needs it.</param>
    /// <param name="linear">As in <see cref="Forward"/>.</param>
    [MethodImpl(Compiled.Entry)]
    public void BackwardSampleAndStep(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient, bool linear)
    {
        if (!linear)
        {
            ActivateGradient(new ReadOnlyMatrixView<T>(output, 1, Outputs), new MatrixView<T>(outputGradient, 1, Outputs));
        }

        MatrixView<T> weights = new(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs);
        if (inputGradient.IsEmpty)
        {
            Kernels.RankOneUpdate(-rate, input, outputGradient, weights);
        }
        else
        {
            Kernels.RankOneUpdateWithInputGradient(-rate, input, outputGradient, weights, inputGradient);
        }

        if (_bias is not null)
        {
            Kernels.AddScaled(-rate, outputGradient, parameters.Slice(_bias.Start, _bias.Length));
        }
    }

    /// <summary>The bias' step of plain gradient descent.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="gradient">Of the pre-activation, [outputs].</param>
    /// <param name="sums">[outputs], overwritten with the bias after the step, or 0: where the sums of the next sample start.</param>
    [MethodImpl(Compiled.Entry)]
    public void StepBias(T rate, Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> sums)
    {
        if (_bias is null)
        {
            sums.Clear();
            return;
        }

        Span<T> bias = parameters.Slice(_bias.Start, _bias.Length);
        Kernels.AddScaled(-rate, gradient, bias);
        bias.CopyTo(sums);
    }

    /// <summary>The weights' step of plain gradient descent on one sample. For the first layer: there is no input gradient.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="gradient">Of the pre-activation, [outputs].</param>
    [MethodImpl(Compiled.Entry)]
    public void StepWeights(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> gradient) =>
        Kernels.RankOneUpdate(-rate, input, gradient, new MatrixView<T>(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs));

    /// <summary><see cref="StepWeights"/> of one sample and the weighted sums of the next, in one pass over the weights.</summary>
    /// <param name="rate">The learning rate.</param>
    /// <param name="parameters">The network's block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="gradient">Of the pre-activation, [outputs].</param>
    /// <param name="next">The next sample's, [inputs].</param>
    /// <param name="sums">[outputs], added to.</param>
    [MethodImpl(Compiled.Entry)]
    public void StepWeightsAndForward(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, ReadOnlySpan<T> next, Span<T> sums) =>
        Kernels.RankOneUpdateAndVectorMatrix(-rate, input, gradient, next, new MatrixView<T>(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs), sums);
}
