using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

using SimdNet.IO;

namespace SimdNet.Model;

/// <summary>A spec as JSON, in both directions. Model files carry it.</summary>
internal static class NetworkSpecJson
{
    private const string Dense = "dense";
    private const string Activate = "activation";
    private const string Dropout = "dropout";
    private const string LayerNorm = "layernorm";
    private const string BatchNorm = "batchnorm";
    private const string Residual = "residual";
    private const string Custom = "custom";

    private const int MaxDepth = 8 + (2 * ResidualSpec.MaxDepth);

    /// <summary>Names, values, and where objects and lists begin and end: as many as the most layers have. The document takes twelve bytes for each, of which a file holds millions in as many bytes.</summary>
    private const int MaxTokens = 16 + (20 * NetworkSpec.MaxLayersRead);

    /// <summary>All that a layer of each type may have.</summary>
    private static readonly Dictionary<string, string[]> Keys = new()
    {
        [Dense] = ["type", "units", "activation", "use_bias", "kernel_initializer", "bias_initializer", "l1", "l2", "max_norm"],
        [Activate] = ["type", "activation"],
        [Dropout] = ["type", "probability"],
        [LayerNorm] = ["type"],
        [BatchNorm] = ["type"],
        [Residual] = ["type", "layers"],
        [Custom] = ["type", "layer"],
    };

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Write(NetworkSpec spec)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("inputs", spec.Inputs);
            Write(json, spec.Layers);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<LayerSpec> layers)
    {
        json.WriteStartArray("layers");
        foreach (LayerSpec layer in layers)
        {
            Write(json, layer);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, LayerSpec layer)
    {
        json.WriteStartObject();
        switch (layer)
        {
            case DenseSpec dense:
                json.WriteString("type", Dense);
                json.WriteNumber("units", dense.Units);
                json.WriteString("activation", dense.Activation.ToString());
                json.WriteBoolean("use_bias", dense.UseBias);
                json.WriteString("kernel_initializer", dense.KernelInitializer.ToString());
                json.WriteString("bias_initializer", dense.BiasInitializer.ToString());
                WriteNumber(json, "l1", dense.L1);
                WriteNumber(json, "l2", dense.L2);
                WriteNumber(json, "max_norm", dense.MaxNorm);
                break;
            case ActivationSpec activation:
                json.WriteString("type", Activate);
                json.WriteString("activation", activation.Activation.ToString());
                break;
            case DropoutSpec dropout:
                json.WriteString("type", Dropout);
                json.WriteNumber("probability", dropout.Probability);
                break;
            case LayerNormSpec:
                json.WriteString("type", LayerNorm);
                break;
            case BatchNormSpec:
                json.WriteString("type", BatchNorm);
                break;
            case ResidualSpec residual:
                json.WriteString("type", Residual);
                Write(json, residual.Layers);
                break;
            case CustomLayerSpec custom:
                json.WriteString("type", Custom);
                json.WriteString("layer", custom.ToString());
                break;
            default:
                throw new InvalidOperationException($"The layer {layer} has no JSON.");
        }

        json.WriteEndObject();
    }

    public static NetworkSpec Read(string text, LayerRegistry? registry)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            byte[] json = StrictUtf8.GetBytes(text);
            CheckTokens(json);
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            int inputs = Int(document.RootElement, "inputs");
            CheckKeys(document.RootElement, 0, "inputs", "layers");
            int left = NetworkSpec.MaxLayersRead;
            return NetworkSpec.Of(inputs, ReadLayers(document.RootElement, registry, ref left));
        }
        catch (Exception e) when (e is JsonException or ArgumentException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"The text is not the JSON of a network: {ArgumentText.Of(e)}", e);
        }
    }

    private static void CheckTokens(byte[] json)
    {
        Utf8JsonReader tokens = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        for (int count = 0; tokens.Read(); count++)
        {
            if (count == MaxTokens)
            {
                throw NetworkSpecText.TooMany();
            }
        }
    }

    /// <summary>A number that is left out where it is 0: files of versions that know it and of those that do not are the same without it.</summary>
    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    private static double Number(JsonElement parent, string name) => !parent.TryGetProperty(name, out JsonElement value)
        ? 0
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number >= 0 && double.IsFinite(number)
        ? number
        : throw new FormatException($"\"{name}\" is a number that is not negative.");

    private static LayerSpec[] ReadLayers(JsonElement parent, LayerRegistry? registry, ref int left)
    {
        List<LayerSpec> layers = [];
        foreach (JsonElement layer in Get(parent, "layers", JsonValueKind.Array).EnumerateArray())
        {
            layers.Add(--left >= 0 ? ReadLayer(layer, registry, ref left) : throw NetworkSpecText.TooMany());
        }

        return [.. layers];
    }

    private static LayerSpec ReadLayer(JsonElement layer, LayerRegistry? registry, ref int left)
    {
        string type = Text(layer, "type");
        if (Keys.TryGetValue(type, out string[]? keys))
        {
            CheckKeys(layer, NetworkSpec.MaxLayersRead - left, keys);
        }

        return type switch
        {
            Dense => new DenseSpec(Int(layer, "units"), Activation.Parse(Text(layer, "activation"), registry))
            {
                UseBias = Get(layer, "use_bias", JsonValueKind.True, JsonValueKind.False).GetBoolean(),
                KernelInitializer = Initializer.Parse(Text(layer, "kernel_initializer")),
                BiasInitializer = Initializer.Parse(Text(layer, "bias_initializer")),
                L1 = Number(layer, "l1"),
                L2 = Number(layer, "l2"),
                MaxNorm = Number(layer, "max_norm"),
            },
            Activate => new ActivationSpec(Activation.Parse(Text(layer, "activation"), registry)),
            Dropout => new DropoutSpec(Get(layer, "probability", JsonValueKind.Number).GetDouble()),
            LayerNorm => new LayerNormSpec(),
            BatchNorm => new BatchNormSpec(),
            Residual => new ResidualSpec(ReadLayers(layer, registry, ref left)),
            Custom => registry?.FindLayer(Text(layer, "layer")) is { } custom
                ? new CustomLayerSpec(custom)
                : throw new FormatException($"The layer {Quoted.Of(Text(layer, "layer"))} is a user's own. Pass a {nameof(LayerRegistry)} that makes it."),
            _ => throw new FormatException($"A layer of the type {Quoted.Of(type)} is not known to this version of SimdNet, which knows {Dense}, {Activate}, {Dropout}, {LayerNorm}, {BatchNorm}, {Residual} and {Custom}."),
        };
    }

    /// <summary>A misspelt key would else be passed over, and with it what it says.</summary>
    /// <param name="parent">An object.</param>
    /// <param name="layer">Which layer it is, from 1, those within blocks counted; 0 for the network.</param>
    /// <param name="known">All keys that it may have.</param>
    private static void CheckKeys(JsonElement parent, int layer, params ReadOnlySpan<string> known)
    {
        foreach (JsonProperty property in parent.EnumerateObject())
        {
            bool isKnown = false;
            foreach (string key in known)
            {
                isKnown = isKnown || property.NameEquals(key);
            }

            if (!isKnown)
            {
                string what = layer == 0 ? "the network" : $"layer {layer}, those within blocks counted,";
                throw new FormatException($"The key {Quoted.Of(JsonMarshal.GetRawUtf8PropertyName(property))} of {what} is not known to this version of SimdNet; known are {string.Join(", ", known)}.");
            }
        }
    }

    private static string Text(JsonElement parent, string name)
    {
        JsonElement text = Get(parent, name, JsonValueKind.String);
        return JsonMarshal.GetRawUtf8Value(text).Length <= CallText.MaxLength
            ? text.GetString()!
            : throw new FormatException($"\"{name}\" is longer than the {CallText.MaxLength} bytes that are read.");
    }

    private static int Int(JsonElement parent, string name) => Get(parent, name, JsonValueKind.Number).TryGetInt32(out int value) && value >= 1
        ? value
        : throw new FormatException($"\"{name}\" is a whole number of at least 1.");

    private static JsonElement Get(JsonElement parent, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && kinds.Contains(value.ValueKind)
            ? value
            : throw new FormatException($"\"{name}\" is missing, or is not a {string.Join(" or ", kinds.ToArray())}.");
}
