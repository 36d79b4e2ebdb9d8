using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Model;
using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>What a layer is, without its numbers.</summary>
public abstract record LayerSpec
{
    private protected LayerSpec()
    {
    }

    /// <summary>Width of the layer's output where its input has <paramref name="inputs"/> features.</summary>
    internal abstract int OutputsFor(int inputs);

    /// <summary>Number of parameters where the input has <paramref name="inputs"/> features. It can exceed an int.</summary>
    internal abstract long ParameterCountFor(int inputs);

    /// <summary>Adds the layers that this one is at work.</summary>
    internal abstract void AddTo<T>(LayerList<T> list)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>What a summary calls it.</summary>
    /// <param name="first">The first of its layers at work.</param>
    internal abstract string Describe<T>(Layer<T> first)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;
}

/// <summary>A fully connected layer: output [batch × units] = activation(input [batch × inputs] · weights [inputs × units] + bias [units]).</summary>
public sealed record DenseSpec : LayerSpec
{
    /// <param name="units">Number of units, at least 1.</param>
    /// <param name="activation">What follows the sum.</param>
    /// <exception cref="ArgumentOutOfRangeException">Units is below 1.</exception>
    public DenseSpec(int units, Activation activation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        Units = units;
        Activation = activation;
    }

    /// <summary>Number of units.</summary>
    public int Units { get; }

    /// <summary>What follows the sum.</summary>
    public Activation Activation { get; init; }

    /// <summary>Whether a bias is added. True, as in Keras and PyTorch.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>How the weights start. Glorot uniform, as in Keras.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>How the bias starts. Zeros, as in Keras.</summary>
    public Initializer BiasInitializer { get; init; }

    /// <summary>L1·Σ|w| over the weights, biases left out, is added to the loss, and its gradient L1·sign(w) to theirs: not negative. 0, the default, for none.</summary>
    /// <remarks>Penalties are part of the loss that steps, epochs and evaluations report, as Keras' <c>kernel_regularizer</c> is; <see cref="Optimizer.WeightDecay"/> is not. They act before any bound of the gradient.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double L1
    {
        get;
        init => field = NotNegative(value, nameof(L1));
    }

    /// <summary>L2·Σw² over the weights, biases left out, is added to the loss, and its gradient 2·L2·w to theirs, as in Keras; a weight decay d in PyTorch is an L2 of d / 2 here. Not negative. 0, the default, for none.</summary>
    /// <inheritdoc cref="L1" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double L2
    {
        get;
        init => field = NotNegative(value, nameof(L2));
    }

    /// <summary>The greatest Euclidean norm of the weights that come into a unit: after each step, those of a unit above it are multiplied by the limit / norm. Not negative; 0, the default, for no limit.</summary>
    /// <remarks>Keras' <c>MaxNorm</c> with axis 0, which multiplies by min(norm, limit) / (norm + 1e-7), of all units.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double MaxNorm
    {
        get;
        init => field = NotNegative(value, nameof(MaxNorm));
    }

    internal override int OutputsFor(int inputs) => Units;

    internal override long ParameterCountFor(int inputs) => ((long)inputs * Units) + (UseBias ? Units : 0);

    /// <remarks>An activation that the products of a dense layer do not apply is a layer of its own.</remarks>
    internal override void AddTo<T>(LayerList<T> list)
    {
        bool isFused = ActivationKinds.IsFused(Activation.Kind);
        list.Add(new DenseLayer<T>(this, isFused ? Activation : Activation.Identity, list));
        if (!isFused)
        {
            list.Add(new ActivationLayer<T>(Activation, list));
        }
    }

    internal override string Describe<T>(Layer<T> first) => $"dense {first.Number} ({Activation}{(UseBias ? "" : ", no bias")})";

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: <c>128:relu:no-bias:kernel=he-normal:bias=zeros:l1=0.001:l2=0.001:max-norm=3</c>, with what is default left out.</summary>
    public override string ToString() => NetworkSpecText.Write(this);

    private static double NotNegative(double value, string name) => value >= 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} is not negative, and finite.");
}
