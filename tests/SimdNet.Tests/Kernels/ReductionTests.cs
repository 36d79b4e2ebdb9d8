using System;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Reductions in exactly the stated order, and the row-wise functions made of them against double precision.</summary>
[Trait("Suite", "Isa")]
public class ReductionTests
{
    [Fact]
    public void Sums_and_dot_products_have_the_stated_order()
    {
        StatedOrder<float>();
        StatedOrder<double>();
    }

    [Fact]
    public void Column_sums_are_chains_of_rows()
    {
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            foreach (int columns in (int[])[1, 15, 64, 65, 130])
            {
                float[] a = new float[9 * columns];
                float[] sums = new float[columns];
                Numbers.Fill<float>(a, columns);
                Numbers.Fill<float>(sums, columns + 1);
                float[] chains = (float[])sums.Clone();
                float[] fresh = new float[columns];
                for (int i = 0; i < a.Length; i++)
                {
                    chains[i % columns] += a[i];
                    fresh[i % columns] += a[i];
                }

                set.ColumnSums(new(a, 9, columns), sums, accumulate: true);
                Assert.Equal(chains, sums);
                set.ColumnSums(new(a, 9, columns), sums, accumulate: false);
                Assert.Equal(fresh, sums);
            }
        }
    }

    [Fact]
    public void Softmax_is_right_and_does_not_overflow()
    {
        Softmax<float>();
        Softmax<double>();
    }

    [Fact]
    public void Softmax_and_log_sum_exp_of_non_finite_rows()
    {
        float inf = float.PositiveInfinity;
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            float[] rows =
            [
                1000, 1000, -inf, 1000,
                1, float.NaN, 2, 3,
                -inf, -inf, -inf, -inf,
                1, inf, 2, 3,
            ];
            float[] logSums = new float[4];
            set.LogSumExpRows(new(rows, 4, 4), logSums);
            Assert.Equal(1000 + MathF.Log(3), logSums[0]);
            Assert.Equal([float.NaN, -inf, inf], logSums[1..]);

            set.SoftmaxRows(new(rows, 4, 4));
            Assert.Equal([1f / 3, 1f / 3, 0, 1f / 3], rows[..4]);
            Assert.All(rows[4..12], value => Assert.True(float.IsNaN(value)));
            Assert.True(float.IsNaN(rows[13]));
        }
    }

    private static void StatedOrder<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int length in (int[])[0, 1, 15, 16, 31, 32, 33, 63, 64, 65, 127, 129, 1000])
        {
            T[] x = new T[length];
            T[] y = new T[length];
            Numbers.Fill<T>(x, length);
            Numbers.Fill<T>(y, length + 1);
            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                Assert.Equal(LaneOrder.Sum<T>(x), set.Sum(x));
                Assert.Equal(LaneOrder.Dot<T>(x, y), set.Dot(x, y));
            }
        }
    }

    private static void Softmax<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int columns in (int[])[1, 2, 10, 31, 33, 100])
        {
            foreach (double scale in (double[])[1, 30, 1000])
            {
                T[] logits = new T[columns];
                T[] gradient = new T[columns];
                Numbers.Fill<T>(logits, columns, scale);
                Numbers.Fill<T>(gradient, columns + 1);
                double[] z = Array.ConvertAll(logits, double.CreateTruncating);
                double[] p = ReferenceLosses.Softmax(z, out double logSum);
                foreach (KernelSet<T> set in KernelSets.Supported<T>())
                {
                    T[] row = (T[])logits.Clone();
                    T[] computedLogSum = new T[1];
                    set.LogSumExpRows(new ReadOnlyMatrixView<T>(row, 1, columns), computedLogSum);
                    Close<T>(logSum, computedLogSum[0], Math.Max(1, Math.Abs(logSum)));
                    set.SoftmaxRows(new(row, 1, columns));
                    double dot = 0;
                    for (int j = 0; j < columns; j++)
                    {
                        // A difference from the maximum is rounded before it is raised to a power.
                        Close<T>(p[j], row[j], p[j] * (1 + Math.Abs(logSum - z[j])));
                        dot += p[j] * double.CreateTruncating(gradient[j]);
                    }

                    T[] through = (T[])gradient.Clone();
                    set.SoftmaxRowsGradient(new ReadOnlyMatrixView<T>(row, 1, columns), new(through, 1, columns));
                    for (int j = 0; j < columns; j++)
                    {
                        Close<T>(p[j] * (double.CreateTruncating(gradient[j]) - dot), through[j], scale);
                    }

                    row = (T[])logits.Clone();
                    set.LogSoftmaxRows(new(row, 1, columns));
                    through = (T[])gradient.Clone();
                    set.LogSoftmaxRowsGradient(new ReadOnlyMatrixView<T>(row, 1, columns), new(through, 1, columns));
                    double sum = gradient.Sum(value => double.CreateTruncating(value));
                    for (int j = 0; j < columns; j++)
                    {
                        Close<T>(z[j] - logSum, row[j], Math.Max(1, Math.Abs(logSum) + Math.Abs(z[j])));
                        Close<T>(double.CreateTruncating(gradient[j]) - (p[j] * sum), through[j], columns * scale);
                    }
                }
            }
        }
    }

    private static void Close<T>(double expected, T computed, double magnitude)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Assert.Equal(expected, double.CreateTruncating(computed), Tolerance.ForFormula<T>(magnitude) + Tolerance.ForUnderflow<T>());
}
