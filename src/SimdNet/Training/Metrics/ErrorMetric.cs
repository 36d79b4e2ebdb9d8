using System;

namespace SimdNet;

/// <summary>Mean absolute error, or the root of the mean squared one, over rows and outputs.</summary>
internal sealed class ErrorMetric(string name, int outputs, bool isSquared) : Metric(name, outputs)
{
    private double _sum;

    public override double Result => isSquared ? Math.Sqrt(_sum / ((double)Rows * Outputs)) : _sum / ((double)Rows * Outputs);

    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
    {
        for (int i = 0; i < output.Length; i++)
        {
            double error = double.CreateTruncating(output[i]) - Number(output, target, label, i);
            _sum += isSquared ? error * error : Math.Abs(error);
        }
    }

    protected override void Add(Metric other) => _sum += ((ErrorMetric)other)._sum;

    protected override void Clear() => _sum = 0;
}

/// <summary>R² of each output, and their mean.</summary>
/// <remarks>Mean and squared deviations of targets by the recurrence of Welford (1962), which loses no digits where the mean is large; parts are put together by the formula of Chan, Golub and LeVeque (1983).</remarks>
internal sealed class R2Metric : Metric
{
    private readonly double[] _means;
    private readonly double[] _deviations;
    private readonly double[] _residuals;
    private long _count;

    // The base says what is wrong with a number of outputs, before there is an array of so many.
    public R2Metric(int outputs)
        : base("r2", outputs)
    {
        _means = new double[outputs];
        _deviations = new double[outputs];
        _residuals = new double[outputs];
    }

    public override double Result
    {
        get
        {
            if (_count < 2)
            {
                return double.NaN;
            }

            double sum = 0;
            for (int i = 0; i < Outputs; i++)
            {
                sum += _deviations[i] > 0 ? 1 - (_residuals[i] / _deviations[i]) : _residuals[i] == 0 ? 1 : double.IsNaN(_residuals[i]) ? double.NaN : 0;
            }

            return sum / Outputs;
        }
    }

    protected override void Add<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, int label)
    {
        _count++;
        for (int i = 0; i < output.Length; i++)
        {
            double y = Number(output, target, label, i);
            double residual = y - double.CreateTruncating(output[i]);
            double before = y - _means[i];
            _means[i] += before / _count;
            _deviations[i] += before * (y - _means[i]);
            _residuals[i] += residual * residual;
        }
    }

    protected override void Add(Metric other)
    {
        R2Metric part = (R2Metric)other;
        if (part._count == 0)
        {
            return;
        }

        double share = part._count / (double)(_count + part._count);
        for (int i = 0; i < Outputs; i++)
        {
            double apart = part._means[i] - _means[i];
            _deviations[i] += part._deviations[i] + (apart * apart * share * _count);
            _means[i] += apart * share;
            _residuals[i] += part._residuals[i];
        }

        _count += part._count;
    }

    protected override void Clear()
    {
        _count = 0;
        Array.Clear(_means);
        Array.Clear(_deviations);
        Array.Clear(_residuals);
    }
}
