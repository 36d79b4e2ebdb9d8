using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>The work of a step that is cut into parts for a team of workers, or done as a whole where that is faster. Neither changes a bit: parts are ranges of outputs, never of terms.</summary>
/// <remarks>
/// <code>
/// forward               units, where each part has a tile of them; else rows of the batch
/// input gradient        rows of the batch
/// parameter gradients   units, as forward: the weights that a worker updates are those that it reads next; else inputs
/// update                parameters
/// rows out of order     rows of the batch
/// </code>
/// Products share no packed operand, as those of MatrixPrimitives do: beside large weights a tile has fewer rows than packing pays for. Whole batches of a batch normalization may have more; then each part packs for itself.
/// <para>Forward by rows, the gradient of the input by inputs, and of the parameters by inputs (with the update cut likewise) measured the same or slower at 784-128-10 and 784-512-128-10.</para>
/// </remarks>
internal sealed class LayerTeam<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Operations in float below which a part is not worth handing over: about 2.5 µs of a core. A fork and join costs 0.3 µs where the worker is looking for work, and the part's data must come from another core's
    /// cache. In double, with half as many elements to a vector, half as many. <c>bench/run.sh Threads</c> has rows of fork and join, and of layers with parts of half, once and twice as many.
    /// </summary>
    internal const long LeastOperations = 250_000;

    /// <summary>Parameters below which a part of an update, or elements below which a part of a copy, is not worth handing over: Adam takes about 0.4 ns for each (<c>bench/run.sh ElementWise --case=adam</c>). The suite Threads has rows of updates with parts of half, once and twice as many.</summary>
    internal const int LeastElements = 12_288;

    /// <summary>Elements below which a part of a sum is not worth handing over: they are read, and nothing else, in a quarter of the time.</summary>
    internal const int LeastSummed = 4 * LeastElements;

    private readonly Network<T> _network;
    private readonly TrainableParts<T> _trained;
    private readonly WorkerTeam? _team;
    private readonly Workspace<T>[] _workspaces;

    /// <param name="network">Whose layers they are.</param>
    /// <param name="trained">What is trained of them.</param>
    /// <param name="team">Who does the parts; null for the caller alone.</param>
    /// <param name="workspaces">One for each worker: the first holds the batch, the others lend their scratch.</param>
    public LayerTeam(Network<T> network, TrainableParts<T> trained, WorkerTeam? team, Workspace<T>[] workspaces)
    {
        _network = network;
        _trained = trained;
        _team = team;
        _workspaces = workspaces;
    }

    /// <summary>Forward through one layer.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Forward(int layer, in PassPlace place, ReadOnlyMatrixView<T> input, MatrixView<T> output, bool linear)
    {
        Layer<T> work = _network.Layers[layer];
        int parts = Parts(work, input.Rows);
        if (parts == 1)
        {
            work.Forward(Pass(layer, place, linear, 0, Share.All), input, output);
            return;
        }

        ForwardParts forward = new() { Team = this, Layer = layer, Place = place, Linear = linear, Input = input, Output = output, Parts = parts };
        _team!.Run(ref forward, parts);
    }

    /// <summary>Backward through one layer: first its input's gradient, where it is needed, then its parameters', where they are trained.</summary>
    /// <param name="layer">The layer's number.</param>
    /// <param name="place">As in <see cref="Forward"/>.</param>
    /// <param name="gradients">As in <see cref="Layer{T}.ParameterGradients"/>.</param>
    /// <param name="input">[batch × inputs].</param>
    /// <param name="output">[batch × outputs].</param>
    /// <param name="outputGradient">[batch × outputs], with respect to the pre-activation.</param>
    /// <param name="inputGradient">[batch × inputs], overwritten with the gradient of the pre-activation below. Not for the lowest layer that is trained.</param>
    /// <param name="accumulate">As in <see cref="Layer{T}.ParameterGradients"/>.</param>
    /// <param name="linear">As in <see cref="Forward"/>.</param>
    [MethodImpl(Compiled.Entry)]
    public void Backward(int layer, in PassPlace place, Span<T> gradients, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> outputGradient, MatrixView<T> inputGradient, bool accumulate, bool linear)
    {
        ReadOnlySpan<Layer<T>> layers = _network.Layers;
        Layer<T> work = layers[layer];
        Activation below = layer > 0 ? layers[layer - 1].Activation : default;

        // A part of the features is no part of a softmax below.
        int parts = work.TakesWholeBatches && below.Kind == ActivationKind.Softmax ? 1 : Parts(work, input.Rows);
        if (parts == 1)
        {
            LayerPass<T> pass = Pass(layer, place, linear, 0, Share.All);
            if (layer > _trained.Lowest)
            {
                work.InputGradient(pass, outputGradient, input, output, inputGradient, below);
            }

            if (_trained.IsTrained(layer))
            {
                work.ParameterGradients(pass, input, outputGradient, gradients, accumulate);
            }

            return;
        }

        BackwardParts backward = new() { Team = this, Layer = layer, Place = place, Linear = linear, Gradients = gradients, Input = input, Output = output, OutputGradient = outputGradient, InputGradient = inputGradient, Below = below, Accumulate = accumulate, Parts = parts };
        if (layer > _trained.Lowest)
        {
            _team!.Run(ref backward, parts);
        }

        if (_trained.IsTrained(layer))
        {
            backward.IsOfParameters = true;
            _team!.Run(ref backward, parts);
        }
    }

    /// <summary>What layers change besides their gradients, once the step of a batch is made.</summary>
    [MethodImpl(Compiled.Entry)]
    public void EndStep(in PassPlace place, int rows)
    {
        if (!_network.TakesWholeBatches)
        {
            return;
        }

        ReadOnlySpan<Layer<T>> layers = _network.Layers;
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i].EndStep(Pass(i, place, linear: false, 0, Share.All), _network.ParameterBlock, rows);
        }
    }

    /// <summary>The optimizer's step of what is trained.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Update(OptimizerState<T> optimizer, ReadOnlySpan<T> gradient)
    {
        optimizer.Begin();
        foreach ((int start, int length) in _trained.TrainedRanges)
        {
            int parts = PartsOfElements(length);
            UpdateParts update = new() { Optimizer = optimizer, Parameters = _network.ParameterBlock.Slice(start, length), Gradient = gradient.Slice(start, length), Start = start, Parts = parts };
            if (parts == 1)
            {
                update.Run(0, 0);
            }
            else
            {
                _team!.Run(ref update, parts);
            }
        }
    }

    /// <summary>Blocks of equal length, added to the first of them in pairs, then pairs of pairs: a tree that depends on their number alone.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Combine(ReadOnlySpan<AlignedBuffer<T>> blocks)
    {
        int parts = PartsOfElements(blocks[0].Length);
        CombineParts combine = new() { Kernels = _network.Kernels, Blocks = blocks, Parts = parts };
        if (parts == 1)
        {
            combine.Run(0, 0);
            return;
        }

        _team!.Run(ref combine, parts);
    }

    /// <summary>True where all elements are finite, unless they are so large that a sum of them is not.</summary>
    [MethodImpl(Compiled.Entry)]
    public bool HasFiniteSum(ReadOnlySpan<T> elements)
    {
        int parts = _team is null ? 1 : Math.Clamp(elements.Length / LeastSummed, 1, _team.Size);
        if (parts == 1)
        {
            return T.IsFinite(_network.Kernels.Sum(elements));
        }

        SumParts sums = new() { Kernels = _network.Kernels, Elements = elements, Parts = parts };
        _team!.Run(ref sums, parts);
        return !sums.IsAnyNotFinite;
    }

    /// <summary>Inputs of some rows of a source: a view of the data where that is possible, else a copy in the first workspace.</summary>
    [MethodImpl(Compiled.Entry)]
    public ReadOnlyMatrixView<T> Inputs(in RowSource<T> source, int start, int rows)
    {
        int parts = source.InputsAreInOrder ? 1 : PartsOfElements(rows * _network.Inputs);
        if (parts == 1)
        {
            return source.Inputs(start, rows, _workspaces[0]);
        }

        MatrixView<T> copy = _workspaces[0].Input(rows);
        GatherParts gather = new() { Source = source, Start = start, Copy = copy, Parts = parts };
        _team!.Run(ref gather, parts);
        return copy;
    }

    /// <summary>How many parts of a work are worth their hand-over.</summary>
    /// <param name="operations">Of the whole.</param>
    /// <param name="least">Of a part, in float.</param>
    /// <param name="team">Who does them; null for the caller alone.</param>
    public static int Parts(long operations, long least, WorkerTeam? team) => team is null ? 1 : (int)Math.Clamp(operations * Unsafe.SizeOf<T>() / (sizeof(float) * least), 1, team.Size);

    private int Parts(Layer<T> layer, int rows) => Parts(layer.Operations * rows, LeastOperations, _team);

    private int PartsOfElements(int elements) => _team is null ? 1 : Math.Clamp(elements / LeastElements, 1, _team.Size);

    [MethodImpl(Compiled.Entry)]
    private LayerPass<T> Pass(int layer, in PassPlace place, bool linear, int worker, Share share) =>
        new(_network.ParameterBlock, _workspaces[0].Held(layer), _workspaces[worker].Scratch, place, linear, _trained.IsFrozen(layer), share);

    private ref struct ForwardParts : IPartedWork
    {
        public LayerTeam<T> Team;
        public int Layer;
        public PassPlace Place;
        public bool Linear;
        public ReadOnlyMatrixView<T> Input;
        public MatrixView<T> Output;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker) => Team._network.Layers[Layer].Forward(Team.Pass(Layer, Place, Linear, worker, new(part, Parts)), Input, Output);
    }

    private ref struct BackwardParts : IPartedWork
    {
        public LayerTeam<T> Team;
        public int Layer;
        public PassPlace Place;
        public bool Linear;
        public Span<T> Gradients;
        public ReadOnlyMatrixView<T> Input;
        public ReadOnlyMatrixView<T> Output;
        public ReadOnlyMatrixView<T> OutputGradient;
        public MatrixView<T> InputGradient;
        public Activation Below;
        public bool Accumulate;
        public bool IsOfParameters;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            Layer<T> layer = Team._network.Layers[Layer];
            LayerPass<T> pass = Team.Pass(Layer, Place, Linear, worker, new(part, Parts));
            if (IsOfParameters)
            {
                layer.ParameterGradients(pass, Input, OutputGradient, Gradients, Accumulate);
            }
            else
            {
                layer.InputGradient(pass, OutputGradient, Input, Output, InputGradient, Below);
            }
        }
    }

    private ref struct UpdateParts : IPartedWork
    {
        public OptimizerState<T> Optimizer;
        public Span<T> Parameters;
        public ReadOnlySpan<T> Gradient;
        public int Start;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = new Share(part, Parts).Of(Parameters.Length, AlignedBuffer<T>.Alignment);
            Optimizer.Update(Parameters.Slice(start, count), Gradient.Slice(start, count), Start + start);
        }
    }

    private ref struct CombineParts : IPartedWork
    {
        public KernelSet<T> Kernels;
        public ReadOnlySpan<AlignedBuffer<T>> Blocks;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = new Share(part, Parts).Of(Blocks[0].Length, AlignedBuffer<T>.Alignment);
            for (int apart = 1; apart < Blocks.Length; apart *= 2)
            {
                for (int i = 0; i + apart < Blocks.Length; i += 2 * apart)
                {
                    Kernels.AddScaled(T.One, Blocks[i + apart].Span.Slice(start, count), Blocks[i].Span.Slice(start, count));
                }
            }
        }
    }

    private ref struct SumParts : IPartedWork
    {
        public KernelSet<T> Kernels;
        public ReadOnlySpan<T> Elements;
        public int Parts;

        /// <summary>Set by whichever part has such a sum, and reset by none.</summary>
        public bool IsAnyNotFinite;

        [MethodImpl(Compiled.Entry)]
        public void Run(int part, int worker)
        {
            (int start, int count) = new Share(part, Parts).Of(Elements.Length, AlignedBuffer<T>.Alignment);
            if (!T.IsFinite(Kernels.Sum(Elements.Slice(start, count))))
            {
                IsAnyNotFinite = true;
            }
        }
    }

    private ref struct GatherParts : IPartedWork
    {
        public RowSource<T> Source;
        public int Start;
        public MatrixView<T> Copy;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = new Share(part, Parts).Of(Copy.Rows, 1);
            Source.CopyInputs(Start + start, Copy.Slice(start, count));
        }
    }
}
