using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace SimdNet.Cli.Training;

/// <summary>What is chosen about layers that start from another model, or stay as they are. Places are counted from 0 here, and from 1 in what users write and read.</summary>
/// <param name="From">The other model; null for none.</param>
/// <param name="Layers">Which of its layers are taken; null for the first ones, as long as they are alike.</param>
/// <param name="Frozen">Which layers stay as they are; null for none.</param>
internal sealed record TransferChoices(string? From = null, IReadOnlyList<int>? Layers = null, IReadOnlyList<int>? Frozen = null)
{
    /// <summary>More than any network has: a bound for what a range may ask to be listed.</summary>
    public const int MostLayers = 100_000;

    /// <exception cref="ToolException">There are fewer layers, or none is left to train.</exception>
    public void Check(IReadOnlyList<LayerSpec> layers)
    {
        CheckPlaces("--init-layers", Layers, layers.Count);
        CheckPlaces("--freeze", Frozen, layers.Count);
        if (Frozen is not null && !layers.Where((layer, place) => layer is DenseSpec or LayerNormSpec or BatchNormSpec or ResidualSpec && !Frozen.Contains(place)).Any())
        {
            throw ToolException.Usage("--freeze leaves no layer with parameters to train. Leave one out of it.");
        }
    }

    /// <summary>Copies and freezes layers.</summary>
    /// <param name="network">The network that will be trained.</param>
    /// <param name="takesScaling">Whether the model's scaling of the inputs comes with its first layer.</param>
    /// <exception cref="ToolException">The layers differ.</exception>
    public void Apply<T>(Network<T> network, bool takesScaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (From is not null)
        {
            Copy(network, ModelFile.Load<T>(From), takesScaling);
        }

        network.Freeze([.. Frozen ?? []]);
    }

    private void Copy<T>(Network<T> network, Network<T> source, bool takesScaling)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int both = Math.Min(network.Spec.Layers.Count, source.Spec.Layers.Count);
        int[] layers = [.. Layers ?? Enumerable.Range(0, both).TakeWhile(layer => AreAlike(network, source, layer))];
        if (layers.Length == 0)
        {
            throw Mismatch(network, source, 0);
        }

        foreach (int layer in layers)
        {
            if (layer >= source.Spec.Layers.Count)
            {
                throw ToolException.Failure($"--init-layers has layer {layer + 1}, and {From} has {source.Spec.Layers.Count}: {source.Spec}.");
            }

            if (!HaveSameTensors(network, source, layer))
            {
                throw Mismatch(network, source, layer);
            }
        }

        network.CopyLayersFrom(source, layers);
        if (layers[0] == 0 && takesScaling)
        {
            network.InputScaler = source.InputScaler;
        }

        if (layers.Contains(network.Spec.Layers.Count - 1) && layers[^1] == source.Spec.Layers.Count - 1)
        {
            network.TargetScaler ??= source.TargetScaler;
        }

        Console.Error.WriteLine($"Layers {string.Join(", ", layers.Select(layer => layer + 1))} of {network.Spec.Layers.Count} start from {From}.");
    }

    /// <summary>The same tensors, and the same function of them.</summary>
    private static bool AreAlike<T>(Network<T> network, Network<T> source, int layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => HaveSameTensors(network, source, layer) && (network.Spec.Layers[layer], source.Spec.Layers[layer]) switch
        {
            (DenseSpec one, DenseSpec other) => one.Activation == other.Activation,
            (ResidualSpec, ResidualSpec) => true,
            var (one, other) => one == other,
        };

    private static bool HaveSameTensors<T>(Network<T> network, Network<T> source, int layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ParameterInfo[] ours = [.. network.Parameters.Where(parameter => parameter.Layer == layer)];
        ParameterInfo[] theirs = [.. source.Parameters.Where(parameter => parameter.Layer == layer)];
        return ours.Length == theirs.Length && ours.Zip(theirs).All(pair => pair.First.Kind == pair.Second.Kind && pair.First.Shape.SequenceEqual(pair.Second.Shape));
    }

    private ToolException Mismatch<T>(Network<T> network, Network<T> source, int layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        ToolException.Failure($"Layer {layer + 1} cannot start from {From}: it is {network.Spec.Layers[layer]} in {network.Spec}, and {source.Spec.Layers[layer]} in {source.Spec}. Take layers that are alike with --init-layers, or change --layers.");

    private static void CheckPlaces(string option, IReadOnlyList<int>? places, int layers)
    {
        if (places is not null && places[^1] >= layers)
        {
            throw ToolException.Usage($"{option} has layer {places[^1] + 1}, and --layers has {layers}. Count them from 1.");
        }
    }
}
