using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Kernels;

namespace SimdNet.Tests.Reference;

/// <summary>A layer in double precision over a batch of rows, written from its formula. It keeps what its way back needs.</summary>
internal abstract class NaiveLayer
{
    /// <summary>The layer's tensors in the order of the files, and their gradients.</summary>
    public List<double[]> Parameters { get; } = [];

    public List<double[]> Gradients { get; } = [];

    public abstract double[][] Forward(double[][] x, bool isTraining);

    /// <summary>The gradient with respect to the input; those of parameters are added to <see cref="Gradients"/>.</summary>
    public abstract double[][] Backward(double[][] gradient);

    /// <param name="spec">What is added.</param>
    /// <param name="inputs">Width of its input.</param>
    /// <param name="layers">What it is added to.</param>
    /// <param name="dropouts">Dropouts before it, counted on.</param>
    public static void Add(LayerSpec spec, int inputs, List<NaiveLayer> layers, ref int dropouts)
    {
        switch (spec)
        {
            case DenseSpec dense:
                layers.Add(new NaiveDense(inputs, dense));
                layers.Add(new NaiveActivation(dense.Activation));
                break;
            case ActivationSpec activation:
                layers.Add(new NaiveActivation(activation.Activation));
                break;
            case DropoutSpec dropout:
                layers.Add(new NaiveDropout(dropout.Probability, ++dropouts));
                break;
            case LayerNormSpec:
                layers.Add(new NaiveLayerNorm(inputs));
                break;
            case BatchNormSpec:
                layers.Add(new NaiveBatchNorm(inputs));
                break;
            case ResidualSpec residual:
                layers.Add(new NaiveResidual(residual, inputs, ref dropouts));
                break;
            case CustomLayerSpec custom:
                layers.Add(new NaiveScale(inputs, custom));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(spec));
        }
    }

    protected double[] Tensor(int length, double value = 0)
    {
        double[] tensor = new double[length];
        Array.Fill(tensor, value);
        Parameters.Add(tensor);
        Gradients.Add(new double[length]);
        return tensor;
    }
}

/// <summary>z = x·W + b.</summary>
internal sealed class NaiveDense : NaiveLayer
{
    private readonly int _units;
    private double[][] _x = [];

    public NaiveDense(int inputs, DenseSpec spec)
    {
        _units = spec.Units;
        Tensor(inputs * _units);
        if (spec.UseBias)
        {
            Tensor(_units);
        }
    }

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        _x = x;
        return Array.ConvertAll(x, row =>
        {
            double[] z = new double[_units];
            for (int j = 0; j < z.Length; j++)
            {
                z[j] = Parameters.Count > 1 ? Parameters[1][j] : 0;
                for (int i = 0; i < row.Length; i++)
                {
                    z[j] += row[i] * Parameters[0][(i * _units) + j];
                }
            }

            return z;
        });
    }

    public override double[][] Backward(double[][] gradient)
    {
        double[][] below = Array.ConvertAll(_x, row => new double[row.Length]);
        for (int row = 0; row < gradient.Length; row++)
        {
            for (int j = 0; j < _units; j++)
            {
                double z = gradient[row][j];
                for (int i = 0; i < below[row].Length; i++)
                {
                    Gradients[0][(i * _units) + j] += _x[row][i] * z;
                    below[row][i] += Parameters[0][(i * _units) + j] * z;
                }

                if (Parameters.Count > 1)
                {
                    Gradients[1][j] += z;
                }
            }
        }

        return below;
    }
}

/// <summary>f(x).</summary>
internal sealed class NaiveActivation(Activation activation) : NaiveLayer
{
    private double[][] _x = [];
    private double[][] _y = [];

    public Activation Activation { get; } = activation;

    /// <summary>What it was applied to last.</summary>
    public double[][] Input => _x;

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        _x = x;
        return _y = Array.ConvertAll(x, row => NaiveNetwork.Activate(Activation, row));
    }

    public override double[][] Backward(double[][] gradient) =>
        [.. gradient.Select((row, i) => NaiveNetwork.ThroughActivation(Activation, _x[i], _y[i], row))];
}

/// <summary>A step of a trainer with the default seed that has made none before.</summary>
internal sealed class NaiveDropout(double probability, int number) : NaiveLayer
{
    private const ulong Seed = 42;

    private double[][] _factors = [];

    /// <summary>Word unit mod 4 of the block for row and unit, below p·2³²: dropped.</summary>
    public static double Factor(ulong seed, ulong step, int number, int row, int unit, int units, double probability)
    {
        ulong block = ((ulong)row * (ulong)((units + 3) / 4)) + (ulong)(unit / 4);
        ulong counter = (4UL << 56) + block;
        ulong stream = ((ulong)number << 48) + step;
        uint word = Philox.Block((uint)seed, (uint)(seed >> 32), (uint)counter, (uint)(counter >> 32), (uint)stream, (uint)(stream >> 32))[unit % 4];
        return word / 4294967296.0 < probability ? 0 : 1 / (1 - probability);
    }

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        if (!isTraining)
        {
            return x;
        }

        _factors = [.. x.Select((values, row) => values.Select((_, unit) => Factor(Seed, 0, number, row, unit, values.Length, probability)).ToArray())];
        return Backward(x);
    }

    public override double[][] Backward(double[][] gradient) => [.. gradient.Select((row, i) => row.Select((value, j) => value * _factors[i][j]).ToArray())];
}

/// <summary>γ·(x − mean) / √(variance + ε) + β over each row. Its way back goes through mean and variance one after the other.</summary>
internal sealed class NaiveLayerNorm : NaiveLayer
{
    private double[][] _x = [];

    public NaiveLayerNorm(int inputs)
    {
        Tensor(inputs, 1);
        Tensor(inputs);
    }

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        _x = x;
        return Array.ConvertAll(x, row => Normalization.Forward(row).Select((value, j) => (value * Parameters[0][j]) + Parameters[1][j]).ToArray());
    }

    public override double[][] Backward(double[][] gradient) => [.. gradient.Select((row, i) =>
    {
        double[] normalized = Normalization.Forward(_x[i]);
        for (int j = 0; j < row.Length; j++)
        {
            Gradients[0][j] += row[j] * normalized[j];
            Gradients[1][j] += row[j];
        }

        return Normalization.Backward(_x[i], [.. row.Select((value, j) => value * Parameters[0][j])]);
    })];
}

/// <summary>The same over each column in training, and by running statistics outside of it.</summary>
internal sealed class NaiveBatchNorm : NaiveLayer
{
    private double[][] _columns = [];

    public NaiveBatchNorm(int inputs)
    {
        Tensor(inputs, 1);
        Tensor(inputs);
        Tensor(inputs);
        Tensor(inputs, 1);
    }

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        _columns = Transposed(x);
        return Transposed([.. _columns.Select((column, j) => (isTraining ? Normalization.Forward(column) : Array.ConvertAll(column, value => (value - Parameters[2][j]) / Math.Sqrt(Parameters[3][j] + Normalization.Epsilon)))
            .Select(value => (value * Parameters[0][j]) + Parameters[1][j]).ToArray())]);
    }

    public override double[][] Backward(double[][] gradient) => Transposed([.. Transposed(gradient).Select((column, j) =>
    {
        Gradients[0][j] += column.Zip(Normalization.Forward(_columns[j]), (g, normalized) => g * normalized).Sum();
        Gradients[1][j] += column.Sum();
        return Normalization.Backward(_columns[j], Array.ConvertAll(column, g => g * Parameters[0][j]));
    })]);

    private static double[][] Transposed(double[][] rows) => [.. Enumerable.Range(0, rows[0].Length).Select(j => Array.ConvertAll(rows, row => row[j]))];
}

/// <summary>(x − mean) / √(variance + ε) of some numbers, and the gradient through it by the chain rule, variance first, then mean.</summary>
internal static class Normalization
{
    public const double Epsilon = 1e-5;

    public static double[] Forward(double[] x)
    {
        (double mean, double deviation) = Statistics(x);
        return Array.ConvertAll(x, value => (value - mean) / deviation);
    }

    public static double[] Backward(double[] x, double[] gradient)
    {
        (double mean, double deviation) = Statistics(x);
        int n = x.Length;
        double ofVariance = 0;
        for (int i = 0; i < n; i++)
        {
            ofVariance += gradient[i] * (x[i] - mean) * -0.5 / (deviation * deviation * deviation);
        }

        double ofMean = 0;
        for (int i = 0; i < n; i++)
        {
            ofMean += (-gradient[i] / deviation) + (ofVariance * -2 * (x[i] - mean) / n);
        }

        return [.. x.Select((value, i) => (gradient[i] / deviation) + (ofVariance * 2 * (value - mean) / n) + (ofMean / n))];
    }

    private static (double Mean, double Deviation) Statistics(double[] x)
    {
        double mean = x.Sum() / x.Length;
        return (mean, Math.Sqrt((x.Sum(value => (value - mean) * (value - mean)) / x.Length) + Epsilon));
    }
}

/// <summary>x + f(x).</summary>
internal sealed class NaiveResidual : NaiveLayer
{
    public NaiveResidual(ResidualSpec spec, int inputs, ref int dropouts)
    {
        int width = inputs;
        foreach (LayerSpec layer in spec.Layers)
        {
            Add(layer, width, Inner, ref dropouts);
            width = NetworkSpec.Input(width).Add(layer).Outputs;
        }

        foreach (NaiveLayer layer in Inner)
        {
            Parameters.AddRange(layer.Parameters);
            Gradients.AddRange(layer.Gradients);
        }
    }

    public List<NaiveLayer> Inner { get; } = [];

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        double[][] y = x;
        foreach (NaiveLayer layer in Inner)
        {
            y = layer.Forward(y, isTraining);
        }

        return Sum(x, y);
    }

    public override double[][] Backward(double[][] gradient)
    {
        double[][] inner = gradient;
        foreach (NaiveLayer layer in Enumerable.Reverse(Inner))
        {
            inner = layer.Backward(inner);
        }

        return Sum(gradient, inner);
    }

    private static double[][] Sum(double[][] a, double[][] b) => [.. a.Select((row, i) => row.Zip(b[i], (x, y) => x + y).ToArray())];
}

/// <summary>The tests' own layer: y = a·x + b·x², each feature with parameters of its own.</summary>
internal sealed class NaiveScale : NaiveLayer
{
    private double[][] _x = [];

    public NaiveScale(int inputs, CustomLayerSpec spec)
    {
        if (spec.Layer is not Support.ParabolaLayer)
        {
            throw new ArgumentOutOfRangeException(nameof(spec));
        }

        Tensor(inputs);
        Tensor(inputs);
    }

    public override double[][] Forward(double[][] x, bool isTraining)
    {
        _x = x;
        return Array.ConvertAll(x, row => row.Select((value, j) => (Parameters[0][j] * value) + (Parameters[1][j] * value * value)).ToArray());
    }

    public override double[][] Backward(double[][] gradient) => [.. gradient.Select((row, i) => row.Select((g, j) =>
    {
        double x = _x[i][j];
        Gradients[0][j] += g * x;
        Gradients[1][j] += g * x * x;
        return g * (Parameters[0][j] + (2 * Parameters[1][j] * x));
    }).ToArray())];
}
