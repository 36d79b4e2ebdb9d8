using System;
using System.Collections.Generic;
using System.Linq;
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

internal delegate void GradientFunction<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination);

internal delegate void TensorGradientFunction<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination);

/// <summary>The gradient through one of them.</summary>
internal sealed record GradientCase<T>(string Name, GradientFunction<T> OnSpans, TensorGradientFunction<T> OnTensors, Func<double, BigFloat> Exact)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

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
        new(
            "Elu",
            (x, destination) => VectorPrimitives.Elu(x, T.One, destination),
            (in x, in destination) => VectorPrimitives.Elu(x, T.One, destination),
            Formula(Activation.Elu()).Value,
            (2, 2),
            -5,
            5),
        new("Selu", VectorPrimitives.Selu, VectorPrimitives.Selu, Formula(Activation.Selu).Value, (2.5, 2.5), -5, 5),
        new("Gelu", VectorPrimitives.Gelu, VectorPrimitives.Gelu, Formula(Activation.Gelu).Value, (6, 6), -5, 5),
        new("GeluTanh", VectorPrimitives.GeluTanh, VectorPrimitives.GeluTanh, Formula(Activation.GeluTanh).Value, (6, 6), -1, 5),
        new("Silu", VectorPrimitives.Silu, VectorPrimitives.Silu, Formula(Activation.Silu).Value, (4, 4), -20, 20),
        new("Mish", VectorPrimitives.Mish, VectorPrimitives.Mish, Formula(Activation.Mish).Value, (4, 4), -20, 20),
        new("Softplus", VectorPrimitives.Softplus, VectorPrimitives.Softplus, Formula(Activation.Softplus).Value, (2.5, 2.5), -20, 25),
        new("Softsign", VectorPrimitives.Softsign, VectorPrimitives.Softsign, Formula(Activation.Softsign).Value, (1.5, 1.5), -20, 20),
        new("HardSigmoid", VectorPrimitives.HardSigmoid, VectorPrimitives.HardSigmoid, Formula(Activation.HardSigmoid).Value, (1, 1), -5, 5),
    ];

    /// <summary>The gradients that take what the function was applied to.</summary>
    public static IReadOnlyList<GradientCase<T>> Gradients { get; } =
    [
        new("Elu", (x, g, d) => VectorPrimitives.EluGradient(x, T.One, g, d), (in x, in g, in d) => VectorPrimitives.EluGradient(x, T.One, g, d), Formula(Activation.Elu()).Derivative),
        new("Selu", VectorPrimitives.SeluGradient, VectorPrimitives.SeluGradient, Formula(Activation.Selu).Derivative),
        new("Gelu", VectorPrimitives.GeluGradient, VectorPrimitives.GeluGradient, Formula(Activation.Gelu).Derivative),
        new("GeluTanh", VectorPrimitives.GeluTanhGradient, VectorPrimitives.GeluTanhGradient, Formula(Activation.GeluTanh).Derivative),
        new("Silu", VectorPrimitives.SiluGradient, VectorPrimitives.SiluGradient, Formula(Activation.Silu).Derivative),
        new("Mish", VectorPrimitives.MishGradient, VectorPrimitives.MishGradient, Formula(Activation.Mish).Derivative),
        new("Softplus", VectorPrimitives.SoftplusGradient, VectorPrimitives.SoftplusGradient, Formula(Activation.Softplus).Derivative),
        new("Softsign", VectorPrimitives.SoftsignGradient, VectorPrimitives.SoftsignGradient, Formula(Activation.Softsign).Derivative),
        new("HardSigmoid", VectorPrimitives.HardSigmoidGradient, VectorPrimitives.HardSigmoidGradient, Formula(Activation.HardSigmoid).Derivative),
    ];

    private static ActivationFormula Formula(Activation activation) => ActivationFormula.All.Single(formula => formula.Activation == activation);
}
