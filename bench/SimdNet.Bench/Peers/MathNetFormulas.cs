using System;

using MathNet.Numerics;

using SimdNet.Bench.Kernels;

namespace SimdNet.Bench.Peers;

/// <summary>Functions of one element, and their gradients, as one writes them for MathNet.Numerics' Map and Map2: the formula of a number, with its special functions where the runtime has none.</summary>
internal static class MathNetFormulas<T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private static readonly T Half = Of(0.5);
    private static readonly T Three = Of(3);
    private static readonly T Sixth = Of(1.0 / 6);
    private static readonly T RootOfHalf = Of(0.7071067811865476);
    private static readonly T DensityAtZero = Of(0.3989422804014327);

    /// <summary>√(2/π), of tanh's form of GELU, and what the cube has there.</summary>
    private static readonly T Outer = Of(0.7978845608028654);
    private static readonly T Cubic = Of(0.044715);

    private static readonly T Lambda = Of(1.0507009873554805);
    private static readonly T LambdaAlpha = Of(1.7580993408473766);

    /// <summary>The function, with α = 1 where it has one; null where it is none of one element.</summary>
    public static Func<T, T>? FunctionOf(PublicMethod method, T slope) => method switch
    {
        PublicMethod.Log1P => x => Of(SpecialFunctions.Log1p(double.CreateTruncating(x))),
        PublicMethod.Erf => Erf,
        PublicMethod.Sigmoid => Sigmoid,
        PublicMethod.LeakyReLU => x => x > T.Zero ? x : slope * x,
        PublicMethod.Elu => x => x > T.Zero ? x : T.ExpM1(x),
        PublicMethod.Selu => x => x > T.Zero ? Lambda * x : LambdaAlpha * T.ExpM1(x),
        PublicMethod.Gelu => x => x * Normal(x),
        PublicMethod.GeluTanh => x => Half * x * (T.One + T.Tanh(Outer * (x + (Cubic * x * x * x)))),
        PublicMethod.Silu => x => x * Sigmoid(x),
        PublicMethod.Mish => x => x * T.Tanh(Softplus(x)),
        PublicMethod.Softplus => Softplus,
        PublicMethod.Softsign => x => x / (T.One + T.Abs(x)),
        PublicMethod.HardSigmoid => x => T.Clamp((x * Sixth) + Half, T.Zero, T.One),
        _ => null,
    };

    /// <summary>The gradient times the derivative, of the function's value or of what it was applied to, as SimdNet has it; null where it is none of one element.</summary>
    public static Func<T, T, T>? GradientOf(PublicMethod method, T slope) => method switch
    {
        PublicMethod.SigmoidGradient => (y, g) => g * y * (T.One - y),
        PublicMethod.TanhGradient => (y, g) => g * (T.One - (y * y)),
        PublicMethod.ReLUGradient => (y, g) => y > T.Zero ? g : T.Zero,
        PublicMethod.LeakyReLUGradient => (y, g) => y > T.Zero ? g : slope * g,
        PublicMethod.EluGradient => (x, g) => x > T.Zero ? g : g * T.Exp(x),
        PublicMethod.SeluGradient => (x, g) => g * (x > T.Zero ? Lambda : LambdaAlpha * T.Exp(x)),
        PublicMethod.GeluGradient => (x, g) => g * (Normal(x) + (x * DensityAtZero * T.Exp(-Half * x * x))),
        PublicMethod.GeluTanhGradient => GeluTanhGradient,
        PublicMethod.SiluGradient => SiluGradient,
        PublicMethod.MishGradient => MishGradient,
        PublicMethod.SoftplusGradient => (x, g) => g * Sigmoid(x),
        PublicMethod.SoftsignGradient => (x, g) => g / ((T.One + T.Abs(x)) * (T.One + T.Abs(x))),
        PublicMethod.HardSigmoidGradient => (x, g) => T.Abs(x) < Three ? g * Sixth : T.Zero,
        _ => null,
    };

    private static T Of(double value) => T.CreateTruncating(value);

    private static T Erf(T x) => Of(SpecialFunctions.Erf(double.CreateTruncating(x)));

    private static T Sigmoid(T x) => T.One / (T.One + T.Exp(-x));

    private static T Softplus(T x) => T.LogP1(T.Exp(x));

    /// <summary>The distribution function.</summary>
    private static T Normal(T x) => Half * (T.One + Erf(x * RootOfHalf));

    private static T GeluTanhGradient(T x, T gradient)
    {
        T tanh = T.Tanh(Outer * (x + (Cubic * x * x * x)));
        return gradient * Half * (T.One + tanh + (x * (T.One - (tanh * tanh)) * Outer * (T.One + (Three * Cubic * x * x))));
    }

    private static T SiluGradient(T x, T gradient)
    {
        T sigmoid = Sigmoid(x);
        return gradient * sigmoid * (T.One + (x * (T.One - sigmoid)));
    }

    private static T MishGradient(T x, T gradient)
    {
        T tanh = T.Tanh(Softplus(x));
        return gradient * (tanh + (x * (T.One - (tanh * tanh)) * Sigmoid(x)));
    }
}
