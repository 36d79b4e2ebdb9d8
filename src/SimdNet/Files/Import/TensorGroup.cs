using System.Collections.Generic;

using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>The tensors of one layer in another library's file.</summary>
/// <param name="name">What the file calls the layer: the tensors' names up to the last '.' or '/'.</param>
internal sealed class TensorGroup(string name)
{
    private readonly Dictionary<ParameterKind, NamedBlock> _tensors = [];

    public string Name { get; } = name;

    /// <summary>What a tensor is, in the terms of the network's parameters; null where the layer has none.</summary>
    public NamedBlock? this[ParameterKind kind] => _tensors.GetValueOrDefault(kind);

    /// <summary>Whether it has a matrix of weights: else it is a normalization.</summary>
    public bool IsDense => _tensors.ContainsKey(ParameterKind.Weights);

    /// <summary>Whether it has running statistics.</summary>
    public bool IsBatchNorm => _tensors.ContainsKey(ParameterKind.RunningMean) || _tensors.ContainsKey(ParameterKind.RunningVariance);

    /// <summary>Adds a tensor; false if the layer has one of the kind.</summary>
    public bool TryAdd(ParameterKind kind, NamedBlock tensor) => _tensors.TryAdd(kind, tensor);

    /// <summary>A tensor that is none of these; null where there is none.</summary>
    public NamedBlock? Beside(IEnumerable<ParameterKind> kinds)
    {
        HashSet<ParameterKind> left = [.. _tensors.Keys];
        left.ExceptWith(kinds);
        foreach (ParameterKind kind in left)
        {
            return _tensors[kind];
        }

        return null;
    }

    /// <summary>A tensor with its shape, for messages.</summary>
    public static string Describe(NamedBlock tensor) => $"{Quoted.Of(tensor.Name)} {WeightBlocks.Shape(tensor.Shape)}";

    /// <summary>The tensors with their shapes, for messages.</summary>
    public override string ToString()
    {
        List<string> texts = [];
        foreach (NamedBlock tensor in _tensors.Values)
        {
            texts.Add(Describe(tensor));
        }

        return string.Join(", ", texts);
    }
}
