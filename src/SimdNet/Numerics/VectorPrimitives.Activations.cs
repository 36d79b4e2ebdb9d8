using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;

namespace SimdNet.Numerics;

/// <content>Activations and what leads back through them.</content>
public static partial class VectorPrimitives
{
    /// <summary>destinationᵢ = 1 / (1 + e^−xᵢ), within 2.5 ulp in float and 3 in double.</summary>
    /// <remarks>Nothing overflows; very negative numbers go down to 0 gradually. NaN gives NaN, ±∞ give 1 and 0.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Sigmoid, T.Zero, x, destination);

    /// <inheritdoc cref="Sigmoid{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Sigmoid<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Sigmoid, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = tanh xᵢ, within 2.5 ulp in float and 3 in double.</summary>
    /// <remarks>tanh x = x for tiny x, subnormal numbers and −0 included; NaN gives NaN, ±∞ give ±1.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Tanh, T.Zero, x, destination);

    /// <inheritdoc cref="Tanh{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Tanh<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Tanh, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ &lt; 0 ? 0 : xᵢ, exactly.</summary>
    /// <remarks>NaN stays NaN and −0 stays −0.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void ReLU<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.ReLU, T.Zero, x, destination);

    /// <inheritdoc cref="ReLU{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void ReLU<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.ReLU, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ &gt; 0 ? xᵢ : slope·xᵢ, rounded once.</summary>
    /// <remarks>NaN stays NaN and, for a slope of 0 or more, −0 stays −0.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <param name="x">Any numbers.</param>
    /// <param name="slope">Any number.</param>
    /// <param name="destination">At least as long as <paramref name="x"/>; it may be <paramref name="x"/> itself.</param>
    public static void LeakyReLU<T>(ReadOnlySpan<T> x, T slope, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.LeakyReLU, slope, x, destination);

    /// <inheritdoc cref="LeakyReLU{T}(ReadOnlySpan{T}, T, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void LeakyReLU<T>(in ReadOnlyTensorSpan<T> x, T slope, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.LeakyReLU, slope), x, destination, nameof(x), nameof(destination));

    /// <summary>The gradient through a sigmoid: destinationᵢ = gradientᵢ·(outputᵢ·(1 − outputᵢ)).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">What the function returned.</param>
    /// <param name="gradient">With respect to <paramref name="output"/>, the same length.</param>
    /// <param name="destination">With respect to the function's argument. At least as long as <paramref name="output"/>; it may be <paramref name="gradient"/> itself.</param>
    /// <remarks>The derivative is expressed by the function's own output and rounded operation by operation. NaN and infinity go where the arithmetic takes them.</remarks>
    /// <exception cref="ArgumentException">The lengths differ, the destination is too short, or it overlaps <paramref name="output"/>, or <paramref name="gradient"/> in part.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void SigmoidGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Sigmoid, T.Zero, output, gradient, destination);

    /// <inheritdoc cref="SigmoidGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="output">Any rank, any strides.</param>
    /// <param name="gradient">The shape of <paramref name="output"/>.</param>
    /// <param name="destination">The shape of <paramref name="output"/>; it may be <paramref name="gradient"/> itself.</param>
    /// <exception cref="ArgumentException">The shapes differ, the destination overlaps <paramref name="output"/>, or <paramref name="gradient"/> in part, or several indices share an element of the destination.</exception>
    public static void SigmoidGradient<T>(in ReadOnlyTensorSpan<T> output, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Sigmoid, T.Zero, output, gradient, destination);

    /// <summary>The gradient through a hyperbolic tangent: destinationᵢ = gradientᵢ·((1 − outputᵢ)·(1 + outputᵢ)).</summary>
    /// <inheritdoc cref="SigmoidGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void TanhGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Tanh, T.Zero, output, gradient, destination);

    /// <inheritdoc cref="TanhGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SigmoidGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void TanhGradient<T>(in ReadOnlyTensorSpan<T> output, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Tanh, T.Zero, output, gradient, destination);

    /// <summary>The gradient through <see cref="ReLU{T}(ReadOnlySpan{T}, Span{T})"/>: destinationᵢ = gradientᵢ·(outputᵢ &gt; 0 ? 1 : 0).</summary>
    /// <inheritdoc cref="SigmoidGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void ReLUGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.ReLU, T.Zero, output, gradient, destination);

    /// <inheritdoc cref="ReLUGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SigmoidGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void ReLUGradient<T>(in ReadOnlyTensorSpan<T> output, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.ReLU, T.Zero, output, gradient, destination);

    /// <summary>The gradient through <see cref="LeakyReLU{T}(ReadOnlySpan{T}, T, Span{T})"/>: destinationᵢ = gradientᵢ·(outputᵢ &gt; 0 ? 1 : slope), for a slope of 0 or more.</summary>
    /// <inheritdoc cref="SigmoidGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="output">What the function returned.</param>
    /// <param name="slope">As the function had it, 0 or more: below, the output does not tell the sign of its argument.</param>
    /// <param name="gradient">With respect to <paramref name="output"/>, the same length.</param>
    /// <param name="destination">With respect to the function's argument. At least as long as <paramref name="output"/>; it may be <paramref name="gradient"/> itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is negative or NaN.</exception>
    public static void LeakyReLUGradient<T>(ReadOnlySpan<T> output, T slope, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSlope(slope);
        ActivateGradient(ActivationKind.LeakyReLU, slope, output, gradient, destination);
    }

    /// <inheritdoc cref="LeakyReLUGradient{T}(ReadOnlySpan{T}, T, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SigmoidGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void LeakyReLUGradient<T>(in ReadOnlyTensorSpan<T> output, T slope, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSlope(slope);
        ActivateGradient(ActivationKind.LeakyReLU, slope, output, gradient, destination);
    }

    private static void Activate<T>(ActivationKind kind, T parameter, ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        destination = Operands.Destination(x, destination);
        new ActivationRun<T>(kind, parameter).Invoke(KernelSets.Active<T>(), x, x, destination);
    }

    /// <param name="kind">The function.</param>
    /// <param name="parameter">Its number, where it has one.</param>
    /// <param name="x">The operand of the derivative.</param>
    /// <param name="gradient">With respect to what the function returned.</param>
    /// <param name="destination">The result.</param>
    /// <param name="name">What the caller calls <paramref name="x"/>.</param>
    private static void ActivateGradient<T>(ActivationKind kind, T parameter, ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination, [CallerArgumentExpression(nameof(x))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSameLength(x.Length, gradient.Length, name);
        destination = Operands.Destination(gradient, destination);
        Operands.CheckApart<T>(new(x), new(destination), name, nameof(destination));
        new ActivationGradientRun<T>(kind, parameter).Invoke(KernelSets.Active<T>(), x, gradient, destination);
    }

    /// <inheritdoc cref="ActivateGradient{T}(ActivationKind, T, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, string)"/>
    private static void ActivateGradient<T>(ActivationKind kind, T parameter, in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination, [CallerArgumentExpression(nameof(x))] string name = "")
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationGradientRun<T>(kind, parameter), x, gradient, destination, name, nameof(gradient), nameof(destination));
}
