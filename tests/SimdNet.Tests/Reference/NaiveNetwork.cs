using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Tests.Reference;

/// <summary>A network of dense layers in double precision, written from the formulas: loops, System.Math, one sample at a time. What the library computes is checked against it.</summary>
internal sealed class NaiveNetwork
{
    private readonly List<Layer> _layers = [];

    public NaiveNetwork(NetworkSpec spec)
    {
        int width = spec.Inputs;
        foreach (LayerSpec layer in spec.Layers)
        {
            DenseSpec dense = (DenseSpec)layer;
            _layers.Add(new(dense.Activation, new double[width, dense.Units], dense.UseBias ? new double[dense.Units] : null));
            width = dense.Units;
        }
    }

    /// <summary>All parameters in the order of the files: W1, b1, W2, b2, …</summary>
    public double[] Parameters
    {
        get
        {
            List<double> all = [];
            foreach (Layer layer in _layers)
            {
                foreach (double weight in layer.Weights)
                {
                    all.Add(weight);
                }

                all.AddRange(layer.Bias ?? []);
            }

            return [.. all];
        }

        set
        {
            int next = 0;
            foreach (Layer layer in _layers)
            {
                for (int i = 0; i < layer.Weights.GetLength(0); i++)
                {
                    for (int j = 0; j < layer.Weights.GetLength(1); j++)
                    {
                        layer.Weights[i, j] = value[next++];
                    }
                }

                for (int j = 0; layer.Bias is not null && j < layer.Bias.Length; j++)
                {
                    layer.Bias[j] = value[next++];
                }
            }
        }
    }

    /// <summary>The loss over rows, and on which side of its kink each ReLU and each term was.</summary>
    public double Loss(string loss, double[][] inputs, double[][] targets, List<bool>? sides = null, NaiveWeights? weights = null)
    {
        double sum = 0;
        for (int row = 0; row < inputs.Length; row++)
        {
            double[] x = inputs[row];
            double[] logits = x;
            foreach (Layer layer in _layers)
            {
                logits = Linear(layer, x);
                x = Activate(layer.Activation, logits);
                if (layer.Activation.Kind is ActivationKind.ReLU or ActivationKind.LeakyReLU)
                {
                    foreach (double z in logits)
                    {
                        sides?.Add(z > 0);
                    }
                }
            }

            sum += (weights?.OfTerms[row] ?? 1) * ReferenceLosses.Row(loss, _layers[^1].Activation.Kind, logits, x, targets[row], weights?.OfClasses);
            if (sides is not null)
            {
                ReferenceLosses.Sides(loss, x, targets[row], sides);
            }
        }

        return sum / ReferenceLosses.Divisor(loss, weights?.OfMean.Sum() ?? inputs.Length, targets[0].Length);
    }

    /// <summary>The outputs of one row.</summary>
    public double[] Predict(double[] input)
    {
        double[] x = input;
        foreach (Layer layer in _layers)
        {
            x = Activate(layer.Activation, Linear(layer, x));
        }

        return x;
    }

    /// <summary>The gradient of <see cref="Loss"/> by the chain rule, in the order of <see cref="Parameters"/>.</summary>
    public double[] Gradient(string loss, double[][] inputs, double[][] targets, NaiveWeights? weights = null)
    {
        List<(double[,] Weights, double[]? Bias)> gradients = _layers.ConvertAll(layer => (new double[layer.Weights.GetLength(0), layer.Weights.GetLength(1)], layer.Bias is null ? null : new double[layer.Bias.Length]));
        double divisor = ReferenceLosses.Divisor(loss, weights?.OfMean.Sum() ?? inputs.Length, targets[0].Length);
        for (int row = 0; row < inputs.Length; row++)
        {
            List<double[]> outputs = [inputs[row]];
            foreach (Layer layer in _layers)
            {
                outputs.Add(Activate(layer.Activation, Linear(layer, outputs[^1])));
            }

            double[] upstream = Array.ConvertAll(ReferenceLosses.RowGradient(loss, _layers[^1].Activation.Kind, outputs[^1], targets[row], weights?.OfClasses), value => value * (weights?.OfTerms[row] ?? 1) / divisor);
            for (int l = _layers.Count - 1; l >= 0; l--)
            {
                double[] z = ThroughActivation(_layers[l].Activation, outputs[l + 1], upstream);
                double[] below = new double[outputs[l].Length];
                for (int j = 0; j < z.Length; j++)
                {
                    for (int i = 0; i < below.Length; i++)
                    {
                        gradients[l].Weights[i, j] += outputs[l][i] * z[j];
                        below[i] += _layers[l].Weights[i, j] * z[j];
                    }

                    if (gradients[l].Bias is { } bias)
                    {
                        bias[j] += z[j];
                    }
                }

                upstream = below;
            }
        }

        List<double> all = [];
        foreach ((double[,] kernel, double[]? bias) in gradients)
        {
            foreach (double weight in kernel)
            {
                all.Add(weight);
            }

            all.AddRange(bias ?? []);
        }

        return [.. all];
    }

    private static double[] Linear(Layer layer, double[] x)
    {
        double[] z = new double[layer.Weights.GetLength(1)];
        for (int j = 0; j < z.Length; j++)
        {
            z[j] = layer.Bias?[j] ?? 0;
            for (int i = 0; i < x.Length; i++)
            {
                z[j] += x[i] * layer.Weights[i, j];
            }
        }

        return z;
    }

    private static double[] Activate(Activation activation, double[] z)
    {
        if (activation.Kind == ActivationKind.Softmax)
        {
            double logSum = LogSumExp(z);
            return Array.ConvertAll(z, value => Math.Exp(value - logSum));
        }

        return Array.ConvertAll(z, value => activation.Kind switch
        {
            ActivationKind.Identity => value,
            ActivationKind.Sigmoid => 1 / (1 + Math.Exp(-value)),
            ActivationKind.Tanh => Math.Tanh(value),
            ActivationKind.ReLU => Math.Max(value, 0),
            ActivationKind.LeakyReLU => value > 0 ? value : activation.Slope * value,
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        });
    }

    private static double[] ThroughActivation(Activation activation, double[] a, double[] upstream)
    {
        double[] z = new double[a.Length];
        double dot = 0;
        for (int j = 0; j < a.Length; j++)
        {
            dot += a[j] * upstream[j];
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
                ActivationKind.Softmax => a[j] * (upstream[j] - dot),
                _ => throw new ArgumentOutOfRangeException(nameof(activation)),
            };
        }

        return z;
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

    private sealed record Layer(Activation Activation, double[,] Weights, double[]? Bias);
}

/// <summary>How much rows and classes count.</summary>
/// <param name="OfTerms">The factor of each row's terms.</param>
/// <param name="OfMean">What each row adds to the divisor of the mean.</param>
/// <param name="OfClasses">The factors of a cross-entropy's targets; null for none.</param>
internal sealed record NaiveWeights(double[] OfTerms, double[] OfMean, double[]? OfClasses);
