using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Model;

namespace SimdNet;

/// <summary>What a network is, without its numbers: the width of its input and its layers in order. Immutable, and shared freely by networks and threads; two specs that say the same are equal.</summary>
/// <example>
/// <code>
/// NetworkSpec spec = NetworkSpec.Input(784).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax);
/// Network&lt;float&gt; network = spec.Build&lt;float&gt;(seed: 42);
/// </code>
/// </example>
public sealed record NetworkSpec
{
    private readonly LayerSpec[] _layers;

    private NetworkSpec(int inputs, LayerSpec[] layers)
    {
        Inputs = inputs;
        _layers = layers;
        Layers = Array.AsReadOnly(layers);
        int width = inputs;
        long parameters = 0;
        foreach (LayerSpec layer in layers)
        {
            parameters += layer.ParameterCountFor(width);
            width = layer.OutputsFor(width);
            if (parameters > MaxParameters)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The network '{Short}' has more than {MaxParameters:N0} parameters, the most that one block holds. Use fewer units."), nameof(layers));
            }
        }

        Outputs = width;
        ParameterCount = (int)parameters;
    }

    /// <summary>The most parameters that a network may have: what one block of an array can hold.</summary>
    public const int MaxParameters = 1 << 30;

    /// <summary>The most layers, those within blocks counted, that are read, and so the most that a model file has: some 40 MB of a file would else be gigabytes of layers. Deep networks have some hundred.</summary>
    internal const int MaxLayersRead = 50_000;

    /// <summary>Features of a sample.</summary>
    public int Inputs { get; }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<LayerSpec> Layers { get; }

    /// <summary>Width of the last layer's output.</summary>
    public int Outputs { get; }

    /// <summary>Number of parameters of all layers.</summary>
    public int ParameterCount { get; }

    /// <summary>Activation of the last layer; the identity where it has none, or there is no layer.</summary>
    public Activation OutputActivation => _layers switch
    {
        [.., DenseSpec last] => last.Activation,
        [.., ActivationSpec last] => last.Activation,
        _ => Activation.Identity,
    };

    /// <summary>The start of a spec: samples with <paramref name="features"/> features and no layer yet.</summary>
    /// <param name="features">Width of a sample, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static NetworkSpec Input(int features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        return new(features, []);
    }

    /// <summary>The spec in the text that <see cref="ToString"/> writes: the number of inputs, then the layers, as in <c>784,128:relu,10:softmax</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="registry">Makes users' own layers and activations; null where there are none.</param>
    /// <remarks>
    /// A layer is <c>UNITS[:ACTIVATION][:no-bias][:kernel=INITIALIZER][:bias=INITIALIZER][:l1=PENALTY][:l2=PENALTY][:max-norm=LIMIT]</c>, linear without an activation, each setting once, or <c>dropout(P)</c>, <c>layernorm</c>, <c>batchnorm</c>, <c>residual(LAYER,LAYER,…)</c>,
    /// an activation alone, or a user's own layer.
    /// </remarks>
    /// <exception cref="FormatException">The text is not a spec, or has more than 50,000 layers; the message names the part that is wrong.</exception>
    public static NetworkSpec Parse(string text, LayerRegistry? registry = null) => NetworkSpecText.Parse(text, registry);

    /// <summary>Layers alone, without the number of inputs: <c>128:relu,10:softmax</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="registry">As in <see cref="Parse"/>.</param>
    /// <exception cref="FormatException">The text is not a list of layers, or of more than 50,000.</exception>
    public static IReadOnlyList<LayerSpec> ParseLayers(string text, LayerRegistry? registry = null) => NetworkSpecText.ParseLayers(text, registry);

    /// <summary>The spec in the JSON that <see cref="ToJson"/> writes.</summary>
    /// <param name="json">The text.</param>
    /// <param name="registry">As in <see cref="Parse"/>.</param>
    /// <exception cref="FormatException">The text is not that JSON, has a key that is not known there, or more than 50,000 layers; the message says where.</exception>
    public static NetworkSpec FromJson(string json, LayerRegistry? registry = null) => NetworkSpecJson.Read(json, registry);

    /// <summary>A spec of layers that were read.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    internal static NetworkSpec Of(int inputs, LayerSpec[] layers) => new(inputs, layers);

    /// <summary>This spec with one more layer.</summary>
    /// <param name="layer">What comes behind the others. Its input is as wide as <see cref="Outputs"/> is now.</param>
    /// <exception cref="ArgumentException">The network would have more than <see cref="MaxParameters"/> parameters, or the layer does not fit those before it.</exception>
    public NetworkSpec Add(LayerSpec layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new(Inputs, [.. _layers, layer]);
    }

    /// <summary>This spec with one more fully connected layer.</summary>
    /// <param name="units">Number of units, at least 1.</param>
    /// <param name="activation">What follows the sum; the identity where none is given.</param>
    /// <param name="useBias">Whether a bias is added.</param>
    /// <param name="kernelInitializer">How the weights start; Glorot uniform where none is given.</param>
    /// <param name="biasInitializer">How the bias starts; zeros where none is given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Units is below 1.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public NetworkSpec Dense(int units, Activation activation = default, bool useBias = true, Initializer? kernelInitializer = null, Initializer? biasInitializer = null) =>
        Add(new DenseSpec(units, activation)
        {
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? Initializer.GlorotUniform,
            BiasInitializer = biasInitializer ?? Initializer.Zeros,
        });

    /// <summary>This spec with an activation as a layer of its own: for what stands between a dense layer and its activation.</summary>
    /// <param name="activation">Applied to each row of the layer before, whose width stays.</param>
    public NetworkSpec Activate(Activation activation) => Add(new ActivationSpec(activation));

    /// <summary>This spec with a dropout, see <see cref="DropoutSpec"/>.</summary>
    /// <param name="probability">The probability of a number to be dropped in training, in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public NetworkSpec Dropout(double probability) => Add(new DropoutSpec(probability));

    /// <summary>This spec with a layer normalization, see <see cref="LayerNormSpec"/>.</summary>
    public NetworkSpec LayerNorm() => Add(new LayerNormSpec());

    /// <summary>This spec with a batch normalization, see <see cref="BatchNormSpec"/>.</summary>
    public NetworkSpec BatchNorm() => Add(new BatchNormSpec());

    /// <summary>This spec with a residual block, see <see cref="ResidualSpec"/>.</summary>
    /// <param name="layers">Adds the block's layers to a spec that has its input and no layer yet, as in <c>block =&gt; block.Dense(64, Activation.ReLU).Dense(64)</c>.</param>
    /// <exception cref="ArgumentException">The block adds no layer, is null, or ends in another width than it begins; or blocks are more than 16 deep within each other.</exception>
    public NetworkSpec Residual(Func<NetworkSpec, NetworkSpec> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        NetworkSpec block = layers(Input(Outputs)) ?? throw new ArgumentException("The function gives null instead of the spec that it was given with the block's layers.", nameof(layers));
        return Add(new ResidualSpec(block.Layers));
    }

    /// <summary>This spec with a user's own layer.</summary>
    /// <param name="layer">The layer. Networks of this spec share it, on any thread: see its remarks.</param>
    /// <exception cref="ArgumentException">As for <see cref="Add"/>.</exception>
    public NetworkSpec Custom(CustomLayer layer) => Add(new CustomLayerSpec(layer));

    /// <summary>A network of this spec with initialised parameters.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="seed">Decides every initial parameter. The same seed gives the same bits on every machine.</param>
    /// <exception cref="InvalidOperationException">The spec has no layer, or an initializer gives numbers beyond the range of <typeparamref name="T"/>.</exception>
    public Network<T> Build<T>(ulong seed = 42)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(this, seed, KernelSets.Active<T>());

    /// <summary>The spec as JSON: <c>{"inputs":784,"layers":[{"type":"dense","units":128,…},…]}</c>.</summary>
    public string ToJson() => NetworkSpecJson.Write(this);

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => NetworkSpecText.Write(this);

    /// <summary>The text, or its beginning where it is long, for messages.</summary>
    internal string Short => Shortened(ToString());

    /// <summary>How many layers there are, those within blocks counted.</summary>
    internal static int CountOf(IReadOnlyList<LayerSpec> layers)
    {
        int count = layers.Count;
        foreach (LayerSpec layer in layers)
        {
            count += layer is ResidualSpec block ? CountOf(block.Layers) : 0;
        }

        return count;
    }

    /// <summary>The beginning of a long text.</summary>
    internal static string Shortened(string text)
    {
        const int most = 500;
        return text.Length <= most ? text : string.Concat(text.AsSpan(0, most), "…");
    }

    /// <summary>Whether both specs have the same inputs and the same layers.</summary>
    public bool Equals(NetworkSpec? other) => other is not null && Inputs == other.Inputs && _layers.AsSpan().SequenceEqual(other._layers);

    /// <inheritdoc/>
    public override int GetHashCode() => _layers.Aggregate(Inputs, HashCode.Combine);
}
