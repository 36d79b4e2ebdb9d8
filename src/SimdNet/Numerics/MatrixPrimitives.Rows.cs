using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <content>Functions of the rows or columns of a matrix.</content>
public static partial class MatrixPrimitives
{
    /// <summary>Each row of the destination is the softmax of the row of x: e^(xᵢⱼ − maxᵢ) / Σⱼ e^(xᵢⱼ − maxᵢ). No overflow for any finite numbers.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">Rows of both.</param>
    /// <param name="columns">Columns of both.</param>
    /// <param name="x">Logits, [rows × columns].</param>
    /// <param name="destination">[rows × columns]; it may be <paramref name="x"/> itself, with the same stride.</param>
    /// <remarks>A row that holds a NaN or +∞, or nothing but −∞, becomes NaN. The bits of a row do not depend on the others.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">A stride is too small, a span is too short for its matrix, or the destination overlaps <paramref name="x"/> without being the same.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void SoftmaxRows<T>(int rows, int columns, ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => SoftmaxRows(rows, columns, x, columns, destination, columns);

    /// <inheritdoc cref="SoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="rows">Rows of both.</param>
    /// <param name="columns">Columns of both.</param>
    /// <param name="x">Logits, [rows × columns].</param>
    /// <param name="xStride">Elements from one row of x to the next.</param>
    /// <param name="destination">[rows × columns]; it may be <paramref name="x"/> itself, with the same stride.</param>
    /// <param name="destinationStride">Elements from one row of the destination to the next.</param>
    public static void SoftmaxRows<T>(int rows, int columns, ReadOnlySpan<T> x, int xStride, Span<T> destination, int destinationStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Apply(default(SoftmaxRowsRun<T>), rows, columns, x, xStride, destination, destinationStride);

    /// <summary>The gradient through the softmax of each row: destinationᵢⱼ = outputᵢⱼ·(gradientᵢⱼ − Σⱼ gradientᵢⱼ·outputᵢⱼ).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">Rows of all three.</param>
    /// <param name="columns">Columns of all three.</param>
    /// <param name="output">What the softmax returned, [rows × columns].</param>
    /// <param name="gradient">With respect to <paramref name="output"/>, [rows × columns].</param>
    /// <param name="destination">With respect to the logits, [rows × columns]; it may be <paramref name="gradient"/> itself, with the same stride.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">A stride is too small, a span is too short for its matrix, or the destination overlaps <paramref name="output"/>, or <paramref name="gradient"/> without being the same.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void SoftmaxRowsGradient<T>(int rows, int columns, ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => SoftmaxRowsGradient(rows, columns, output, columns, gradient, columns, destination, columns);

    /// <inheritdoc cref="SoftmaxRowsGradient{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="rows">Rows of all three.</param>
    /// <param name="columns">Columns of all three.</param>
    /// <param name="output">What the softmax returned, [rows × columns].</param>
    /// <param name="outputStride">Elements from one row of the output to the next.</param>
    /// <param name="gradient">With respect to <paramref name="output"/>, [rows × columns].</param>
    /// <param name="gradientStride">Elements from one row of the gradient to the next.</param>
    /// <param name="destination">With respect to the logits, [rows × columns]; it may be <paramref name="gradient"/> itself, with the same stride.</param>
    /// <param name="destinationStride">Elements from one row of the destination to the next.</param>
    public static void SoftmaxRowsGradient<T>(int rows, int columns, ReadOnlySpan<T> output, int outputStride, ReadOnlySpan<T> gradient, int gradientStride, Span<T> destination, int destinationStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ApplyGradient(default(SoftmaxRowsGradientRun<T>), rows, columns, output, outputStride, gradient, gradientStride, destination, destinationStride);

    /// <summary>Each row of the destination is the log-softmax of the row of x: (xᵢⱼ − maxᵢ) − ln Σⱼ e^(xᵢⱼ − maxᵢ). No overflow for any finite numbers, and what is far below the largest keeps its digits.</summary>
    /// <inheritdoc cref="SoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>
    public static void LogSoftmaxRows<T>(int rows, int columns, ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => LogSoftmaxRows(rows, columns, x, columns, destination, columns);

    /// <inheritdoc cref="LogSoftmaxRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SoftmaxRows{T}(int, int, ReadOnlySpan{T}, int, Span{T}, int)"/>
    public static void LogSoftmaxRows<T>(int rows, int columns, ReadOnlySpan<T> x, int xStride, Span<T> destination, int destinationStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Apply(default(LogSoftmaxRowsRun<T>), rows, columns, x, xStride, destination, destinationStride);

    /// <summary>The gradient through the log-softmax of each row: destinationᵢⱼ = gradientᵢⱼ − e^outputᵢⱼ·Σⱼ gradientᵢⱼ.</summary>
    /// <inheritdoc cref="SoftmaxRowsGradient{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void LogSoftmaxRowsGradient<T>(int rows, int columns, ReadOnlySpan<T> output, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => LogSoftmaxRowsGradient(rows, columns, output, columns, gradient, columns, destination, columns);

    /// <inheritdoc cref="LogSoftmaxRowsGradient{T}(int, int, ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SoftmaxRowsGradient{T}(int, int, ReadOnlySpan{T}, int, ReadOnlySpan{T}, int, Span{T}, int)"/>
    public static void LogSoftmaxRowsGradient<T>(int rows, int columns, ReadOnlySpan<T> output, int outputStride, ReadOnlySpan<T> gradient, int gradientStride, Span<T> destination, int destinationStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ApplyGradient(default(LogSoftmaxRowsGradientRun<T>), rows, columns, output, outputStride, gradient, gradientStride, destination, destinationStride);

    /// <summary>destinationᵢ = ln Σⱼ e^xᵢⱼ, as maxᵢ + ln Σⱼ e^(xᵢⱼ − maxᵢ): no overflow for any finite numbers.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="x">[rows × columns].</param>
    /// <param name="destination">[rows].</param>
    /// <remarks>−∞ for a row of no elements or of nothing but −∞, +∞ where an element is +∞ and none NaN, NaN where one is.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">The stride is too small, the span is too short for its matrix, or the destination has not one element a row or overlaps <paramref name="x"/>.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void LogSumExpRows<T>(int rows, int columns, ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => LogSumExpRows(rows, columns, x, columns, destination);

    /// <inheritdoc cref="LogSumExpRows{T}(int, int, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="x">[rows × columns].</param>
    /// <param name="xStride">Elements from one row of x to the next.</param>
    /// <param name="destination">[rows].</param>
    public static void LogSumExpRows<T>(int rows, int columns, ReadOnlySpan<T> x, int xStride, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> matrix = Operands.Matrix(x, rows, columns, xStride);
        Operands.CheckVector(rows, destination.Length, nameof(x), rows, columns);
        Operands.CheckApart<T>(new(matrix), new(destination), nameof(x), nameof(destination));
        KernelSets.Active<T>().LogSumExpRows(matrix, destination);
    }

    /// <summary>destinationⱼ = Σᵢ xᵢⱼ, or destinationⱼ += it: the rows are added in order.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">Rows of x.</param>
    /// <param name="columns">Columns of x.</param>
    /// <param name="x">[rows × columns].</param>
    /// <param name="xStride">Elements from one row of x to the next.</param>
    /// <param name="destination">[columns].</param>
    /// <param name="accumulate">False: the destination is overwritten without being read. True: the sums start from it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">The stride is too small, the span is too short for its matrix, or the destination has not one element a column or overlaps <paramref name="x"/>.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void SumColumns<T>(int rows, int columns, ReadOnlySpan<T> x, int xStride, Span<T> destination, bool accumulate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlyMatrixView<T> matrix = Operands.Matrix(x, rows, columns, xStride);
        Operands.CheckVector(columns, destination.Length, nameof(x), rows, columns);
        Operands.CheckApart<T>(new(matrix), new(destination), nameof(x), nameof(destination));
        KernelSets.Active<T>().ColumnSums(matrix, destination, accumulate);
    }

    /// <summary>destinationⱼ = Σᵢ xᵢⱼ: the rows are added in order.</summary>
    /// <inheritdoc cref="SumColumns{T}(int, int, ReadOnlySpan{T}, int, Span{T}, bool)"/>
    public static void SumColumns<T>(int rows, int columns, ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => SumColumns(rows, columns, x, columns, destination, accumulate: false);

    /// <summary>cᵢⱼ += biasⱼ for every row.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="rows">Rows of C.</param>
    /// <param name="columns">Columns of C.</param>
    /// <param name="bias">[columns].</param>
    /// <param name="c">C, [rows × columns], added to.</param>
    /// <param name="cStride">Elements from one row of C to the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    /// <exception cref="ArgumentException">The stride is too small, the span is too short for its matrix, or the bias has not one element a column or overlaps C.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void AddBias<T>(int rows, int columns, ReadOnlySpan<T> bias, Span<T> c, int cStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        MatrixView<T> matrix = Operands.Matrix(c, rows, columns, cStride);
        Operands.CheckVector(columns, bias.Length, nameof(c), rows, columns);
        Operands.CheckApart<T>(new(bias), new(matrix), nameof(bias), nameof(c));
        KernelSets.Active<T>().AddBias(bias, matrix);
    }

    /// <inheritdoc cref="AddBias{T}(int, int, ReadOnlySpan{T}, Span{T}, int)"/>
    public static void AddBias<T>(int rows, int columns, ReadOnlySpan<T> bias, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => AddBias(rows, columns, bias, c, columns);

    private static void Apply<T, TRun>(TRun run, int rows, int columns, ReadOnlySpan<T> x, int xStride, Span<T> destination, int destinationStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRun : struct, IRowsRun<T>
    {
        ReadOnlyMatrixView<T> logits = Operands.Matrix(x, rows, columns, xStride);
        MatrixView<T> results = Operands.Matrix(destination, rows, columns, destinationStride);
        Operands.CheckSameOrApart<T>(new(logits), new(results), nameof(x), nameof(destination));
        KernelSet<T> kernels = KernelSets.Active<T>();
        if (columns > 0)
        {
            Copy(logits, results);
            run.Invoke(kernels, results, results);
        }
    }

    private static void ApplyGradient<T, TRun>(TRun run, int rows, int columns, ReadOnlySpan<T> output, int outputStride, ReadOnlySpan<T> gradient, int gradientStride, Span<T> destination, int destinationStride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRun : struct, IRowsRun<T>
    {
        ReadOnlyMatrixView<T> outputs = Operands.Matrix(output, rows, columns, outputStride);
        ReadOnlyMatrixView<T> gradients = Operands.Matrix(gradient, rows, columns, gradientStride);
        MatrixView<T> results = Operands.Matrix(destination, rows, columns, destinationStride);
        Operands.CheckApart<T>(new(outputs), new(results), nameof(output), nameof(destination));
        Operands.CheckSameOrApart<T>(new(gradients), new(results), nameof(gradient), nameof(destination));
        KernelSet<T> kernels = KernelSets.Active<T>();
        if (columns > 0)
        {
            Copy(gradients, results);
            run.Invoke(kernels, outputs, results);
        }
    }

    private static void Copy<T>(ReadOnlyMatrixView<T> source, MatrixView<T> destination)
        where T : unmanaged
    {
        if (source.IsContiguous && destination.IsContiguous)
        {
            source.Elements.CopyTo(destination.Elements);
            return;
        }

        for (int i = 0; i < source.Rows; i++)
        {
            source.Row(i).CopyTo(destination.Row(i));
        }
    }
}
