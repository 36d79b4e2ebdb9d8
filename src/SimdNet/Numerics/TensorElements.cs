using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>Element-wise functions over tensors of any rank and any strides: whole runs where the elements follow each other in all operands, through a buffer on the stack where they do not.</summary>
internal static class TensorElements
{
    /// <summary>Elements that are gathered at a time: three buffers of them, 6 KB in double, are a sixth of L1 and of no weight on a stack. A multiple of the lanes of a reduction.</summary>
    private const int Block = 256;

    /// <summary>The checks, then <see cref="Walk{T, TRun}"/>.</summary>
    public static void Apply<T, TRun>(TRun run, in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination, string xName, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRun : struct, IElementRun<T>
        => Apply(run, x, x, destination, xName, xName, name);

    /// <inheritdoc cref="Apply{T, TRun}(TRun, in ReadOnlyTensorSpan{T}, in TensorSpan{T}, string, string)"/>
    public static void Apply<T, TRun>(TRun run, in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, in TensorSpan<T> destination, string xName, string yName, string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRun : struct, IElementRun<T>
    {
        KernelSet<T> kernels = KernelSets.Active<T>();
        ReadOnlyTensorSpan<T> written = destination;
        TensorOperands.CheckSameShape(x, y, xName, yName);
        TensorOperands.CheckSameShape(x, written, xName, name);
        TensorOperands.CheckDestination(written, name);
        if (TRun.WorksInPlace)
        {
            TensorOperands.CheckSameOrApart(x, written, xName, name);
        }
        else
        {
            Operands.CheckApart(TensorOperands.FootprintOf(x), TensorOperands.FootprintOf(written), xName, name);
        }

        TensorOperands.CheckSameOrApart(y, written, yName, name);
        Walk(kernels, ref run, x, y, written, inOrder: false);
    }

    /// <summary>Calls <paramref name="run"/> for all elements. A dense tensor is one run.</summary>
    /// <param name="kernels">What computes.</param>
    /// <param name="run">What is called.</param>
    /// <param name="x">First operand.</param>
    /// <param name="y">Second operand, of the same shape.</param>
    /// <param name="destination">Of the same shape; not touched where the run writes nothing.</param>
    /// <param name="inOrder">As in <see cref="TensorWalk"/>.</param>
    public static void Walk<T, TRun>(KernelSet<T> kernels, ref TRun run, in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, in ReadOnlyTensorSpan<T> destination, bool inOrder)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRun : struct, IElementRun<T>
    {
        if (x.FlattenedLength == 0)
        {
            return;
        }

        if (x.IsDense && y.IsDense && destination.IsDense && x.FlattenedLength <= Array.MaxLength)
        {
            int length = (int)x.FlattenedLength;
            Span<T> results = TRun.Writes ? new TensorMemory<T>(destination).Run(0, length) : [];
            run.Invoke(kernels, new TensorMemory<T>(x).Run(0, length), new TensorMemory<T>(y).Run(0, length), results);
            return;
        }

        TensorWalk walk = new(stackalloc nint[TensorWalk.StorageFor(x.Lengths)], x.Lengths, x.Strides, y.Strides, destination.Strides, inOrder);
        TensorMemory<T> xs = new(x);
        TensorMemory<T> ys = new(y);
        TensorMemory<T> destinations = new(destination);
        bool areRuns = walk is { XStride: 1, YStride: 1, DestinationStride: 1 };
        int block = areRuns ? Array.MaxLength / KernelSet<T>.Lanes * KernelSet<T>.Lanes : Block;
        Span<T> buffers = areRuns ? [] : stackalloc T[3 * Block];
        do
        {
            for (nint start = 0; start < walk.Length; start += block)
            {
                int count = (int)nint.Min(block, walk.Length - start);
                nint toDestination = walk.Destination + (start * walk.DestinationStride);
                ReadOnlySpan<T> first = Read(xs, walk.X + (start * walk.XStride), walk.XStride, areRuns ? [] : buffers[..count], count);
                ReadOnlySpan<T> second = TRun.ReadsSecond ? Read(ys, walk.Y + (start * walk.YStride), walk.YStride, areRuns ? [] : buffers.Slice(Block, count), count) : first;
                if (!TRun.Writes)
                {
                    run.Invoke(kernels, first, second, []);
                }
                else if (walk.DestinationStride == 1)
                {
                    run.Invoke(kernels, first, second, destinations.Run(toDestination, count));
                }
                else
                {
                    Span<T> waiting = buffers.Slice(2 * Block, count);
                    run.Invoke(kernels, first, second, waiting);
                    destinations.Scatter(toDestination, walk.DestinationStride, waiting);
                }
            }
        }
        while (walk.Next());
    }

    private static ReadOnlySpan<T> Read<T>(TensorMemory<T> tensor, nint offset, nint stride, Span<T> buffer, int count)
        where T : unmanaged
    {
        if (stride == 1)
        {
            return tensor.Run(offset, count);
        }

        tensor.Gather(offset, stride, buffer);
        return buffer;
    }
}
