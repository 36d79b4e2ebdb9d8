using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;
using SimdNet.Training.Steps;

namespace SimdNet.Inference;

/// <summary>Predictions of many rows in parts for a team: ranges of rows, which each worker takes through the whole network in a workspace of its own.</summary>
/// <remarks>Not by layers and units, as a step of a training is cut: there is one hand-over for the whole, and a row's outputs do not depend on which rows are beside it.</remarks>
internal sealed class PredictionTeam<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Parts are of whole groups of so many rows, and have one at least. A product evens out its tiles within a part, and it is equal parts that count, more than whole tiles of the widest kernel: of 32 rows by twelves, one of two threads would have 20.</summary>
    private const int RowStep = 4;

    /// <summary>Operations in float below which a part is not worth handing over: about 4 µs of a core. More than in a step, since predictions come less regularly than the products of a step, and may find the workers asleep.</summary>
    private const long LeastOperations = 400_000;

    private readonly WorkerTeam _team;
    private readonly InferencePass<T>[] _helpers;
    private readonly long _operations;

    /// <param name="network">The network.</param>
    /// <param name="packed">Copies of its weights.</param>
    /// <param name="team">Who does the parts.</param>
    public PredictionTeam(Network<T> network, PackedWeights<T> packed, WorkerTeam team)
    {
        _team = team;
        _helpers = new InferencePass<T>[team.Size - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new(network, packed);
        }

        foreach (Layer<T> layer in network.InferenceLayers)
        {
            _operations += layer.Operations;
        }
    }

    /// <summary>Predicts, where there is enough to share.</summary>
    /// <param name="pass">The caller's.</param>
    /// <param name="rows">How many.</param>
    /// <param name="inputs">[rows × inputs], raw.</param>
    /// <param name="outputs">[rows × outputs], raw.</param>
    /// <returns>False where nothing was done, since the caller alone is as fast.</returns>
    [MethodImpl(Compiled.Entry)]
    public bool TryRun(InferencePass<T> pass, int rows, ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        int parts = Math.Min(LayerTeam<T>.Parts(_operations * rows, LeastOperations, _team), rows / RowStep);
        if (parts <= 1)
        {
            return false;
        }

        RowParts work = new() { Pass = pass, Helpers = _helpers, Inputs = inputs, Outputs = outputs, Rows = rows, Parts = parts };
        _team.Run(ref work, parts);
        return true;
    }

    private ref struct RowParts : IPartedWork
    {
        public InferencePass<T> Pass;
        public InferencePass<T>[] Helpers;
        public ReadOnlySpan<T> Inputs;
        public Span<T> Outputs;
        public int Rows;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = new Share(part, Parts).Of(Rows, RowStep);
            (int width, int units) = (Inputs.Length / Rows, Outputs.Length / Rows);
            InferencePass<T> pass = worker == 0 ? Pass : Helpers[worker - 1];
            pass.RunRows(Inputs.Slice(start * width, count * width), Outputs.Slice(start * units, count * units));
        }
    }
}
