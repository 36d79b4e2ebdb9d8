using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Numerics;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>The public face allocates nothing, but for the block that a thread's first product makes.</summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    [Fact]
    public void Nothing_is_allocated()
    {
        Nothing<float>();
        Nothing<double>();
    }

    /// <summary>Negative control: a call that allocates now and then is noticed.</summary>
    [Fact]
    public void An_allocation_is_noticed()
    {
        int calls = 0;
        object? kept = null;
        Assert.True(Allocation.Of(() => kept = ++calls % 100 == 0 ? new object() : kept, 1_000).Bytes > 0);
    }

    private static void Nothing<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] a = FunctionTests.Random<T>(600, 1);
        T[] b = FunctionTests.Random<T>(600, 2);
        T[] c = new T[600];
        T[] v = FunctionTests.Random<T>(20, 3);
        T[] w = new T[20];
        T[] tiny = [T.Epsilon, T.Epsilon];
        T total = T.Zero;
        nint[] shape = [20, 20];
        nint[] slice = [25, 1];
        nint[] transposed = [1, 20];
        Dictionary<string, Action> calls = new()
        {
            ["products"] = () =>
            {
                MatrixPrimitives.Multiply<T>(20, 20, 20, a, b, c);
                MatrixPrimitives.MultiplyTransposedA<T>(20, 20, 20, a, b, c);
                MatrixPrimitives.MultiplyTransposedB<T>(20, 20, 20, a, b, c);
                MatrixPrimitives.Dense<T>(20, 20, 20, a, b, v, ActivationKind.ReLU, T.Zero, c);
                MatrixPrimitives.DenseInputGradient<T>(20, 20, 20, a, b, ActivationKind.ReLU, T.Zero, a, c);
            },
            ["vectors"] = () =>
            {
                MatrixPrimitives.MultiplyVector<T>(20, 20, a, v, w);
                MatrixPrimitives.MultiplyTransposedVector<T>(20, 20, a, v, w);
                MatrixPrimitives.AddOuterProduct<T>(20, 20, T.Zero, v, w, c);
            },
            ["rows"] = () =>
            {
                MatrixPrimitives.SoftmaxRows<T>(20, 20, a, c);
                MatrixPrimitives.SoftmaxRowsGradient<T>(20, 20, a, b, c);
                MatrixPrimitives.LogSoftmaxRows<T>(20, 20, a, c);
                MatrixPrimitives.LogSoftmaxRowsGradient<T>(20, 20, a, b, c);
                MatrixPrimitives.LogSumExpRows<T>(20, 20, a, w);
                MatrixPrimitives.SumColumns<T>(20, 20, a, w);
                MatrixPrimitives.AddBias<T>(20, 20, v, c);
            },
            ["sums"] = () =>
            {
                total = VectorPrimitives.Sum<T>(a) + VectorPrimitives.Dot<T>(a, b) + VectorPrimitives.Norm<T>(a) + VectorPrimitives.Norm<T>(tiny) + VectorPrimitives.LogSumExp<T>(a);
                VectorPrimitives.AddScaled(T.Zero, a, c);
                VectorPrimitives.Softmax<T>(a, c);
                VectorPrimitives.SoftmaxGradient<T>(a, b, c);
                VectorPrimitives.LogSoftmax<T>(a, c);
                VectorPrimitives.LogSoftmaxGradient<T>(a, b, c);
            },
            ["tensors"] = () =>
            {
                MatrixPrimitives.Multiply(Read(a, slice), Read(b, transposed), Write(c, slice));
                MatrixPrimitives.Dense(Read(a, slice), Read(b, slice), new ReadOnlyTensorSpan<T>(v), ActivationKind.ReLU, T.Zero, Write(c, slice));
                MatrixPrimitives.DenseInputGradient(Read(a, slice), Read(b, slice), ActivationKind.ReLU, T.Zero, Read(a, slice), Write(c, slice));
                MatrixPrimitives.MultiplyVector(Read(a, slice), new ReadOnlyTensorSpan<T>(v), new TensorSpan<T>(w), accumulate: true);
                VectorPrimitives.Softmax(Read(a, slice), Write(c, slice));
                VectorPrimitives.LogSumExp(Read(a, slice), new TensorSpan<T>(w));
                total = VectorPrimitives.Sum(Read(a, transposed)) + VectorPrimitives.Dot(Read(a, slice), Read(b, transposed));
                VectorPrimitives.AddScaled(T.Zero, Read(a, transposed), Write(c, slice));
            },
        };

        foreach (FunctionCase<T> function in FunctionCases<T>.All)
        {
            calls.Add(function.Name, () => function.OnSpans(a, c));
            calls.Add(function.Name + " of tensors", () => function.OnTensors(Read(a, transposed), Write(c, slice)));
        }

        foreach (GradientCase<T> function in FunctionCases<T>.Gradients)
        {
            calls.Add(function.Name + " gradient", () => function.OnSpans(a, b, c));
            calls.Add(function.Name + " gradient of tensors", () => function.OnTensors(Read(a, transposed), Read(b, slice), Write(c, slice)));
        }

        foreach ((string name, Action call) in calls)
        {
            Assert.True((0, 0) == Allocation.Of(call, Long.Count(2_000, 100_000)), $"{name} of {typeof(T).Name}");
        }

        Assert.False(T.IsInfinity(total));

        ReadOnlyTensorSpan<T> Read(T[] x, nint[] strides) => new(x, shape, strides);

        TensorSpan<T> Write(T[] x, nint[] strides) => new(x, shape, strides);
    }
}
