using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;

namespace SimdNet;

/// <summary>A network: its spec, one flat block with every parameter, and what maps raw data to numbers it learns from.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>For one thread at a time; <see cref="Predictor{T}"/> serves many. Where a scaler is set, raw values go in and raw values come out everywhere: here, in the trainer and in the predictor.</remarks>
public sealed class Network<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Layer<T>[] _layers;
    private readonly Layer<T>[] _inferenceLayers;
    private readonly bool[] _frozen;
    private readonly ParameterInfo[] _parameters;
    private readonly AlignedBuffer<T> _block;
    private InferencePass<T>? _inference;

    internal Network(NetworkSpec spec, ulong seed, KernelSet<T> kernels)
    {
        if (spec.Layers.Count == 0)
        {
            throw new InvalidOperationException("A network needs at least one layer. Add one to the spec, as in NetworkSpec.Input(2).Dense(1).");
        }

        Spec = spec;
        Kernels = kernels;
        LayerList<T> list = new(kernels, spec.Inputs);
        for (int i = 0; i < spec.Layers.Count; i++)
        {
            list.SpecLayer = i;
            spec.Layers[i].AddTo(list);
        }

        _layers = [.. list.Layers];
        SpecLayers = [.. list.SpecLayers];
        Layer<T>[] atWork = Array.FindAll(_layers, layer => !layer.IsTrainingOnly);
        _inferenceLayers = atWork.Length == 0 ? _layers : atWork;
        TakesWholeBatches = Array.Exists(_layers, layer => layer.TakesWholeBatches);
        IsDense = Array.TrueForAll(_layers, layer => layer is DenseLayer<T>);
        List<ParameterInfo> parameters = [];
        foreach (Layer<T> layer in _layers)
        {
            parameters.AddRange(layer.Parameters);
        }

        if (Array.TrueForAll(_inferenceLayers, layer => layer is DenseLayer<T>))
        {
            SmallLayer<T>[] small = Array.ConvertAll(_inferenceLayers, layer => ((DenseLayer<T>)layer).Small);
            Small = SmallNetwork<T>.Fits(small) ? new(small) : null;
            Tail = SmallNetwork<T>.Above(small);
        }

        _frozen = new bool[spec.Layers.Count];
        _parameters = [.. parameters];
        _block = new AlignedBuffer<T>(list.End);
        int tensor = 0;
        foreach (Layer<T> layer in _layers)
        {
            layer.Initialize(_block.Span, seed, tensor);
            tensor += layer.Parameters.Count;
        }
    }

    private Network(Network<T> source)
        : this(source.Spec, 0, source.Kernels)
    {
        source._block.Span.CopyTo(_block.Span);
        source._frozen.CopyTo(_frozen, 0);
        InputScaler = source.InputScaler;
        TargetScaler = source.TargetScaler;
        ClassNames = source.ClassNames;
        Metadata = new Dictionary<string, string>(source.Metadata);
    }

    /// <summary>What the network is.</summary>
    public NetworkSpec Spec { get; }

    /// <summary>Features of a sample.</summary>
    public int Inputs => Spec.Inputs;

    /// <summary>Width of the output.</summary>
    public int Outputs => Spec.Outputs;

    /// <summary>Number of parameters.</summary>
    public int ParameterCount => Spec.ParameterCount;

    /// <summary>Every parameter tensor, in the order of the files: W1, b1, W2, b2, …</summary>
    public IReadOnlyList<ParameterInfo> Parameters => _parameters;

    /// <summary>Applied to raw inputs before the first layer; null where inputs are used as they are.</summary>
    /// <exception cref="ArgumentException">The scaler is for another number of columns.</exception>
    public Scaler<T>? InputScaler
    {
        get;
        set => field = Fitting(value, Inputs, "inputs");
    }

    /// <summary>Applied to raw targets before the loss, and undone on predictions; null where targets are used as they are.</summary>
    /// <exception cref="ArgumentException">The scaler is for another number of columns.</exception>
    public Scaler<T>? TargetScaler
    {
        get;
        set => field = Fitting(value, Outputs, "outputs");
    }

    /// <summary>What the classes are called, in the order of the outputs (one output: the names of 0 and 1); null where they have no names.</summary>
    /// <exception cref="ArgumentException">The number of names does not fit the outputs.</exception>
    public IReadOnlyList<string>? ClassNames
    {
        get;
        set => field = value is null || value.Count == Math.Max(2, Outputs)
            ? value
            : throw new ArgumentException($"{value.Count} class names do not fit a network with {Outputs} outputs, which takes {Math.Max(2, Outputs)}.", nameof(value));
    }

    /// <summary>Remarks that are saved with the model. The trainer notes the name of its loss under "loss".</summary>
    public IDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

    internal KernelSet<T> Kernels { get; }

    /// <summary>Whether all layers are dense, as the kernels for single samples and for small networks take them.</summary>
    internal bool IsDense { get; }

    /// <summary>Whether a training batch is one tile, since its rows depend on each other.</summary>
    internal bool TakesWholeBatches { get; }

    /// <summary>The network as the kernels of small networks take it; null where it is not small, or not dense outside of training.</summary>
    internal SmallNetwork<T>? Small { get; }

    /// <summary>All layers but the first, where these are small; else null.</summary>
    internal SmallNetwork<T>? Tail { get; }

    /// <summary>The layers at work, first to last.</summary>
    internal ReadOnlySpan<Layer<T>> Layers => _layers;

    /// <summary>Which of the spec's layers each layer at work comes from.</summary>
    internal IReadOnlyList<int> SpecLayers { get; }

    /// <summary>The layers that do something outside of training.</summary>
    internal ReadOnlySpan<Layer<T>> InferenceLayers => _inferenceLayers;

    /// <summary>Every parameter, with zeros between tensors that do not end on a cache line.</summary>
    internal Span<T> ParameterBlock => _block.Span;

    /// <summary>A network with the same parameters, scaling and names, and memory of its own.</summary>
    public Network<T> Clone() => new(this);

    /// <summary>One parameter tensor, in place: what is written to it is what the network computes with from then on.</summary>
    /// <param name="name">W1, b1, …, as in <see cref="Parameters"/>.</param>
    /// <returns>Weights [inputs × units] in C order, a bias [units], or what a normalization has of each feature; of a user's layer, what it declares. <see cref="ParameterInfo.Shape"/> tells.</returns>
    /// <exception cref="ArgumentException">The network has no such tensor.</exception>
    public Span<T> GetParameter(string name)
    {
        foreach (ParameterInfo parameter in _parameters)
        {
            if (parameter.Name == name)
            {
                return TensorOf(parameter);
            }
        }

        throw new ArgumentException($"The network has no parameter '{name}'. It has {string.Join(", ", Array.ConvertAll(_parameters, parameter => parameter.Name))}.", nameof(name));
    }

    /// <summary>The same without a search among the names: for who goes through all of <see cref="Parameters"/>, of which there may be ten thousands.</summary>
    internal Span<T> TensorOf(ParameterInfo parameter) => _block.Span.Slice(parameter.Start, parameter.Length);

    /// <summary>The outputs for one or more samples. Allocates nothing after the first call.</summary>
    /// <param name="inputs">[rows × inputs], raw, row-major.</param>
    /// <param name="outputs">[rows × outputs], overwritten. It must not overlap the inputs.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the spans overlap.</exception>
    [MethodImpl(Compiled.Entry)]
    public void Predict(ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        // A small network's kernel takes less time than the checks, and the way to it has those that one sample needs.
        bool overwrites = outputs.Overlaps(ParameterBlock);
        if (!overwrites && InferencePass<T>.TryRunSmall(this, inputs, outputs))
        {
            return;
        }

        Shapes.CheckPrediction(Spec, inputs, outputs);
        if (overwrites)
        {
            throw new ArgumentException("The outputs would overwrite the network's parameters. Pass a span of their own.", nameof(outputs));
        }

        (_inference ??= new InferencePass<T>(this)).Run(inputs, outputs);
    }

    /// <summary>The outputs for one or more samples, in a new array.</summary>
    /// <param name="inputs">[rows × inputs], raw, row-major.</param>
    /// <returns>[rows × outputs].</returns>
    /// <exception cref="ArgumentException">The length is no multiple of the number of inputs.</exception>
    public T[] Predict(ReadOnlySpan<T> inputs)
    {
        T[] outputs = Shapes.NewOutputs(Spec, inputs);
        Predict(inputs, outputs);
        return outputs;
    }

    /// <summary>The outputs for one or more samples, where these are tensors. Allocates nothing after the first call.</summary>
    /// <param name="inputs">[rows × inputs], or [inputs] for one sample; dense, raw.</param>
    /// <param name="outputs">[rows × outputs], or [outputs]; dense, overwritten.</param>
    /// <exception cref="ArgumentException">A shape does not fit, a tensor is not dense, or the tensors overlap.</exception>
    [MethodImpl(Compiled.Entry)]
    public void Predict(in ReadOnlyTensorSpan<T> inputs, in TensorSpan<T> outputs)
    {
        Shapes.CheckTensor(inputs, Inputs, nameof(inputs));
        Shapes.CheckTensor<T>(outputs, Outputs, nameof(outputs));
        Span<nint> first = stackalloc nint[2];
        Predict(
            inputs.GetSpan(first[..inputs.Rank], (int)inputs.FlattenedLength),
            outputs.GetSpan(first[..outputs.Rank], (int)outputs.FlattenedLength));
    }

    /// <summary>The class of one sample: the largest output, or for a single sigmoid output 1 where it is above 0.5.</summary>
    /// <param name="sample">[inputs], raw.</param>
    /// <exception cref="ArgumentException">The length does not fit.</exception>
    /// <exception cref="InvalidOperationException">The network tells no classes: its targets were scaled, or it has one output that is not a sigmoid.</exception>
    [MethodImpl(Compiled.Entry)]
    public int PredictClass(ReadOnlySpan<T> sample)
    {
        Shapes.CheckSample(Spec, sample);
        return (_inference ??= new InferencePass<T>(this)).RunClass(sample);
    }

    /// <summary>SHA-256 of all parameters, 64 hexadecimal digits: equal where two networks have the same bits.</summary>
    /// <remarks>
    /// The bytes of each value, lowest first, in the order of <see cref="Parameters"/>. With the same version, seed and data it is the same after training with any number of threads, at every vector width
    /// with fused multiply-add, under the JIT and as native code. Without fused multiply-add in hardware results are correct, but other bits.
    /// </remarks>
    public string Fingerprint()
    {
        using Fingerprint fingerprint = new();
        fingerprint.Add<T>(_parameters, _block.Span);
        return fingerprint.ToString();
    }

    /// <summary>Whether a layer is frozen: trainers that are made from then on leave its parameters as they are. None is at first.</summary>
    /// <param name="layer">Its place among <see cref="NetworkSpec.Layers"/>, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such layer.</exception>
    public bool IsFrozen(int layer) => _frozen[CheckedLayer(layer, nameof(layer))];

    /// <summary>Freezes layers: trainers that are made from then on leave their parameters as they are, to the bit. A frozen batch normalization uses its running statistics also in training, as in Keras; in PyTorch that takes <c>eval()</c>.</summary>
    /// <param name="layers">Their places among <see cref="NetworkSpec.Layers"/>, from 0. A residual block is one layer.</param>
    /// <remarks>It is saved with the model.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The network has no such layer.</exception>
    public void Freeze(params ReadOnlySpan<int> layers) => SetFrozen(layers, true);

    /// <summary>Takes back <see cref="Freeze"/>, for trainers that are made from then on.</summary>
    /// <inheritdoc cref="Freeze"/>
    public void Unfreeze(params ReadOnlySpan<int> layers) => SetFrozen(layers, false);

    /// <summary>Transfer learning: copies the parameters of another model's layers into the layers at the same places.</summary>
    /// <param name="source">The other model. Its scalers are not copied; give the network the same <see cref="InputScaler"/> where the first layer is copied.</param>
    /// <param name="layers">Places among <see cref="NetworkSpec.Layers"/>, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of the networks has no such layer.</exception>
    /// <exception cref="ArgumentException">The tensors of a layer differ in number, kind or shape; nothing was copied.</exception>
    public void CopyLayersFrom(Network<T> source, params ReadOnlySpan<int> layers)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<(ParameterInfo From, ParameterInfo To)> pairs = [];
        foreach (int layer in layers)
        {
            ParameterInfo[] from = Array.FindAll(source._parameters, parameter => parameter.Layer == source.CheckedLayer(layer, nameof(layers)));
            ParameterInfo[] to = Array.FindAll(_parameters, parameter => parameter.Layer == CheckedLayer(layer, nameof(layers)));
            for (int i = 0; i < Math.Max(from.Length, to.Length); i++)
            {
                if (from.Length != to.Length || from[i].Kind != to[i].Kind || !from[i].Shape.SequenceEqual(to[i].Shape))
                {
                    throw new ArgumentException($"Layer {layer} of the network {source.Spec.Short} is {source.Spec.Layers[layer]} with {Tensors(from)}, and that of {Spec.Short} is {Spec.Layers[layer]} with {Tensors(to)}. Copy layers of the same kind and shape.", nameof(layers));
                }

                pairs.Add((from[i], to[i]));
            }
        }

        foreach ((ParameterInfo from, ParameterInfo to) in pairs)
        {
            source._block.Span.Slice(from.Start, from.Length).CopyTo(_block.Span.Slice(to.Start, to.Length));
        }

        static string Tensors(ParameterInfo[] parameters) => parameters.Length == 0
            ? "no parameters"
            : string.Join(", ", Array.ConvertAll(parameters, parameter => $"{parameter.Name} [{string.Join(" × ", parameter.Shape)}]"));
    }

    /// <summary>The layers with their output shapes, parameters, bytes and multiply-adds as a table, as Keras prints it.</summary>
    public string Summary() => NetworkSummary.Write(this);

    private void SetFrozen(ReadOnlySpan<int> layers, bool isFrozen)
    {
        foreach (int layer in layers)
        {
            CheckedLayer(layer, nameof(layers));
        }

        foreach (int layer in layers)
        {
            _frozen[layer] = isFrozen;
        }
    }

    private int CheckedLayer(int layer, string name) => (uint)layer < (uint)_frozen.Length
        ? layer
        : throw new ArgumentOutOfRangeException(name, layer, $"The network {Spec.Short} has the layers 0 to {_frozen.Length - 1}.");

    private static Scaler<T>? Fitting(Scaler<T>? scaler, int columns, string what) => scaler is null || scaler.Columns == columns
        ? scaler
        : throw new ArgumentException($"A scaler for {scaler.Columns} columns does not fit a network with {columns} {what}.", nameof(scaler));
}
