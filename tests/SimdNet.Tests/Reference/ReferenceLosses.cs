using System;
using System.Linq;

namespace SimdNet.Tests.Reference;

/// <summary>Losses and their gradients in double precision, from the formulas.</summary>
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

    /// <summary>ln(1 + x), by the series where 1 + x would lose x.</summary>
    private static double Log1p(double x) => x < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);
}
