using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

using SimdNet.IO;

namespace SimdNet.Files;

/// <summary>What other libraries call the tensors of a layer.</summary>
internal static partial class TensorNames
{
    /// <summary>The library that has such names; <see cref="WeightSource.Automatic"/> where they are <c>numpy.savez</c>'s own, arr_0, arr_1, ….</summary>
    /// <exception cref="SimdNetFormatException">The names are those of none, or of two.</exception>
    public static WeightSource SourceOf(IReadOnlyList<NamedBlock> tensors, string path)
    {
        if (AreNumbered(tensors))
        {
            return WeightSource.Automatic;
        }

        bool isNumpy = true;
        bool isPyTorch = false;
        bool isKeras = false;
        foreach (NamedBlock tensor in tensors)
        {
            isNumpy &= OwnName().IsMatch(tensor.Name);
            Split(tensor.Name, out _, out string last);
            isPyTorch |= last is "weight" or "running_mean" or "running_var" or "num_batches_tracked";
            isKeras |= last is "kernel" or "gamma" or "beta" or "moving_mean" or "moving_variance";
        }

        return (isNumpy, isPyTorch, isKeras) switch
        {
            (true, _, _) => WeightSource.Numpy,
            (_, true, false) => WeightSource.PyTorch,
            (_, false, true) => WeightSource.Keras,
            _ => throw new SimdNetFormatException(
                $"the names of the tensors, {Names(tensors)}, are {(isPyTorch ? "PyTorch's and Keras' at once" : "neither PyTorch's (0.weight, 0.bias), nor Keras' (dense/kernel, dense/bias), nor W1, b1, …")}. Rename them, or write the arrays of each layer in turn without names: np.savez(path, *arrays).", path),
        };
    }

    /// <summary>Whether the names are those that <c>numpy.savez</c> gives to arrays without one.</summary>
    public static bool AreNumbered(IReadOnlyList<NamedBlock> tensors)
    {
        foreach (NamedBlock tensor in tensors)
        {
            if (!NumberedName().IsMatch(tensor.Name))
            {
                return false;
            }
        }

        return tensors.Count > 0;
    }

    /// <summary>The number of a name that <see cref="AreNumbered"/> takes.</summary>
    public static int NumberOf(NamedBlock tensor) => int.Parse(tensor.Name.AsSpan("arr_".Length), CultureInfo.InvariantCulture);

    /// <summary>The tensors by layer, in the order in which the layers first appear.</summary>
    /// <param name="tensors">All of a file.</param>
    /// <param name="source">PyTorch or Keras.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="SimdNetFormatException">A name is none that the library gives to a dense layer or a normalization, or is there twice.</exception>
    public static List<TensorGroup> ByLayer(IReadOnlyList<NamedBlock> tensors, WeightSource source, string path)
    {
        OrderedDictionary<string, TensorGroup> groups = new(StringComparer.Ordinal);

        // A bias belongs to a dense layer or is the shift of a normalization: the weights, which may come later, tell.
        foreach (bool isBias in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (NamedBlock tensor in tensors)
            {
                Split(tensor.Name, out string layer, out string last);
                if (last == "num_batches_tracked" && source == WeightSource.PyTorch)
                {
                    continue;
                }

                if (!groups.TryGetValue(layer, out TensorGroup? group))
                {
                    group = new(layer);
                    groups.Add(layer, group);
                }

                if (last == "bias" == isBias && !group.TryAdd(KindOf(tensor, last, group, source, path), tensor))
                {
                    throw new SimdNetFormatException($"the layer {Quoted.Of(layer)} has {Quoted.Of(last)} twice; each layer has a name of its own.", path);
                }
            }
        }

        return [.. groups.Values];
    }

    /// <summary>Names for a message: the first few of them.</summary>
    public static string Names(IReadOnlyList<NamedBlock> tensors)
    {
        const int Most = 8;
        List<string> names = [];
        for (int i = 0; i < Math.Min(tensors.Count, Most); i++)
        {
            names.Add(TensorGroup.Describe(tensors[i]));
        }

        return tensors.Count == 0 ? "of which there are none" : $"{string.Join(", ", names)}{(tensors.Count > Most ? ", …" : "")}";
    }

    private static ParameterKind KindOf(NamedBlock tensor, string last, TensorGroup group, WeightSource source, string path)
    {
        int rank = tensor.Shape.Length;
        ParameterKind kind = (source, last, rank) switch
        {
            (WeightSource.PyTorch, "weight", 1) => ParameterKind.Gamma,
            (WeightSource.PyTorch, "weight", _) => ParameterKind.Weights,
            (WeightSource.PyTorch, "bias", _) => group.IsDense ? ParameterKind.Bias : ParameterKind.Beta,
            (WeightSource.PyTorch, "running_mean", _) => ParameterKind.RunningMean,
            (WeightSource.PyTorch, "running_var", _) => ParameterKind.RunningVariance,
            (WeightSource.Keras, "kernel", _) => ParameterKind.Weights,
            (WeightSource.Keras, "bias", _) => ParameterKind.Bias,
            (WeightSource.Keras, "gamma", _) => ParameterKind.Gamma,
            (WeightSource.Keras, "beta", _) => ParameterKind.Beta,
            (WeightSource.Keras, "moving_mean", _) => ParameterKind.RunningMean,
            (WeightSource.Keras, "moving_variance", _) => ParameterKind.RunningVariance,
            _ => throw new SimdNetFormatException(
                $"the tensor {TensorGroup.Describe(tensor)} has a name that {source} gives to no tensor of a dense layer or a normalization. Leave it out of the file, or rename it.", path),
        };
        int expected = kind == ParameterKind.Weights ? 2 : 1;
        return rank == expected
            ? kind
            : throw new SimdNetFormatException(
                $"the tensor {TensorGroup.Describe(tensor)} has {rank} dimensions where {expected} {(expected == 1 ? "was" : "were")} expected: dense layers and normalizations of vectors can be imported, convolutions, embeddings and attention cannot.", path);
    }

    // "dense_1/kernel:0" is layer dense_1's kernel; "net.0.weight" is layer net.0's weight; "weight" alone is that of a layer without a name.
    private static void Split(string name, out string layer, out string last)
    {
        ReadOnlySpan<char> text = name.EndsWith(":0", StringComparison.Ordinal) ? name.AsSpan(0, name.Length - 2) : name;
        int end = text.LastIndexOfAny('.', '/');
        layer = end < 0 ? "" : text[..end].ToString();
        last = text[(end + 1)..].ToString();
    }

    [GeneratedRegex("^(W|b|gamma|beta|running_mean|running_var)[1-9][0-9]{0,8}$")]
    private static partial Regex OwnName();

    [GeneratedRegex("^arr_[0-9]{1,9}$")]
    private static partial Regex NumberedName();
}
