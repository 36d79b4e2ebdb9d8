using System;

using SimdNet.Model;
using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>A user's own layer as a part of a spec. Two are equal where name and numbers are.</summary>
public sealed record CustomLayerSpec : LayerSpec
{
    /// <param name="layer">The layer.</param>
    public CustomLayerSpec(CustomLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Layer = layer;
    }

    /// <summary>The layer.</summary>
    public CustomLayer Layer { get; }

    internal override int OutputsFor(int inputs)
    {
        int outputs = Layer.OutputsFor(inputs);
        return outputs >= 1 ? outputs : throw new ArgumentException($"The layer {this} says that it has {outputs} outputs for {inputs} inputs. It has at least one.");
    }

    internal override long ParameterCountFor(int inputs)
    {
        long count = 0;
        foreach (CustomParameter parameter in Layer.ParametersFor(inputs))
        {
            count += Length(parameter);
        }

        return count;
    }

    internal override void AddTo<T>(LayerList<T> list) => list.Add(new CustomLayerAtWork<T>(Layer, list));

    internal override string Describe<T>(Layer<T> first) => $"{Layer.Name} {first.Number}{ToString()[Layer.Name.Length..]}";

    /// <summary>Elements of a parameter.</summary>
    /// <exception cref="ArgumentException">Its shape is none.</exception>
    internal static long Length(CustomParameter parameter)
    {
        CallText.CheckedName(parameter.Name);
        long length = 1;
        foreach (int size in parameter.Shape)
        {
            length = size >= 1 && length * size <= NetworkSpec.MaxParameters
                ? length * size
                : throw new ArgumentException($"The parameter {parameter.Name} has the shape [{string.Join(" × ", parameter.Shape)}]: sizes are at least 1, and their product at most {NetworkSpec.MaxParameters}.");
        }

        return length;
    }

    /// <summary>The text that <see cref="NetworkSpec.Parse"/> reads with a registry: the layer's name and numbers.</summary>
    public override string ToString() => Layer.ToString();

    /// <summary>Whether both have the same name and numbers.</summary>
    public bool Equals(CustomLayerSpec? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
