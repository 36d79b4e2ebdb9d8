using System;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Short rows are worked on many at a time, one in each lane: none may see another, whatever is in them.</summary>
[Trait("Suite", "Isa")]
public class RowBlockTests
{
    private const int Rows = 37;

    [Fact]
    public void A_row_among_others_has_the_bits_of_the_row_alone_in_float() => RowsAlone<float>();

    [Fact]
    public void A_row_among_others_has_the_bits_of_the_row_alone_in_double() => RowsAlone<double>();

    /// <summary>Negative control: a row that takes its neighbour's largest logit is seen.</summary>
    [Fact]
    public void A_row_that_sees_its_neighbour_is_found()
    {
        KernelSet<float> set = KernelSets.Supported<float>()[0];
        float[] logits = Logits<float>(10);
        Assert.True(FirstDifference(logits, 10, Faulty) >= 0);

        void Faulty(float[] x, int rows)
        {
            set.SoftmaxRows(new(x, rows, 10));
            if (rows > 1)
            {
                x[(10 * (rows - 1)) - 1] = MathF.BitIncrement(x[(10 * (rows - 1)) - 1]);
            }
        }
    }

    private static void RowsAlone<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(0.125);
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            for (int columns = 1; columns <= 40; columns++)
            {
                T[] logits = Logits<T>(columns);
                T[] targets = new T[logits.Length];
                Numbers.Fill<T>(targets, columns);
                targets = [.. targets.Select(T.Abs)];
                int[] labels = [.. Enumerable.Range(0, Rows).Select(i => i % columns)];
                Agree("softmax", (x, rows) => set.SoftmaxRows(new(x, rows, columns)));
                Agree("log-softmax", (x, rows) => set.LogSoftmaxRows(new(x, rows, columns)));
                Agree("log-sum-exp", (x, rows) =>
                {
                    T[] sums = new T[rows];
                    set.LogSumExpRows(new MatrixView<T>(x, rows, columns), sums);
                    for (int i = 0; i < x.Length; i++)
                    {
                        x[i] = sums[i / columns];
                    }
                });
                AgreeOn("cross-entropy with labels", (x, gradient, first, rows) => set.SoftmaxCrossEntropy(new MatrixView<T>(x, rows, columns), labels.AsSpan(first, rows), scale, new(gradient, rows, columns)));
                AgreeOn("cross-entropy with targets", (x, gradient, first, rows) => set.SoftmaxCrossEntropy(new MatrixView<T>(x, rows, columns), new ReadOnlyMatrixView<T>(targets.AsSpan(first * columns, rows * columns), rows, columns), scale, new(gradient, rows, columns)));
                AgreeOn("softmax gradient", (x, gradient, first, rows) =>
                {
                    targets.AsSpan(first * columns, rows * columns).CopyTo(gradient);
                    set.SoftmaxRowsGradient(new MatrixView<T>(x, rows, columns), new(gradient, rows, columns));
                    return T.Zero;
                });

                AgreeOn("log-softmax gradient", (x, gradient, first, rows) =>
                {
                    targets.AsSpan(first * columns, rows * columns).CopyTo(gradient);
                    set.LogSoftmaxRowsGradient(new MatrixView<T>(x, rows, columns), new(gradient, rows, columns));
                    return T.Zero;
                });

                void Agree(string what, Action<T[], int> function)
                {
                    int difference = FirstDifference(logits, columns, function);
                    Assert.True(difference < 0, $"{what} on {set.Name}, {Rows} × {columns}: element {difference}.");
                }

                // What is left in x and in the gradient, both.
                void AgreeOn(string what, Loss<T> function)
                {
                    T[] all = (T[])logits.Clone();
                    T[] gradients = new T[all.Length];
                    T total = function(all, gradients, 0, Rows);
                    T sum = T.Zero;
                    for (int i = 0; i < Rows; i++)
                    {
                        T[] row = logits[(i * columns)..((i + 1) * columns)];
                        T[] gradient = new T[columns];
                        sum += function(row, gradient, i, 1);
                        Assert.True(Numbers.FirstDifference<T>(row, all.AsSpan(i * columns, columns)) < 0, $"{what} on {set.Name}, {Rows} × {columns}: outputs of row {i}.");
                        Assert.True(Numbers.FirstDifference<T>(gradient, gradients.AsSpan(i * columns, columns)) < 0, $"{what} on {set.Name}, {Rows} × {columns}: gradient of row {i}.");
                    }

                    Assert.True(Numbers.FirstDifference<T>([sum], [total]) < 0, $"{what} on {set.Name}, {Rows} × {columns}: {total}, row by row {sum}.");
                }
            }
        }
    }

    private delegate T Loss<T>(T[] x, T[] gradient, int first, int rows);

    /// <summary>The first element that the function makes differently of all rows at once than of each row; −1 where none.</summary>
    private static int FirstDifference<T>(T[] logits, int columns, Action<T[], int> function)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] all = (T[])logits.Clone();
        function(all, Rows);
        T[] alone = new T[all.Length];
        for (int i = 0; i < Rows; i++)
        {
            T[] row = logits[(i * columns)..((i + 1) * columns)];
            function(row, 1);
            row.CopyTo(alone, i * columns);
        }

        return Numbers.FirstDifference<T>(all, alone);
    }

    /// <summary>Every third row holds something that is not finite, or huge, or −0.</summary>
    private static T[] Logits<T>(int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] logits = new T[Rows * columns];
        Numbers.Fill<T>(logits, 7 * columns);
        T[] specials = [T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.NegativeZero, T.CreateTruncating(3e38), T.CreateTruncating(-3e38), T.Epsilon];
        for (int row = 0; row < Rows; row += 3)
        {
            logits[(row * columns) + (row % columns)] = specials[row / 3 % specials.Length];
        }

        logits.AsSpan(5 * columns, columns).Fill(T.NegativeInfinity);
        return logits;
    }
}
