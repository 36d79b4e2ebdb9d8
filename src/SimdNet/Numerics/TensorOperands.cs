using System;
using System.Numerics.Tensors;

using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>The checks of tensor spans at the surface, all before the first write. Their messages name both shapes.</summary>
internal static class TensorOperands
{
    /// <summary>Two tensors of the same lengths. Nothing is broadcast.</summary>
    public static void CheckSameShape<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y, string xName, string yName)
    {
        if (!x.Lengths.SequenceEqual(y.Lengths))
        {
            Operands.Throw($"{yName} has the shape {Text(y.Lengths)} and {xName} {Text(x.Lengths)}: they must be the same.", yName);
        }
    }

    /// <summary>A matrix whose rows or columns are runs of elements.</summary>
    public static TensorMatrix<T> Matrix<T>(in ReadOnlyTensorSpan<T> tensor, string name)
        where T : unmanaged
    {
        if (!TensorMatrix<T>.TryCreate(tensor, out TensorMatrix<T> matrix))
        {
            Operands.Throw($"{name}, of the shape {Text(tensor.Lengths)}, has the strides {Text(tensor.Strides)}: it must be a matrix with a stride of 1 along its rows or its columns, whose rows or columns do not overlap.", name);
        }

        return matrix;
    }

    /// <summary>A matrix whose rows are runs of elements.</summary>
    public static MatrixView<T> RowMatrix<T>(in ReadOnlyTensorSpan<T> tensor, string name)
        where T : unmanaged
    {
        if (!TensorMatrix<T>.TryCreate(tensor, out TensorMatrix<T> matrix) || matrix.IsTransposed)
        {
            Operands.Throw($"{name}, of the shape {Text(tensor.Lengths)}, has the strides {Text(tensor.Strides)}: it must be a matrix with a stride of 1 along its rows, which do not overlap.", name);
        }

        return matrix.View;
    }

    /// <summary>A vector that is a run of elements.</summary>
    public static Span<T> Vector<T>(in ReadOnlyTensorSpan<T> tensor, string name)
        where T : unmanaged
    {
        if (tensor.Rank != 1 || (tensor.Lengths[0] > 1 && tensor.Strides[0] != 1) || tensor.Lengths[0] > Array.MaxLength)
        {
            Operands.Throw($"{name}, of the shape {Text(tensor.Lengths)}, has the strides {Text(tensor.Strides)}: it must be a vector with a stride of 1.", name);
        }

        return new TensorMemory<T>(tensor).Run(0, (int)tensor.Lengths[0]);
    }

    /// <summary>A tensor that is written: every index has an element of its own. So it is where each stride leads beyond what the smaller ones span.</summary>
    public static void CheckDestination<T>(in ReadOnlyTensorSpan<T> destination, string name)
    {
        if (destination.IsDense || destination.FlattenedLength == 0)
        {
            return;
        }

        for (int i = 0; i < destination.Rank; i++)
        {
            if (destination.Lengths[i] > 1 && destination.Strides[i] < ExtentBelow(destination, i))
            {
                Operands.Throw($"{name}, of the shape {Text(destination.Lengths)} and the strides {Text(destination.Strides)}, has elements that several indices share: it cannot be written to.", name);
            }
        }
    }

    /// <summary>A tensor whose vectors along the last dimension are runs of elements.</summary>
    public static void CheckRows<T>(in ReadOnlyTensorSpan<T> tensor, string name)
    {
        if (tensor.FlattenedLength > 0 && tensor.Lengths[^1] > 1 && (tensor.Strides[^1] != 1 || tensor.Lengths[^1] > Array.MaxLength))
        {
            Operands.Throw($"{name}, of the shape {Text(tensor.Lengths)}, has the strides {Text(tensor.Strides)}: the last must be 1, and the last length at most {Array.MaxLength}.", name);
        }
    }

    /// <summary>In place, or apart.</summary>
    public static void CheckSameOrApart<T>(in ReadOnlyTensorSpan<T> source, in ReadOnlyTensorSpan<T> destination, string sourceName, string name)
        where T : unmanaged
    {
        Footprint<T> read = FootprintOf(source);
        Footprint<T> written = FootprintOf(destination);
        if (!read.IsSame(written) || !HasSameStrides(source, destination))
        {
            Operands.CheckApart(read, written, sourceName, name);
        }
    }

    /// <summary>The memory of a tensor: its largest stride apart, what the other dimensions span.</summary>
    public static Footprint<T> FootprintOf<T>(in ReadOnlyTensorSpan<T> tensor)
        where T : unmanaged
    {
        nint width = 1;
        int outer = -1;
        for (int i = 0; i < tensor.Rank; i++)
        {
            nint length = tensor.Lengths[i];
            if (length == 0)
            {
                return default;
            }

            width += (length - 1) * tensor.Strides[i];
            outer = length > 1 && (outer < 0 || tensor.Strides[i] > tensor.Strides[outer]) ? i : outer;
        }

        ref T first = ref new TensorMemory<T>(tensor).First;
        if (outer < 0)
        {
            return new(ref first, tensor.FlattenedLength, 1, 1);
        }

        nint stride = tensor.Strides[outer];
        nint rows = stride == 0 ? 1 : tensor.Lengths[outer];
        return new(ref first, rows, width - ((tensor.Lengths[outer] - 1) * stride), stride);
    }

    /// <summary>A shape or strides as messages show them.</summary>
    public static string Text(ReadOnlySpan<nint> numbers) => $"[{string.Join(", ", numbers.ToArray())}]";

    private static bool HasSameStrides<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y)
    {
        for (int i = 0; i < x.Rank; i++)
        {
            if (x.Lengths[i] > 1 && x.Strides[i] != y.Strides[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Elements that the dimensions of smaller strides span.</summary>
    private static nint ExtentBelow<T>(in ReadOnlyTensorSpan<T> tensor, int dimension)
    {
        nint stride = tensor.Strides[dimension];
        nint extent = 1;
        for (int i = 0; i < tensor.Rank; i++)
        {
            bool isBelow = tensor.Strides[i] < stride || (tensor.Strides[i] == stride && i < dimension);
            extent += isBelow && tensor.Lengths[i] > 1 ? (tensor.Lengths[i] - 1) * tensor.Strides[i] : 0;
        }

        return extent;
    }
}
