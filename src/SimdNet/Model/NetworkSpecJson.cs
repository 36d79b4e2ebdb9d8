using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using System.Text.Json;

namespace SimdNet.Model;

/// <summary>A spec as JSON, in both directions. Model files carry it.</summary>
internal static class NetworkSpecJson
{
    private const string Dense = "dense";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static string Write(NetworkSpec spec)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("inputs", spec.Inputs);
            json.WriteStartArray("layers");
            foreach (LayerSpec layer in spec.Layers)
            {
                DenseSpec dense = (DenseSpec)layer;
                json.WriteStartObject();
                json.WriteString("type", Dense);
                json.WriteNumber("units", dense.Units);
                json.WriteString("activation", dense.Activation.ToString());
                json.WriteBoolean("use_bias", dense.UseBias);
                json.WriteString("kernel_initializer", dense.KernelInitializer.ToString());
                json.WriteString("bias_initializer", dense.BiasInitializer.ToString());
                WriteNumber(json, "l1", dense.L1);
                WriteNumber(json, "l2", dense.L2);
                WriteNumber(json, "max_norm", dense.MaxNorm);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public static NetworkSpec Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Strict);
            NetworkSpec spec = NetworkSpec.Input(Int(document.RootElement, "inputs"));
            foreach (JsonElement layer in Get(document.RootElement, "layers", JsonValueKind.Array).EnumerateArray())
            {
                string type = Text(layer, "type");
                if (type != Dense)
                {
                    throw new FormatException($"A layer of the type '{type}' is not known to this version of SimdNet, which knows '{Dense}'.");
                }

                spec = spec.Add(new DenseSpec(Int(layer, "units"), Activation.Parse(Text(layer, "activation")))
                {
                    UseBias = Get(layer, "use_bias", JsonValueKind.True, JsonValueKind.False).GetBoolean(),
                    KernelInitializer = Initializer.Parse(Text(layer, "kernel_initializer")),
                    BiasInitializer = Initializer.Parse(Text(layer, "bias_initializer")),
                    L1 = Number(layer, "l1"),
                    L2 = Number(layer, "l2"),
                    MaxNorm = Number(layer, "max_norm"),
                });
            }

            return spec;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException($"The text is not the JSON of a network: {e.Message}", e);
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

    private static string Text(JsonElement parent, string name) => Get(parent, name, JsonValueKind.String).GetString()!;

    private static int Int(JsonElement parent, string name) => Get(parent, name, JsonValueKind.Number).TryGetInt32(out int value) && value >= 1
        ? value
        : throw new FormatException($"\"{name}\" is a whole number of at least 1.");

    private static JsonElement Get(JsonElement parent, string name, params ReadOnlySpan<JsonValueKind> kinds) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) && kinds.Contains(value.ValueKind)
            ? value
            : throw new FormatException($"\"{name}\" is missing, or is not a {string.Join(" or ", kinds.ToArray())}.");
}
