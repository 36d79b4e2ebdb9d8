using System;
using System.Linq;
using System.Numerics;

using SimdNet.Numerics;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Sums of the public face have the order that they promise, and the norm keeps its digits over the whole range.</summary>
[Trait("Suite", "Isa")]
public sealed class SumTests
{
    [Fact]
    public void Sums_run_in_32_lanes()
    {
        Lanes<float>();
        Lanes<double>();
    }

    /// <summary>Negative control: a sum in order has other bits.</summary>
    [Fact]
    public void Another_order_is_noticed()
    {
        float[] x = FunctionTests.Random<float>(1000, 1);
        Assert.NotEqual(x.Aggregate(0f, (sum, value) => sum + value), VectorPrimitives.Sum<float>(x));
    }

    [Fact]
    public void The_norm_neither_overflows_nor_underflows()
    {
        float large = float.MaxValue / 4;
        Assert.Equal(5 * (double)large / 4, VectorPrimitives.Norm<float>([3 * large / 4, large]), large * 1e-6);
        Assert.Equal(2 * (double)large, VectorPrimitives.Norm<float>([large, large, large, large]), large * 1e-6);
        Assert.Equal(float.PositiveInfinity, VectorPrimitives.Norm<float>([float.MaxValue, float.MaxValue]));
        Assert.Equal(5 * float.Epsilon, VectorPrimitives.Norm<float>([3 * float.Epsilon, -4 * float.Epsilon]));
        Assert.Equal(5e-30, VectorPrimitives.Norm<float>([3e-30f, 4e-30f]), 1e-36);
        Assert.Equal(5e-310, VectorPrimitives.Norm<double>([-3e-310, 4e-310]), 1e-320);
        Assert.Equal(5e300, VectorPrimitives.Norm<double>([3e300, 4e300]), 1e285);
        Assert.Equal(0, VectorPrimitives.Norm<float>([]));
        Assert.Equal(0, VectorPrimitives.Norm<float>([0, -0f]));
        Assert.Equal(float.PositiveInfinity, VectorPrimitives.Norm<float>([1, float.NegativeInfinity]));
        Assert.Equal(float.NaN, VectorPrimitives.Norm<float>([float.MaxValue, float.NaN, float.MaxValue]));
        double[] many = [.. Enumerable.Repeat(1e200, 1000)];
        Assert.Equal(1e200 * Math.Sqrt(1000), VectorPrimitives.Norm<double>(many), 1e188);
    }

    [Fact]
    public void Softmax_and_log_sum_exp_are_those_of_the_formulas()
    {
        Rows<float>();
        Rows<double>();
    }

    [Fact]
    public void Softmax_of_large_logits_is_finite()
    {
        double[] y = new double[2];
        VectorPrimitives.Softmax<double>([1000, 1000], y);
        Assert.Equal([0.5, 0.5], y);
        Assert.Equal(1000 + Math.Log(2), VectorPrimitives.LogSumExp<double>([1000, 1000]), 1e-12);
        Assert.Equal(double.NegativeInfinity, VectorPrimitives.LogSumExp<double>([]));
    }

    private static void Lanes<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n < 200; n++)
        {
            T[] x = FunctionTests.Random<T>(n, n);
            T[] y = FunctionTests.Random<T>(n, n + 1);
            Assert.Equal(LaneOrder.Sum<T>(x), VectorPrimitives.Sum<T>(x));
            Assert.Equal(LaneOrder.Dot<T>(x, y), VectorPrimitives.Dot<T>(x, y));
            Assert.Equal(T.Sqrt(LaneOrder.Dot<T>(x, x)), VectorPrimitives.Norm<T>(x));
        }
    }

    private static void Rows<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (nint[] shape in (nint[][])[[5, 9], [2, 3, 10], [40], [1, 1], [3, 0], [0, 3], [130, 4]])
        {
            TensorLayout dense = TensorLayout.Dense(shape);
            int columns = (int)shape[^1];
            int rows = columns == 0 ? 0 : (int)dense.Elements / columns;
            T[] x = FunctionTests.Random<T>((int)dense.Elements, 1, -50, 50);
            T[] g = FunctionTests.Random<T>((int)dense.Elements, 2);
            T[] softmax = new T[x.Length];
            T[] gradient = new T[x.Length];
            T[] sums = new T[rows];
            T[] logSoftmax = new T[x.Length];
            T[] logGradient = new T[x.Length];
            MatrixPrimitives.LogSoftmaxRows<T>(rows, columns, x, logSoftmax);
            MatrixPrimitives.LogSoftmaxRowsGradient<T>(rows, columns, logSoftmax, g, logGradient);
            MatrixPrimitives.SoftmaxRows<T>(rows, columns, x, softmax);
            MatrixPrimitives.SoftmaxRowsGradient<T>(rows, columns, softmax, g, gradient);
            MatrixPrimitives.LogSumExpRows<T>(rows, columns, x, sums);
            for (int i = 0; i < rows; i++)
            {
                double[] row = [.. x.AsSpan(i * columns, columns).ToArray().Select(double.CreateTruncating)];
                double[] p = [.. row.Select(value => Math.Exp(value - row.Max()))];
                double[] q = [.. p.Select(value => value / p.Sum())];
                double dot = q.Select((value, j) => value * double.CreateTruncating(g[(i * columns) + j])).Sum();
                double logSum = row.Max() + Math.Log(p.Sum());
                double total = g.AsSpan(i * columns, columns).ToArray().Sum(value => double.CreateTruncating(value));
                Assert.Equal(logSum, double.CreateTruncating(sums[i]), Tolerance.ForFormula<T>(Math.Max(1, Math.Abs(logSum))));
                for (int j = 0; j < columns; j++)
                {
                    Assert.Equal(q[j], double.CreateTruncating(softmax[(i * columns) + j]), Tolerance.ForSum<T>(1));
                    Assert.Equal(q[j] * (double.CreateTruncating(g[(i * columns) + j]) - dot), double.CreateTruncating(gradient[(i * columns) + j]), Tolerance.ForSum<T>(1));
                    Assert.Equal(row[j] - logSum, double.CreateTruncating(logSoftmax[(i * columns) + j]), Tolerance.ForFormula<T>(Math.Max(1, Math.Abs(row[j]) + Math.Abs(logSum))));
                    Assert.Equal(double.CreateTruncating(g[(i * columns) + j]) - (q[j] * total), double.CreateTruncating(logGradient[(i * columns) + j]), Tolerance.ForSum<T>(columns));
                }
            }

            foreach (TensorLayout from in TensorLayout.Of(shape).Where(layout => layout.Strides[^1] == 1))
            {
                foreach (TensorLayout to in TensorLayout.Of(shape).Where(layout => layout.Strides[^1] == 1))
                {
                    T[] memory = to.PlaceRandom<T>(4);
                    VectorPrimitives.Softmax(from.Read(from.Place(x)), to.Write(memory));
                    Assert.True(to.Holds(softmax, memory), $"{from} to {to}");
                    VectorPrimitives.SoftmaxGradient(from.Read(from.Place(softmax)), from.Read(from.Place(g)), to.Write(memory));
                    Assert.True(to.Holds(gradient, memory), $"{from} to {to}");
                    VectorPrimitives.LogSoftmax(from.Read(from.Place(x)), to.Write(memory));
                    Assert.True(to.Holds(logSoftmax, memory), $"{from} to {to}");
                    VectorPrimitives.LogSoftmaxGradient(from.Read(from.Place(logSoftmax)), from.Read(from.Place(g)), to.Write(memory));
                    Assert.True(to.Holds(logGradient, memory), $"{from} to {to}");
                    memory = to.Place(x);
                    VectorPrimitives.Softmax(to.Read(memory), to.Write(memory));
                    Assert.True(to.Holds(softmax, memory), $"{to}");
                }

                foreach (TensorLayout to in shape.Length < 2 ? [] : TensorLayout.Of(shape[..^1]))
                {
                    T[] memory = to.PlaceRandom<T>(5);
                    VectorPrimitives.LogSumExp(from.Read(from.Place(x)), to.Write(memory));
                    Assert.True(to.Holds(columns == 0 ? [.. Enumerable.Repeat(T.NegativeInfinity, (int)to.Elements)] : sums, memory), $"{from} to {to}");
                }
            }
        }
    }
}
