using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Numerics;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Element-wise functions over tensors: whatever the strides, the elements have the bits that spans give them, and what lies between them stays.</summary>
[Trait("Suite", "Isa")]
public sealed class TensorFunctionTests
{
    private static readonly nint[][] Shapes = [[3, 4, 5], [7], [1], [2, 600], [5, 1], [1, 5], [2, 1, 3, 1, 2], [0, 3], [3, 0]];

    [Fact]
    public void Any_strides_give_the_bits_of_spans()
    {
        AnyStrides<float>();
        AnyStrides<double>();
    }

    [Fact]
    public void Broadcast_operands_are_read_as_often_as_they_stand()
    {
        TensorLayout x = new("broadcast", [3, 4, 5], [0, 1, 0]);
        TensorLayout destination = TensorLayout.Dense(3, 4, 5);
        float[] from = x.PlaceRandom<float>(1);
        float[] to = destination.PlaceRandom<float>(2);
        VectorPrimitives.Exp(x.Read(from), destination.Write(to));
        float[] expected = x.Gather(from);
        VectorPrimitives.Exp<float>(expected, expected);
        Assert.True(destination.Holds(expected, to));
    }

    [Fact]
    public void Operands_in_place_are_replaced()
    {
        foreach (nint[] shape in Shapes)
        {
            foreach (TensorLayout layout in TensorLayout.Of(shape))
            {
                double[] memory = layout.PlaceRandom<double>(5);
                double[] expected = layout.Gather(memory);
                VectorPrimitives.Tanh<double>(expected, expected);
                VectorPrimitives.Tanh(layout.Read(memory), layout.Write(memory));
                Assert.True(layout.Holds(expected, memory), layout.ToString());
            }
        }
    }

    [Fact]
    public void Two_operands_of_any_strides_give_the_bits_of_spans()
    {
        foreach ((TensorLayout x, TensorLayout y) in Pairs())
        {
            float[] xs = x.PlaceRandom<float>(1);
            float[] ys = y.PlaceRandom<float>(2);
            float[] expected = y.Gather(ys);
            VectorPrimitives.AddScaled(0.3f, x.Gather(xs), expected);
            VectorPrimitives.AddScaled(0.3f, x.Read(xs), y.Write(ys));
            Assert.True(y.Holds(expected, ys), $"{x} and {y}");

            TensorLayout destination = TensorLayout.Dense(x.Lengths);
            float[] result = destination.PlaceRandom<float>(3);
            float[] gradient = y.Gather(ys);
            VectorPrimitives.SigmoidGradient<float>(x.Gather(xs), gradient, gradient);
            VectorPrimitives.SigmoidGradient(x.Read(xs), y.Read(ys), destination.Write(result));
            Assert.True(destination.Holds(gradient, result), $"{x} and {y}");
            VectorPrimitives.SigmoidGradient(x.Read(xs), y.Read(ys), y.Write(ys));
            Assert.True(y.Holds(gradient, ys), $"{x} and {y}");
            foreach (GradientCase<float> function in FunctionCases<float>.Gradients)
            {
                gradient = y.Gather(ys);
                function.OnSpans(x.Gather(xs), gradient, gradient);
                function.OnTensors(x.Read(xs), y.Read(ys), destination.Write(result));
                Assert.True(destination.Holds(gradient, result), $"{function.Name}: {x} and {y}");
            }
        }
    }

    [Fact]
    public void Sums_of_dense_tensors_are_those_of_spans_and_others_are_close()
    {
        foreach ((TensorLayout x, TensorLayout y) in Pairs())
        {
            double[] xs = x.PlaceRandom<double>(1);
            double[] ys = y.PlaceRandom<double>(2);
            double[] flatX = x.Gather(xs);
            double[] flatY = y.Gather(ys);
            double tolerance = Support.Tolerance.ForSum<double>(x.Elements);
            Assert.Equal(flatX.Sum(), VectorPrimitives.Sum(x.Read(xs)), tolerance);
            Assert.Equal(flatX.Zip(flatY, (a, b) => a * b).Sum(), VectorPrimitives.Dot(x.Read(xs), y.Read(ys)), tolerance);
            Assert.Equal(Math.Sqrt(flatX.Sum(value => value * value)), VectorPrimitives.Norm(x.Read(xs)), tolerance);
            if (x.Name == "dense" && y.Name == "dense")
            {
                Assert.Equal(VectorPrimitives.Sum<double>(flatX), VectorPrimitives.Sum(x.Read(xs)));
                Assert.Equal(VectorPrimitives.Dot<double>(flatX, flatY), VectorPrimitives.Dot(x.Read(xs), y.Read(ys)));
                Assert.Equal(VectorPrimitives.Norm<double>(flatX), VectorPrimitives.Norm(x.Read(xs)));
            }
        }
    }

    /// <summary>Negative control: an element that is written beside its place is noticed.</summary>
    [Fact]
    public void A_write_between_the_elements_is_noticed()
    {
        TensorLayout layout = TensorLayout.Of(3, 4).ElementAt(1);
        float[] memory = layout.PlaceRandom<float>(1);
        float[] elements = layout.Gather(memory);
        Assert.True(layout.Holds(elements, memory));
        memory[layout.Offset + 1] = 0;
        Assert.False(layout.Holds(elements, memory));
    }

    private static IEnumerable<(TensorLayout X, TensorLayout Y)> Pairs() => Shapes.SelectMany(shape => TensorLayout.Of(shape).SelectMany(x => TensorLayout.Of(shape).Select(y => (x, y))));

    private static void AnyStrides<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (FunctionCase<T> function in FunctionCases<T>.All)
        {
            foreach ((TensorLayout x, TensorLayout destination) in Pairs())
            {
                T[] from = x.PlaceRandom<T>(1, function.Lower, function.Upper);
                T[] to = destination.PlaceRandom<T>(2);
                T[] expected = x.Gather(from);
                function.OnSpans(expected, expected);
                function.OnTensors(x.Read(from), destination.Write(to));
                Assert.True(destination.Holds(expected, to), $"{function.Name}: {x} to {destination}");
            }
        }
    }
}
