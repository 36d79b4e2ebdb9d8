using System;
using System.Numerics.Tensors;

namespace SimdNet.Memory;

/// <summary>A tensor of rank 2 as a row-major matrix: itself, or its transpose where its columns are the runs of elements.</summary>
internal readonly ref struct TensorMatrix<T>
    where T : unmanaged
{
    private TensorMatrix(MatrixView<T> view, bool isTransposed)
    {
        View = view;
        IsTransposed = isTransposed;
    }

    /// <summary>The matrix, or its transpose. One that may only be read is not written to.</summary>
    public MatrixView<T> View { get; }

    /// <summary>True where the tensor is the transpose of <see cref="View"/>.</summary>
    public bool IsTransposed { get; }

    /// <summary>Rows of the tensor.</summary>
    public int Rows => IsTransposed ? View.Columns : View.Rows;

    /// <summary>Columns of the tensor.</summary>
    public int Columns => IsTransposed ? View.Rows : View.Columns;

    /// <summary>False where the tensor is no matrix, or neither its rows nor its columns are runs of elements that share none.</summary>
    public static bool TryCreate(in ReadOnlyTensorSpan<T> tensor, out TensorMatrix<T> matrix)
    {
        matrix = default;
        if (tensor.Rank != 2)
        {
            return false;
        }

        (nint rows, nint columns, nint rowStride, nint columnStride) = (tensor.Lengths[0], tensor.Lengths[1], tensor.Strides[0], tensor.Strides[1]);
        bool isTransposed = !AreRuns(rows, columns, rowStride, columnStride);
        if (isTransposed)
        {
            (rows, columns, rowStride, columnStride) = (columns, rows, columnStride, rowStride);
            if (!AreRuns(rows, columns, rowStride, columnStride))
            {
                return false;
            }
        }

        nint stride = rows > 1 ? nint.Max(rowStride, columns) : columns;
        if (rows > Array.MaxLength || stride > Array.MaxLength || ((rows - 1) * stride) + columns > Array.MaxLength)
        {
            return false;
        }

        matrix = new(new TensorMemory<T>(tensor).Rows(0, (int)rows, (int)columns, (int)stride), isTransposed);
        return true;
    }

    private static bool AreRuns(nint rows, nint columns, nint rowStride, nint columnStride)
        => rows == 0 || columns == 0 || ((columns == 1 || columnStride == 1) && (rows == 1 || rowStride >= columns));
}
