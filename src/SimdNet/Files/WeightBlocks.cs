using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Data;
using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>A network's parameters as named blocks, in both directions: what every weight format stands on.</summary>
internal static class WeightBlocks
{
    /// <summary>W1, b1, W2, b2, …, copied.</summary>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, or no variance where it is one, and would replace what was good.</exception>
    public static List<NamedBlock> Of<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<NamedBlock> blocks = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            ReadOnlySpan<T> values = network.TensorOf(parameter);
            int bad = FiniteValues.IndexOfOther(values);
            if (bad >= 0)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The network was not saved: {parameter.Name} holds {values[bad]} at index {bad}. Train again with a lower learning rate."));
            }

            bad = parameter.Kind == ParameterKind.RunningVariance ? IndexOfNoVariance(values) : -1;
            if (bad >= 0)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The network was not saved: {parameter.Name} holds {values[bad]} at index {bad}, and a variance is at least 0. Set it anew, by training or by loading a sound model."));
            }

            blocks.Add(NamedBlock.Create(parameter.Name, values, [.. parameter.Shape]));
        }

        return blocks;
    }

    /// <summary>Sets every parameter, once it is known that all blocks fit.</summary>
    /// <param name="network">What is set.</param>
    /// <param name="blocks">Exactly W1, b1, …, in any order; whole numbers and either precision.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="SimdNetFormatException">A block is missing, extra, of another shape, not of finite numbers or, where they are variances, below 0.</exception>
    public static void Set<T>(Network<T> network, IReadOnlyList<NamedBlock> blocks, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Dictionary<string, NamedBlock> byName = [];
        foreach (NamedBlock block in blocks)
        {
            byName[block.Name] = block;
        }

        NamedBlock[] found = new NamedBlock[network.Parameters.Count];
        for (int i = 0; i < found.Length; i++)
        {
            ParameterInfo parameter = network.Parameters[i];
            if (!byName.Remove(parameter.Name, out NamedBlock? block))
            {
                throw new SimdNetFormatException($"the array {parameter.Name} is missing; the network {network.Spec.Short} needs {Names(network)}, and the file has {(blocks.Count == 0 ? "nothing" : FirstOf(blocks, other => Quoted.Of(other.Name)))}.", path);
            }

            Check<T>(block, parameter, path);
            found[i] = block;
        }

        foreach (NamedBlock other in byName.Values)
        {
            throw new SimdNetFormatException($"the array {Quoted.Of(other.Name)} is not one of the network's; {network.Spec.Short} has {Names(network)}.", path);
        }

        for (int i = 0; i < found.Length; i++)
        {
            found[i].Values.CopyTo(network.TensorOf(network.Parameters[i]));
        }
    }

    /// <summary>Index of the first number by whose root, with the epsilon that is added to it, nothing can be divided; −1 if there is none.</summary>
    /// <remarks>It may be below 0 by less than the epsilon: what was trained with a smaller one has such variances here.</remarks>
    public static int IndexOfNoVariance<T>(ReadOnlySpan<T> variances)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T epsilon = T.CreateTruncating(BatchNormSpec.Epsilon);
        for (int i = 0; i < variances.Length; i++)
        {
            if (!(variances[i] + epsilon > T.Zero))
            {
                return i;
            }
        }

        return -1;
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

    private static void Check<T>(NamedBlock block, ParameterInfo parameter, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<int> expected = [.. parameter.Shape];
        // A bias may also be a row or a column, as many tutorials keep it.
        bool isVector = expected.Length == 1 && block.Shape.Length == 2 && Math.Min(block.Shape[0], block.Shape[1]) == 1 && block.Length == expected[0];
        if (!isVector && !block.Shape.SequenceEqual(expected))
        {
            throw new SimdNetFormatException($"the array {parameter.Name} is {Shape(block.Shape)}, and the network needs {Shape(expected)}{(expected.Length == 2 ? " (inputs x units; transpose weights that are stored as units x inputs)" : "")}.", path);
        }

        int bad = FiniteValues.IndexOfOther(block.Values, out T value);
        if (bad >= 0)
        {
            throw new SimdNetFormatException(string.Create(CultureInfo.InvariantCulture, $"the array {parameter.Name} holds {value} at index {bad}; weights are finite numbers."), path);
        }

        if (parameter.Kind == ParameterKind.RunningVariance)
        {
            CheckVariances<T>(block, parameter, path);
        }
    }

    /// <summary>Piece by piece: memory is for what is taken.</summary>
    private static void CheckVariances<T>(NamedBlock block, ParameterInfo parameter, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int PieceLength = 512;
        Span<T> piece = stackalloc T[PieceLength];
        for (int start = 0; start < block.Length; start += PieceLength)
        {
            Span<T> part = piece[..Math.Min(PieceLength, block.Length - start)];
            block.Values.CopyTo(start, part);
            int bad = IndexOfNoVariance<T>(part);
            if (bad >= 0)
            {
                throw new SimdNetFormatException(string.Create(CultureInfo.InvariantCulture, $"the array {parameter.Name} holds {part[bad]} at index {start + bad}; a variance is at least 0, since its root is divided by. The file is damaged: take an older one, or write it again from a sound network."), path);
            }
        }
    }

    private static string Names<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => FirstOf(network.Parameters, parameter => $"{parameter.Name} {Shape([.. parameter.Shape])}");

    /// <summary>The first few for a message: a file may have thousands.</summary>
    private static string FirstOf<TItem>(IReadOnlyList<TItem> items, Func<TItem, string> describe)
    {
        const int Most = 16;
        List<string> texts = [];
        for (int i = 0; i < Math.Min(items.Count, Most); i++)
        {
            texts.Add(describe(items[i]));
        }

        return $"{string.Join(", ", texts)}{(items.Count > Most ? ", …" : "")}";
    }
}
