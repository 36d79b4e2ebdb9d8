using System.Collections.Generic;

namespace SimdNet;

/// <summary>Name and shape of one of a network's parameter tensors.</summary>
/// <param name="Name">W1, b1, W2, b2, …: the layer counts from 1.</param>
/// <param name="Shape">[inputs × units] for weights, [units] for a bias.</param>
public sealed record ParameterInfo(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Where the tensor begins in the network's parameter block.</summary>
    internal int Start { get; init; }

    /// <summary>Number of elements.</summary>
    public int Length { get; internal init; }
}
