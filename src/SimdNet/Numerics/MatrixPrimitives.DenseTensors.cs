using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <content>Products that finish each tile, of tensor spans of rank 2.</content>
public static partial class MatrixPrimitives
{
    /// <summary>C = f(A·B + bias), each row with the same bias: a dense layer forward.</summary>
    /// <inheritdoc cref="Dense{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, ReadOnlySpan{T}, ActivationKind, T, Span{T}, WorkerTeam)"/>
    /// <param name="a">A, [m × k]. Its rows are runs of elements, as those of B and C are.</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="bias">[n], with a stride of 1, or empty for none.</param>
    /// <param name="activation">f: the identity, sigmoid, tanh, ReLU or leaky ReLU.</param>
    /// <param name="slope">The slope of <see cref="ActivationKind.LeakyReLU"/>; others do not read it.</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <remarks>The bits are those of the same call over spans.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The activation is none of these.</exception>
    /// <exception cref="ArgumentException">A tensor has another rank, its shape does not fit, it has other strides, or C overlaps an operand.</exception>
    public static void Dense<T>(in ReadOnlyTensorSpan<T> a, in ReadOnlyTensorSpan<T> b, in ReadOnlyTensorSpan<T> bias, ActivationKind activation, T slope, in TensorSpan<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> left = TensorOperands.RowMatrix(a, nameof(a));
        MatrixView<T> right = TensorOperands.RowMatrix(b, nameof(b));
        MatrixView<T> product = TensorOperands.RowMatrix<T>(c, nameof(c));
        ReadOnlySpan<T> added = bias.FlattenedLength == 0 ? default : TensorOperands.Vector(bias, nameof(bias));
        CheckFit((left.Rows, left.Columns), (right.Rows, right.Columns), (product.Rows, product.Columns));
        Dense(left.Rows, right.Columns, left.Columns, left.Data, left.Stride, right.Data, right.Stride, added, activation, slope, product.Data, product.Stride, team);
    }

    /// <summary>C = (A·Bᵀ) ⊙ f′, with f′ from what f returned: backward through a dense layer and the function that made its input.</summary>
    /// <inheritdoc cref="DenseInputGradient{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, ActivationKind, T, ReadOnlySpan{T}, Span{T}, WorkerTeam)"/>
    /// <param name="a">Gradient with respect to the layer's sums, [m × k]. Its rows are runs of elements, as those of the others are.</param>
    /// <param name="b">The layer's weights, [n × k].</param>
    /// <param name="activation">f: the identity, sigmoid, tanh, ReLU or leaky ReLU.</param>
    /// <param name="slope">The slope of <see cref="ActivationKind.LeakyReLU"/>; others do not read it.</param>
    /// <param name="output">What f returned, the layer's input, [m × n]. Not read, and may be empty, for <see cref="ActivationKind.Identity"/>.</param>
    /// <param name="c">Gradient with respect to what f was applied to, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <remarks>The bits are those of the same call over spans.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The activation is none of these, or a slope that is read is negative or NaN.</exception>
    /// <exception cref="ArgumentException">A tensor has another rank, its shape does not fit, it has other strides, or C overlaps an operand.</exception>
    public static void DenseInputGradient<T>(in ReadOnlyTensorSpan<T> a, in ReadOnlyTensorSpan<T> b, ActivationKind activation, T slope, in ReadOnlyTensorSpan<T> output, in TensorSpan<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> left = TensorOperands.RowMatrix(a, nameof(a));
        MatrixView<T> right = TensorOperands.RowMatrix(b, nameof(b));
        MatrixView<T> product = TensorOperands.RowMatrix<T>(c, nameof(c));
        CheckFit((left.Rows, left.Columns), (right.Columns, right.Rows), (product.Rows, product.Columns), "ᵀ");
        bool isRead = activation != ActivationKind.Identity;
        if (isRead)
        {
            ReadOnlyTensorSpan<T> result = c;
            TensorOperands.CheckSameShape(result, output, nameof(c), nameof(output));
        }

        MatrixView<T> outputs = isRead ? TensorOperands.RowMatrix(output, nameof(output)) : default;
        DenseInputGradient(left.Rows, right.Rows, left.Columns, left.Data, left.Stride, right.Data, right.Stride, activation, slope, outputs.Data, int.Max(outputs.Stride, product.Columns), product.Data, product.Stride, team);
    }
}
