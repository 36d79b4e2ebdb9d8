using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;

namespace SimdNet.Numerics;

/// <summary>Functions of every element, sums and softmax, over spans and tensor spans of float and double: in the manner of <see cref="TensorPrimitives"/>, on the kernels that SimdNet trains with.</summary>
/// <remarks>
/// <para><b>The same bits everywhere.</b> A result depends on the operands alone: not on the processor, as long as it has fused multiply-add, nor on its vector width, the alignment of the memory or the number of
/// threads. A sum gives element i to lane i mod 32, adds each lane in order, and adds lane j + 16 to lane j, then + 8, + 4, + 2, + 1.
/// Where several NaNs meet, which payload survives is not fixed. Error bounds are in units in the last place (ulp) and hold for every finite argument with fused multiply-add.</para>
/// <para><b>Memory.</b> Nothing is allocated. A destination is an operand itself, so that a function works in place, or shares no element with any operand: a partial overlap is refused. A destination span may be
/// longer than the operand; what is behind stays as it was.</para>
/// <para><b>Tensor spans</b> have any rank and any strides, those of slices, transposed and permuted views and, for operands, broadcast ones. Shapes must be equal: nothing is broadcast. Tensors whose elements
/// follow each other in memory are as fast as spans; others are copied through a buffer on the stack, 256 elements at a time.</para>
/// <para><b>Errors.</b> Everything is checked before the first write. An <see cref="ArgumentException"/> names both shapes; T other than float and double is a <see cref="NotSupportedException"/>.</para>
/// <para><b>Threads.</b> Every method may be called from any number of threads at once, as long as their destinations are apart.</para>
/// <para>What TensorPrimitives does with the same bits on every machine is not repeated here: arithmetic, comparisons, minimum, maximum and the index of either, conversions.</para>
/// </remarks>
public static partial class VectorPrimitives
{
    /// <summary>destinationᵢ = e^xᵢ, within 0.9 ulp in float and 1 in double.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">Any numbers.</param>
    /// <param name="destination">At least as long as <paramref name="x"/>; it may be <paramref name="x"/> itself.</param>
    /// <remarks>NaN gives NaN, +∞ and overflow +∞, −∞ and underflow 0; results below the normal range lose bits gradually.</remarks>
    /// <exception cref="ArgumentException">The destination is too short, or overlaps <paramref name="x"/> in part.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => KernelSets.Active<T>().Exp(x, Operands.Destination(x, destination));

    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <param name="x">Any rank, any strides.</param>
    /// <param name="destination">The shape of <paramref name="x"/>; it may be <paramref name="x"/> itself.</param>
    /// <exception cref="ArgumentException">The shapes differ, the destination overlaps <paramref name="x"/> in part, or several indices share an element of the destination.</exception>
    public static void Exp<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(default(ExpRun<T>), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = ln xᵢ, within 1 ulp.</summary>
    /// <remarks>±0 gives −∞, negative numbers and NaN give NaN, +∞ gives +∞. Subnormal arguments are exact like any other.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Log<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => KernelSets.Active<T>().Log(x, Operands.Destination(x, destination));

    /// <inheritdoc cref="Log{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Log<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(default(LogRun<T>), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = ln(1 + xᵢ), within 1 ulp: the digits of a tiny x are not lost to the 1.</summary>
    /// <remarks>−1 gives −∞, numbers below it and NaN give NaN, +∞ gives +∞; ±0 give themselves.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Log1P<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => KernelSets.Active<T>().Log1P(x, Operands.Destination(x, destination));

    /// <inheritdoc cref="Log1P{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Log1P<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(default(Log1PRun<T>), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = erf xᵢ = 2/√π·∫₀ˣ e^−t² dt, within 1 ulp in float and 2.5 in double.</summary>
    /// <remarks>NaN gives NaN, ±∞ give ±1, ±0 give themselves.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Erf<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => KernelSets.Active<T>().Erf(x, Operands.Destination(x, destination));

    /// <inheritdoc cref="Erf{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Erf<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(default(ErfRun<T>), x, destination, nameof(x), nameof(destination));
}
