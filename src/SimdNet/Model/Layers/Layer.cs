using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>A layer at work: offsets into the parameter block, and forward and backward over memory that the caller owns.</summary>
/// <remarks>
/// A <see cref="LayerSpec"/> becomes one or more of them. A layer's output gradient is with respect to its pre-activation: the layer above has applied the derivative of the activation below it on its way down. Layers that
/// are not dense end in the identity.
/// </remarks>
internal abstract class Layer<T>(KernelSet<T> kernels, int inputs, int outputs, Activation activation = default)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Parts of rows, of a batch or of weights, are of whole cache lines where rows are short.</summary>
    protected const int RowStep = 8;

    public int Inputs { get; } = inputs;

    public int Outputs { get; } = outputs;

    /// <summary>What the layer applies last: one that <see cref="ActivationKinds.IsFused"/>.</summary>
    public Activation Activation { get; } = activation;

    protected KernelSet<T> Kernels { get; } = kernels;

    /// <summary>Its number among the layers of its kind, from 1, as its tensors have it; 0 where it has none.</summary>
    public int Number { get; protected init; }

    /// <summary>The layer's tensors, in the order of the files.</summary>
    public virtual IReadOnlyList<ParameterInfo> Parameters => [];

    /// <summary>What the layer asks of its weights in training; null for nothing.</summary>
    public virtual WeightRule? WeightRule => null;

    /// <summary>About the floating-point operations of <see cref="Forward"/> for one row, and of each of the two halves of the way back: what decides into how many parts they are cut. 0 where they are never cut.</summary>
    public abstract long Operations { get; }

    /// <summary>True where a layer is nothing but a copy outside of training.</summary>
    public virtual bool IsTrainingOnly => false;

    /// <summary>True where rows depend on each other in training: a batch is one tile, without shards, and parts are ranges of features.</summary>
    public virtual bool TakesWholeBatches => false;

    /// <summary>Elements that the layer keeps for each row, from forward to backward or, in inference too, to another layer.</summary>
    public virtual int HeldPerRow(bool isTraining) => 0;

    /// <summary>Elements that the layer keeps once for all rows.</summary>
    public virtual int HeldPerBatch(bool isTraining) => 0;

    /// <summary>The layer whose kept elements this one shares; itself where they are its own.</summary>
    public virtual Layer<T> Holder => this;

    /// <summary>Sets the layer's parameters to their start.</summary>
    /// <param name="parameters">The network's block.</param>
    /// <param name="seed">The network's seed.</param>
    /// <param name="firstTensor">How many tensors the layers before have.</param>
    public virtual void Initialize(Span<T> parameters, ulong seed, int firstTensor)
    {
    }

    /// <param name="pass">What the layer is told.</param>
    /// <param name="input">[batch × inputs].</param>
    /// <param name="output">[batch × outputs], overwritten.</param>
    public abstract void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output);

    /// <summary>The gradient of the layer below's pre-activation, from that of the layer's own.</summary>
    /// <param name="pass">What the layer is told.</param>
    /// <param name="outputGradient">[batch × outputs], with respect to the pre-activation.</param>
    /// <param name="input">[batch × inputs], as forward read it.</param>
    /// <param name="output">[batch × outputs], as forward left it, but where the pass is linear.</param>
    /// <param name="inputGradient">[batch × inputs], overwritten.</param>
    /// <param name="below">The activation that made <paramref name="input"/>, whose derivative is applied on the way down.</param>
    public abstract void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below);

    /// <summary>The gradients of the layer's parameters.</summary>
    /// <param name="pass">What the layer is told.</param>
    /// <param name="input">[batch × inputs], as forward read it.</param>
    /// <param name="outputGradient">[batch × outputs], with respect to the pre-activation.</param>
    /// <param name="gradients">A block of the parameters' layout. It may be the network's block itself, added to: where <paramref name="outputGradient"/> was scaled by minus the learning rate, that is the step of plain gradient descent, and no gradient is stored.</param>
    /// <param name="accumulate">True: the gradients are added to. False: overwritten.</param>
    public virtual void ParameterGradients(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate)
    {
    }

    /// <summary>What a layer changes besides its gradients, once it is known that the step is made.</summary>
    /// <param name="pass">What the layer is told.</param>
    /// <param name="parameters">The network's block.</param>
    /// <param name="rows">Rows of the batch.</param>
    public virtual void EndStep(in LayerPass<T> pass, Span<T> parameters, int rows)
    {
    }

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
    public void ActivateGradient(ReadOnlyMatrixView<T> output, MatrixView<T> gradient) => Through(Activation, output, gradient);

    /// <summary>gradient = gradient · f′, where f is fused and <paramref name="output"/> what it made.</summary>
    [MethodImpl(Compiled.Entry)]
    protected void Through(Activation activation, ReadOnlyMatrixView<T> output, MatrixView<T> gradient)
    {
        if (activation.Kind == ActivationKind.Softmax)
        {
            Kernels.SoftmaxRowsGradient(output, gradient);
        }
        else if (activation.Kind != ActivationKind.Identity)
        {
            Kernels.ActivateGradient(activation.Kind, T.CreateTruncating(activation.Slope), output.Elements, gradient.Elements);
        }
    }
}
