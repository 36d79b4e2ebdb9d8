using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;

namespace SimdNet.Numerics;

/// <content>Sums over elements.</content>
public static partial class VectorPrimitives
{
    /// <summary>y += α·x, each element fused: yᵢ = α·xᵢ + yᵢ with one rounding. The axpy of the BLAS.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="alpha">α. 0 is a factor like any other: 0·∞ is NaN.</param>
    /// <param name="x">Any numbers.</param>
    /// <param name="y">The same length, added to; it may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or <paramref name="y"/> overlaps <paramref name="x"/> in part.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void AddScaled<T>(T alpha, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSameLength(x.Length, y.Length);
        KernelSets.Active<T>().AddScaled(alpha, x, Operands.Destination(x, y));
    }

    /// <inheritdoc cref="AddScaled{T}(T, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="alpha">α.</param>
    /// <param name="x">Any rank, any strides.</param>
    /// <param name="y">The shape of <paramref name="x"/>, added to; it may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The shapes differ, <paramref name="y"/> overlaps <paramref name="x"/> in part, or several indices share an element of <paramref name="y"/>.</exception>
    public static void AddScaled<T>(T alpha, in ReadOnlyTensorSpan<T> x, in TensorSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new AddScaledRun<T>(alpha), x, y, y, nameof(x), nameof(y), nameof(y));

    /// <summary>Σ xᵢ in 32 lanes, as the class describes.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Any numbers.</param>
    /// <returns>The sum, 0 of no elements. Its error is at most (n/32 + 5)·ε·Σ|xᵢ|, ε = 2⁻²⁴ or 2⁻⁵³. NaN and infinity go where the arithmetic takes them, and a sum beyond the largest number is infinite.</returns>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static T Sum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => KernelSets.Active<T>().Sum(x);

    /// <inheritdoc cref="Sum{T}(ReadOnlySpan{T})"/>
    /// <param name="x">Any rank, any strides.</param>
    /// <remarks>A dense tensor is one sum. In others the runs of elements that follow each other are summed by themselves, the first 2³¹ elements or, where none do, 256 at a time, and their sums added in order.</remarks>
    public static T Sum<T>(in ReadOnlyTensorSpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SumRun<T> run = default;
        TensorElements.Walk(KernelSets.Active<T>(), ref run, x, x, x, inOrder: true);
        return run.Total;
    }

    /// <summary>Σ xᵢ·yᵢ in 32 lanes, as the class describes, each product fused with its addition.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Any numbers.</param>
    /// <param name="y">The same length; it may be <paramref name="x"/> or overlap it.</param>
    /// <returns>The sum, 0 of no elements. Its error is at most (n/32 + 5)·ε·Σ|xᵢ·yᵢ|, ε = 2⁻²⁴ or 2⁻⁵³. NaN and infinity go where the arithmetic takes them: 0·∞ is NaN.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static T Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Operands.CheckSameLength(x.Length, y.Length);
        return KernelSets.Active<T>().Dot(x, y);
    }

    /// <inheritdoc cref="Dot{T}(ReadOnlySpan{T}, ReadOnlySpan{T})"/>
    /// <param name="x">Any rank, any strides.</param>
    /// <param name="y">The shape of <paramref name="x"/>.</param>
    /// <remarks>Where both tensors are dense, one sum. Else the runs of elements that follow each other in both are summed by themselves, or 256 elements at a time, and their sums added in order.</remarks>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public static T Dot<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorOperands.CheckSameShape(x, y, nameof(x), nameof(y));
        DotRun<T> run = default;
        TensorElements.Walk(KernelSets.Active<T>(), ref run, x, y, y, inOrder: true);
        return run.Total;
    }

    /// <summary>√Σ xᵢ², the Euclidean norm, without overflow or underflow on the way: the result is infinite only where it is above the largest number, or an element is.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Any numbers.</param>
    /// <returns>The norm, 0 of no elements, NaN where an element is.</returns>
    /// <remarks>The sum is that of <see cref="Dot{T}(ReadOnlySpan{T}, ReadOnlySpan{T})"/>. Where it leaves the range that keeps its digits, the elements are scaled by a power of two and summed once more, 256 at a time in order.</remarks>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static T Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => EuclideanNorm.Of(x);

    /// <inheritdoc cref="Norm{T}(ReadOnlySpan{T})"/>
    /// <param name="x">Any rank, any strides.</param>
    public static T Norm<T>(in ReadOnlyTensorSpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => EuclideanNorm.Of(x);
}
