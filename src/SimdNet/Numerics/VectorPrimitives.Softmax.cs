using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <content>Softmax and log-sum-exp of a vector, and of each vector along the last dimension of a tensor.</content>
public static partial class VectorPrimitives
{
    /// <summary>destinationᵢ = e^(xᵢ − max) / Σⱼ e^(xⱼ − max): no overflow for any finite numbers, unlike <see cref="TensorPrimitives.SoftMax{T}(ReadOnlySpan{T}, Span{T})"/>.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Logits.</param>
    /// <param name="destination">At least as long as <paramref name="x"/>; it may be <paramref name="x"/> itself.</param>
    /// <remarks>A vector that holds a NaN or +∞, or nothing but −∞, becomes NaN. Many rows: <see cref="MatrixPrimitives.SoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>.</remarks>
    /// <exception cref="ArgumentException">The destination is too short, or overlaps <paramref name="x"/> in part.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Softmax<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MatrixPrimitives.SoftmaxRows(1, x.Length, x, Operands.Destination(x, destination));

    /// <summary>The softmax of each vector along the last dimension.</summary>
    /// <inheritdoc cref="Softmax{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <param name="x">Any rank. The elements of a vector follow each other: the last stride is 1.</param>
    /// <param name="destination">The shape of <paramref name="x"/>, with a last stride of 1; it may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The shapes differ, a last stride is not 1, the destination overlaps <paramref name="x"/> in part, or several indices share an element of the destination.</exception>
    public static void Softmax<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorRows.Apply(default(SoftmaxRowsRun<T>), x, x, destination, nameof(x), nameof(x), nameof(destination));

    /// <summary>The gradient through a softmax: destinationᵢ = outputᵢ·(gradientᵢ − Σⱼ gradientⱼ·outputⱼ).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="output">What the softmax returned.</param>
    /// <param name="gradient">With respect to <paramref name="output"/>, the same length.</param>
    /// <param name="destination">With respect to the logits. At least as long as <paramref name="output"/>; it may be <paramref name="gradient"/> itself.</param>
    /// <remarks>NaN and infinity go where the arithmetic takes them.</remarks>
    /// <exception cref="ArgumentException">The lengths differ, the destination is too short, or it overlaps <paramref name="output"/>, or <paramref name="gradient"/> in part.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void SoftmaxGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSameLength(output.Length, gradient.Length);
        MatrixPrimitives.SoftmaxRowsGradient(1, output.Length, output, gradient, Operands.Destination(gradient, destination));
    }

    /// <summary>The gradient through the softmax of each vector along the last dimension.</summary>
    /// <inheritdoc cref="SoftmaxGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="output">Any rank, with a last stride of 1.</param>
    /// <param name="gradient">The shape of <paramref name="output"/>, with a last stride of 1.</param>
    /// <param name="destination">The shape of <paramref name="output"/>, with a last stride of 1; it may be <paramref name="gradient"/> itself.</param>
    /// <exception cref="ArgumentException">The shapes differ, a last stride is not 1, the destination overlaps <paramref name="output"/>, or <paramref name="gradient"/> in part, or several indices share an element of the destination.</exception>
    public static void SoftmaxGradient<T>(in ReadOnlyTensorSpan<T> output, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorRows.Apply(default(SoftmaxRowsGradientRun<T>), output, gradient, destination, nameof(output), nameof(gradient), nameof(destination));

    /// <summary>destinationᵢ = (xᵢ − max) − ln Σⱼ e^(xⱼ − max): no overflow for any finite numbers, and what is far below the largest keeps its digits.</summary>
    /// <remarks>A vector that holds a NaN or +∞, or nothing but −∞, becomes NaN. Many rows: <see cref="MatrixPrimitives.LogSoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>.</remarks>
    /// <inheritdoc cref="Softmax{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void LogSoftmax<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MatrixPrimitives.LogSoftmaxRows(1, x.Length, x, Operands.Destination(x, destination));

    /// <summary>The log-softmax of each vector along the last dimension.</summary>
    /// <inheritdoc cref="Softmax{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void LogSoftmax<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorRows.Apply(default(LogSoftmaxRowsRun<T>), x, x, destination, nameof(x), nameof(x), nameof(destination));

    /// <summary>The gradient through a log-softmax: destinationᵢ = gradientᵢ − e^outputᵢ·Σⱼ gradientⱼ.</summary>
    /// <inheritdoc cref="SoftmaxGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void LogSoftmaxGradient<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSameLength(output.Length, gradient.Length);
        MatrixPrimitives.LogSoftmaxRowsGradient(1, output.Length, output, gradient, Operands.Destination(gradient, destination));
    }

    /// <summary>The gradient through the log-softmax of each vector along the last dimension.</summary>
    /// <inheritdoc cref="SoftmaxGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void LogSoftmaxGradient<T>(in ReadOnlyTensorSpan<T> output, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorRows.Apply(default(LogSoftmaxRowsGradientRun<T>), output, gradient, destination, nameof(output), nameof(gradient), nameof(destination));

    /// <summary>ln Σᵢ e^xᵢ, as max + ln Σᵢ e^(xᵢ − max): no overflow for any finite numbers.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Any numbers.</param>
    /// <returns>−∞ for no elements or nothing but −∞, +∞ where an element is +∞ and none NaN, NaN where one is.</returns>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static T LogSumExp<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T result = default;
        KernelSets.Active<T>().LogSumExpRows(new ReadOnlyMatrixView<T>(x, 1, x.Length), new Span<T>(ref result));
        return result;
    }

    /// <summary>The log-sum-exp of each vector along the last dimension.</summary>
    /// <inheritdoc cref="LogSumExp{T}(ReadOnlySpan{T})"/>
    /// <param name="x">Rank 2 or more, with a last stride of 1.</param>
    /// <param name="destination">The shape of <paramref name="x"/> without its last dimension, any strides. It shares no element with <paramref name="x"/>.</param>
    /// <remarks>−∞ for a vector of no elements or of nothing but −∞, +∞ where an element is +∞ and none NaN, NaN where one is.</remarks>
    /// <exception cref="ArgumentException">The shapes do not fit, the last stride is not 1, the two overlap, or several indices share an element of the destination.</exception>
    public static void LogSumExp<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorRows.LogSumExp(x, destination);
}
