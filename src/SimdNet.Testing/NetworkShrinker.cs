using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Testing;

/// <summary>What is a little smaller than a network that fails, the largest cuts first. Loss and last activation stay as they are, and what is left is a network that could have been generated.</summary>
internal static class NetworkShrinker
{
    /// <summary>The fewest features that are normalized: of two, all that is left is a sign.</summary>
    public const int LeastNormalized = 3;

    /// <summary>The fewest rows with a batch normalization; likewise.</summary>
    public const int LeastBatch = 4;

    public static IEnumerable<NetworkCase> Smaller(NetworkCase sample)
    {
        int least = sample.HasBatchNorm ? LeastBatch : 1;
        foreach (int rows in ((int[])[Math.Max(least, sample.Rows / 2), sample.Rows - 1]).Distinct().Where(rows => rows >= least && rows < sample.Rows))
        {
            yield return sample with { Rows = rows };
        }

        foreach (NetworkSpec spec in Smaller(sample.Spec))
        {
            yield return sample with { Spec = spec };
        }
    }

    public static IEnumerable<NetworkSpec> Smaller(NetworkSpec spec)
    {
        // The end is a dense layer, with its activation behind it where that stands alone.
        int end = spec.Layers.Count - (spec.Layers is [.., DenseSpec, ActivationSpec] ? 2 : 1);
        foreach (LayerSpec[] layers in Fewer(spec.Layers, end))
        {
            if (Spec(spec.Inputs, layers) is { } smaller)
            {
                yield return smaller;
            }
        }

        if (spec.Inputs > 1 && Spec(spec.Inputs / 2, [.. spec.Layers]) is { } narrower)
        {
            yield return narrower;
        }
    }

    /// <summary>Lists without one of the layers before the end, then with one that is smaller.</summary>
    private static IEnumerable<LayerSpec[]> Fewer(IReadOnlyList<LayerSpec> layers, int end)
    {
        for (int i = 0; i < end; i++)
        {
            yield return [.. layers.Take(i), .. layers.Skip(i + 1)];
        }

        for (int i = 0; i < layers.Count; i++)
        {
            foreach (LayerSpec smaller in Smaller(layers[i], isHidden: i < end))
            {
                yield return [.. layers.Take(i), smaller, .. layers.Skip(i + 1)];
            }
        }
    }

    private static IEnumerable<LayerSpec> Smaller(LayerSpec layer, bool isHidden)
    {
        switch (layer)
        {
            case DenseSpec dense:
                if (dense.Units > 1)
                {
                    yield return new DenseSpec(dense.Units / 2, dense.Activation) { UseBias = dense.UseBias, KernelInitializer = dense.KernelInitializer, BiasInitializer = dense.BiasInitializer };
                }

                if (isHidden && dense.Activation != Activation.Identity)
                {
                    yield return dense with { Activation = Activation.Identity };
                }

                break;
            case ResidualSpec block:
                foreach (LayerSpec[] layers in Fewer(block.Layers, block.Layers.Count))
                {
                    if (layers.Length > 0)
                    {
                        yield return new ResidualSpec(layers);
                    }
                }

                break;
        }
    }

    /// <summary>The spec; null where widths do not fit, or too few features are normalized.</summary>
    private static NetworkSpec? Spec(int inputs, IReadOnlyList<LayerSpec> layers)
    {
        try
        {
            NetworkSpec spec = NetworkSpec.Input(inputs);
            foreach (LayerSpec layer in layers)
            {
                if (layer is LayerNormSpec or BatchNormSpec && spec.Outputs < LeastNormalized)
                {
                    return null;
                }

                spec = spec.Add(layer);
            }

            return spec;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
