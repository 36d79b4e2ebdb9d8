using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;

namespace SimdNet.Training.Steps;

/// <summary>Passes over many tiles, in shards of rows that any worker may take: each does a shard alone, in a workspace of its own.</summary>
internal sealed class ShardedPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Shards of an evaluation at most: four for each of sixteen threads. Its sums are added in the order of the shards, whoever forms them.</summary>
    private const int MostOfEvaluation = 64;

    private readonly LossPass<T> _whole;
    private readonly LossPass<T>[] _passes;
    private readonly WorkerTeam? _team;
    private readonly AlignedBuffer<T>[] _gradients;
    private readonly ShardSums[] _sums = new ShardSums[MostOfEvaluation];

    /// <param name="whole">With the team's help within a tile.</param>
    /// <param name="passes">One for each worker, without help.</param>
    /// <param name="team">The workers; null for the caller alone.</param>
    /// <param name="gradients">Shards of the largest batch, each with a gradient; 0 where none is formed.</param>
    public ShardedPass(LossPass<T> whole, LossPass<T>[] passes, WorkerTeam? team, int gradients)
    {
        _whole = whole;
        _passes = passes;
        _team = team;
        Network<T> network = passes[0].Network;
        _gradients = new AlignedBuffer<T>[gradients];
        for (int i = 0; i < _gradients.Length; i++)
        {
            _gradients[i] = new(network.ParameterBlock.Length);
        }
    }

    /// <summary>The gradient of the last batch, a block of the parameters' layout.</summary>
    public Span<T> Gradient => _gradients[0].Span;

    /// <summary>The loss' sum over a batch, and its gradient.</summary>
    [MethodImpl(Compiled.Entry)]
    public double LossAndGradient(in RowSource<T> source, int start, int count, in PassPlace place, int shards, AccuracyKind accuracy, ref double right)
    {
        ReadOnlySpan<AlignedBuffer<T>> gradients = _gradients.AsSpan(0, shards);
        GradientShards work = new() { Passes = _passes, Gradients = gradients, Sums = _sums, Source = source, Start = start, Count = count, Place = place, Scale = _passes[0].Loss.GradientScale(source.Weight(start, count)), Accuracy = accuracy };
        Run(ref work, shards);
        _passes[0].Layers.Combine(gradients);
        double sum = 0;
        foreach (ref readonly ShardSums part in _sums.AsSpan(0, shards))
        {
            sum += part.Loss;
            right += part.Right;
        }

        return sum;
    }

    /// <inheritdoc cref="LossPass{T}.Evaluate"/>
    [MethodImpl(Compiled.Entry)]
    public (double Sum, double Right, double Error) Evaluate(in RowSource<T> source, AccuracyKind accuracy, bool withError, ReadOnlySpan<Metric> metrics = default)
    {
        int tile = Tiles.Balanced(source.Rows, _passes[0].Workspace.Rows);
        int tiles = (source.Rows + tile - 1) / tile;
        if (tiles == 1)
        {
            // Nothing to share but what is within the tile, which leaves the same bits.
            return _whole.Evaluate(source, 0, source.Rows, tile, accuracy, withError, metrics);
        }

        int shards = Math.Min(tiles, MostOfEvaluation);
        EvaluationShards work = new() { Passes = _passes, Whole = metrics.IsEmpty ? null : _whole, Metrics = metrics, Sums = _sums, Source = source, Tile = tile, Tiles = tiles, Shards = shards, Accuracy = accuracy, WithError = withError };
        if (metrics.IsEmpty)
        {
            Run(ref work, shards);
        }
        else
        {
            // Metrics take the rows in their order: the team helps within each tile instead.
            for (int shard = 0; shard < shards; shard++)
            {
                work.Run(shard, worker: 0);
            }
        }

        (double sum, double right, double error) = (0, 0, 0);
        foreach (ref readonly ShardSums part in _sums.AsSpan(0, shards))
        {
            sum += part.Loss;
            right += part.Right;
            error += part.Error;
        }

        return (sum, right, error);
    }

    [MethodImpl(Compiled.Entry)]
    private void Run<TWork>(ref TWork work, int shards)
        where TWork : struct, IPartedWork, allows ref struct
    {
        if (_team is not null)
        {
            _team.Run(ref work, shards);
            return;
        }

        for (int shard = 0; shard < shards; shard++)
        {
            work.Run(shard, worker: 0);
        }
    }

    private struct ShardSums
    {
        public double Loss;
        public double Right;
        public double Error;
    }

    private ref struct GradientShards : IPartedWork
    {
        public LossPass<T>[] Passes;
        public ReadOnlySpan<AlignedBuffer<T>> Gradients;
        public Span<ShardSums> Sums;
        public RowSource<T> Source;
        public int Start;
        public int Count;
        public PassPlace Place;
        public T Scale;
        public AccuracyKind Accuracy;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = new Share(part, Gradients.Length).Of(Count, 4);
            ShardSums sums = default;
            sums.Loss = Passes[worker].LossAndGradient(Source, Start + start, count, Place with { FirstRow = start }, Scale, Gradients[part].Span, Accuracy, ref sums.Right);
            Sums[part] = sums;
        }
    }

    private ref struct EvaluationShards : IPartedWork
    {
        public LossPass<T>[] Passes;
        public LossPass<T>? Whole;
        public ReadOnlySpan<Metric> Metrics;
        public Span<ShardSums> Sums;
        public RowSource<T> Source;
        public int Tile;
        public int Tiles;
        public int Shards;
        public AccuracyKind Accuracy;
        public bool WithError;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int tile, int tiles) = new Share(part, Shards).Of(Tiles, 1);
            ShardSums sums = default;
            (sums.Loss, sums.Right, sums.Error) = (Whole ?? Passes[worker]).Evaluate(Source, tile * Tile, (int)Math.Min(Source.Rows, (tile + tiles) * (long)Tile), Tile, Accuracy, WithError, Metrics);
            Sums[part] = sums;
        }
    }
}
