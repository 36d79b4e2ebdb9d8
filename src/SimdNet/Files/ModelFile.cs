using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Numerics;
using System.Text;
using System.Text.Json;

using SimdNet.Files;
using SimdNet.IO;

namespace SimdNet;

/// <summary>The model file: a safetensors file with the parameters as tensors and the spec, scaling, class names and remarks as its metadata, so that PyTorch and others can read the tensors.</summary>
/// <remarks>Reading takes memory for the file (as <see cref="SafetensorsFile"/> does) and once for the network, whose numbers may be wider than those of the file: eight bytes of double for a whole number of one. Names of classes take three times their bytes more.</remarks>
public static class ModelFile
{
    /// <summary>The entry of a model's metadata that has its spec, as JSON: a .safetensors without it is a file of tensors, and no model.</summary>
    public const string SpecKey = Prefix + "spec";

    private const int Version = 1;
    private const string Prefix = "simdnet.";
    private const string VersionKey = Prefix + "version";
    private const string InputScalerKey = Prefix + "input_scaler";
    private const string TargetScalerKey = Prefix + "target_scaler";
    private const string ClassNamesKey = Prefix + "class_names";
    private const string FrozenKey = Prefix + "frozen_layers";

    /// <summary>Writes a model, whole or not at all.</summary>
    /// <typeparam name="T">float or double; the file keeps the precision.</typeparam>
    /// <param name="network">What is written. No other thread may train it meanwhile, or the file would have parameters of before and after a step; a callback of <see cref="Trainer{T}.Fit"/> runs between steps, and may save.</param>
    /// <param name="path">The file to write or to replace; its usual ending is .safetensors.</param>
    /// <exception cref="InvalidOperationException">A parameter is NaN or infinite, a running variance is below 0, a remark's name begins with "simdnet.", which is the file's own, or there are more than 50,000 layers.</exception>
    /// <exception cref="ArgumentException">There are more than 100,000 tensors or remarks, a tensor of more than 2 GiB, or a text is no valid Unicode.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before still is.</exception>
    public static void Save<T>(this Network<T> network, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(network);
        SafetensorsFile.Write(path, WeightBlocks.Of(network), Describe(network));
    }

    /// <summary>What the file says of a network beside its parameters.</summary>
    /// <exception cref="InvalidOperationException">A remark's name begins with "simdnet.", or there are too many layers.</exception>
    internal static Dictionary<string, string> Describe<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (NetworkSpec.CountOf(network.Spec.Layers) is > NetworkSpec.MaxLayersRead and int layers)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The network was not saved: it has {layers:N0} layers, those within blocks counted, and {NetworkSpec.MaxLayersRead:N0} are the most that are read."));
        }

        Dictionary<string, string> metadata = new()
        {
            [VersionKey] = Version.ToString(CultureInfo.InvariantCulture),
            [SpecKey] = network.Spec.ToJson(),
        };
        if (network.InputScaler is { } inputs)
        {
            metadata[InputScalerKey] = inputs.ToJson();
        }

        if (network.TargetScaler is { } targets)
        {
            metadata[TargetScalerKey] = targets.ToJson();
        }

        if (network.ClassNames is { } names)
        {
            metadata[ClassNamesKey] = WriteNames(names);
        }

        if (FrozenLayers(network) is { Length: > 0 } frozen)
        {
            metadata[FrozenKey] = string.Join(',', frozen);
        }

        foreach ((string key, string value) in network.Metadata)
        {
            if (key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"The remark '{key}' was not saved: names that begin with '{Prefix}' are the model file's own. Choose another name.");
            }

            metadata[key] = value;
        }

        return metadata;
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="registry">Makes users' own layers and activations; null where there are none.</param>
    /// <typeparam name="T">float or double; where the file has the other precision its numbers are rounded or widened. <see cref="ReadInfo"/> tells which it has.</typeparam>
    /// <exception cref="SimdNetFormatException">The file is damaged, is no model of SimdNet, or was written by a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Network<T> Load<T>(string path, LayerRegistry? registry = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        return Load<T>(reader, registry);
    }

    /// <summary>Reads a model that ends where the reader does.</summary>
    internal static Network<T> Load<T>(BoundedReader reader, LayerRegistry? registry = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Build<T>(SafetensorsFile.Read(reader), registry, reader.Source);

    /// <summary>The network of a file's contents, or of that part of them which is a model.</summary>
    internal static Network<T> Build<T>(SafetensorsContents contents, LayerRegistry? registry, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        NetworkSpec spec = SpecOf(contents, registry, path);

        // Checked before memory is made for them: the spec must not promise more parameters than the file has.
        long held = 0;
        foreach (NamedBlock block in contents.Blocks)
        {
            held += block.Length;
        }

        if (held != spec.ParameterCount)
        {
            throw new SimdNetFormatException($"the file holds {held} numbers, and its network {spec.Short} has {spec.ParameterCount} parameters.", path);
        }

        Network<T> network = WithoutWeights<T>(spec, path);
        WeightBlocks.Set(network, contents.Blocks, path);
        IReadOnlyDictionary<string, string> metadata = contents.Metadata;
        try
        {
            network.InputScaler = metadata.TryGetValue(InputScalerKey, out string? inputs) ? Scaler<T>.FromJson(inputs) : null;
            network.TargetScaler = metadata.TryGetValue(TargetScalerKey, out string? targets) ? Scaler<T>.FromJson(targets) : null;
            network.ClassNames = metadata.TryGetValue(ClassNamesKey, out string? names) ? ReadNames(names, Math.Max(2, spec.Outputs)) : null;
            if (metadata.TryGetValue(FrozenKey, out string? frozen))
            {
                Freeze(network, frozen);
            }
        }
        catch (Exception e) when (e is FormatException or ArgumentException or JsonException or InvalidOperationException or OverflowException or SimdNetFormatException { Path: null })
        {
            // A scaler knows no file.
            throw new SimdNetFormatException($"the metadata is damaged: {e.Message}", path, null, e);
        }

        foreach ((string key, string value) in metadata)
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal))
            {
                network.Metadata[key] = value;
            }
        }

        return network;
    }

    /// <summary>Precision, spec and remarks of a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="registry">As in <see cref="Load{T}(string, LayerRegistry?)"/>.</param>
    /// <exception cref="SimdNetFormatException">The file is damaged, is no model of SimdNet, or was written by a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelInfo ReadInfo(string path, LayerRegistry? registry = null)
    {
        using BoundedReader reader = BoundedReader.OpenFile(path);
        SafetensorsContents contents = SafetensorsFile.Read(reader);
        NetworkSpec spec = SpecOf(contents, registry, path);
        bool isDouble = contents.Blocks is [{ Type: NpyElementType.Float64 }, ..];
        return new(spec, isDouble ? "float64" : "float32", contents.Metadata);
    }

    private static Network<T> WithoutWeights<T>(NetworkSpec spec, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return spec.Build<T>();
        }
        catch (InvalidOperationException e)
        {
            throw new SimdNetFormatException($"the metadata is damaged: {e.Message}", path, null, e);
        }
    }

    private static int[] FrozenLayers<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<int> frozen = [];
        for (int layer = 0; layer < network.Spec.Layers.Count; layer++)
        {
            if (network.IsFrozen(layer))
            {
                frozen.Add(layer);
            }
        }

        return [.. frozen];
    }

    /// <summary>What the network of a file's contents is.</summary>
    internal static NetworkSpec SpecOf(SafetensorsContents contents, LayerRegistry? registry, string path)
    {
        if (!contents.Metadata.TryGetValue(SpecKey, out string? json) || !contents.Metadata.TryGetValue(VersionKey, out string? version))
        {
            throw new SimdNetFormatException($"the file has tensors but no network: its metadata lacks {SpecKey}. Build the network in code, and read weights with WeightFiles.", path);
        }

        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > Version)
        {
            throw new SimdNetFormatException($"the model has the format version {Quoted.Of(version)}, and this SimdNet reads versions up to {Version}. Use a newer SimdNet.", path);
        }

        try
        {
            return NetworkSpec.FromJson(json, registry);
        }
        catch (FormatException e)
        {
            throw new SimdNetFormatException($"the metadata is damaged: {e.Message}", path, null, e);
        }
    }

    private static string WriteNames(IReadOnlyList<string> names)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartArray();
            foreach (string name in names)
            {
                SafetensorsFile.CheckText(name);
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>The names; of more than there may be, one more.</summary>
    private static string[] ReadNames(string text, int most)
    {
        Utf8JsonReader json = new(Encoding.UTF8.GetBytes(text));
        List<string> names = [];
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray)
        {
            throw new FormatException($"{ClassNamesKey} is not a list of names.");
        }

        while (names.Count <= most && json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            names.Add(json.TokenType == JsonTokenType.String ? json.GetString()! : throw new FormatException($"{ClassNamesKey} holds something that is not a name."));
        }

        // Something behind the list is refused by the reader.
        return names.Count > most || !json.Read() ? [.. names] : throw new FormatException($"{ClassNamesKey} is not a list of names alone.");
    }

    private static void Freeze<T>(Network<T> network, string layers)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Range part in layers.AsSpan().Split(','))
        {
            network.Freeze(int.TryParse(layers.AsSpan()[part], NumberStyles.None, CultureInfo.InvariantCulture, out int layer)
                ? layer
                : throw new FormatException($"{FrozenKey} holds {Quoted.Of(layers.AsSpan()[part])}, which is no place of a layer."));
        }
    }
}

/// <summary>What a model file says besides its numbers.</summary>
/// <param name="Spec">What the network is.</param>
/// <param name="Precision">float32 or float64.</param>
/// <param name="Metadata">All strings of the file's metadata.</param>
public sealed record ModelInfo(NetworkSpec Spec, string Precision, IReadOnlyDictionary<string, string> Metadata);
