using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

using SimdNet.IO;

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
    private const string Residual = "residual(";

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

    public static NetworkSpec Parse(string text, LayerRegistry? registry)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> rest = text;
        ReadOnlySpan<char> first = CallText.TakeItem(ref rest, out bool isLast);
        if (!TryParseCount(first, out int inputs))
        {
            throw new FormatException($"{Quoted.Of(first)} is not a number of inputs. A network is written as INPUTS,LAYER,LAYER,…, for example 784,128:relu,10:softmax.");
        }

        try
        {
            int left = NetworkSpec.MaxLayersRead;
            return NetworkSpec.Of(inputs, isLast ? [] : ParseLayers(rest, registry, depth: 0, ref left));
        }
        catch (ArgumentException e)
        {
            throw new FormatException(ArgumentText.Of(e), e);
        }
    }

    public static LayerSpec[] ParseLayers(string text, LayerRegistry? registry)
    {
        ArgumentNullException.ThrowIfNull(text);
        int left = NetworkSpec.MaxLayersRead;
        return ParseLayers(text, registry, depth: 0, ref left);
    }

    /// <summary>Too many layers, of which a text or a file can hold very many in little room.</summary>
    public static FormatException TooMany() => new(string.Create(CultureInfo.InvariantCulture, $"There are more than {NetworkSpec.MaxLayersRead:N0} layers, those within blocks counted, which are the most that are read."));

    private static LayerSpec[] ParseLayers(ReadOnlySpan<char> text, LayerRegistry? registry, int depth, ref int left)
    {
        List<LayerSpec> layers = [];
        while (true)
        {
            ReadOnlySpan<char> item = CallText.TakeItem(ref text, out bool isLast);
            layers.Add(--left >= 0 ? ParseLayer(item, registry, depth, ref left) : throw TooMany());
            if (isLast)
            {
                return [.. layers];
            }
        }
    }

    private static LayerSpec ParseLayer(ReadOnlySpan<char> item, LayerRegistry? registry, int depth, ref int left)
    {
        if (item.StartsWith(Residual, StringComparison.Ordinal) && item.EndsWith(')'))
        {
            return depth < ResidualSpec.MaxDepth
                ? new ResidualSpec(ParseLayers(item[Residual.Length..^1], registry, depth + 1, ref left))
                : throw new FormatException($"Residual blocks are more than {ResidualSpec.MaxDepth} deep within each other. Put some behind each other.");
        }

        if (item.Length > CallText.MaxLength)
        {
            throw NotOne(item);
        }

        int colon = item.IndexOf(':');
        return TryParseCount(colon < 0 ? item : item[..colon], out int units) ? ParseDense(item.ToString(), units, registry) : ParseNamed(item.ToString(), registry);
    }

    private static LayerSpec ParseNamed(string item, LayerRegistry? registry)
    {
        if (CallText.TryParse(item, out string name, out double[] arguments))
        {
            switch (name, arguments)
            {
                case ("dropout", [>= 0 and < 1]):
                    return new DropoutSpec(arguments[0]);
                case ("dropout", _):
                    throw new FormatException($"{Quoted.Of(item)} is not a dropout: write dropout(P) with the probability P, at least 0 and below 1.");
                case ("layernorm", []):
                    return new LayerNormSpec();
                case ("batchnorm", []):
                    return new BatchNormSpec();
            }
        }

        return Activation.TryParse(item, out Activation activation)
            ? new ActivationSpec(activation)
            : registry?.FindActivation(item) is { } function
            ? new ActivationSpec(Activation.Custom(function))
            : registry?.FindLayer(item) is { } layer
            ? new CustomLayerSpec(layer)
            : throw NotOne(item);
    }

    private static FormatException NotOne(ReadOnlySpan<char> item) =>
        new($"{Quoted.Of(item)} is not a layer. A layer is UNITS:ACTIVATION with at least 1 unit, for example 128:relu, or dropout(P), layernorm, batchnorm, residual(LAYER,…) or an activation alone. Commas stand between layers.");

    private static DenseSpec ParseDense(string item, int units, LayerRegistry? registry)
    {
        string[] parts = item.Split(':');
        DenseSpec layer = new(units);
        HashSet<string> given = [];
        for (int i = 1; i < parts.Length; i++)
        {
            string part = parts[i].Trim();
            string setting = part.Split('=')[0];
            if (!given.Add(setting))
            {
                throw new FormatException($"{Quoted.Of(setting)} stands twice in the layer {Quoted.Of(item)}. Give it once.");
            }

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
                layer = layer with { Activation = Activation.Parse(part, registry) };
            }
            else
            {
                throw new FormatException($"{Quoted.Of(part)} in the layer {Quoted.Of(item)} is not understood. A layer is UNITS[:ACTIVATION][:no-bias][:kernel=INITIALIZER][:bias=INITIALIZER][:l1=PENALTY][:l2=PENALTY][:max-norm=LIMIT].");
            }
        }

        return layer;
    }

    private static double ParseNumber(string part, string name, string item) =>
        double.TryParse(part.AsSpan(name.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && double.IsFinite(value)
            ? value
            : throw new FormatException($"{Quoted.Of(part)} in the layer {Quoted.Of(item)} is not understood: {name.TrimEnd('=')} is a number that is not negative.");

    private static bool TryParseCount(ReadOnlySpan<char> text, out int count) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1;
}
