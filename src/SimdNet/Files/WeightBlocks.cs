using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Data;

namespace SimdNet.Files;

/// <summary>A network's parameters as named blocks, in both directions: what every weight format stands on.</summary>
internal static class WeightBlocks
{
    /// <summary>W1, b1, W2, b2, …, copied.</summary>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, and would replace what was good.</exception>
    public static List<NamedBlock> Of<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<NamedBlock> blocks = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            ReadOnlySpan<T> values = network.GetParameter(parameter.Name);
            int bad = FiniteValues.IndexOfOther(values);
            if (bad >= 0)
            {
                throw new InvalidOperationException($"The network was not saved: {parameter.Name} holds {values[bad]} at index {bad}. Train again with a lower learning rate.");
            }

            blocks.Add(NamedBlock.Create(parameter.Name, values, [.. parameter.Shape]));
        }

        return blocks;
    }

    /// <summary>Sets every parameter, once it is known that all blocks fit.</summary>
    /// <param name="network">What is set.</param>
    /// <param name="blocks">Exactly W1, b1, …, in any order; whole numbers and either precision.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="SimdNetFormatException">A block is missing, extra, of another shape or not of finite numbers.</exception>
    public static void Set<T>(Network<T> network, IReadOnlyList<NamedBlock> blocks, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dictionary<string, NamedBlock> byName = [];
        foreach (NamedBlock block in blocks)
        {
            byName[block.Name] = block;
        }

        List<T[]> values = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            if (!byName.Remove(parameter.Name, out NamedBlock? block))
            {
                throw new SimdNetFormatException($"the array {parameter.Name} is missing; the network {network.Spec} needs {Names(network)}, and the file has {(blocks.Count == 0 ? "nothing" : string.Join(", ", Array.ConvertAll([.. blocks], other => other.Name)))}.", path);
            }

            values.Add(Values<T>(block, parameter, path));
        }

        foreach (NamedBlock other in byName.Values)
        {
            throw new SimdNetFormatException($"the array {other.Name} is not one of the network's; {network.Spec} has {Names(network)}.", path);
        }

        for (int i = 0; i < values.Count; i++)
        {
            values[i].CopyTo(network.GetParameter(network.Parameters[i].Name));
        }
    }

    /// <summary>A shape as messages show it: 64x16.</summary>
    public static string Shape(ReadOnlySpan<int> shape)
    {
        string[] sizes = new string[shape.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            sizes[i] = shape[i].ToString(CultureInfo.InvariantCulture);
        }

        return sizes.Length == 0 ? "a single number" : string.Join("x", sizes);
    }

    private static T[] Values<T>(NamedBlock block, ParameterInfo parameter, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<int> expected = [.. parameter.Shape];
        // A bias may also be a row or a column, as many tutorials keep it.
        bool isVector = expected.Length == 1 && block.Shape.Length == 2 && Math.Min(block.Shape[0], block.Shape[1]) == 1 && block.Length == expected[0];
        if (!isVector && !block.Shape.SequenceEqual(expected))
        {
            throw new SimdNetFormatException($"the array {parameter.Name} is {Shape(block.Shape)}, and the network needs {Shape(expected)}{(expected.Length == 2 ? " (inputs x units; transpose weights that are stored as units x inputs)" : "")}.", path);
        }

        T[] values;
        try
        {
            values = block.Values.ToArray<T>();
        }
        catch (Exception e) when (e is InvalidOperationException or InvalidCastException or NotSupportedException or OverflowException)
        {
            throw new SimdNetFormatException($"the array {parameter.Name} cannot be read as numbers: {e.Message}", path, null, e);
        }

        int bad = FiniteValues.IndexOfOther<T>(values);
        return bad < 0 ? values : throw new SimdNetFormatException($"the array {parameter.Name} holds {values[bad]} at index {bad}; weights are finite numbers.", path);
    }

    private static string Names<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<string> names = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            names.Add($"{parameter.Name} {Shape([.. parameter.Shape])}");
        }

        return string.Join(", ", names);
    }
}
