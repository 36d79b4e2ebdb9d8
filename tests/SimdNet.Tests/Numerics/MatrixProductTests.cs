using System;
using System.Linq;
using System.Numerics;

using SimdNet.Numerics;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Products of the public face: integers exactly, at the shapes and strides of every path, over spans and over tensors.</summary>
[Trait("Suite", "Isa")]
public sealed class MatrixProductTests
{
    private static readonly (int M, int N, int K)[] Sizes = [(1, 1, 1), (5, 7, 9), (3, 33, 17), (31, 10, 40), (2, 3, 0), (0, 4, 3), (4, 0, 3), (64, 65, 66), (1, 40, 30), (40, 1, 30)];

    [Fact]
    public void Products_of_integers_are_exact()
    {
        Exact<float>();
        Exact<double>();
    }

    [Fact]
    public void Products_with_a_vector_are_exact()
    {
        Vectors<float>();
        Vectors<double>();
    }

    [Fact]
    public void Tensors_in_any_order_of_strides_give_the_same_products()
    {
        Tensors<float>();
        Tensors<double>();
    }

    /// <summary>Negative control: one term less is noticed.</summary>
    [Fact]
    public void A_dropped_term_is_noticed()
    {
        float[] a = Integers<float>(5 * 9, 1);
        float[] b = Integers<float>(9 * 7, 2);
        float[] c = new float[5 * 7];
        MatrixPrimitives.Multiply<float>(5, 7, 9, a, b, c);
        Assert.Equal(Product(5, 7, 9, a, b, null), c);
        a[3] = a[3] == 0 ? 1 : 0;
        Assert.NotEqual(Product(5, 7, 9, a, b, null), c);
    }

    [Fact]
    public void Zero_times_infinity_is_NaN_everywhere()
    {
        double[] zeros = new double[40];
        double[] a = new double[40 * 3];
        a[(17 * 3) + 1] = double.PositiveInfinity;
        double[] y = new double[3];
        MatrixPrimitives.MultiplyTransposedVector<double>(40, 3, a, zeros, y);
        Assert.Equal([0, double.NaN, 0], y);
        zeros.AsSpan().Fill(1);
        zeros[17] = -0.0;
        MatrixPrimitives.MultiplyTransposedVector<double>(40, 3, a, zeros, y);
        Assert.Equal([0, double.NaN, 0], y);
        MatrixPrimitives.MultiplyVector<double>(1, 40, zeros, Enumerable.Repeat(double.NegativeInfinity, 40).ToArray(), y.AsSpan(0, 1));
        Assert.Equal(double.NaN, y[0]);
        MatrixPrimitives.Multiply<double>(1, 3, 40, zeros, a, y);
        Assert.Equal([0, double.NaN, 0], y);
        double[] updated = new double[6];
        MatrixPrimitives.AddOuterProduct<double>(2, 3, 1, [0, 1], [1, double.NaN, double.PositiveInfinity], updated);
        Assert.Equal([0, double.NaN, double.NaN, 1, double.NaN, double.PositiveInfinity], updated);
    }

    [Fact]
    public void Rows_of_a_product_with_a_vector_have_the_bits_of_Dot()
    {
        float[] a = FunctionTests.Random<float>(9 * 77, 1);
        float[] x = FunctionTests.Random<float>(77, 2);
        float[] y = new float[9];
        MatrixPrimitives.MultiplyVector<float>(9, 77, a, x, y);
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(VectorPrimitives.Dot<float>(a.AsSpan(i * 77, 77), x), y[i]);
        }
    }

    [Fact]
    public void Dense_has_the_bits_of_its_parts()
    {
        (int m, int n, int k) = (9, 13, 21);
        float[] a = FunctionTests.Random<float>(m * k, 1);
        float[] b = FunctionTests.Random<float>(k * n, 2);
        float[] bias = FunctionTests.Random<float>(n, 3);
        float[] expected = new float[m * n];
        MatrixPrimitives.Multiply<float>(m, n, k, a, b, expected);
        MatrixPrimitives.AddBias<float>(m, n, bias, expected);
        VectorPrimitives.Tanh<float>(expected, expected);
        float[] c = new float[m * n];
        MatrixPrimitives.Dense(m, n, k, a, b, bias, ActivationKind.Tanh, 0, c);
        Assert.Equal(expected, c);

        float[] gradient = FunctionTests.Random<float>(m * n, 4);
        float[] output = FunctionTests.Random<float>(m * k, 5);
        float[] inputGradient = new float[m * k];
        float[] expectedGradient = new float[m * k];
        MatrixPrimitives.MultiplyTransposedB<float>(m, k, n, gradient, b, expectedGradient);
        VectorPrimitives.SigmoidGradient<float>(output, expectedGradient, expectedGradient);
        MatrixPrimitives.DenseInputGradient(m, k, n, gradient, b, ActivationKind.Sigmoid, 0, output, inputGradient);
        Assert.Equal(expectedGradient, inputGradient);
        MatrixPrimitives.DenseInputGradient<float>(m, k, n, gradient, b, ActivationKind.Identity, 0, [], inputGradient);
        MatrixPrimitives.MultiplyTransposedB<float>(m, k, n, gradient, b, expectedGradient);
        Assert.Equal(expectedGradient, inputGradient);
    }

    [Fact]
    public void Dense_with_strides_and_of_tensors_has_the_bits_of_that_without()
    {
        foreach ((int m, int n, int k) in Sizes)
        {
            float[] a = FunctionTests.Random<float>(m * k, 1);
            float[] b = FunctionTests.Random<float>(k * n, 2);
            float[] bias = FunctionTests.Random<float>(n, 3);
            float[] weights = FunctionTests.Random<float>(n * k, 4);
            float[] output = FunctionTests.Random<float>(m * n, 5);
            (TensorLayout left, TensorLayout right, TensorLayout rows, TensorLayout product) = (Gapped(m, k), Gapped(k, n), Gapped(n, k), Gapped(m, n));
            float[] expected = new float[m * n];
            MatrixPrimitives.Dense(m, n, k, a, b, bias, ActivationKind.Tanh, 0, expected);
            float[] memory = product.Place(output);
            MatrixPrimitives.Dense(m, n, k, Spread(a, m, k), k + 3, Spread(b, k, n), n + 3, bias, ActivationKind.Tanh, 0, memory, n + 3);
            Assert.True(product.Holds(expected, memory));
            memory = product.Place(output);
            MatrixPrimitives.Dense(left.Read(left.Place(a)), right.Read(right.Place(b)), TensorLayout.Dense(n).Read(bias), ActivationKind.Tanh, 0, product.Write(memory));
            Assert.True(product.Holds(expected, memory));

            MatrixPrimitives.DenseInputGradient(m, n, k, a, weights, ActivationKind.Sigmoid, 0, output, expected);
            memory = product.Place(output);
            MatrixPrimitives.DenseInputGradient(m, n, k, Spread(a, m, k), k + 3, Spread(weights, n, k), k + 3, ActivationKind.Sigmoid, 0, Spread(output, m, n), n + 3, memory, n + 3);
            Assert.True(product.Holds(expected, memory));
            memory = product.Place(output);
            MatrixPrimitives.DenseInputGradient(left.Read(left.Place(a)), rows.Read(rows.Place(weights)), ActivationKind.Sigmoid, 0, product.Read(product.Place(output)), product.Write(memory));
            Assert.True(product.Holds(expected, memory));

            MatrixPrimitives.MultiplyTransposedB<float>(m, n, k, a, weights, expected);
            memory = product.Place(output);
            MatrixPrimitives.DenseInputGradient(left.Read(left.Place(a)), rows.Read(rows.Place(weights)), ActivationKind.Identity, 0, default, product.Write(memory));
            Assert.True(product.Holds(expected, memory));
        }
    }

    private static void Exact<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((int m, int n, int k) in Sizes)
        {
            T[] a = Integers<T>(m * k, 1);
            T[] b = Integers<T>(k * n, 2);
            T[] c = Integers<T>(m * n, 3);
            T[] product = Product(m, n, k, a, b, null);
            T[] packed = Poison<T>(m * n);
            MatrixPrimitives.Multiply<T>(m, n, k, a, b, packed);
            Assert.Equal(product, packed);
            packed = Poison<T>(m * n);
            MatrixPrimitives.MultiplyTransposedA<T>(m, n, k, Transposed(a, m, k), b, packed);
            Assert.Equal(product, packed);
            packed = Poison<T>(m * n);
            MatrixPrimitives.MultiplyTransposedB<T>(m, n, k, a, Transposed(b, k, n), packed);
            Assert.Equal(product, packed);
            foreach (bool accumulate in (bool[])[false, true])
            {
                T[] expected = Product(m, n, k, a, b, accumulate ? c : null);
                TensorLayout result = Gapped(m, n);
                T[] memory = result.Place(c);
                MatrixPrimitives.Multiply(m, n, k, Spread(a, m, k), k + 3, Spread(b, k, n), n + 3, memory, n + 3, accumulate);
                Assert.True(result.Holds(expected, memory));
                memory = result.Place(c);
                MatrixPrimitives.MultiplyTransposedA(m, n, k, Spread(Transposed(a, m, k), k, m), m + 3, Spread(b, k, n), n + 3, memory, n + 3, accumulate);
                Assert.True(result.Holds(expected, memory));
                memory = result.Place(c);
                MatrixPrimitives.MultiplyTransposedB(m, n, k, Spread(a, m, k), k + 3, Spread(Transposed(b, k, n), n, k), k + 3, memory, n + 3, accumulate);
                Assert.True(result.Holds(expected, memory));
            }
        }
    }

    private static void Vectors<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((int m, int n, _) in Sizes)
        {
            T[] a = Integers<T>(m * n, 1);
            T[] x = Integers<T>(n, 2);
            T[] y = Integers<T>(m, 3);
            T[] packed = Poison<T>(m);
            MatrixPrimitives.MultiplyVector<T>(m, n, a, x, packed);
            Assert.Equal(Product(m, 1, n, a, x, null), packed);
            packed = Poison<T>(n);
            MatrixPrimitives.MultiplyTransposedVector<T>(m, n, a, y, packed);
            Assert.Equal(Product(1, n, m, y, a, null), packed);
            T[] sums = Poison<T>(n);
            MatrixPrimitives.SumColumns<T>(m, n, a, sums);
            Assert.Equal(Product(1, n, m, [.. Enumerable.Repeat(T.One, m)], a, null), sums);
            T[] updated = [.. a];
            MatrixPrimitives.AddOuterProduct<T>(m, n, T.One, y, x, updated);
            Assert.Equal(Product(m, n, 1, y, x, a), updated);
            foreach (bool accumulate in (bool[])[false, true])
            {
                T[] results = [.. y];
                MatrixPrimitives.MultiplyVector(m, n, Spread(a, m, n), n + 3, x, results, accumulate);
                Assert.Equal(Product(m, 1, n, a, x, accumulate ? y : null), results);
                results = [.. x];
                MatrixPrimitives.MultiplyTransposedVector(m, n, Spread(a, m, n), n + 3, y, results, accumulate);
                Assert.Equal(Product(1, n, m, y, a, accumulate ? x : null), results);
                foreach (TensorLayout layout in (TensorLayout[])[Gapped(m, n), Columns(m, n)])
                {
                    results = [.. y];
                    MatrixPrimitives.MultiplyVector(layout.Read(layout.Place(a)), TensorLayout.Dense(n).Read(x), TensorLayout.Dense(m).Write(results), accumulate);
                    Assert.Equal(Product(m, 1, n, a, x, accumulate ? y : null), results);
                }
            }

            TensorLayout rows = Gapped(m, n);
            T[] memory = rows.Place(a);
            MatrixPrimitives.AddOuterProduct(T.One, TensorLayout.Dense(m).Read(y), TensorLayout.Dense(n).Read(x), rows.Write(memory));
            Assert.True(rows.Holds(updated, memory));
            memory = rows.Place(a);
            MatrixPrimitives.AddBias(TensorLayout.Dense(n).Read(x), rows.Write(memory));
            Assert.True(rows.Holds(Product(m, n, 1, [.. Enumerable.Repeat(T.One, m)], x, a), memory));
            MatrixPrimitives.SumColumns(rows.Read(rows.Place(a)), TensorLayout.Dense(n).Write(sums), accumulate: true);
            Assert.Equal(Product(1, n, m, [.. Enumerable.Repeat(T.One + T.One, m)], a, null), sums);
        }
    }

    private static void Tensors<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach ((int m, int n, int k) in Sizes)
        {
            T[] a = FunctionTests.Random<T>(m * k, 1);
            T[] b = FunctionTests.Random<T>(k * n, 2);
            T[] c = FunctionTests.Random<T>(m * n, 3);
            foreach (bool accumulate in (bool[])[false, true])
            {
                T[] expected = [.. c];
                MatrixPrimitives.Multiply(m, n, k, a, k, b, n, expected, n, accumulate);
                foreach (TensorLayout left in (TensorLayout[])[Gapped(m, k), Columns(m, k)])
                {
                    foreach (TensorLayout right in (TensorLayout[])[Gapped(k, n), Columns(k, n)])
                    {
                        foreach (TensorLayout product in (TensorLayout[])[Gapped(m, n), Columns(m, n)])
                        {
                            T[] memory = product.Place(c);
                            MatrixPrimitives.Multiply(left.Read(left.Place(a)), right.Read(right.Place(b)), product.Write(memory), accumulate);
                            Assert.True(product.Holds(expected, memory), $"{left} times {right} to {product}");
                        }
                    }
                }
            }
        }
    }

    private static TensorLayout Gapped(int rows, int columns) => new("rows", [rows, columns], [columns + 3, 1]);

    private static TensorLayout Columns(int rows, int columns) => new("columns", [rows, columns], [1, rows + 2]);

    /// <summary>The matrix with three canaries between its rows.</summary>
    private static T[] Spread<T>(T[] matrix, int rows, int columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Gapped(rows, columns).Place(matrix);

    private static T[] Transposed<T>(T[] matrix, int rows, int columns)
    {
        T[] transposed = new T[matrix.Length];
        for (int i = 0; i < matrix.Length; i++)
        {
            transposed[(i % columns * rows) + (i / columns)] = matrix[i];
        }

        return transposed;
    }

    private static T[] Integers<T>(int length, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[length];
        Numbers.FillIntegers<T>(x, seed);
        return x;
    }

    private static T[] Poison<T>(int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => [.. Enumerable.Repeat(T.NaN, length)];

    private static T[] Product<T>(int m, int n, int k, T[] a, T[] b, T[]? c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] product = c is null ? new T[m * n] : [.. c];
        NaiveProduct.Add(m, n, k, a, b, product);
        return product;
    }
}
