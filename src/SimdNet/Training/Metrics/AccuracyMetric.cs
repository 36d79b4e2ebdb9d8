using System;

namespace SimdNet;

/// <summary>Share of right classes, of rows or of each output.</summary>
internal sealed class AccuracyMetric(string name, int outputs, double threshold, bool isOfEach) : Metric(name, outputs)
{
    private long _right;

    public override double Result => _right / (double)(isOfEach ? Rows * Outputs : Rows);

    protected override int Classes => Math.Max(2, Outputs);

    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
    {
        if (!isOfEach)
        {
            _right += ClassOf(output, threshold) == (label >= 0 ? label : ClassOf(target, 0.5)) ? 1 : 0;
            return;
        }

        for (int i = 0; i < output.Length; i++)
        {
            _right += double.CreateTruncating(output[i]) > threshold == Number(output, target, label, i) > 0.5 ? 1 : 0;
        }
    }

    protected override void Add(Metric other) => _right += ((AccuracyMetric)other)._right;

    protected override void Clear() => _right = 0;
}

/// <summary>Share of rows whose target is among the k largest outputs.</summary>
internal sealed class TopKMetric : Metric
{
    private readonly int _k;
    private long _right;

    public TopKMetric(int outputs, int k)
        : base($"top-k({k})", outputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, outputs);
        _k = k;
    }

    public override double Result => _right / (double)Rows;

    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
    {
        int actual = label >= 0 ? label : ClassOf(target, 0.5);
        int before = 0;
        for (int i = 0; i < output.Length; i++)
        {
            before += output[i] > output[actual] || (i < actual && output[i] == output[actual]) ? 1 : 0;
        }

        _right += before < _k ? 1 : 0;
    }

    protected override void Add(Metric other) => _right += ((TopKMetric)other)._right;

    protected override void Clear() => _right = 0;
}
