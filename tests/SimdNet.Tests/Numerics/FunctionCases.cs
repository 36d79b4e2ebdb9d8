using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Numerics;
using SimdNet.Tests.Reference;

namespace SimdNet.Tests.Numerics;

internal delegate void SpanFunction<T>(ReadOnlySpan<T> x, Span<T> destination);

internal delegate void TensorFunction<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination);

/// <summary>One element-wise function of the public face with its formula, its error bound and the range it is tried on.</summary>
internal sealed record FunctionCase<T>(string Name, SpanFunction<T> OnSpans, TensorFunction<T> OnTensors, Func<double, BigFloat> Exact, (double Float, double Double) Ulps, double Lower, double Upper)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public double Bound => typeof(T) == typeof(float) ? Ulps.Float : Ulps.Double;
}

/// <summary>Every element-wise function of one operand: a new one is entered here.</summary>
internal static class FunctionCases<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Slope => T.CreateTruncating(0.125);

    public static IReadOnlyList<FunctionCase<T>> All { get; } =
    [
        new("Exp", VectorPrimitives.Exp, VectorPrimitives.Exp, BigFloat.Exp, (1.01, 1.1), -20, 20),
        new("Log", VectorPrimitives.Log, VectorPrimitives.Log, x => BigFloat.Log(BigFloat.From(x)), (1, 1), 1e-3, 50),
        new("Log1P", VectorPrimitives.Log1P, VectorPrimitives.Log1P, x => BigFloat.Log(BigFloat.One + BigFloat.From(x)), (2, 2), -0.9, 5),
        new("Erf", VectorPrimitives.Erf, VectorPrimitives.Erf, BigFloat.Erf, (1.5, 2), -3, 3),
        new("Sigmoid", VectorPrimitives.Sigmoid, VectorPrimitives.Sigmoid, BigFloat.Sigmoid, (2.5, 3), -20, 20),
        new("Tanh", VectorPrimitives.Tanh, VectorPrimitives.Tanh, BigFloat.Tanh, (2.5, 3), -5, 5),
        new("ReLU", VectorPrimitives.ReLU, VectorPrimitives.ReLU, x => BigFloat.From(Math.Max(x, 0)), (0, 0), -5, 5),
        new(
            "LeakyReLU",
            (x, destination) => VectorPrimitives.LeakyReLU(x, Slope, destination),
            (in x, in destination) => VectorPrimitives.LeakyReLU(x, Slope, destination),
            x => BigFloat.From(x > 0 ? x : x / 8),
            (0, 0),
            -5,
            5),
    ];
}
