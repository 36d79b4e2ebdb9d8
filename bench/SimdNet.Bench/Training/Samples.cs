using System;

using SimdNet.Memory;

namespace SimdNet.Bench.Training;

/// <summary>Samples that a benchmark takes in turn, a batch a call, from the first again after the last.</summary>
/// <remarks>Random numbers: what is learned does not matter, and the rate of <see cref="Rate"/> is too small to learn anything, so that the thousandth step costs what the first costs.</remarks>
internal sealed class Samples
{
    /// <summary>A learning rate that leaves the parameters what they are for the length of a run, while every update is computed and written.</summary>
    public const double Rate = 1e-7;

    private readonly AlignedBuffer<float> _inputs;
    private readonly AlignedBuffer<float> _targets;
    private readonly int[] _labels;
    private readonly NetworkSpec _spec;
    private readonly int _count;
    private readonly int _batch;
    private int _next;

    /// <param name="spec">The network that they are for.</param>
    /// <param name="count">How many there are, a multiple of <paramref name="batch"/>.</param>
    /// <param name="batch">Samples in a call.</param>
    /// <param name="zeros">The share of inputs that are exactly 0.</param>
    public Samples(NetworkSpec spec, int count, int batch, double zeros = 0)
    {
        _inputs = RandomData.UniformWithZeros<float>(count * spec.Inputs, zeros, seed: 11);
        _targets = RandomData.Uniform<float>(count * spec.Outputs, seed: 12);
        _labels = RandomData.Labels(count, spec.Outputs, seed: 13);
        _spec = spec;
        _count = count;
        _batch = batch;
    }

    /// <summary>Goes on to the next batch and returns its inputs.</summary>
    public ReadOnlySpan<float> Next()
    {
        _next += _batch;
        _next = _next == _count ? 0 : _next;
        return _inputs.Span.Slice(_next * _spec.Inputs, _batch * _spec.Inputs);
    }

    /// <summary>The inputs of all of them, in a block that never moves.</summary>
    public Memory<float> Inputs => _inputs.Memory;

    /// <summary>The targets of the batch that <see cref="Next"/> returned.</summary>
    public ReadOnlySpan<float> Targets => _targets.Span.Slice(_next * _spec.Outputs, _batch * _spec.Outputs);

    /// <summary>The classes of the batch that <see cref="Next"/> returned.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(_next, _batch);

    /// <summary>All of them, with classes.</summary>
    public Dataset<float> ToDataset() => new(_inputs.Memory, _spec.Inputs, _labels);

    /// <summary>All of them, with targets.</summary>
    public Dataset<float> ToDatasetWithTargets() => new(_inputs.Memory, _spec.Inputs, _targets.Memory, _spec.Outputs);

    /// <summary>Begins with the first sample again.</summary>
    public void Restart() => _next = 0;
}
