using System;
using System.Numerics;

namespace SimdNet.Interop.TensorBoard;

/// <summary>How many of some numbers lie in each of 30 intervals of equal width from the least to the greatest, which is what TensorBoard draws.</summary>
internal sealed class WeightHistogram
{
    private const int Buckets = 30;

    private readonly double[] _limits;
    private readonly double[] _counts;

    private WeightHistogram(double min, double max)
    {
        Min = min;
        Max = max;
        int buckets = min < max ? Buckets : 1;
        _counts = new double[buckets];
        _limits = new double[buckets];
        for (int i = 0; i < buckets; i++)
        {
            _limits[i] = i + 1 == buckets ? max : min + ((max - min) * (i + 1) / buckets);
        }
    }

    public double Min { get; }

    public double Max { get; }

    public double Count { get; private set; }

    public double Sum { get; private set; }

    public double SumOfSquares { get; private set; }

    /// <summary>The upper end of each interval; the first begins at <see cref="Min"/>.</summary>
    public ReadOnlySpan<double> Limits => _limits;

    /// <summary>Numbers in each interval, as numbers of the format are.</summary>
    public ReadOnlySpan<double> Counts => _counts;

    /// <param name="values">At least one, finite.</param>
    public static WeightHistogram Of<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T least = values[0];
        T greatest = values[0];
        foreach (T value in values)
        {
            least = T.Min(least, value);
            greatest = T.Max(greatest, value);
        }

        WeightHistogram histogram = new(double.CreateTruncating(least), double.CreateTruncating(greatest));
        foreach (T value in values)
        {
            histogram.Add(double.CreateTruncating(value));
        }

        return histogram;
    }

    private void Add(double value)
    {
        int bucket = Min < Max ? Math.Min((int)((value - Min) / (Max - Min) * _counts.Length), _counts.Length - 1) : 0;
        _counts[bucket]++;
        Count++;
        Sum += value;
        SumOfSquares += value * value;
    }
}
