using System;
using System.Collections.Generic;

using SimdNet.Files;

namespace SimdNet;

/// <summary>What a safetensors file holds.</summary>
public sealed class SafetensorsContents
{
    internal SafetensorsContents(IReadOnlyList<NamedBlock> blocks, IReadOnlyDictionary<string, string> metadata)
    {
        OrderedDictionary<string, NpyArray> tensors = new(blocks.Count, StringComparer.Ordinal);
        foreach (NamedBlock block in blocks)
        {
            tensors.Add(block.Name, block.Values);
        }

        Blocks = blocks;
        Tensors = tensors;
        Metadata = metadata;
    }

    /// <summary>The tensors by name, enumerated in the order of the header. bfloat16 has become float, bit for bit in its upper half.</summary>
    public IReadOnlyDictionary<string, NpyArray> Tensors { get; }

    /// <summary>The strings under <c>__metadata__</c>, in the order of the header; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors, in the order of the header.</summary>
    internal IReadOnlyList<NamedBlock> Blocks { get; }
}

/// <summary>What the header of a safetensors file declares.</summary>
/// <param name="Tensors">The tensors, in the order of the header.</param>
/// <param name="Metadata">The strings under <c>__metadata__</c>, in the order of the header; empty if there are none.</param>
public sealed record SafetensorsInfo(IReadOnlyList<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>A tensor as the header of a safetensors file declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Dtype">What the file calls its element type: F32, BF16, I64, …</param>
/// <param name="Shape">Size of each dimension; empty for a single number.</param>
public sealed record TensorInfo(string Name, string Dtype, IReadOnlyList<int> Shape);
