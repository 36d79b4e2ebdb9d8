using System;
using System.Collections.Generic;
using System.Globalization;

namespace SimdNet.Files;

/// <summary>A layer with parameters that a file has to fill.</summary>
/// <param name="Layer">A dense layer or a normalization.</param>
/// <param name="Inputs">Width of its input; null where that of the network decides it, which the file tells.</param>
internal sealed record ImportSlot(LayerSpec Layer, int? Inputs)
{
    /// <summary>The layers of a spec that have parameters, first to last; those within residual blocks too.</summary>
    /// <param name="layers">The spec's layers.</param>
    /// <param name="inputs">The network's inputs; null where they are not known yet.</param>
    /// <exception cref="ArgumentException">One is a user's own, whose parameters other libraries do not have.</exception>
    public static List<ImportSlot> Of(IReadOnlyList<LayerSpec> layers, int? inputs = null)
    {
        List<ImportSlot> slots = [];
        int? width = inputs;
        Add(layers, ref width, slots);
        return slots;
    }

    /// <summary>Whether a file's layer can be this one, where the file is in a library's layout.</summary>
    public bool Takes(TensorGroup group, WeightSource source)
    {
        if (Layer is DenseSpec dense)
        {
            if (group[ParameterKind.Weights] is not { } weights || dense.UseBias != (group[ParameterKind.Bias] is not null))
            {
                return false;
            }

            (int inputs, int units) = SizeOf(weights, source);
            return units == dense.Units && (Inputs ?? inputs) == inputs;
        }

        return !group.IsDense && group.IsBatchNorm == Layer is BatchNormSpec && WidthOf(group, source) is int width && (Inputs ?? width) == width;
    }

    /// <summary>The width of input that a file's layer has been made for; null where its tensors do not tell.</summary>
    public static int? WidthOf(TensorGroup group, WeightSource source)
    {
        if (group[ParameterKind.Weights] is { } weights)
        {
            return SizeOf(weights, source).Inputs;
        }

        NamedBlock? any = group[ParameterKind.Gamma] ?? group[ParameterKind.Beta] ?? group[ParameterKind.RunningMean];
        return any?.Length;
    }

    /// <summary>The parameters of the layer.</summary>
    public IEnumerable<ParameterKind> Kinds => Layer switch
    {
        DenseSpec { UseBias: false } => [ParameterKind.Weights],
        DenseSpec => [ParameterKind.Weights, ParameterKind.Bias],
        LayerNormSpec => [ParameterKind.Gamma, ParameterKind.Beta],
        _ => [ParameterKind.Gamma, ParameterKind.Beta, ParameterKind.RunningMean, ParameterKind.RunningVariance],
    };

    /// <summary>The shape of a tensor in a library's layout. The inputs are known.</summary>
    public int[] ShapeOf(ParameterKind kind, WeightSource source) => (Layer, kind) switch
    {
        (DenseSpec dense, ParameterKind.Weights) => source == WeightSource.PyTorch ? [dense.Units, Inputs!.Value] : [Inputs!.Value, dense.Units],
        (DenseSpec dense, _) => [dense.Units],
        _ => [Inputs!.Value],
    };

    /// <summary>The layer as a spec has it, with its number of inputs where that is known.</summary>
    public override string ToString()
    {
        string inputs = Inputs?.ToString(CultureInfo.InvariantCulture) ?? "any number of";
        return $"{Layer} behind {inputs} features{(Layer is DenseSpec { UseBias: false } or not DenseSpec ? "" : ", with a bias")}";
    }

    private static (int Inputs, int Units) SizeOf(NamedBlock weights, WeightSource source) =>
        source == WeightSource.PyTorch ? (weights.Shape[1], weights.Shape[0]) : (weights.Shape[0], weights.Shape[1]);

    private static void Add(IReadOnlyList<LayerSpec> layers, ref int? width, List<ImportSlot> slots)
    {
        foreach (LayerSpec layer in layers)
        {
            switch (layer)
            {
                case DenseSpec dense:
                    slots.Add(new(dense, width));
                    width = dense.Units;
                    break;
                case LayerNormSpec or BatchNormSpec:
                    slots.Add(new(layer, width));
                    break;
                case ResidualSpec residual:
                    Add(residual.Layers, ref width, slots);
                    break;
                case CustomLayerSpec:
                    throw new ArgumentException($"The layer {layer} is a user's own; other libraries have no parameters for it. Import the layers before it, and set its own in code.", nameof(layers));
            }
        }
    }
}
