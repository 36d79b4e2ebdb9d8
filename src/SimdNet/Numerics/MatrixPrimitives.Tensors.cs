using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <content>Matrices that are tensor spans of rank 2.</content>
public static partial class MatrixPrimitives
{
    /// <summary>C = A·B. Transposed views make the other products of it.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="a">A, [m × k].</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <remarks>Of each tensor the rows or the columns are runs of elements: one of its strides is 1 and the other leads beyond the run. The bits are those of the products over spans.</remarks>
    /// <exception cref="ArgumentException">A tensor is no matrix, its shape does not fit, it has other strides, or C overlaps A or B.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Multiply<T>(in ReadOnlyTensorSpan<T> a, in ReadOnlyTensorSpan<T> b, in TensorSpan<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Multiply(a, b, c, accumulate: false, team);

    /// <summary>C = A·B, or C += A·B. Transposed views make the other products of it.</summary>
    /// <inheritdoc cref="Multiply{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T}, WorkerTeam)"/>
    /// <param name="a">A, [m × k].</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="c">C, [m × n].</param>
    /// <param name="accumulate">False: C is overwritten without being read. True: the product is added to it.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    public static void Multiply<T>(in ReadOnlyTensorSpan<T> a, in ReadOnlyTensorSpan<T> b, in TensorSpan<T> c, bool accumulate, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorMatrix<T> left = TensorOperands.Matrix(a, nameof(a));
        TensorMatrix<T> right = TensorOperands.Matrix(b, nameof(b));
        TensorMatrix<T> product = TensorOperands.Matrix<T>(c, nameof(c));
        CheckFit((left.Rows, left.Columns), (right.Rows, right.Columns), (product.Rows, product.Columns));
        Product(left.View, right.View, product.View);
        if (product.IsTransposed)
        {
            // Cᵀ = Bᵀ·Aᵀ.
            Multiply(right.View, !right.IsTransposed, left.View, !left.IsTransposed, product.View, accumulate, team);
        }
        else
        {
            Multiply(left.View, left.IsTransposed, right.View, right.IsTransposed, product.View, accumulate, team);
        }
    }

    /// <summary>y = A·x, or y += A·x.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="a">A, [m × n]. Its rows or its columns are runs of elements.</param>
    /// <param name="x">x, [n], with a stride of 1.</param>
    /// <param name="y">y, [m], with a stride of 1.</param>
    /// <param name="accumulate">False: y is overwritten without being read. True: the product is added to it.</param>
    /// <remarks>The bits are those of <see cref="MultiplyVector{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>, or for a transposed view those of <see cref="MultiplyTransposedVector{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>.</remarks>
    /// <exception cref="ArgumentException">A tensor has another rank, its shape does not fit, it has other strides, or y overlaps A or x.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void MultiplyVector<T>(in ReadOnlyTensorSpan<T> a, in ReadOnlyTensorSpan<T> x, in TensorSpan<T> y, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorMatrix<T> matrix = TensorOperands.Matrix(a, nameof(a));
        ReadOnlySpan<T> factors = TensorOperands.Vector(x, nameof(x));
        Span<T> results = TensorOperands.Vector<T>(y, nameof(y));
        Operands.CheckVector(matrix.Columns, factors.Length, nameof(a), matrix.Rows, matrix.Columns, nameof(x));
        Operands.CheckVector(matrix.Rows, results.Length, nameof(a), matrix.Rows, matrix.Columns, nameof(y));
        CheckVectors(matrix.View, factors, results);
        KernelSet<T> kernels = KernelSets.Active<T>();
        if (matrix.IsTransposed)
        {
            Columns(kernels, matrix.View, factors, results, accumulate);
        }
        else
        {
            Rows(kernels, matrix.View, factors, results, accumulate);
        }
    }

    /// <summary>A += (α·x)·yᵀ.</summary>
    /// <inheritdoc cref="AddOuterProduct{T}(int, int, T, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, int)"/>
    /// <param name="alpha">α.</param>
    /// <param name="x">x, [m], with a stride of 1.</param>
    /// <param name="y">y, [n], with a stride of 1.</param>
    /// <param name="a">A, [m × n], added to. Its rows are runs of elements.</param>
    /// <exception cref="ArgumentException">A tensor has another rank, its shape does not fit, it has other strides, or A overlaps x or y.</exception>
    public static void AddOuterProduct<T>(T alpha, in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, in TensorSpan<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> matrix = TensorOperands.RowMatrix<T>(a, nameof(a));
        AddOuterProduct(matrix.Rows, matrix.Columns, alpha, TensorOperands.Vector(x, nameof(x)), TensorOperands.Vector(y, nameof(y)), matrix.Data, matrix.Stride);
    }

    /// <summary>destinationⱼ = Σᵢ xᵢⱼ, or destinationⱼ += it: the rows are added in order.</summary>
    /// <inheritdoc cref="SumColumns{T}(int, int, ReadOnlySpan{T}, int, Span{T}, bool)"/>
    /// <param name="x">[rows × columns]. Its rows are runs of elements.</param>
    /// <param name="destination">[columns], with a stride of 1.</param>
    /// <param name="accumulate">False: the destination is overwritten without being read. True: the sums start from it.</param>
    /// <exception cref="ArgumentException">A tensor has another rank, its shape does not fit, it has other strides, or the two overlap.</exception>
    public static void SumColumns<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> matrix = TensorOperands.RowMatrix(x, nameof(x));
        SumColumns(matrix.Rows, matrix.Columns, matrix.Data, matrix.Stride, TensorOperands.Vector<T>(destination, nameof(destination)), accumulate);
    }

    /// <summary>cᵢⱼ += biasⱼ for every row.</summary>
    /// <inheritdoc cref="AddBias{T}(int, int, ReadOnlySpan{T}, Span{T}, int)"/>
    /// <param name="bias">[columns], with a stride of 1.</param>
    /// <param name="c">C, [rows × columns], added to. Its rows are runs of elements.</param>
    /// <exception cref="ArgumentException">A tensor has another rank, its shape does not fit, it has other strides, or the two overlap.</exception>
    public static void AddBias<T>(in ReadOnlyTensorSpan<T> bias, in TensorSpan<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> matrix = TensorOperands.RowMatrix<T>(c, nameof(c));
        AddBias(matrix.Rows, matrix.Columns, TensorOperands.Vector(bias, nameof(bias)), matrix.Data, matrix.Stride);
    }

    /// <summary>Sides of a product that are not given beside the operands.</summary>
    private static void CheckFit((int Rows, int Columns) a, (int Rows, int Columns) b, (int Rows, int Columns) c, string transposed = "")
    {
        if (a.Columns != b.Rows || c.Rows != a.Rows || c.Columns != b.Columns)
        {
            Operands.Throw($"a, [{a.Rows} × {a.Columns}], times b{transposed}, [{b.Rows} × {b.Columns}], does not fit c, [{c.Rows} × {c.Columns}].", a.Columns != b.Rows ? nameof(b) : nameof(c));
        }
    }

    private static void Multiply<T>(ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlyMatrixView<T> b, bool isTransposedB, MatrixView<T> c, bool accumulate, WorkerTeam? team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int k = isTransposedA ? a.Rows : a.Columns;
        if (ProductCut.PartsFor<T>(c.Rows, c.Columns, k, team) > 1)
        {
            Share(team!, a, isTransposedA, b, isTransposedB, c, accumulate);
            return;
        }

        KernelSet<T> kernels = KernelSets.Active<T>();
        Multiply(kernels, a, isTransposedA, b, isTransposedB, c, accumulate, Scratch(kernels, c.Rows, c.Columns, k, isTransposedB));
    }

    /// <summary>The product whose operands lie as they are said to.</summary>
    internal static void Multiply<T>(KernelSet<T> kernels, ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlyMatrixView<T> b, bool isTransposedB, MatrixView<T> c, bool accumulate, Span<T> scratch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (isTransposedA, isTransposedB)
        {
            case (false, false): kernels.Multiply(a, b, c, accumulate, scratch); break;
            case (false, true): kernels.MultiplyTransposedB(a, b, c, accumulate, scratch); break;
            case (true, false): kernels.MultiplyTransposedA(a, b, c, accumulate, scratch); break;
            default: kernels.MultiplyTransposed(a, b, c, accumulate, scratch); break;
        }
    }
}
