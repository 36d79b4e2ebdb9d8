using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>The kernels of one sample against loops in the order that the contract states, with no zero among the inputs, some, and nothing else.</summary>
[Trait("Suite", "Isa")]
public class SampleKernelTests
{
    private static readonly int[] Columns = [1, 7, 10, 16, 31, 32, 33, 100, 128, 129, 300];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(78)]
    [InlineData(1025)]
    public void Forward_update_and_both_in_one_pass_have_the_bits_of_the_loops(int rows)
    {
        foreach (int columns in rows > 1000 ? (int[])[10, 33] : Columns)
        {
            foreach (int zeros in (int[])[0, 3, 1])
            {
                OneSample<float>(rows, columns, zeros);
                OneSample<double>(rows, columns, zeros);
            }
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_stays_unseen_where_its_input_is_zero()
    {
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            foreach (int columns in Columns)
            {
                Assert.False(float.IsNaN(ForwardPast(set, columns, input: -0f)));

                // Negative control: with any other input it shows.
                Assert.True(float.IsNaN(ForwardPast(set, columns, input: 1e-30f)));
            }
        }
    }

    /// <summary>Negative control: a narrow layer that is one chain must not have the bits of two.</summary>
    [Fact]
    public void One_chain_instead_of_two_is_noticed()
    {
        float[] x = new float[50];
        float[] weights = new float[50 * 5];
        Numbers.Fill<float>(x, 1);
        Numbers.Fill<float>(weights, 2);
        float[] y = new float[5];
        KernelSets.Active<float>().VectorMatrix(x, new(weights, 50, 5), y, accumulate: false);
        float[] chain = new float[5];
        for (int i = 0; i < weights.Length; i++)
        {
            chain[i % 5] = FusedMultiplyAdd.Of(x[i / 5], weights[i], chain[i % 5]);
        }

        Assert.NotEqual(-1, Numbers.FirstDifference<float>(chain, y));
    }

    private static float ForwardPast(KernelSet<float> set, int columns, float input)
    {
        float[] x = [1, input, 2, 3, -1];
        float[] weights = new float[x.Length * columns];
        Numbers.Fill<float>(weights, 1);
        weights.AsSpan(columns, columns).Fill(float.NaN);
        float[] y = new float[columns];
        set.RankOneUpdateAndVectorMatrix(0.5f, x, y, x, new(weights, x.Length, columns), y);
        return y[^1];
    }

    private static void OneSample<T>(int rows, int columns, int zeros)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T alpha = T.CreateTruncating(-0.3);
        T[] weights = new T[rows * columns];
        T[] g = new T[columns];
        T[] bias = new T[columns];
        T[] x = Inputs<T>(rows, zeros, 2);
        T[] next = Inputs<T>(rows, zeros, 3);
        Numbers.Fill<T>(weights, 1);
        Numbers.Fill<T>(g, 4);
        Numbers.Fill<T>(bias, 5);

        T[] forward = (T[])bias.Clone();
        ChainOrder.Forward(x, weights, forward);
        T[] updated = (T[])weights.Clone();
        ChainOrder.Update(alpha, x, g, updated);
        T[] forwardOfNext = (T[])bias.Clone();
        ChainOrder.Forward(next, updated, forwardOfNext);
        T[] inputGradient = new T[rows];
        for (int i = 0; i < rows; i++)
        {
            inputGradient[i] = LaneOrder.Dot(weights.AsSpan(i * columns, columns), g);
        }

        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            T[] y = (T[])bias.Clone();
            set.VectorMatrix(x, new(weights, rows, columns), y, accumulate: true);
            Same(forward, y, "forward");

            T[] w = (T[])weights.Clone();
            set.RankOneUpdate(alpha, x, g, new(w, rows, columns));
            Same(updated, w, "update");

            w = (T[])weights.Clone();
            y = (T[])bias.Clone();
            set.RankOneUpdateAndVectorMatrix(alpha, x, g, next, new(w, rows, columns), y);
            Same(updated, w, "update of both");
            Same(forwardOfNext, y, "forward of both");

            w = (T[])weights.Clone();
            T[] gradient = new T[rows];
            set.MatrixVector(new(w, rows, columns), g, gradient);
            Same(inputGradient, gradient, "input gradient");
            Array.Clear(gradient);
            set.RankOneUpdateWithInputGradient(alpha, x, g, new(w, rows, columns), gradient);
            Same(updated, w, "update with the input gradient");
            Same(inputGradient, gradient, "input gradient with the update");

            void Same(T[] expected, T[] computed, string what)
            {
                int difference = Numbers.FirstDifference<T>(expected, computed);
                Assert.True(difference < 0, $"{what}, {rows} × {columns}, one in {zeros} is 0, {set.Name}, {typeof(T).Name}: element {difference}.");
            }
        }
    }

    /// <summary>Numbers of which one in <paramref name="zeros"/> is 0 of either sign, none where it is 0. The places depend on the seed.</summary>
    private static T[] Inputs<T>(int length, int zeros, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[length];
        Numbers.Fill<T>(x, seed);
        for (int i = 0; i < length && zeros > 0; i++)
        {
            if ((i * seed / 2) % zeros == 0)
            {
                x[i] = i % 2 == 0 ? T.Zero : T.NegativeZero;
            }
        }

        return x;
    }
}
