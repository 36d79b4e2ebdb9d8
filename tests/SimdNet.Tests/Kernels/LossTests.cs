using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Losses, their gradients and the probabilities that they leave, against the formulas in double precision.</summary>
[Trait("Suite", "Isa")]
public class LossTests
{
    private const int Rows = 4;

    [Fact]
    public void Squared_and_absolute_error_are_right()
    {
        Errors<float>();
        Errors<double>();
    }

    [Fact]
    public void Binary_cross_entropy_is_right()
    {
        Binary<float>();
        Binary<double>();
    }

    [Fact]
    public void Losses_of_elements_are_right_at_kinks_and_ends_too()
    {
        Elements<float>();
        Elements<double>();
    }

    [Fact]
    public void Zeros_have_no_entropy()
    {
        foreach (KernelSet<double> set in KernelSets.Supported<double>())
        {
            Assert.Equal(-0.5 * Math.Log(2), set.NegativeEntropy([0, 0.5, 1, 0]), Tolerance.ForSum<double>(1));
            Assert.Equal(0, set.NegativeEntropy([0, 0, 1]));
        }
    }

    [Fact]
    public void Categorical_cross_entropy_is_right()
    {
        Categorical<float>();
        Categorical<double>();
    }

    [Fact]
    public void Large_logits_neither_overflow_nor_lose_the_loss()
    {
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            float[] logits = [1000, 999, -1000];
            float[] gradient = new float[3];
            float loss = set.SoftmaxCrossEntropy(new MatrixView<float>(logits, 1, 3), [0], 1f, new(gradient, 1, 3));
            Assert.Equal(Math.Log(1 + Math.Exp(-1)), loss, 1e-7);
            Assert.Equal([0.7310586f, 0.26894143f, 0f], logits);

            float[] z = [1000, -1000, 1000, -1000];
            float[] y = [1, 0, 0, 1];
            float[] g = new float[4];
            Assert.Equal(2000f, set.SigmoidCrossEntropy(z, y, 1f, g));
            Assert.Equal([1f, 0f, 1f, 0f], z);
            Assert.Equal([0f, 0f, 1f, -1f], g);
        }
    }

    [Fact]
    public void A_target_of_zero_does_not_see_a_logit_of_minus_infinity()
    {
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            float[] logits = [0, float.NegativeInfinity, 0];
            float[] gradient = new float[3];
            float loss = set.SoftmaxCrossEntropy(new MatrixView<float>(logits, 1, 3), new ReadOnlyMatrixView<float>([1f, 0f, 0f], 1, 3), 1f, new(gradient, 1, 3));
            Assert.Equal(Math.Log(2), loss, 1e-7);
            Assert.Equal([-0.5f, 0f, 0.5f], gradient);
        }
    }

    [Fact]
    public void NaN_reaches_the_loss()
    {
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            foreach (int at in (int[])[0, 20, 39])
            {
                float[] x = new float[40];
                float[] y = new float[40];
                float[] g = new float[40];
                x[at] = float.NaN;
                Assert.True(float.IsNaN(set.SquaredError(x, y, 1, g)));
                Assert.True(float.IsNaN(set.AbsoluteError(x, y)));
                Assert.True(float.IsNaN(set.SoftmaxCrossEntropy(new MatrixView<float>((float[])x.Clone(), 4, 10), [1, 2, 3, 4], 1f, new(g, 4, 10))));
                Assert.True(float.IsNaN(set.SigmoidCrossEntropy((float[])x.Clone(), y, 1, g)));
                Assert.All(Enum.GetValues<ElementLoss>(), loss => Assert.True(float.IsNaN(set.LossOfElements(loss, 1, x, y, 1, g))));
            }
        }
    }

    private static void Elements<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(0.25);
        foreach ((ElementLoss kind, string name, ActivationKind last, double[] outputs, double[] targets) in ((ElementLoss, string, ActivationKind, double[], double[])[])
        [
            (ElementLoss.Absolute, "mae", ActivationKind.Identity, [-3, -1, 0, 0.5, 1, 1e30], [-3, 0, 0.5, 2]),
            (ElementLoss.Huber, "huber(0.75)", ActivationKind.Identity, [-2, -0.75, -0.25, 0, 0.5, 0.75, 3, 1e15], [0, 0.25, 1]),
            (ElementLoss.ProbabilityCrossEntropy, "bce", ActivationKind.Identity, [0, 1, 0.5, 0.25, 0.9, 1e-30], [0, 1, 0.25]),
            (ElementLoss.Hinge, "hinge", ActivationKind.Identity, [-1, 1, 0, 0.25, 3, -3], [-1, 0, 1]),
            (ElementLoss.PoissonOfLog, "poisson", ActivationKind.Identity, [-100, -1, 0, 2, 5], [0, 1, 3]),
            (ElementLoss.PoissonOfRate, "poisson", ActivationKind.ReLU, [0, 1e-6, 0.5, 1, 20], [0, 1, 3]),
        ])
        {
            for (int length = 1; length < 80; length += length < 40 ? 1 : 13)
            {
                T[] x = new T[length];
                T[] y = new T[length];
                double loss = 0;
                double magnitude = 0;
                double[] expected = new double[length];
                for (int i = 0; i < length; i++)
                {
                    // Halved by turns, so that targets and outputs meet in every pair, and rounded to the precision.
                    x[i] = T.CreateTruncating(outputs[i % outputs.Length]);
                    y[i] = T.CreateTruncating(targets[i / outputs.Length % targets.Length]);
                    double p = double.CreateTruncating(x[i]);
                    double t = double.CreateTruncating(y[i]);
                    double term = ReferenceLosses.Row(name, last, [p], [p], [t]);
                    loss += term;
                    magnitude += Math.Abs(term) + 1;
                    expected[i] = 0.25 * ReferenceLosses.RowGradient(name, last, [p], [t])[0];
                }

                foreach (KernelSet<T> set in KernelSets.Supported<T>())
                {
                    T[] gradient = new T[length];
                    Assert.Equal(loss, double.CreateTruncating(set.LossOfElements(kind, T.CreateTruncating(0.75), x, y, scale, gradient)), Tolerance.ForSum<T>(magnitude));
                    for (int i = 0; i < length; i++)
                    {
                        Assert.Equal(expected[i], double.CreateTruncating(gradient[i]), Tolerance.ForFormula<T>(Math.Max(1, Math.Abs(expected[i]))));
                    }
                }
            }
        }
    }

    private static void Errors<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(0.25);
        foreach (int length in (int[])[1, 10, 33, 200])
        {
            T[] p = new T[length];
            T[] y = new T[length];
            Numbers.Fill<T>(p, 1);
            Numbers.Fill<T>(y, 2);
            double squares = 0;
            double absolutes = 0;
            for (int i = 0; i < length; i++)
            {
                double difference = double.CreateTruncating(p[i]) - double.CreateTruncating(y[i]);
                squares += difference * difference;
                absolutes += Math.Abs(difference);
            }

            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                T[] gradient = new T[length];
                Assert.Equal(squares, double.CreateTruncating(set.SquaredError(p, y, scale, gradient)), Tolerance.ForSum<T>(squares));
                Assert.Equal(absolutes, double.CreateTruncating(set.AbsoluteError(p, y)), Tolerance.ForSum<T>(absolutes));
                for (int i = 0; i < length; i++)
                {
                    Assert.Equal(scale * (p[i] - y[i]), gradient[i]);
                }
            }
        }
    }

    private static void Binary<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(0.25);
        foreach (int length in (int[])[1, 10, 33, 200])
        {
            T[] logits = new T[length];
            T[] target = new T[length];
            Numbers.Fill<T>(logits, length, 12);
            Numbers.Fill<T>(target, length + 1);
            double loss = 0;
            double magnitude = 0;
            for (int i = 0; i < length; i++)
            {
                target[i] = i % 3 == 0 ? T.Abs(target[i]) : i % 3 == 1 ? T.One : T.Zero;
                double z = double.CreateTruncating(logits[i]);
                loss += ReferenceLosses.SigmoidCrossEntropy(z, double.CreateTruncating(target[i]));
                magnitude += Math.Abs(z) + 1;
            }

            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                T[] z = (T[])logits.Clone();
                T[] gradient = new T[length];
                Assert.Equal(loss, double.CreateTruncating(set.SigmoidCrossEntropy(z, target, scale, gradient)), Tolerance.ForSum<T>(magnitude));
                for (int i = 0; i < length; i++)
                {
                    double probability = ReferenceLosses.Sigmoid(double.CreateTruncating(logits[i]));
                    Assert.Equal(probability, double.CreateTruncating(z[i]), Tolerance.ForFormula<T>(probability));
                    Assert.Equal(0.25 * (probability - double.CreateTruncating(target[i])), double.CreateTruncating(gradient[i]), Tolerance.ForFormula<T>(1));
                }
            }
        }
    }

    private static void Categorical<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(0.25);
        foreach (int columns in (int[])[2, 10, 33, 100])
        {
            T[] logits = new T[Rows * columns];
            T[] weights = new T[Rows * columns];
            T[] oneHot = new T[Rows * columns];
            int[] labels = new int[Rows];
            Numbers.Fill<T>(logits, columns, 15);
            Numbers.Fill<T>(weights, columns + 1);
            for (int i = 0; i < Rows; i++)
            {
                labels[i] = i * 7 % columns;
                oneHot[(i * columns) + labels[i]] = T.One;
            }

            for (int i = 0; i < weights.Length; i++)
            {
                weights[i] = T.Abs(weights[i]);
            }

            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                T[] z = (T[])logits.Clone();
                T[] gradient = new T[z.Length];
                T loss = set.SoftmaxCrossEntropy(new MatrixView<T>(z, Rows, columns), labels, scale, new(gradient, Rows, columns));
                CheckCategorical(logits, oneHot, columns, loss, z, gradient);

                z = (T[])logits.Clone();
                loss = set.SoftmaxCrossEntropy(new MatrixView<T>(z, Rows, columns), new ReadOnlyMatrixView<T>(weights, Rows, columns), scale, new(gradient, Rows, columns));
                CheckCategorical(logits, weights, columns, loss, z, gradient);
            }
        }
    }

    private static void CheckCategorical<T>(T[] logits, T[] target, int columns, T computedLoss, T[] probabilities, T[] gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double loss = 0;
        double magnitude = 0;
        for (int i = 0; i < Rows; i++)
        {
            double[] z = Array.ConvertAll(logits[(i * columns)..((i + 1) * columns)], double.CreateTruncating);
            double[] y = Array.ConvertAll(target[(i * columns)..((i + 1) * columns)], double.CreateTruncating);
            double[] p = ReferenceLosses.Softmax(z, out double logSum);
            double weight = 0;
            foreach (double value in y)
            {
                weight += value;
            }

            for (int j = 0; j < columns; j++)
            {
                loss += y[j] * (logSum - z[j]);
                magnitude += y[j] * (Math.Abs(logSum) + Math.Abs(z[j]));
                double distance = 1 + Math.Abs(logSum - z[j]);
                Assert.Equal(p[j], double.CreateTruncating(probabilities[(i * columns) + j]), Tolerance.ForFormula<T>(p[j] * distance));
                double expected = 0.25 * ((p[j] * weight) - y[j]);
                Assert.Equal(expected, double.CreateTruncating(gradient[(i * columns) + j]), Tolerance.ForFormula<T>(Math.Max(1, weight) * distance));
            }
        }

        Assert.Equal(loss, double.CreateTruncating(computedLoss), Tolerance.ForSum<T>(magnitude));
    }
}
