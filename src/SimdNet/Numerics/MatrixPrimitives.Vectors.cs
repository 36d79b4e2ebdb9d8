using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <content>A matrix and vectors.</content>
public static partial class MatrixPrimitives
{
    /// <summary>y = A·x.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of A.</param>
    /// <param name="a">A, [m × n].</param>
    /// <param name="x">x, [n].</param>
    /// <param name="y">y, [m], overwritten without being read.</param>
    /// <remarks>Each element is the <see cref="VectorPrimitives.Dot{T}(ReadOnlySpan{T}, ReadOnlySpan{T})"/> of a row with x, to the bit.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">A span is too short for its matrix, a vector has not the length of its side, or y overlaps A or x.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void MultiplyVector<T>(int m, int n, ReadOnlySpan<T> a, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MultiplyVector(m, n, a, n, x, y, accumulate: false);

    /// <summary>y = A·x, or y += A·x. The gemv of the BLAS.</summary>
    /// <inheritdoc cref="MultiplyVector{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of A.</param>
    /// <param name="a">A, [m × n].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least n.</param>
    /// <param name="x">x, [n].</param>
    /// <param name="y">y, [m].</param>
    /// <param name="accumulate">False: y is overwritten without being read. True: the product is added to it.</param>
    public static void MultiplyVector<T>(int m, int n, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> x, Span<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> matrix = Operands.Matrix(a, m, n, aStride);
        Operands.CheckVector(n, x.Length, nameof(a), m, n);
        Operands.CheckVector(m, y.Length, nameof(a), m, n);
        CheckVectors(matrix, x, y);
        Rows(KernelSets.Active<T>(), matrix, x, y, accumulate);
    }

    /// <summary>y = Aᵀ·x, which is the row xᵀ·A.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of A.</param>
    /// <param name="a">A, [m × n].</param>
    /// <param name="x">x, [m].</param>
    /// <param name="y">y, [n], overwritten without being read.</param>
    /// <remarks>
    /// Each element sums its terms in order, fused, in one chain from 0 or from y; terms whose xᵢ is exactly 0 are added behind the others, which changes nothing but the sign of a result of 0 and which NaN it is:
    /// they are not left out, as training does, where 0·∞ counts as 0.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">A span is too short for its matrix, a vector has not the length of its side, or y overlaps A or x.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void MultiplyTransposedVector<T>(int m, int n, ReadOnlySpan<T> a, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MultiplyTransposedVector(m, n, a, n, x, y, accumulate: false);

    /// <summary>y = Aᵀ·x, or y += Aᵀ·x.</summary>
    /// <inheritdoc cref="MultiplyTransposedVector{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of A.</param>
    /// <param name="a">A, [m × n].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least n.</param>
    /// <param name="x">x, [m].</param>
    /// <param name="y">y, [n].</param>
    /// <param name="accumulate">False: y is overwritten without being read. True: the product is added to it.</param>
    public static void MultiplyTransposedVector<T>(int m, int n, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> x, Span<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> matrix = Operands.Matrix(a, m, n, aStride);
        Operands.CheckVector(m, x.Length, nameof(a), m, n);
        Operands.CheckVector(n, y.Length, nameof(a), m, n);
        CheckVectors(matrix, x, y);
        Columns(KernelSets.Active<T>(), matrix, x, y, accumulate);
    }

    /// <summary>A += (α·x)·yᵀ, where α·xᵢ is rounded and its product with yⱼ fused with the addition. The ger of the BLAS.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A.</param>
    /// <param name="n">Columns of A.</param>
    /// <param name="alpha">α.</param>
    /// <param name="x">x, [m].</param>
    /// <param name="y">y, [n].</param>
    /// <param name="a">A, [m × n], added to.</param>
    /// <param name="aStride">Elements from one row of A to the next, at least n.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">The stride is too small, the span is too short for its matrix, a vector has not the length of its side, or A overlaps x or y.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void AddOuterProduct<T>(int m, int n, T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> a, int aStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> matrix = Operands.Matrix(a, m, n, aStride);
        Operands.CheckVector(m, x.Length, nameof(a), m, n);
        Operands.CheckVector(n, y.Length, nameof(a), m, n);
        Operands.CheckApart<T>(new(x), new(matrix), nameof(x), nameof(a));
        Operands.CheckApart<T>(new(y), new(matrix), nameof(y), nameof(a));
        KernelSet<T> kernels = KernelSets.Active<T>();
        kernels.RankOneUpdate(alpha, x, y, matrix);
        for (int i = NextZero(x, 0); i < x.Length; i = NextZero(x, i + 1))
        {
            kernels.AddScaled(alpha * x[i], y, matrix.Row(i));
        }
    }

    /// <inheritdoc cref="AddOuterProduct{T}(int, int, T, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, int)"/>
    public static void AddOuterProduct<T>(int m, int n, T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => AddOuterProduct(m, n, alpha, x, y, a, n);

    private static void CheckVectors<T>(ReadOnlyMatrixView<T> a, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
    {
        Operands.CheckApart<T>(new(a), new(y), nameof(a), nameof(y));
        Operands.CheckApart<T>(new(x), new(y), nameof(x), nameof(y));
    }

    private static void Rows<T>(KernelSet<T> kernels, ReadOnlyMatrixView<T> a, ReadOnlySpan<T> x, Span<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!accumulate)
        {
            kernels.MatrixVector(a, x, y);
            return;
        }

        for (int i = 0; i < y.Length; i++)
        {
            y[i] += kernels.Dot(a.Row(i), x);
        }
    }

    /// <summary>The kernel leaves out rows whose x is 0. Here they count, behind the others: for finite rows a pass that changes nothing, for others what makes the result NaN.</summary>
    private static void Columns<T>(KernelSet<T> kernels, ReadOnlyMatrixView<T> a, ReadOnlySpan<T> x, Span<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        kernels.VectorMatrix(x, a, y, accumulate);
        for (int i = NextZero(x, 0); i < x.Length; i = NextZero(x, i + 1))
        {
            kernels.AddScaled(x[i], a.Row(i), y);
        }
    }

    /// <summary>The first element from <paramref name="start"/> on that is 0, or the length.</summary>
    private static int NextZero<T>(ReadOnlySpan<T> x, int start)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int i = start;
        while (i <= x.Length - Vector<T>.Count && !Vector.EqualsAny(new Vector<T>(x[i..]), Vector<T>.Zero))
        {
            i += Vector<T>.Count;
        }

        while (i < x.Length && x[i] != T.Zero)
        {
            i++;
        }

        return i;
    }
}
