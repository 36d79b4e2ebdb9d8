using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Tests.Support;

namespace SimdNet.Tests.Reference;

/// <summary>A network in double precision, written from the formulas: loops and System.Math. What the library computes is checked against it.</summary>
internal sealed class NaiveNetwork
{
    private readonly List<NaiveLayer> _layers = [];

    public NaiveNetwork(NetworkSpec spec)
    {
        int width = spec.Inputs;
        int dropouts = 0;
        foreach (LayerSpec layer in spec.Layers)
        {
            NaiveLayer.Add(layer, width, _layers, ref dropouts);
            width = NetworkSpec.Input(width).Add(layer).Outputs;
        }
    }

    /// <summary>All parameters in the order of the files: W1, b1, W2, b2, …</summary>
    public double[] Parameters
    {
        get => [.. _layers.SelectMany(layer => layer.Parameters).SelectMany(tensor => tensor)];

        set
        {
            int next = 0;
            foreach (double[] tensor in _layers.SelectMany(layer => layer.Parameters))
            {
                value.AsSpan(next, tensor.Length).CopyTo(tensor);
                next += tensor.Length;
            }
        }
    }

    private ActivationKind OutputKind => _layers[^1] is NaiveActivation last ? last.Activation.Kind : ActivationKind.Identity;

    /// <summary>The loss over rows in training, and on which side of its kink each activation and each term was.</summary>
    public double Loss(string loss, double[][] inputs, double[][] targets, List<bool>? sides = null, NaiveWeights? weights = null)
    {
        double[][] outputs = Forward(inputs, isTraining: true);
        AddSides(_layers, sides);
        double[][] logits = _layers[^1] is NaiveActivation last ? last.Input : outputs;
        double sum = 0;
        for (int row = 0; row < inputs.Length; row++)
        {
            sum += (weights?.OfTerms[row] ?? 1) * ReferenceLosses.Row(loss, OutputKind, logits[row], outputs[row], targets[row], weights?.OfClasses);
            if (sides is not null)
            {
                ReferenceLosses.Sides(loss, outputs[row], targets[row], sides);
            }
        }

        return sum / ReferenceLosses.Divisor(loss, weights?.OfMean.Sum() ?? inputs.Length, targets[0].Length);
    }

    /// <summary>The outputs of one row, outside of training.</summary>
    public double[] Predict(double[] input) => Forward([input], isTraining: false)[0];

    /// <summary>The outputs of rows in training.</summary>
    public double[][] Train(double[][] inputs) => Forward(inputs, isTraining: true);

    /// <summary>The gradient of <see cref="Loss"/> by the chain rule, in the order of <see cref="Parameters"/>; 0 for what is not trained.</summary>
    public double[] Gradient(string loss, double[][] inputs, double[][] targets, NaiveWeights? weights = null)
    {
        foreach (double[] gradient in _layers.SelectMany(layer => layer.Gradients))
        {
            Array.Clear(gradient);
        }

        double divisor = ReferenceLosses.Divisor(loss, weights?.OfMean.Sum() ?? inputs.Length, targets[0].Length);
        double[][] upstream = [.. Forward(inputs, isTraining: true).Select((output, row) =>
            Array.ConvertAll(ReferenceLosses.RowGradient(loss, OutputKind, output, targets[row], weights?.OfClasses), value => value * (weights?.OfTerms[row] ?? 1) / divisor))];
        foreach (NaiveLayer layer in Enumerable.Reverse(_layers).Skip(ReferenceLosses.TakesLogits(loss, OutputKind) ? 1 : 0))
        {
            upstream = layer.Backward(upstream);
        }

        return [.. _layers.SelectMany(layer => layer.Gradients).SelectMany(tensor => tensor)];
    }

    private double[][] Forward(double[][] x, bool isTraining)
    {
        foreach (NaiveLayer layer in _layers)
        {
            x = layer.Forward(x, isTraining);
        }

        return x;
    }

    private static void AddSides(List<NaiveLayer> layers, List<bool>? sides)
    {
        foreach (NaiveLayer layer in layers)
        {
            if (layer is NaiveResidual block)
            {
                AddSides(block.Inner, sides);
            }
            else if (layer is NaiveActivation activation)
            {
                double[] kinks = activation.Activation.Kind switch
                {
                    ActivationKind.ReLU or ActivationKind.LeakyReLU or ActivationKind.Elu or ActivationKind.Selu or ActivationKind.Softsign or ActivationKind.Custom => [0],
                    ActivationKind.HardSigmoid => [-3, 3],
                    ActivationKind.Softplus => [20],
                    _ => [],
                };
                sides?.AddRange(activation.Input.SelectMany(row => row).SelectMany(z => kinks.Select(kink => z > kink)));
            }
        }
    }

    public static double[] Activate(Activation activation, double[] z)
    {
        if (activation.Function is { } function)
        {
            double[] y = new double[z.Length];
            function.Forward<double>(z, y, z.Length);
            return y;
        }

        if (activation.Kind is ActivationKind.Softmax or ActivationKind.LogSoftmax)
        {
            double logSum = LogSumExp(z);
            return Array.ConvertAll(z, value => activation.Kind == ActivationKind.Softmax ? Math.Exp(value - logSum) : value - logSum);
        }

        return Array.ConvertAll(z, value => activation.Kind switch
        {
            ActivationKind.Identity => value,
            ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-value)),
            ActivationKind.Tanh => Math.Tanh(value),
            ActivationKind.ReLU => Math.Max(value, 0),
            ActivationKind.LeakyReLU => value > 0 ? value : activation.Slope * value,
            ActivationKind.Elu => value > 0 ? value : activation.Parameter * (Math.Exp(value) - 1),
            ActivationKind.Selu => SeluScale * (value > 0 ? value : SeluAlpha * (Math.Exp(value) - 1)),
            ActivationKind.Gelu => value * NormalDistribution(value),
            ActivationKind.GeluTanh => value * (1 + Math.Tanh(GeluInner(value))) / 2,
            ActivationKind.Silu => value * Logistic(value),
            ActivationKind.Mish => value * Math.Tanh(Softplus(value)),
            ActivationKind.Softplus => value > 20 ? value : Softplus(value),
            ActivationKind.Softsign => value / (1 + Math.Abs(value)),
            ActivationKind.HardSigmoid => Math.Min(Math.Max(value + 3, 0), 6) / 6,
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        });
    }

    /// <param name="activation">f.</param>
    /// <param name="x">What it was applied to.</param>
    /// <param name="a">f(x).</param>
    /// <param name="upstream">The gradient with respect to f(x).</param>
    public static double[] ThroughActivation(Activation activation, double[] x, double[] a, double[] upstream)
    {
        if (activation.Function is SignedSquare { Arguments: [double factor] })
        {
            return [.. upstream.Select((g, j) => g * 2 * factor * Math.Abs(x[j]))];
        }

        double[] z = new double[a.Length];
        double dot = 0;
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            dot += a[j] * upstream[j];
            sum += upstream[j];
        }

        for (int j = 0; j < a.Length; j++)
        {
            z[j] = activation.Kind switch
            {
                ActivationKind.Identity => upstream[j],
                ActivationKind.Sigmoid => upstream[j] * a[j] * (1 - a[j]),
                ActivationKind.Tanh => upstream[j] * (1 - (a[j] * a[j])),
                ActivationKind.ReLU => a[j] > 0 ? upstream[j] : 0,
                ActivationKind.LeakyReLU => a[j] > 0 ? upstream[j] : activation.Slope * upstream[j],
                ActivationKind.Elu => upstream[j] * (x[j] > 0 ? 1 : activation.Parameter * Math.Exp(x[j])),
                ActivationKind.Selu => upstream[j] * SeluScale * (x[j] > 0 ? 1 : SeluAlpha * Math.Exp(x[j])),
                ActivationKind.Gelu => upstream[j] * (NormalDistribution(x[j]) + (x[j] * Math.Exp(-x[j] * x[j] / 2) / Math.Sqrt(2 * Math.PI))),
                ActivationKind.GeluTanh => upstream[j] * (1 + Math.Tanh(GeluInner(x[j])) + (x[j] * (1 - Math.Pow(Math.Tanh(GeluInner(x[j])), 2)) * Math.Sqrt(2 / Math.PI) * (1 + (3 * 0.044715 * x[j] * x[j])))) / 2,
                ActivationKind.Silu => upstream[j] * Logistic(x[j]) * (1 + (x[j] * (1 - Logistic(x[j])))),
                ActivationKind.Mish => upstream[j] * (Math.Tanh(Softplus(x[j])) + (x[j] * (1 - Math.Pow(Math.Tanh(Softplus(x[j])), 2)) * Logistic(x[j]))),
                ActivationKind.Softplus => upstream[j] * (x[j] > 20 ? 1 : Logistic(x[j])),
                ActivationKind.Softsign => upstream[j] / Math.Pow(1 + Math.Abs(x[j]), 2),
                ActivationKind.HardSigmoid => Math.Abs(x[j]) < 3 ? upstream[j] / 6 : 0,
                ActivationKind.LogSoftmax => upstream[j] - (Math.Exp(a[j]) * sum),
                ActivationKind.Softmax => a[j] * (upstream[j] - dot),
                _ => throw new ArgumentOutOfRangeException(nameof(activation)),
            };
        }

        return z;
    }

    private const double SeluScale = 1.0507009873554805;
    private const double SeluAlpha = 1.6732632423543772;

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Softplus(double x) => Math.Max(x, 0) + Log1P(Math.Exp(-Math.Abs(x)));

    private static double GeluInner(double x) => Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x));

    /// <summary>Φ(x) = ½ + φ(x)·(x + x³/3 + x⁵/15 + …), whose terms have one sign.</summary>
    private static double NormalDistribution(double x)
    {
        if (Math.Abs(x) > 9)
        {
            return x > 0 ? 1 : 0;
        }

        double term = x;
        double sum = x;
        for (int n = 3; Math.Abs(term) > 1e-18 * Math.Abs(sum); n += 2)
        {
            term *= x * x / n;
            sum += term;
        }

        return 0.5 + (sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
    }

    private static double LogSumExp(double[] z)
    {
        double max = double.NegativeInfinity;
        foreach (double value in z)
        {
            max = Math.Max(max, value);
        }

        double sum = 0;
        foreach (double value in z)
        {
            sum += Math.Exp(value - max);
        }

        return max + Math.Log(sum);
    }

    /// <summary>Kahan's log1p: exact to an ulp or two for every x &gt; −1.</summary>
    private static double Log1P(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * x / (1 + x - 1);
}

/// <summary>How much rows and classes count.</summary>
/// <param name="OfTerms">The factor of each row's terms.</param>
/// <param name="OfMean">What each row adds to the divisor of the mean.</param>
/// <param name="OfClasses">The factors of a cross-entropy's targets; null for none.</param>
internal sealed record NaiveWeights(double[] OfTerms, double[] OfMean, double[]? OfClasses);
