using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SimdNet.Tests.Reference;

/// <summary>Losses and their gradients in double precision, from the formulas. A loss is named as it writes itself, its numbers included.</summary>
internal static class ReferenceLosses
{
    /// <summary>eᶻ / Σ eᶻ and ln Σ eᶻ.</summary>
    public static double[] Softmax(double[] z, out double logSum)
    {
        double maximum = z.Max();
        double sum = z.Sum(value => Math.Exp(value - maximum));
        logSum = maximum + Math.Log(sum);
        return [.. z.Select(value => Math.Exp(value - maximum) / sum)];
    }

    /// <summary>1 / (1 + e⁻ᶻ).</summary>
    public static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>−y·ln σ(z) − (1 − y)·ln(1 − σ(z)), as max(z, 0) − z·y + ln(1 + e^−|z|).</summary>
    public static double SigmoidCrossEntropy(double z, double y) => Math.Max(z, 0) - (z * y) + Log1p(Math.Exp(-Math.Abs(z)));

    /// <summary>What the sum of all terms is divided by.</summary>
    /// <param name="loss">Its text.</param>
    /// <param name="weight">Rows, or what they weigh together.</param>
    /// <param name="outputs">Width of a row.</param>
    public static double Divisor(string loss, double weight, int outputs) => Name(loss) switch
    {
        "half-sse" => 2,
        "cross-entropy" or "kl" => weight,
        _ => weight * outputs,
    };

    /// <summary>The sum of the terms of one row.</summary>
    /// <param name="loss">Its text.</param>
    /// <param name="last">The last layer's activation.</param>
    /// <param name="logits">[outputs], before it.</param>
    /// <param name="output">[outputs], behind it.</param>
    /// <param name="target">[outputs].</param>
    /// <param name="classWeights">Of a cross-entropy's targets; null for none.</param>
    public static double Row(string loss, ActivationKind last, double[] logits, double[] output, double[] target, double[]? classWeights = null)
    {
        string name = Name(loss);
        double number = Number(loss);
        if (name is "cross-entropy")
        {
            target = Smoothed(target, number, classWeights);
        }

        double sum = 0;
        Softmax(logits, out double logSum);
        for (int j = 0; j < output.Length; j++)
        {
            double p = output[j];
            double y = target[j];
            double d = p - y;
            sum += name switch
            {
                "half-sse" or "mse" => d * d,
                "mae" => Math.Abs(d),
                "huber" => Math.Abs(d) <= number ? d * d / 2 : number * (Math.Abs(d) - (number / 2)),
                "bce" when last == ActivationKind.Sigmoid => SigmoidCrossEntropy(logits[j], y),
                "bce" when last == ActivationKind.Softmax => (-y * Math.Max(logits[j] - logSum, -100)) - ((1 - y) * LogOfOthers(logits, j, logSum)),
                "bce" => (-y * Math.Max(Math.Log(p), -100)) - ((1 - y) * Math.Max(Math.Log(1 - p), -100)),
                "bce-with-logits" => SigmoidCrossEntropy(p, y),
                "cross-entropy" => y * (logSum - logits[j]),
                "kl" => y == 0 ? 0 : y * (Math.Log(y) + logSum - logits[j]),
                "hinge" => Math.Max(1 - (Sign(y) * p), 0),
                "poisson" when last == ActivationKind.Identity => Math.Exp(p) - (y * p),
                "poisson" => p - (y * Math.Log(p + 1e-8)),
                _ => throw new ArgumentOutOfRangeException(nameof(loss)),
            };
        }

        return sum;
    }

    /// <summary>The gradient of <see cref="Row"/> with respect to the outputs behind the last activation, or where <see cref="TakesLogits"/>, before it.</summary>
    public static double[] RowGradient(string loss, ActivationKind last, double[] output, double[] target, double[]? classWeights = null)
    {
        string name = Name(loss);
        double number = Number(loss);
        if (name is "cross-entropy")
        {
            target = Smoothed(target, number, classWeights);
        }

        double[] gradient = new double[output.Length];
        double weight = target.Sum();
        double[] softmax = Softmax(output, out _);
        for (int j = 0; j < output.Length; j++)
        {
            double p = output[j];
            double y = target[j];
            gradient[j] = name switch
            {
                "half-sse" or "mse" => 2 * (p - y),
                "mae" => Math.Sign(p - y),
                "huber" => Math.Clamp(p - y, -number, number),
                "bce" => (p - y) / Math.Max(p * (1 - p), 1e-12),
                "bce-with-logits" => Sigmoid(p) - y,
                "cross-entropy" when last == ActivationKind.Identity => (softmax[j] * weight) - y,
                "cross-entropy" or "kl" when last == ActivationKind.Softmax => (p * weight) - y,
                "cross-entropy" or "kl" => -y,
                "hinge" => 1 - (Sign(y) * p) > 0 ? -Sign(y) : 0,
                "poisson" when last == ActivationKind.Identity => Math.Exp(p) - y,
                "poisson" => 1 - (y / (p + 1e-8)),
                _ => throw new ArgumentOutOfRangeException(nameof(loss)),
            };
        }

        return gradient;
    }

    /// <summary>Whether the gradient is one through a softmax: −y / p is no number where p is 0, as it is for logits 745 below the largest.</summary>
    public static bool TakesLogits(string loss, ActivationKind last) => Name(loss) is "cross-entropy" or "kl" && last == ActivationKind.Softmax;

    /// <summary>On which side of its kinks each term is.</summary>
    public static void Sides(string loss, double[] output, double[] target, List<bool> sides)
    {
        for (int j = 0; j < output.Length; j++)
        {
            double d = output[j] - target[j];
            switch (Name(loss))
            {
                case "mae":
                    sides.Add(d > 0);
                    break;
                case "huber":
                    sides.Add(d > Number(loss));
                    sides.Add(d < -Number(loss));
                    break;
                case "hinge":
                    sides.Add(Sign(target[j]) * output[j] < 1);
                    break;
            }
        }
    }

    private static double[] Smoothed(double[] target, double smoothing, double[]? classWeights) =>
        [.. target.Select((y, c) => (classWeights?[c] ?? 1) * (((1 - smoothing) * y) + (smoothing / target.Length)))];

    private static double Sign(double y) => y == 0 ? -1 : y;

    /// <summary>ln(1 − softmax(z)ⱼ), −100 at least.</summary>
    private static double LogOfOthers(double[] z, int j, double logSum)
    {
        double[] others = [.. z.Where((_, i) => i != j)];
        if (others.Length == 0)
        {
            return -100;
        }

        Softmax(others, out double logOthers);
        return Math.Max(logOthers - logSum, -100);
    }

    private static string Name(string loss) => loss.Split('(')[0];

    private static double Number(string loss) => loss.Contains('(', StringComparison.Ordinal) ? double.Parse(loss[(loss.IndexOf('(', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture) : 0;

    /// <summary>ln(1 + x), by the series where 1 + x would lose x.</summary>
    private static double Log1p(double x) => x < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);
}
