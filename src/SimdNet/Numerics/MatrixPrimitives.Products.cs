using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>Products of matrices and vectors, and functions of the rows or columns of a matrix, over spans and tensor spans of float and double: on the kernels that SimdNet trains with.</summary>
/// <remarks>
/// <para><b>Matrices in spans</b> are row-major: element (i, j) is at i·stride + j. Methods without strides take rows that follow each other. A stride is at least the number of columns; what lies between the rows is neither
/// read nor written. A span may be longer than its matrix. Sides may be 0: a product without terms is 0, and is written where it is not added.</para>
/// <para><b>The same bits everywhere.</b> An element of a product sums its terms in order, each fused with its addition, in blocks of 1,024 that each start from 0 and are added when they are complete: the bits depend on the
/// operands alone, not on shapes around them, processor (with fused multiply-add), vector width, alignment or number of threads. The error of an element is at most about min(k, 1024 + k/1024)·ε·Σ|aᵢₚ·bₚⱼ|,
/// ε = 2⁻²⁴ in float and 2⁻⁵³ in double. NaN and infinity go where the arithmetic takes them: nothing is skipped, so that 0·∞ is NaN; which payload survives where NaNs meet is not fixed.</para>
/// <para><b>Memory.</b> The products of two matrices pack parts of their operands into a block that each thread makes at its first such product, enlarges for larger ones up to about three megabytes, and keeps. With a
/// team, the block of the calling thread has a part for each thread of the team. Otherwise nothing is allocated. What is written shares no element with what is read, unless a method says that it works in place. Columns of one matrix beside each other share none.</para>
/// <para><b>Errors.</b> Everything is checked before the first write. An <see cref="ArgumentException"/> names both shapes; T other than float and double is a <see cref="NotSupportedException"/>.</para>
/// <para><b>Threads.</b> Every method may be called from any number of threads at once, as long as what they write is apart. None uses other threads, except products that are given a team: those of
/// half a million operations and more in float, a quarter of a million in double, are cut into ranges of columns or rows of C, and where the team is busy the calling thread computes them alone.</para>
/// </remarks>
public static partial class MatrixPrimitives
{
    /// <summary>C = A·B.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A, [m × k].</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">A span is too short for its matrix, or C overlaps A or B.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Multiply(m, n, k, a, k, b, n, c, n, accumulate: false, team);

    /// <summary>C = A·B, or C += A·B. The gemm of the BLAS with α = 1 and β = 0 or 1.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">A, [m × k].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least k.</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="bStride">Elements from one row of B to the next, at least n.</param>
    /// <param name="c">C, [m × n].</param>
    /// <param name="cStride">Elements from one row of C to the next, at least n.</param>
    /// <param name="accumulate">False: C is overwritten without being read. True: the product is added to it.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">A stride is too small, a span is too short for its matrix, or C overlaps A or B.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Multiply<T>(int m, int n, int k, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> b, int bStride, Span<T> c, int cStride, bool accumulate, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> left = Operands.Matrix(a, m, k, aStride);
        ReadOnlyMatrixView<T> right = Operands.Matrix(b, k, n, bStride);
        MatrixView<T> product = Product(left, right, Operands.Matrix(c, m, n, cStride));
        if (ProductCut.PartsFor<T>(m, n, k, team) > 1)
        {
            Share(team!, left, false, right, false, product, accumulate);
            return;
        }

        KernelSet<T> kernels = KernelSets.Active<T>();
        kernels.Multiply(left, right, product, accumulate, Scratch(kernels, m, n, k, isTransposedB: false));
    }

    /// <summary>C = A·Bᵀ.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Rows of B, columns of C.</param>
    /// <param name="k">Columns of A and B.</param>
    /// <param name="a">A, [m × k].</param>
    /// <param name="b">B, [n × k].</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <inheritdoc cref="Multiply{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, WorkerTeam)"/>
    public static void MultiplyTransposedB<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MultiplyTransposedB(m, n, k, a, k, b, k, c, n, accumulate: false, team);

    /// <summary>C = A·Bᵀ, or C += A·Bᵀ.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Rows of B, columns of C.</param>
    /// <param name="k">Columns of A and B.</param>
    /// <param name="a">A, [m × k].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least k.</param>
    /// <param name="b">B, [n × k].</param>
    /// <param name="bStride">Elements from one row of B to the next, at least k.</param>
    /// <param name="c">C, [m × n].</param>
    /// <param name="cStride">Elements from one row of C to the next, at least n.</param>
    /// <param name="accumulate">False: C is overwritten without being read. True: the product is added to it.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <inheritdoc cref="Multiply{T}(int, int, int, ReadOnlySpan{T}, int, ReadOnlySpan{T}, int, Span{T}, int, bool, WorkerTeam)"/>
    public static void MultiplyTransposedB<T>(int m, int n, int k, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> b, int bStride, Span<T> c, int cStride, bool accumulate, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> left = Operands.Matrix(a, m, k, aStride);
        ReadOnlyMatrixView<T> right = Operands.Matrix(b, n, k, bStride);
        MatrixView<T> product = Product(left, right, Operands.Matrix(c, m, n, cStride));
        if (ProductCut.PartsFor<T>(m, n, k, team) > 1)
        {
            Share(team!, left, false, right, true, product, accumulate);
            return;
        }

        KernelSet<T> kernels = KernelSets.Active<T>();
        kernels.MultiplyTransposedB(left, right, product, accumulate, Scratch(kernels, m, n, k, isTransposedB: true));
    }

    /// <summary>C = Aᵀ·B.</summary>
    /// <param name="m">Columns of A, rows of C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Rows of A and B.</param>
    /// <param name="a">A, [k × m].</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <inheritdoc cref="Multiply{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, WorkerTeam)"/>
    public static void MultiplyTransposedA<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => MultiplyTransposedA(m, n, k, a, m, b, n, c, n, accumulate: false, team);

    /// <summary>C = Aᵀ·B, or C += Aᵀ·B.</summary>
    /// <param name="m">Columns of A, rows of C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Rows of A and B.</param>
    /// <param name="a">A, [k × m].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least m.</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="bStride">Elements from one row of B to the next, at least n.</param>
    /// <param name="c">C, [m × n].</param>
    /// <param name="cStride">Elements from one row of C to the next, at least n.</param>
    /// <param name="accumulate">False: C is overwritten without being read. True: the product is added to it.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <inheritdoc cref="Multiply{T}(int, int, int, ReadOnlySpan{T}, int, ReadOnlySpan{T}, int, Span{T}, int, bool, WorkerTeam)"/>
    public static void MultiplyTransposedA<T>(int m, int n, int k, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> b, int bStride, Span<T> c, int cStride, bool accumulate, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> left = Operands.Matrix(a, k, m, aStride);
        ReadOnlyMatrixView<T> right = Operands.Matrix(b, k, n, bStride);
        MatrixView<T> product = Product(left, right, Operands.Matrix(c, m, n, cStride));
        if (ProductCut.PartsFor<T>(m, n, k, team) > 1)
        {
            Share(team!, left, true, right, false, product, accumulate);
            return;
        }

        KernelSet<T> kernels = KernelSets.Active<T>();
        kernels.MultiplyTransposedA(left, right, product, accumulate, Scratch(kernels, m, n, k, isTransposedB: false));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Share<T>(WorkerTeam team, ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlyMatrixView<T> b, bool isTransposedB, MatrixView<T> c, bool accumulate, in ProductEpilogue<T> epilogue = default)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new SharedProduct<T>(a, isTransposedA, b, isTransposedB, c, accumulate, epilogue).Run(team);

    private static MatrixView<T> Product<T>(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c)
        where T : unmanaged
    {
        Operands.CheckApart<T>(new(a), new(c), nameof(a), nameof(c));
        Operands.CheckApart<T>(new(b), new(c), nameof(b), nameof(c));
        return c;
    }

    /// <summary>What the product of that shape runs fastest with: C [m × n] is the forward of a dense layer of k inputs and n units or, with B transposed, the backward of one of n inputs and k units.</summary>
    private static Span<T> Scratch<T>(KernelSet<T> kernels, int m, int n, int k, bool isTransposedB)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ThreadScratch<T>.OfLength(isTransposedB ? kernels.ScratchLengthFor(m, n, k) : kernels.ScratchLengthFor(m, k, n));
}
