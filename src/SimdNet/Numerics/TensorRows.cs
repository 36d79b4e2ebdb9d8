using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>A function of rows, as the walk over a tensor calls it for every matrix of them.</summary>
internal interface IRowsRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>True where the destination may be the first operand itself.</summary>
    static abstract bool WorksInPlace { get; }

    /// <param name="kernels">What computes.</param>
    /// <param name="x">First operand.</param>
    /// <param name="destination">The second operand on entry, the result on return.</param>
    void Invoke(KernelSet<T> kernels, ReadOnlyMatrixView<T> x, MatrixView<T> destination);
}

/// <summary>The softmax of each row; both operands are the logits.</summary>
internal readonly struct SoftmaxRowsRun<T> : IRowsRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlyMatrixView<T> x, MatrixView<T> destination) => kernels.SoftmaxRows(destination);
}

/// <summary>The gradient through the softmax of each row; the operands are its output and the gradient.</summary>
internal readonly struct SoftmaxRowsGradientRun<T> : IRowsRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool WorksInPlace => false;

    public void Invoke(KernelSet<T> kernels, ReadOnlyMatrixView<T> x, MatrixView<T> destination) => kernels.SoftmaxRowsGradient(x, destination);
}

/// <summary>The log-softmax of each row; both operands are the logits.</summary>
internal readonly struct LogSoftmaxRowsRun<T> : IRowsRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlyMatrixView<T> x, MatrixView<T> destination) => kernels.LogSoftmaxRows(destination);
}

/// <summary>The gradient through the log-softmax of each row; the operands are its output and the gradient.</summary>
internal readonly struct LogSoftmaxRowsGradientRun<T> : IRowsRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool WorksInPlace => false;

    public void Invoke(KernelSet<T> kernels, ReadOnlyMatrixView<T> x, MatrixView<T> destination) => kernels.LogSoftmaxRowsGradient(x, destination);
}

/// <summary>Functions of the vectors along the last dimension of tensors of any rank, as many at a time as lie one stride apart.</summary>
internal static class TensorRows
{
    /// <summary>Results that wait on the stack for their places.</summary>
    private const int Block = 64;

    /// <summary>The checks, then <paramref name="run"/> for all vectors.</summary>
    public static void Apply<T, TRun>(TRun run, in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, in TensorSpan<T> destination, string xName, string yName, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRun : struct, IRowsRun<T>
    {
        KernelSet<T> kernels = KernelSets.Active<T>();
        ReadOnlyTensorSpan<T> written = destination;
        TensorOperands.CheckSameShape(x, y, xName, yName);
        TensorOperands.CheckSameShape(x, written, xName, name);
        TensorOperands.CheckRows(x, xName);
        TensorOperands.CheckRows(y, yName);
        TensorOperands.CheckRows(written, name);
        TensorOperands.CheckDestination(written, name);
        TensorOperands.CheckSameOrApart(y, written, yName, name);
        if (!TRun.WorksInPlace)
        {
            Operands.CheckApart(TensorOperands.FootprintOf(x), TensorOperands.FootprintOf(written), xName, name);
        }

        if (x.FlattenedLength == 0)
        {
            return;
        }

        ReadOnlySpan<nint> lengths = x.Lengths[..^1];
        TensorWalk walk = new(stackalloc nint[TensorWalk.StorageFor(lengths)], lengths, x.Strides[..^1], y.Strides[..^1], written.Strides[..^1], inOrder: false);
        TensorMemory<T> xs = new(x);
        TensorMemory<T> ys = new(y);
        TensorMemory<T> destinations = new(written);
        int columns = (int)x.Lengths[^1];
        do
        {
            int block = int.Min(RowsAtOnce(walk.XStride, columns), RowsAtOnce(walk.DestinationStride, columns));
            for (nint start = 0; start < walk.Length; start += block)
            {
                int rows = (int)nint.Min(block, walk.Length - start);
                MatrixView<T> results = Rows(destinations, walk.Destination + (start * walk.DestinationStride), rows, columns, walk.DestinationStride);
                for (int row = 0; row < rows; row++)
                {
                    ys.Run(walk.Y + ((start + row) * walk.YStride), columns).CopyTo(results.Row(row));
                }

                run.Invoke(kernels, Rows(xs, walk.X + (start * walk.XStride), rows, columns, walk.XStride), results);
            }
        }
        while (walk.Next());
    }

    /// <inheritdoc cref="VectorPrimitives.LogSumExp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void LogSumExp<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelSet<T> kernels = KernelSets.Active<T>();
        ReadOnlyTensorSpan<T> written = destination;
        if (x.Rank < 2 || !x.Lengths[..^1].SequenceEqual(written.Lengths))
        {
            Operands.Throw($"destination has the shape {TensorOperands.Text(written.Lengths)}, which is not that of x, {TensorOperands.Text(x.Lengths)}, without its last dimension.", nameof(destination));
        }

        TensorOperands.CheckRows(x, nameof(x));
        TensorOperands.CheckDestination(written, nameof(destination));
        Operands.CheckApart(TensorOperands.FootprintOf(x), TensorOperands.FootprintOf(written), nameof(x), nameof(destination));
        if (written.FlattenedLength == 0)
        {
            return;
        }

        ReadOnlySpan<nint> lengths = written.Lengths;
        TensorWalk walk = new(stackalloc nint[TensorWalk.StorageFor(lengths)], lengths, x.Strides[..^1], x.Strides[..^1], written.Strides, inOrder: false);
        TensorMemory<T> xs = new(x);
        TensorMemory<T> destinations = new(written);
        int columns = (int)x.Lengths[^1];
        Span<T> buffer = stackalloc T[Block];
        do
        {
            int block = int.Min(Block, RowsAtOnce(walk.XStride, columns));
            for (nint start = 0; start < walk.Length; start += block)
            {
                Span<T> results = buffer[..(int)nint.Min(block, walk.Length - start)];
                kernels.LogSumExpRows(Rows(xs, walk.X + (start * walk.XStride), results.Length, columns, walk.XStride), results);
                destinations.Scatter(walk.Destination + (start * walk.DestinationStride), walk.DestinationStride, results);
            }
        }
        while (walk.Next());
    }

    /// <summary>Rows that one view can hold: one where they share elements, as in a broadcast tensor, or are further apart than a view counts.</summary>
    private static int RowsAtOnce(nint stride, int columns) => stride >= int.Max(1, columns) && stride < Array.MaxLength - columns ? (int)((Array.MaxLength - columns) / stride) : 1;

    private static MatrixView<T> Rows<T>(TensorMemory<T> tensor, nint offset, int rows, int columns, nint stride)
        where T : unmanaged
        => tensor.Rows(offset, rows, columns, rows == 1 ? columns : (int)stride);
}
