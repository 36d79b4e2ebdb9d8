using System;

using SimdNet.Model;

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

    internal override int OutputsFor(int inputs) => Units;

    internal override long ParameterCountFor(int inputs) => ((long)inputs * Units) + (UseBias ? Units : 0);

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads: <c>128:relu:no-bias:kernel=he-normal:bias=zeros</c>, with what is default left out.</summary>
    public override string ToString() => NetworkSpecText.Write(this);
}
