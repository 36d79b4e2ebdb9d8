using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Products with an epilogue against the product and the passes that the epilogue stands for, bit for bit.</summary>
[Trait("Suite", "Isa")]
public class FusedProductTests
{
    private static readonly ActivationKind[] Kinds = [ActivationKind.Identity, ActivationKind.Sigmoid, ActivationKind.Tanh, ActivationKind.ReLU, ActivationKind.LeakyReLU];

    /// <summary>Beside random small shapes: more than one block of k, packed panels, many rows.</summary>
    private static readonly (int M, int N, int K)[] Shapes =
    [
        (0, 3, 2), (3, 0, 2), (3, 2, 0), (1, 1, 1), (12, 32, 8), (13, 33, 40), (32, 128, 784), (100, 10, 130), (5, 37, 1030), (61, 300, 1100), (7, 1030, 33), (200, 35, 20), (260, 265, 1030),
    ];

    [Fact]
    public void Forward_is_the_product_the_bias_and_the_activation_in_float() => ForwardAgrees<float>();

    [Fact]
    public void Forward_is_the_product_the_bias_and_the_activation_in_double() => ForwardAgrees<double>();

    [Fact]
    public void The_input_gradient_is_the_product_times_the_derivative_in_float() => InputGradientAgrees<float>();

    [Fact]
    public void The_input_gradient_is_the_product_times_the_derivative_in_double() => InputGradientAgrees<double>();

    [Fact]
    public void The_gradients_of_few_units_are_the_products_and_the_sums_of_columns_in_float() => FewUnitsAgree<float>();

    [Fact]
    public void The_gradients_of_few_units_are_the_products_and_the_sums_of_columns_in_double() => FewUnitsAgree<double>();

    /// <summary>Negative control: a sum that starts from the bias, rather than has it added, is another sum.</summary>
    [Fact]
    public void A_sum_that_starts_from_the_bias_is_noticed()
    {
        Matrix<float> input = new(20, 30, 1, 1), weights = new(30, 40, 2, 2), expected = new(20, 40, 3, 3), computed = new(20, 40, 3, 4);
        float[] bias = new float[40];
        Numbers.Fill<float>(bias, 5);
        KernelSet<float> set = KernelSets.Active<float>();
        float[] scratch = new float[set.ScratchLength];
        set.Forward(input.View, weights.View, bias, ActivationKind.Identity, 0, expected.View, scratch);
        for (int i = 0; i < 20; i++)
        {
            bias.CopyTo(computed.View.Row(i));
            for (int p = 0; p < 30; p++)
            {
                for (int j = 0; j < 40; j++)
                {
                    computed.View.Row(i)[j] = MathF.FusedMultiplyAdd(input.View.Row(i)[p], weights.View.Row(p)[j], computed.View.Row(i)[j]);
                }
            }
        }

        Assert.NotNull(expected.DifferenceFrom(computed));
    }

    private static void ForwardAgrees<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T slope = T.CreateTruncating(0.125);
        EachCase((m, n, k, gap, kind, set, seed) =>
        {
            Matrix<T> input = new(m, k, gap, seed), weights = new(k, n, gap, seed + 1), expected = new(m, n, gap, seed + 2), computed = new(m, n, gap, seed + 2);
            T[] bias = new T[seed % 3 == 0 ? 0 : n];
            Numbers.Fill<T>(bias, seed + 3);
            T[] scratch = new T[set.ScratchLengthFor(m, k, n)];
            set.Multiply(input.View, weights.View, expected.View, accumulate: false, scratch);
            if (bias.Length > 0)
            {
                set.AddBias(bias, expected.View);
            }

            for (int i = 0; i < m; i++)
            {
                set.Activate(kind, slope, expected.View.Row(i));
            }

            set.Forward(input.View, weights.View, bias, kind, slope, computed.View, scratch);
            string? difference = expected.DifferenceFrom(computed);
            if (difference is not null)
            {
                return difference;
            }

            // NaN beyond what Pack fills: ForwardPacked must not read it.
            T[] packed = new T[set.PackedLength(k, n) + 5];
            Array.Fill(packed, T.NaN);
            set.Pack(weights.View, isTransposed: false, packed);
            Matrix<T> fromPacked = new(m, n, gap, seed + 2);
            set.ForwardPacked(input.View, packed, bias, kind, slope, fromPacked.View, scratch);
            difference = expected.DifferenceFrom(fromPacked);
            if (difference is not null)
            {
                return "packed: " + difference;
            }

            Matrix<T> fromBoth = new(m, n, gap, seed + 2);
            set.MultiplyPacked(input.View, isTransposedA: false, packed, fromBoth.View, accumulate: false, ProductEpilogue<T>.Forward(bias, kind, slope), new T[set.PackedScratchLength(m, k)]);
            difference = expected.DifferenceFrom(fromBoth);
            return difference is null ? null : "both packed: " + difference;
        }, KernelSets.Supported<T>());
    }

    private static void InputGradientAgrees<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T slope = T.CreateTruncating(0.125);
        EachCase((m, n, k, gap, kind, set, seed) =>
        {
            Matrix<T> outputGradient = new(m, k, gap, seed), weights = new(n, k, gap, seed + 1), input = new(m, n, gap, seed + 2), expected = new(m, n, gap, seed + 3), computed = new(m, n, gap, seed + 3);
            T[] scratch = new T[set.ScratchLengthFor(m, n, k)];
            set.MultiplyTransposedB(outputGradient.View, weights.View, expected.View, accumulate: false, scratch);
            for (int i = 0; i < m; i++)
            {
                set.ActivateGradient(kind, slope, input.View.Row(i), expected.View.Row(i));
            }

            set.InputGradient(outputGradient.View, weights.View, kind, slope, input.View, computed.View, scratch);
            string? difference = expected.DifferenceFrom(computed);
            if (difference is not null)
            {
                return difference;
            }

            T[] packed = new T[set.PackedLength(k, n)];
            set.Pack(weights.View, isTransposed: true, packed);
            Matrix<T> fromBoth = new(m, n, gap, seed + 3);
            set.MultiplyPacked(outputGradient.View, isTransposedA: false, packed, fromBoth.View, accumulate: false, ProductEpilogue<T>.Gradient(input.View, kind, slope), new T[set.PackedScratchLength(m, k)]);
            difference = expected.DifferenceFrom(fromBoth);
            return difference is null ? null : "both packed: " + difference;
        }, KernelSets.Supported<T>());
    }

    /// <summary>Few units take a way of their own where the matrices have no gaps: rows below and above a block of k, inputs around the vectors.</summary>
    private static void FewUnitsAgree<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int seed = 0;
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            foreach (int inputs in (int[])[0, 1, 8, 9, 15, 16, 17, 31, 32])
            {
                foreach (int units in (int[])[1, 2, 3, 4])
                {
                    foreach (int rows in (int[])[1, 8, 13, 1024, 1030, 2100])
                    {
                        seed++;
                        string? difference = FewUnitsDifference(set, rows, inputs, units, accumulate: seed % 2 == 0, hasBias: seed % 3 > 0, seed);
                        Assert.True(difference is null, $"{rows} rows, {inputs}×{units}, {set.Name}: {difference}.");
                    }
                }
            }
        }
    }

    private static string? FewUnitsDifference<T>(KernelSet<T> set, int rows, int inputs, int units, bool accumulate, bool hasBias, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Matrix<T> input = new(rows, inputs, 0, seed), outputGradient = new(rows, units, 0, seed + 1), weights = new(inputs, units, 0, seed + 2);
        Matrix<T> expected = new(inputs, units, 0, seed + 3), computed = new(inputs, units, 0, seed + 3);
        T[] scratch = new T[set.ScratchLengthFor(rows, inputs, units)];
        T[] expectedBias = new T[hasBias ? units : 0];
        Numbers.Fill<T>(expectedBias, seed + 4);
        T[] bias = [.. expectedBias];
        set.MultiplyTransposedA(input.View, outputGradient.View, expected.View, accumulate, scratch);
        if (hasBias)
        {
            set.ColumnSums(outputGradient.View, expectedBias, accumulate);
        }

        set.WeightsGradient(input.View, outputGradient.View, computed.View, bias, accumulate, scratch);
        string? difference = expected.DifferenceFrom(computed);
        if (difference is not null || Numbers.FirstDifference<T>(expectedBias, bias) >= 0)
        {
            return difference ?? "another bias";
        }

        Matrix<T> expectedInput = new(rows, inputs, 0, seed + 5), computedInput = new(rows, inputs, 0, seed + 5);
        set.MultiplyTransposedB(outputGradient.View, weights.View, expectedInput.View, accumulate: false, scratch);
        set.ActivateGradient(ActivationKind.Tanh, T.Zero, input.View.Elements, expectedInput.View.Elements);
        set.InputGradient(outputGradient.View, weights.View, ActivationKind.Tanh, T.Zero, input.View, computedInput.View, scratch);
        return expectedInput.DifferenceFrom(computedInput);
    }

    private static void EachCase<T>(Func<int, int, int, int, ActivationKind, KernelSet<T>, int, string?> run, IReadOnlyList<KernelSet<T>> sets)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Philox random = new(11, RandomPurpose.Split);
        int small = Long.Count(200, 4_000);
        for (int i = 0; i < small + (Shapes.Length * Kinds.Length); i++)
        {
            (int m, int n, int k) = i < small ? (random.NextInt(40), random.NextInt(70), random.NextInt(50)) : Shapes[(i - small) % Shapes.Length];
            ActivationKind kind = Kinds[i % Kinds.Length];
            foreach (KernelSet<T> set in sets)
            {
                string? difference = run(m, n, k, i % 4, kind, set, i);
                Assert.True(difference is null, $"{m}×{n}×{k}, {kind}, {set.Name}: {difference}.");
            }
        }
    }

    /// <summary>Random numbers with gaps between the rows.</summary>
    private sealed class Matrix<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T[] _data;
        private readonly int _rows;
        private readonly int _columns;
        private readonly int _gap;

        public Matrix(int rows, int columns, int gap, int seed)
        {
            (_rows, _columns, _gap) = (rows, columns, gap);
            _data = new T[rows * (columns + gap)];
            Numbers.Fill<T>(_data, seed);
        }

        public MatrixView<T> View => new(_data, _rows, _columns, _columns + _gap);

        public string? DifferenceFrom(Matrix<T> other)
        {
            int difference = Numbers.FirstDifference<T>(_data, other._data);
            return difference < 0 ? null : $"element ({difference / (_columns + _gap)}, {difference % (_columns + _gap)}) is {other._data[difference]} instead of {_data[difference]}";
        }
    }
}
