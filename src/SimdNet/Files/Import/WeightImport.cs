using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;

using SimdNet.Files;
using SimdNet.Model;

namespace SimdNet;

/// <summary>Makes a network of the weights that PyTorch, Keras or numpy wrote.</summary>
/// <remarks>
/// The file has the numbers and their names, the layers are given: activations, dropouts and residual blocks leave no trace in it. Each layer is matched by its place and checked by its shapes.
/// PyTorch's Linear.weight is [units × inputs] and is transposed, Keras' kernel is [inputs × units], as weights are here; which of them a file has is never guessed.
/// Memory is taken for what the file holds, twice over at most, and for the network once every tensor is known to fit.
/// </remarks>
public static class WeightImport
{
    private const double KerasEpsilon = 1e-3;

    /// <summary>Reads the weights of a file into a new network of the given layers.</summary>
    /// <typeparam name="T">float or double. Numbers of another type are rounded to the nearest, or widened without loss.</typeparam>
    /// <param name="path">An .npz, or a .safetensors if its name ends so.</param>
    /// <param name="layers">The network's layers, as <see cref="NetworkSpec.ParseLayers"/> reads them. The number of inputs is in the file.</param>
    /// <param name="options">What the file does not say; null for what is usual.</param>
    /// <returns>The network, and where each of its parameters came from.</returns>
    /// <exception cref="ArgumentException">There is no layer with parameters, or one is a user's own.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="SimdNetFormatException">The file is damaged, or its tensors do not fit the layers, or fit in more than one way; the message names the tensor, what was expected and what to do.</exception>
    public static ImportedNetwork<T> Load<T>(string path, IReadOnlyList<LayerSpec> layers, WeightImportOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(layers);
        options ??= new();
        List<ImportSlot> slots = ImportSlot.Of(layers);
        if (slots.Count == 0)
        {
            throw new ArgumentException("None of the layers has parameters, so that there is nothing to import. Give the layers of the network, as in 128:relu,10:softmax.", nameof(layers));
        }

        bool isSafetensors = path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
        return Of<T>(isSafetensors ? SafetensorsFile.Read(path).Blocks : BlocksOf(NpzFile.Read(path)), isSafetensors, layers, slots, options, path);
    }

    /// <summary>The network of tensors that are read.</summary>
    /// <param name="tensors">All of a file.</param>
    /// <param name="isSorted">Whether the file sorts them by name, so that their order says nothing.</param>
    /// <param name="layers">The network's layers.</param>
    /// <param name="slots">Those that have parameters, at least one.</param>
    /// <param name="options">What the file does not say.</param>
    /// <param name="path">The file, for messages.</param>
    internal static ImportedNetwork<T> Of<T>(IReadOnlyList<NamedBlock> tensors, bool isSorted, IReadOnlyList<LayerSpec> layers, List<ImportSlot> slots, WeightImportOptions options, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        WeightSource source = options.Source == WeightSource.Automatic ? TensorNames.SourceOf(tensors, path) : options.Source;
        if (source == WeightSource.Numpy)
        {
            return OwnNames<T>(tensors, layers, slots[0], path);
        }

        List<TensorGroup> groups;
        if (TensorNames.AreNumbered(tensors))
        {
            groups = NumberedTensors.ByLayer(tensors, slots, path);
            source = source == WeightSource.Automatic ? NumberedTensors.SourceOf(groups, slots, path) : source;
        }
        else
        {
            groups = TensorNames.ByLayer(tensors, source, path);
        }

        if (groups.Count != slots.Count)
        {
            throw new SimdNetFormatException(
                $"the file has {groups.Count} layers with parameters, {ImportOrder.Describe(groups)}, and the network {slots.Count}: {string.Join("; ", slots)}. Give the layers that the file was made of.", path);
        }

        groups = options.Order is { } order ? ImportOrder.Named(groups, order, path)
            : isSorted ? ImportOrder.Sorted(groups, slots, source, path)
            : groups;
        int inputs = ImportSlot.WidthOf(groups[0], source) is int width and >= 1
            ? width
            : throw new SimdNetFormatException($"the first layer's tensors, {groups[0]}, do not tell a number of inputs; a matrix or a vector that is not empty was expected.", path);
        LayerImport import = new(groups, ImportSlot.Of(layers, inputs), source, path);
        double epsilon = options.Epsilon ?? (source == WeightSource.Keras ? KerasEpsilon : BatchNormSpec.Epsilon);
        import.Check(epsilon);
        Network<T> network = SpecOf(inputs, layers, path).Build<T>();
        return new(network, source, import.Fill(network, epsilon));
    }

    private static NetworkSpec SpecOf(int inputs, IReadOnlyList<LayerSpec> layers, string path)
    {
        try
        {
            return NetworkSpec.Of(inputs, [.. layers]);
        }
        catch (ArgumentException error)
        {
            throw new SimdNetFormatException($"the file has {inputs} inputs, which the layers do not fit: {ArgumentText.Of(error)}", path, null, error);
        }
    }

    /// <summary>The arrays of an archive, in its order.</summary>
    internal static List<NamedBlock> BlocksOf(IReadOnlyDictionary<string, NpyArray> arrays)
    {
        List<NamedBlock> tensors = [];
        foreach ((string name, NpyArray values) in arrays)
        {
            tensors.Add(new(name, values));
        }

        return tensors;
    }

    private static ImportedNetwork<T> OwnNames<T>(IReadOnlyList<NamedBlock> tensors, IReadOnlyList<LayerSpec> layers, ImportSlot first, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string name = first.Layer is DenseSpec ? "W1" : "gamma1";
        NamedBlock? tensor = null;
        Dictionary<string, NamedBlock> byName = [];
        long held = 0;
        foreach (NamedBlock block in tensors)
        {
            held += block.Length;
            byName[block.Name] = block;
            tensor = block.Name == name && block.Shape.Length > 0 ? block : tensor;
        }

        if (tensor is null || tensor.Shape[0] == 0)
        {
            throw new SimdNetFormatException($"the array {name} is missing or empty, which tells the number of inputs; the file has {TensorNames.Names(tensors)}.", path);
        }

        // Checked before memory is made for them.
        NetworkSpec spec = SpecOf(tensor.Shape[0], layers, path);
        if (held != spec.ParameterCount)
        {
            throw new SimdNetFormatException($"the file holds {held} numbers, {TensorNames.Names(tensors)}, and the network {spec.Short} has {spec.ParameterCount} parameters. Give the layers that the file was made of; weights are inputs x units.", path);
        }

        Network<T> network = spec.Build<T>();
        WeightBlocks.Set(network, tensors, path);
        List<ImportedTensor> imported = [];
        foreach (ParameterInfo parameter in network.Parameters)
        {
            imported.Add(new(parameter, parameter.Name, [.. byName[parameter.Name].Shape], IsTransposed: false));
        }

        return new(network, WeightSource.Numpy, imported);
    }
}
