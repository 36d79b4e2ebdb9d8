using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <content>Products that finish each tile while it is in the cache.</content>
public static partial class MatrixPrimitives
{
    /// <summary>C = f(A·B + bias), each row with the same bias: a dense layer forward, with the bits of <see cref="Multiply{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T}, WorkerTeam)"/>, <see cref="AddBias{T}(int, int, ReadOnlySpan{T}, Span{T})"/> and f of <see cref="VectorPrimitives"/> one after the other.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A and C: the batch.</param>
    /// <param name="n">Columns of B and C: the units.</param>
    /// <param name="k">Columns of A, rows of B: the inputs.</param>
    /// <param name="a">A, [m × k].</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="activation">f: the identity, sigmoid, tanh, ReLU or leaky ReLU. Another is the identity here and a call of its own afterwards, such as <see cref="SoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>.</param>
    /// <param name="slope">The slope of <see cref="ActivationKind.LeakyReLU"/>; others do not read it.</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative, or the activation is none of these.</exception>
    /// <exception cref="ArgumentException">A span is too short for its matrix, the bias has not one element a column, or C overlaps an operand.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void Dense<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> bias, ActivationKind activation, T slope, Span<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Dense(m, n, k, a, k, b, n, bias, activation, slope, c, n, team);

    /// <inheritdoc cref="Dense{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, ReadOnlySpan{T}, ActivationKind, T, Span{T}, WorkerTeam)"/>
    /// <param name="m">Rows of A and C: the batch.</param>
    /// <param name="n">Columns of B and C: the units.</param>
    /// <param name="k">Columns of A, rows of B: the inputs.</param>
    /// <param name="a">A, [m × k].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least k.</param>
    /// <param name="b">B, [k × n].</param>
    /// <param name="bStride">Elements from one row of B to the next, at least n.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="activation">f: the identity, sigmoid, tanh, ReLU or leaky ReLU. Another is the identity here and a call of its own afterwards, such as <see cref="SoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>.</param>
    /// <param name="slope">The slope of <see cref="ActivationKind.LeakyReLU"/>; others do not read it.</param>
    /// <param name="c">C, [m × n], overwritten without being read.</param>
    /// <param name="cStride">Elements from one row of C to the next, at least n.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    public static void Dense<T>(int m, int n, int k, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> b, int bStride, ReadOnlySpan<T> bias, ActivationKind activation, T slope, Span<T> c, int cStride, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> left = Operands.Matrix(a, m, k, aStride);
        ReadOnlyMatrixView<T> right = Operands.Matrix(b, k, n, bStride);
        MatrixView<T> product = Product(left, right, Operands.Matrix(c, m, n, cStride));
        if (!bias.IsEmpty)
        {
            Operands.CheckVector(n, bias.Length, nameof(c), m, n);
            Operands.CheckApart<T>(new(bias), new(product), nameof(bias), nameof(c));
        }

        CheckFused(activation);
        if (ProductCut.PartsFor<T>(m, n, k, team) > 1)
        {
            Share(team!, left, false, right, false, product, accumulate: false, ProductEpilogue<T>.Forward(bias, activation, slope));
            return;
        }

        KernelSet<T> kernels = KernelSets.Active<T>();
        kernels.Forward(left, right, bias, activation, slope, product, Scratch(kernels, m, n, k, isTransposedB: false));
    }

    /// <summary>C = (A·Bᵀ) ⊙ f′, with f′ from what f returned: backward through a dense layer and the function that made its input.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="m">Rows of A and C: the batch.</param>
    /// <param name="n">Rows of B, columns of C: the layer's inputs.</param>
    /// <param name="k">Columns of A and B: the layer's units.</param>
    /// <param name="a">Gradient with respect to the layer's sums, [m × k].</param>
    /// <param name="b">The layer's weights, [n × k].</param>
    /// <param name="activation">f: the identity, sigmoid, tanh, ReLU or leaky ReLU.</param>
    /// <param name="slope">The slope of <see cref="ActivationKind.LeakyReLU"/>; others do not read it.</param>
    /// <param name="output">What f returned, the layer's input, [m × n]. Not read, and may be empty, for <see cref="ActivationKind.Identity"/>.</param>
    /// <param name="c">Gradient with respect to what f was applied to, [m × n], overwritten without being read.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative, or the activation is none of these, or a slope that is read is negative or NaN.</exception>
    /// <exception cref="ArgumentException">A span is too short for its matrix, or C overlaps an operand.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void DenseInputGradient<T>(int m, int n, int k, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ActivationKind activation, T slope, ReadOnlySpan<T> output, Span<T> c, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => DenseInputGradient(m, n, k, a, k, b, k, activation, slope, output, n, c, n, team);

    /// <inheritdoc cref="DenseInputGradient{T}(int, int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, ActivationKind, T, ReadOnlySpan{T}, Span{T}, WorkerTeam)"/>
    /// <param name="m">Rows of A and C: the batch.</param>
    /// <param name="n">Rows of B, columns of C: the layer's inputs.</param>
    /// <param name="k">Columns of A and B: the layer's units.</param>
    /// <param name="a">Gradient with respect to the layer's sums, [m × k].</param>
    /// <param name="aStride">Elements from one row of A to the next, at least k.</param>
    /// <param name="b">The layer's weights, [n × k].</param>
    /// <param name="bStride">Elements from one row of B to the next, at least k.</param>
    /// <param name="activation">f: the identity, sigmoid, tanh, ReLU or leaky ReLU.</param>
    /// <param name="slope">The slope of <see cref="ActivationKind.LeakyReLU"/>; others do not read it.</param>
    /// <param name="output">What f returned, the layer's input, [m × n]. Not read, and may be empty, for <see cref="ActivationKind.Identity"/>.</param>
    /// <param name="outputStride">Elements from one row of the output to the next, at least n.</param>
    /// <param name="c">Gradient with respect to what f was applied to, [m × n], overwritten without being read.</param>
    /// <param name="cStride">Elements from one row of C to the next, at least n.</param>
    /// <param name="team">Who shares a large product out among its threads; null for the calling thread alone. It changes no bit.</param>
    /// <exception cref="ArgumentException">A stride is too small, a span is too short for its matrix, or C overlaps an operand.</exception>
    public static void DenseInputGradient<T>(int m, int n, int k, ReadOnlySpan<T> a, int aStride, ReadOnlySpan<T> b, int bStride, ActivationKind activation, T slope, ReadOnlySpan<T> output, int outputStride, Span<T> c, int cStride, WorkerTeam? team = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> left = Operands.Matrix(a, m, k, aStride);
        ReadOnlyMatrixView<T> right = Operands.Matrix(b, n, k, bStride);
        MatrixView<T> product = Product(left, right, Operands.Matrix(c, m, n, cStride));
        ReadOnlyMatrixView<T> outputs = default;
        if (activation != ActivationKind.Identity)
        {
            CheckFused(activation);
            Operands.CheckSlope(activation == ActivationKind.LeakyReLU ? slope : T.Zero);
            outputs = Operands.Matrix(output, m, n, outputStride);
            Operands.CheckApart<T>(new(outputs), new(product), nameof(output), nameof(c));
        }

        if (ProductCut.PartsFor<T>(m, n, k, team) > 1)
        {
            Share(team!, left, false, right, true, product, accumulate: false, ProductEpilogue<T>.Gradient(outputs, activation, slope));
            return;
        }

        KernelSet<T> kernels = KernelSets.Active<T>();
        kernels.InputGradient(left, right, activation, slope, outputs, product, Scratch(kernels, m, n, k, isTransposedB: true));
    }

    private static void CheckFused(ActivationKind activation)
    {
        if (activation is < ActivationKind.Identity or ActivationKind.Softmax || !ActivationKinds.IsFused(activation))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation, "A product is finished by the identity, sigmoid, tanh, ReLU or leaky ReLU. For another activation, pass the identity here and the result to its own function, such as SoftmaxRows.");
        }
    }
}
