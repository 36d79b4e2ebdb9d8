using System;

namespace SimdNet;

/// <summary>How many rows of each class were said to be of each, with the scores of each class. Its <see cref="Result"/> is the accuracy.</summary>
public sealed class ConfusionMatrix : Metric
{
    private readonly double _threshold;
    private readonly long[] _counts;

    /// <param name="outputs">Width of a row: two classes where it is 1. There are classes² counts of 8 bytes.</param>
    /// <param name="threshold">Above it one output says 1: a half for a probability, 0 for a logit.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1, or more than fit into memory.</exception>
    public ConfusionMatrix(int outputs, double threshold = 0.5)
        : base("confusion-matrix", outputs)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(outputs, 1 << 14);
        _threshold = threshold;
        _counts = new long[Classes * Classes];
    }

    /// <summary>Rows of a class that were said to be of another, or of the same.</summary>
    /// <param name="actual">The target's class, 0 to <see cref="Count"/> − 1.</param>
    /// <param name="predicted">The outputs' class, likewise.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long this[int actual, int predicted] => _counts[(Checked(actual) * Classes) + Checked(predicted)];

    /// <summary>How many classes there are.</summary>
    public int Count => Classes;

    /// <summary>The accuracy; NaN without rows.</summary>
    public override double Result
    {
        get
        {
            long right = 0;
            for (int c = 0; c < Classes; c++)
            {
                right += this[c, c];
            }

            return right / (double)Rows;
        }
    }

    /// <inheritdoc/>
    protected override int Classes => Math.Max(2, Outputs);

    /// <summary>Rows of a class.</summary>
    /// <param name="c">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Actual(int c)
    {
        long sum = 0;
        for (int predicted = 0; predicted < Classes; predicted++)
        {
            sum += this[c, predicted];
        }

        return sum;
    }

    /// <summary>Rows that were said to be of a class.</summary>
    /// <param name="c">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public long Predicted(int c)
    {
        long sum = 0;
        for (int actual = 0; actual < Classes; actual++)
        {
            sum += this[actual, c];
        }

        return sum;
    }

    /// <summary>The precision of a class, 0 where no row was said to be of it.</summary>
    /// <param name="c">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double PrecisionOf(int c) => ClassScore.Score("precision", this[c, c], Predicted(c), Actual(c));

    /// <summary>The recall of a class, 0 where no row is of it.</summary>
    /// <param name="c">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double RecallOf(int c) => ClassScore.Score("recall", this[c, c], Predicted(c), Actual(c));

    /// <summary>The F1 of a class, 0 where no row is or was said to be of it.</summary>
    /// <param name="c">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1Of(int c) => ClassScore.Score("f1", this[c, c], Predicted(c), Actual(c));

    /// <inheritdoc/>
    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label) =>
        _counts[((label >= 0 ? label : ClassOf(target, 0.5)) * Classes) + ClassOf(output, _threshold)]++;

    /// <inheritdoc/>
    protected override void Add(Metric other)
    {
        long[] counts = ((ConfusionMatrix)other)._counts;
        for (int i = 0; i < counts.Length; i++)
        {
            _counts[i] += counts[i];
        }
    }

    /// <inheritdoc/>
    protected override void Clear() => Array.Clear(_counts);

    private int Checked(int c) => (uint)c < (uint)Classes ? c : throw new ArgumentOutOfRangeException(nameof(c), c, $"The classes are 0..{Classes - 1}.");
}
