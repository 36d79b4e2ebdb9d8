using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>Functions of one element, and their gradients, as a user of TensorPrimitives composes them where it has none: in as few passes as were found, and right for numbers of moderate size.</summary>
/// <param name="length">Elements of a call at most.</param>
internal sealed class ComposedActivations<T>(int length)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A number times this, clamped, is one of two: TensorPrimitives has no choice by sign. Right for numbers that are 0 or above its reciprocal.</summary>
    private static readonly T Huge = T.CreateTruncating(1e30);

    private static readonly T Two = T.CreateTruncating(2);
    private static readonly T Half = T.CreateTruncating(0.5);
    private static readonly T Three = T.CreateTruncating(3);
    private static readonly T Sixth = T.CreateTruncating(1.0 / 6);

    /// <summary>λ and λα of SELU.</summary>
    private static readonly T Scale = T.CreateTruncating(1.0507009873554805);
    private static readonly T NegativeScale = T.CreateTruncating(1.7580993408473766);

    /// <summary>2·√(2/π), and 0.044715 times that: tanh's form of GELU is x·σ(v) with v = x·(First + Third·x²).</summary>
    private static readonly T First = T.CreateTruncating(1.5957691216057308);
    private static readonly T Third = T.CreateTruncating(0.07135481627260025);

    private readonly AlignedBuffer<T> _derivative = new(length);
    private readonly AlignedBuffer<T> _second = new(length);
    private readonly AlignedBuffer<T> _third = new(length);

    /// <summary>A function, with α = 1 where it has one.</summary>
    public void Apply(PublicMethod function, ReadOnlySpan<T> x, T slope, Span<T> results)
    {
        switch (function)
        {
            case PublicMethod.LeakyReLU:
                TensorPrimitives.Multiply(x, slope, results);
                TensorPrimitives.Max(x, results, results);
                break;
            case PublicMethod.Elu:
                NegativePart(x);
                TensorPrimitives.Max(x, T.Zero, results);
                TensorPrimitives.Add(results, _second.Span[..x.Length], results);
                break;
            case PublicMethod.Selu:
                NegativePart(x);
                TensorPrimitives.Max(x, T.Zero, results);
                TensorPrimitives.Multiply(results, Scale, results);
                TensorPrimitives.MultiplyAdd(_second.Span[..x.Length], NegativeScale, results, results);
                break;
            case PublicMethod.GeluTanh:
                TensorPrimitives.Multiply(x, Third, results);
                TensorPrimitives.MultiplyAdd(results, x, First, results);
                TensorPrimitives.Multiply(results, x, results);
                TensorPrimitives.Sigmoid(results, results);
                TensorPrimitives.Multiply(results, x, results);
                break;
            case PublicMethod.Silu:
                TensorPrimitives.Sigmoid(x, results);
                TensorPrimitives.Multiply(results, x, results);
                break;
            case PublicMethod.Mish:
                TanhOfSoftplus(x, results);
                TensorPrimitives.Multiply(results, x, results);
                break;
            case PublicMethod.Softplus:
                TensorPrimitives.Exp(x, results);
                TensorPrimitives.LogP1(results, results);
                break;
            case PublicMethod.Softsign:
                TensorPrimitives.Abs(x, results);
                TensorPrimitives.Add(results, T.One, results);
                TensorPrimitives.Divide(x, results, results);
                break;
            case PublicMethod.HardSigmoid:
                TensorPrimitives.Multiply(x, Sixth, results);
                TensorPrimitives.Add(results, Half, results);
                TensorPrimitives.Clamp(results, T.Zero, T.One, results);
                break;
            default:
                throw new NotSupportedException($"{function} is not composed here.");
        }
    }

    /// <summary>A gradient times a derivative, of the function's value or of what it was applied to, as SimdNet has it; with α = 1 where it has one.</summary>
    public void ApplyGradient(PublicMethod function, ReadOnlySpan<T> x, T slope, ReadOnlySpan<T> gradient, Span<T> results)
    {
        Span<T> derivative = _derivative.Span[..x.Length];
        Span<T> second = _second.Span[..x.Length];
        switch (function)
        {
            case PublicMethod.SigmoidGradient:
                TensorPrimitives.Subtract(T.One, x, derivative);
                TensorPrimitives.Multiply(derivative, x, derivative);
                break;
            case PublicMethod.TanhGradient:
                TensorPrimitives.Multiply(x, x, derivative);
                TensorPrimitives.Subtract(T.One, derivative, derivative);
                break;
            case PublicMethod.ReLUGradient:
                Choose(x, T.One, T.Zero, derivative);
                break;
            case PublicMethod.LeakyReLUGradient:
                Choose(x, T.One, slope, derivative);
                break;
            case PublicMethod.EluGradient:
                TensorPrimitives.Min(x, T.Zero, derivative);
                TensorPrimitives.Exp(derivative, derivative);
                break;
            case PublicMethod.SeluGradient:
                TensorPrimitives.Min(x, T.Zero, derivative);
                TensorPrimitives.Exp(derivative, derivative);
                TensorPrimitives.Multiply(x, -Huge, second);
                TensorPrimitives.Clamp(second, Scale - NegativeScale, T.Zero, second);
                TensorPrimitives.MultiplyAdd(derivative, NegativeScale, second, derivative);
                break;
            case PublicMethod.GeluTanhGradient:
                DerivativeOfGelu(x, derivative);
                break;
            case PublicMethod.SiluGradient:
                TensorPrimitives.Sigmoid(x, derivative);
                TensorPrimitives.Subtract(T.One, derivative, second);
                TensorPrimitives.MultiplyAdd(second, x, T.One, second);
                TensorPrimitives.Multiply(derivative, second, derivative);
                break;
            case PublicMethod.MishGradient:
                TanhOfSoftplus(x, derivative);
                TensorPrimitives.Multiply(derivative, derivative, second);
                TensorPrimitives.Subtract(T.One, second, second);
                TensorPrimitives.Multiply(second, x, second);
                TensorPrimitives.Sigmoid(x, _third.Span[..x.Length]);
                TensorPrimitives.MultiplyAdd(second, _third.Span[..x.Length], derivative, derivative);
                break;
            case PublicMethod.SoftplusGradient:
                TensorPrimitives.Sigmoid(x, derivative);
                break;
            case PublicMethod.SoftsignGradient:
                TensorPrimitives.Abs(x, derivative);
                TensorPrimitives.Add(derivative, T.One, derivative);
                TensorPrimitives.Multiply(derivative, derivative, derivative);
                TensorPrimitives.Divide(gradient, derivative, results);
                return;
            case PublicMethod.HardSigmoidGradient:
                TensorPrimitives.Abs(x, derivative);
                TensorPrimitives.Subtract(Three, derivative, derivative);
                Choose(derivative, Sixth, T.Zero, derivative);
                break;
            default:
                throw new NotSupportedException($"{function} is not composed here.");
        }

        TensorPrimitives.Multiply(derivative, gradient, results);
    }

    /// <summary>One of two numbers, the first where x is positive: at most 1, at least 0.</summary>
    private static void Choose(ReadOnlySpan<T> x, T positive, T other, Span<T> results)
    {
        TensorPrimitives.Multiply(x, Huge, results);
        TensorPrimitives.Clamp(results, other, positive, results);
    }

    /// <summary>e^x − 1 of what is negative, else 0.</summary>
    private void NegativePart(ReadOnlySpan<T> x)
    {
        Span<T> second = _second.Span[..x.Length];
        TensorPrimitives.Min(x, T.Zero, second);
        TensorPrimitives.ExpM1(second, second);
    }

    /// <summary>tanh(ln(1 + e)) = e·(e + 2) / (e·(e + 2) + 2), with e = e^x: no logarithm.</summary>
    private void TanhOfSoftplus(ReadOnlySpan<T> x, Span<T> results)
    {
        Span<T> second = _second.Span[..x.Length];
        TensorPrimitives.Exp(x, results);
        TensorPrimitives.Add(results, Two, second);
        TensorPrimitives.Multiply(results, second, results);
        TensorPrimitives.Add(results, Two, second);
        TensorPrimitives.Divide(results, second, results);
    }

    /// <summary>σ + σ·(1 − σ)·x·v′ with σ = σ(v) and v′ = First + 3·Third·x².</summary>
    private void DerivativeOfGelu(ReadOnlySpan<T> x, Span<T> results)
    {
        Span<T> second = _second.Span[..x.Length];
        Span<T> third = _third.Span[..x.Length];
        TensorPrimitives.Multiply(x, Third, second);
        TensorPrimitives.Multiply(second, x, second);
        TensorPrimitives.Add(second, First, results);
        TensorPrimitives.Multiply(results, x, results);
        TensorPrimitives.Sigmoid(results, results);
        TensorPrimitives.Multiply(second, Three, second);
        TensorPrimitives.Add(second, First, second);
        TensorPrimitives.Multiply(second, x, second);
        TensorPrimitives.Subtract(T.One, results, third);
        TensorPrimitives.MultiplyAdd(second, third, T.One, second);
        TensorPrimitives.Multiply(results, second, results);
    }
}
