using System;

namespace SimdNet;

/// <summary>Precision, recall or F1, from three counts a class.</summary>
internal sealed class ClassScore : Metric
{
    private readonly string _score;
    private readonly Averaging _averaging;
    private readonly double _threshold;
    private readonly long[] _right;
    private readonly long[] _predicted;
    private readonly long[] _actual;

    public ClassScore(string score, int outputs, Averaging averaging, double threshold)
        : base(averaging switch { Averaging.Micro => score + "-micro", Averaging.Macro => score + "-macro", _ => score }, outputs)
    {
        _score = score;
        _averaging = averaging == Averaging.Auto ? outputs == 1 ? Averaging.Binary : Averaging.Macro : averaging;
        if (_averaging is not (Averaging.Binary or Averaging.Micro or Averaging.Macro) || (_averaging == Averaging.Binary && outputs > 2))
        {
            throw new ArgumentOutOfRangeException(nameof(averaging), averaging, $"It is Auto, Micro or Macro, or Binary of two classes; there are {outputs}.");
        }

        _threshold = threshold;
        _right = new long[Classes];
        _predicted = new long[Classes];
        _actual = new long[Classes];
    }

    public override double Result
    {
        get
        {
            if (Rows == 0)
            {
                return double.NaN;
            }

            if (_averaging == Averaging.Binary)
            {
                return Score(_score, _right[1], _predicted[1], _actual[1]);
            }

            double sum = 0;
            int present = 0;
            long right = 0;
            for (int c = 0; c < Classes; c++)
            {
                right += _right[c];
                if (_predicted[c] + _actual[c] > 0)
                {
                    present++;
                    sum += Score(_score, _right[c], _predicted[c], _actual[c]);
                }
            }

            return _averaging == Averaging.Micro ? right / (double)Rows : sum / present;
        }
    }

    protected override int Classes => Math.Max(2, Outputs);

    /// <summary>A class' score; 0 where there is nothing to divide by.</summary>
    public static double Score(string score, long right, long predicted, long actual) => score switch
    {
        "precision" => predicted == 0 ? 0 : right / (double)predicted,
        "recall" => actual == 0 ? 0 : right / (double)actual,
        _ => predicted + actual == 0 ? 0 : 2 * right / (double)(predicted + actual),
    };

    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
    {
        int actual = label >= 0 ? label : ClassOf(target, 0.5);
        int predicted = ClassOf(output, _threshold);
        _actual[actual]++;
        _predicted[predicted]++;
        _right[actual] += actual == predicted ? 1 : 0;
    }

    protected override void Add(Metric other)
    {
        ClassScore counts = (ClassScore)other;
        for (int c = 0; c < Classes; c++)
        {
            _right[c] += counts._right[c];
            _predicted[c] += counts._predicted[c];
            _actual[c] += counts._actual[c];
        }
    }

    protected override void Clear()
    {
        Array.Clear(_right);
        Array.Clear(_predicted);
        Array.Clear(_actual);
    }
}
