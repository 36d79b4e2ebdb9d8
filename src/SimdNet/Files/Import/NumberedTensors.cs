using System.Collections.Generic;

namespace SimdNet.Files;

/// <summary>Arrays without names, arr_0, arr_1, …, as <c>np.savez(file, *model.get_weights())</c> writes them: those of each layer in their order, layer by layer.</summary>
internal static class NumberedTensors
{
    /// <summary>The arrays by layer.</summary>
    /// <exception cref="SimdNetFormatException">There are more or fewer than the layers have, or one has another number of dimensions.</exception>
    public static List<TensorGroup> ByLayer(IReadOnlyList<NamedBlock> tensors, List<ImportSlot> slots, string path)
    {
        List<NamedBlock> ordered = [.. tensors];

        // PyTorch's num_batches_tracked is the one single number among them.
        ordered.RemoveAll(tensor => tensor.Shape.IsEmpty && tensor.Values.IsInteger);
        ordered.Sort(static (a, b) => TensorNames.NumberOf(a).CompareTo(TensorNames.NumberOf(b)));
        List<TensorGroup> groups = [];
        int next = 0;
        foreach (ImportSlot slot in slots)
        {
            TensorGroup group = new($"layer {groups.Count + 1}");
            foreach (ParameterKind kind in slot.Kinds)
            {
                int rank = kind == ParameterKind.Weights ? 2 : 1;
                if (next == ordered.Count || ordered[next].Shape.Length != rank)
                {
                    throw new SimdNetFormatException(
                        $"the layer {slot} needs {(rank == 2 ? "a matrix of weights" : $"a vector, {kind}")}, and {(next == ordered.Count ? "there is no further array" : $"{TensorGroup.Describe(ordered[next])} is none")}. The arrays are those of each layer in turn: weights and bias, or gamma, beta, mean and variance.", path);
                }

                group.TryAdd(kind, ordered[next++]);
            }

            groups.Add(group);
        }

        return next == ordered.Count
            ? groups
            : throw new SimdNetFormatException($"the array {TensorGroup.Describe(ordered[next])} is one more than the layers {string.Join("; ", slots)} have. Give all layers that the file was made of.", path);
    }

    /// <summary>The one layout in which every matrix fits its layer.</summary>
    /// <exception cref="SimdNetFormatException">There is none, or both do.</exception>
    public static WeightSource SourceOf(List<TensorGroup> groups, List<ImportSlot> slots, string path)
    {
        int firstForKeras = FirstThatDoesNotFit(groups, slots, WeightSource.Keras);
        int firstForPyTorch = FirstThatDoesNotFit(groups, slots, WeightSource.PyTorch);
        return (firstForKeras < 0, firstForPyTorch < 0) switch
        {
            (true, false) => WeightSource.Keras,
            (false, true) => WeightSource.PyTorch,
            (true, true) => throw new SimdNetFormatException(
                "the arrays fit the layers both as [inputs × units] and as [units × inputs], and they have no names that tell. Say --from keras (Source) for the former, --from pytorch for the latter.", path),
            _ => throw new SimdNetFormatException($"the layer {slots[firstForKeras]} does not fit {groups[firstForKeras]}, as [inputs × units] or as [units × inputs]. Give the layers that the file was made of.", path),
        };
    }

    private static int FirstThatDoesNotFit(List<TensorGroup> groups, List<ImportSlot> slots, WeightSource source)
    {
        for (int i = 0; i < groups.Count; i++)
        {
            if (!slots[i].Takes(groups[i], source))
            {
                return i;
            }
        }

        return -1;
    }
}
