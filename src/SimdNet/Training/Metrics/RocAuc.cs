using System;

namespace SimdNet;

/// <summary>
/// The area under the ROC curve of two classes: the probability that a row of class 1 has the larger score than one of class 0, ties counting half. Exact, as scikit-learn's <c>roc_auc_score</c>; NaN where a class has no row.
/// </summary>
/// <remarks>Every score is kept, 9 bytes a row, and sorted by <see cref="Result"/>. Where more rows come than there is room for, the room is doubled, which allocates.</remarks>
public sealed class RocAuc : Metric
{
    private double[] _scores;
    private byte[] _classes;
    private int _count;

    /// <param name="outputs">Width of a row: 1, the score, or 2, of which the second is.</param>
    /// <param name="capacity">Rows that there is room for: as many as will come, where nothing may be allocated any more. 0, the default, for none yet.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more than 2 outputs, or the capacity is negative or beyond <see cref="Array.MaxLength"/>.</exception>
    public RocAuc(int outputs = 1, int capacity = 0)
        : base("roc-auc", outputs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputs, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, Array.MaxLength);
        _scores = new double[capacity];
        _classes = new byte[capacity];
    }

    /// <inheritdoc/>
    public override double Result
    {
        get
        {
            Span<double> scores = _scores.AsSpan(0, _count);
            Span<byte> classes = _classes.AsSpan(0, _count);
            scores.Sort(classes);
            long below = 0;
            long positives = 0;
            long twice = 0;
            for (int i = 0; i < scores.Length;)
            {
                int first = i;
                long ones = 0;
                for (; i < scores.Length && scores[i] == scores[first]; i++)
                {
                    ones += classes[i];
                }

                long zeros = i - first - ones;
                twice += ones * ((2 * below) + zeros);
                below += zeros;
                positives += ones;
            }

            return positives == 0 || below == 0 ? double.NaN : twice / (2.0 * positives * below);
        }
    }

    /// <inheritdoc/>
    protected override int Classes => 2;

    /// <inheritdoc/>
    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
    {
        Reserve(1);
        _scores[_count] = double.CreateTruncating(output[^1]);
        _classes[_count++] = (byte)(label >= 0 ? label : ClassOf(target, 0.5));
    }

    /// <inheritdoc/>
    protected override void Add(Metric other)
    {
        RocAuc rows = (RocAuc)other;
        Reserve(rows._count);
        rows._scores.AsSpan(0, rows._count).CopyTo(_scores.AsSpan(_count));
        rows._classes.AsSpan(0, rows._count).CopyTo(_classes.AsSpan(_count));
        _count += rows._count;
    }

    /// <inheritdoc/>
    protected override void Clear() => _count = 0;

    private void Reserve(int more)
    {
        int needed = checked(_count + more);
        if (needed > _scores.Length)
        {
            int room = (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(256, 2L * _scores.Length)));
            Array.Resize(ref _scores, room);
            Array.Resize(ref _classes, room);
        }
    }
}
