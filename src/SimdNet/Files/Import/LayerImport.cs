using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Data;

namespace SimdNet.Files;

/// <summary>From the layers of another library's file to the parameters of a network.</summary>
/// <param name="groups">The file's layers, in the order of the network's.</param>
/// <param name="slots">The network's layers that have parameters, as many, with known inputs.</param>
/// <param name="source">The file's layout: PyTorch or Keras.</param>
/// <param name="path">The file, for messages.</param>
internal sealed class LayerImport(List<TensorGroup> groups, List<ImportSlot> slots, WeightSource source, string path)
{
    /// <summary>Whether every layer has the tensors that it should have, in their shapes. Before memory is made for the network: a file must not promise what it has not.</summary>
    /// <param name="epsilon">What the file's normalizations add to the variance.</param>
    /// <exception cref="SimdNetFormatException">A tensor is missing, extra or of another shape.</exception>
    public void Check(double epsilon)
    {
        for (int i = 0; i < slots.Count; i++)
        {
            CheckLayer(groups[i], slots[i]);
            CheckNothingElse(groups[i], slots[i]);
            CheckEpsilon(groups[i], slots[i], epsilon);
        }
    }

    /// <summary>Fills every parameter of a network, once all is known to fit.</summary>
    /// <exception cref="SimdNetFormatException">A tensor has a number that is not finite, or a variance below 0.</exception>
    public List<ImportedTensor> Fill<T>(Network<T> network, double epsilon)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<ImportedTensor> imported = [];
        int layer = -1;
        foreach (ParameterInfo parameter in network.Parameters)
        {
            layer += parameter.Kind is ParameterKind.Weights or ParameterKind.Gamma ? 1 : 0;
            Span<T> destination = network.TensorOf(parameter);
            if (groups[layer][parameter.Kind] is not { } tensor)
            {
                // A normalization without scale or shift.
                destination.Fill(parameter.Kind == ParameterKind.Gamma ? T.One : T.Zero);
                imported.Add(new(parameter, null, [], IsTransposed: false));
                continue;
            }

            bool isTransposed = source == WeightSource.PyTorch && parameter.Kind == ParameterKind.Weights;
            CheckFinite<T>(tensor);
            if (isTransposed)
            {
                Transpose(tensor.Values, parameter.Shape[0], destination);
            }
            else
            {
                tensor.Values.CopyTo(destination);
            }

            if (parameter.Kind == ParameterKind.RunningVariance && epsilon != BatchNormSpec.Epsilon)
            {
                foreach (ref T value in destination)
                {
                    value = T.CreateTruncating(double.CreateTruncating(value) + (epsilon - BatchNormSpec.Epsilon));
                }
            }

            if (parameter.Kind == ParameterKind.RunningVariance)
            {
                CheckVariance<T>(tensor, destination);
            }

            imported.Add(new(parameter, tensor.Name, [.. tensor.Shape], isTransposed));
        }

        return imported;
    }

    private void CheckLayer(TensorGroup group, ImportSlot slot)
    {
        bool isSame = slot.Layer is DenseSpec ? group.IsDense : !group.IsDense && group.IsBatchNorm == slot.Layer is BatchNormSpec;
        if (!isSame)
        {
            string kind = group.IsDense ? "dense" : group.IsBatchNorm ? "a batch normalization" : "a layer normalization, or a batch normalization without running statistics";
            throw new SimdNetFormatException($"the network's layer {slot} stands where the file's layer, {group}, is {kind}. Give the layers that the file was made of, in their order.", path);
        }

        if (slot.Layer is DenseSpec { UseBias: false } && group[ParameterKind.Bias] is { } bias)
        {
            throw new SimdNetFormatException($"the network's layer {slot} has no bias, and the file has {TensorGroup.Describe(bias)}. Leave :no-bias out.", path);
        }

        foreach (ParameterKind kind in slot.Kinds)
        {
            int[] expected = slot.ShapeOf(kind, source);
            if (group[kind] is { } tensor)
            {
                if (!tensor.Shape.SequenceEqual(expected))
                {
                    throw new SimdNetFormatException(Mismatch(tensor, expected, slot), path);
                }
            }
            else if (kind is not (ParameterKind.Gamma or ParameterKind.Beta))
            {
                throw new SimdNetFormatException(
                    $"the network's layer {slot} needs {Describe(kind)} of {WeightBlocks.Shape(expected)}, and the file's layer has only {group}.{(kind == ParameterKind.Bias ? " A layer without bias is written as UNITS:ACTIVATION:no-bias." : "")}", path);
            }
        }
    }

    private void CheckNothingElse(TensorGroup group, ImportSlot slot)
    {
        if (group.Beside(slot.Kinds) is { } other)
        {
            throw new SimdNetFormatException($"the network's layer {slot} has no place for {TensorGroup.Describe(other)}, and the file's layer is {group}. Give the layers that the file was made of; a layer of another name is another layer.", path);
        }
    }

    private void CheckEpsilon(TensorGroup group, ImportSlot slot, double epsilon)
    {
        if (slot.Layer is LayerNormSpec && epsilon != LayerNormSpec.Epsilon)
        {
            throw new SimdNetFormatException(
                FormattableString.Invariant($"the layer normalization {group} adds {epsilon} to the variance{(source == WeightSource.Keras ? ", Keras' number" : "")}, and layernorm adds {LayerNormSpec.Epsilon}. Train it with epsilon={LayerNormSpec.Epsilon} and say --epsilon {LayerNormSpec.Epsilon} (Epsilon); or say so anyway, and accept predictions that differ."), path);
        }
    }

    private string Mismatch(NamedBlock tensor, int[] expected, ImportSlot slot)
    {
        string layout = expected.Length < 2 ? "" : source == WeightSource.PyTorch ? " (units x inputs, as PyTorch has weights)" : " (inputs x units, as Keras has weights)";
        bool isOther = expected.Length == 2 && tensor.Shape[0] == expected[1] && tensor.Shape[1] == expected[0];
        string advice = isOther
            ? $" It would fit as {(source == WeightSource.PyTorch ? "Keras' (inputs x units)" : "PyTorch's (units x inputs)")}: say --from {(source == WeightSource.PyTorch ? "keras" : "pytorch")} (Source) if it is."
            : " Give the layers that the file was made of, in their order.";
        return $"the tensor {TensorGroup.Describe(tensor)} should be {WeightBlocks.Shape(expected)}{layout}, for the network's layer {slot}.{advice}";
    }

    private static string Describe(ParameterKind kind) => kind switch
    {
        ParameterKind.Weights => "weights",
        ParameterKind.Bias => "a bias",
        ParameterKind.RunningMean => "a running mean",
        _ => "a running variance",
    };

    private void CheckFinite<T>(NamedBlock tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int bad = FiniteValues.IndexOfOther(tensor.Values, out T value);
        if (bad >= 0)
        {
            throw new SimdNetFormatException(string.Create(CultureInfo.InvariantCulture, $"the tensor {TensorGroup.Describe(tensor)} holds {value} at index {bad}{(tensor.Type == NpyElementType.Float64 ? $", as {typeof(T).Name}" : "")}; weights are finite numbers."), path);
        }
    }

    /// <summary>Predictions divide by the root of the variance and what is added to it.</summary>
    private void CheckVariance<T>(NamedBlock tensor, ReadOnlySpan<T> variance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int bad = WeightBlocks.IndexOfNoVariance(variance);
        if (bad >= 0)
        {
            throw new SimdNetFormatException($"the tensor {TensorGroup.Describe(tensor)} holds a variance at index {bad} that is below 0 or, with epsilon, is 0: nothing can be divided by its root. The file is damaged, or epsilon too small.", path);
        }
    }

    /// <summary>[units × inputs] becomes [inputs × units], a unit at a time.</summary>
    private static void Transpose<T>(NpyArray values, int inputs, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int units = destination.Length / inputs;
        T[] unit = new T[inputs];
        for (int column = 0; column < units; column++)
        {
            values.CopyTo(column * inputs, unit.AsSpan());
            for (int row = 0; row < inputs; row++)
            {
                destination[(row * units) + column] = unit[row];
            }
        }
    }
}
