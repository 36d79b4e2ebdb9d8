using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SimdNet.Model;

/// <summary>A spec as one line of text, <c>784,128:relu,10:softmax</c>, in both directions.</summary>
internal static class NetworkSpecText
{
    private const string NoBias = "no-bias";
    private const string Kernel = "kernel=";
    private const string Bias = "bias=";
    private const string L1 = "l1=";
    private const string L2 = "l2=";
    private const string MaxNorm = "max-norm=";

    public static string Write(NetworkSpec spec) => string.Create(CultureInfo.InvariantCulture, $"{spec.Inputs},{string.Join(',', spec.Layers)}").TrimEnd(',');

    public static string Write(DenseSpec layer)
    {
        StringBuilder text = new(layer.Units.ToString(CultureInfo.InvariantCulture));
        if (layer.Activation != Activation.Identity)
        {
            text.Append(':').Append(layer.Activation);
        }

        if (!layer.UseBias)
        {
            text.Append(':').Append(NoBias);
        }

        if (layer.KernelInitializer != Initializer.GlorotUniform)
        {
            text.Append(':').Append(Kernel).Append(layer.KernelInitializer);
        }

        if (layer.BiasInitializer != Initializer.Zeros)
        {
            text.Append(':').Append(Bias).Append(layer.BiasInitializer);
        }

        foreach ((string name, double value) in ((string, double)[])[(L1, layer.L1), (L2, layer.L2), (MaxNorm, layer.MaxNorm)])
        {
            if (value != 0)
            {
                text.Append(':').Append(name).Append(value.ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }

    public static NetworkSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> items = CallText.SplitList(text);
        if (!TryParseCount(items[0], out int inputs))
        {
            throw new FormatException($"'{items[0]}' is not a number of inputs. A network is written as INPUTS,LAYER,LAYER,…, for example 784,128:relu,10:softmax.");
        }

        NetworkSpec spec = NetworkSpec.Input(inputs);
        for (int i = 1; i < items.Count; i++)
        {
            spec = spec.Add(ParseLayer(items[i]));
        }

        return spec;
    }

    public static LayerSpec[] ParseLayers(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return CallText.SplitList(text).ConvertAll(ParseLayer).ToArray();
    }

    private static LayerSpec ParseLayer(string item)
    {
        string[] parts = item.Split(':');
        if (!TryParseCount(parts[0], out int units))
        {
            throw new FormatException($"'{item}' is not a layer: it begins with its number of units, at least 1. Write UNITS:ACTIVATION, for example 128:relu, with commas between layers.");
        }

        DenseSpec layer = new(units);
        for (int i = 1; i < parts.Length; i++)
        {
            string part = parts[i].Trim();
            if (part == NoBias)
            {
                layer = layer with { UseBias = false };
            }
            else if (part.StartsWith(Kernel, StringComparison.Ordinal))
            {
                layer = layer with { KernelInitializer = Initializer.Parse(part[Kernel.Length..]) };
            }
            else if (part.StartsWith(Bias, StringComparison.Ordinal))
            {
                layer = layer with { BiasInitializer = Initializer.Parse(part[Bias.Length..]) };
            }
            else if (part.StartsWith(L1, StringComparison.Ordinal))
            {
                layer = layer with { L1 = ParseNumber(part, L1, item) };
            }
            else if (part.StartsWith(L2, StringComparison.Ordinal))
            {
                layer = layer with { L2 = ParseNumber(part, L2, item) };
            }
            else if (part.StartsWith(MaxNorm, StringComparison.Ordinal))
            {
                layer = layer with { MaxNorm = ParseNumber(part, MaxNorm, item) };
            }
            else if (i == 1)
            {
                layer = layer with { Activation = Activation.Parse(part) };
            }
            else
            {
                throw new FormatException($"'{part}' in the layer '{item}' is not understood. A layer is UNITS[:ACTIVATION][:no-bias][:kernel=INITIALIZER][:bias=INITIALIZER][:l1=PENALTY][:l2=PENALTY][:max-norm=LIMIT].");
            }
        }

        return layer;
    }

    private static double ParseNumber(string part, string name, string item) =>
        double.TryParse(part.AsSpan(name.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new FormatException($"'{part}' in the layer '{item}' is not understood: {name.TrimEnd('=')} is a number that is not negative.");

    private static bool TryParseCount(string text, out int count) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;
}
