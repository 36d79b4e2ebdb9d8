using System.Collections.Generic;

namespace SimdNet;

/// <summary>Name and shape of one of a network's parameter tensors, and what it is.</summary>
/// <param name="Name">W1, b1, W2, b2, … of dense layers, gamma1, beta1, … of normalizations: each kind of layer counts from 1.</param>
/// <param name="Shape">[inputs × units] for weights, [units] for a bias.</param>
public sealed record ParameterInfo(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Where the tensor begins in the network's parameter block.</summary>
    internal int Start { get; init; }

    /// <summary>Number of elements.</summary>
    public int Length { get; internal init; }

    /// <summary>Which of the spec's layers the tensor belongs to, from 0.</summary>
    public int Layer { get; internal init; }

    /// <summary>What the tensor is to its layer.</summary>
    public ParameterKind Kind { get; internal init; }

    /// <summary>Whether gradients move the tensor, as long as its layer is not frozen. False for running statistics.</summary>
    public bool IsTrainable => Kind is not (ParameterKind.RunningMean or ParameterKind.RunningVariance);
}

/// <summary>What a tensor is to its layer.</summary>
public enum ParameterKind
{
    /// <summary>What inputs are multiplied by.</summary>
    Weights,

    /// <summary>What is added to the weighted sums.</summary>
    Bias,

    /// <summary>γ, what normalized values are multiplied by.</summary>
    Gamma,

    /// <summary>β, what is added to normalized values.</summary>
    Beta,

    /// <summary>The mean that a normalization uses outside of training. No gradient moves it.</summary>
    RunningMean,

    /// <summary>The variance that a normalization uses outside of training. No gradient moves it.</summary>
    RunningVariance,

    /// <summary>A parameter of a user's own layer.</summary>
    Custom,
}
