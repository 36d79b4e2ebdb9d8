using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SimdNet.Memory;

/// <summary>A row-major matrix in somebody else's memory: element (i, j) is at <c>i · Stride + j</c>.</summary>
/// <remarks>Columns beyond <see cref="Columns"/> in a row, up to the stride, belong to others and are neither read nor written.</remarks>
internal readonly ref struct MatrixView<T>
    where T : unmanaged
{
    private readonly ref T _first;

    /// <param name="data">At least (rows − 1) · stride + columns elements; none where rows or columns is 0.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="stride">Elements from one row to the next, at least <paramref name="columns"/>.</param>
    public MatrixView(Span<T> data, int rows, int columns, int stride)
    {
        Debug.Assert(rows >= 0 && columns >= 0 && stride >= columns, "A view has a shape.");
        Debug.Assert(rows == 0 || columns == 0 || data.Length >= ((long)(rows - 1) * stride) + columns, "A view lies within its data.");
        _first = ref MemoryMarshal.GetReference(data);
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <summary>A matrix whose rows follow each other without a gap.</summary>
    public MatrixView(Span<T> data, int rows, int columns)
        : this(data, rows, columns, columns)
    {
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Stride { get; }

    /// <summary>True where the elements are one block without gaps.</summary>
    public bool IsContiguous => Stride == Columns || Rows <= 1;

    /// <summary>The first element.</summary>
    public ref T First => ref _first;

    /// <summary>Row <paramref name="row"/>, <see cref="Columns"/> elements.</summary>
    public Span<T> Row(int row)
    {
        Debug.Assert((uint)row < (uint)Rows, "A row of the matrix.");
        return MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, (nint)row * Stride), Columns);
    }

    /// <summary>The matrix with the gaps between its rows.</summary>
    public Span<T> Data => MemoryMarshal.CreateSpan(ref _first, Rows == 0 || Columns == 0 ? 0 : ((Rows - 1) * Stride) + Columns);

    /// <summary>All elements of a contiguous matrix.</summary>
    public Span<T> Elements
    {
        get
        {
            Debug.Assert(IsContiguous, "Only a contiguous matrix is one span.");
            return MemoryMarshal.CreateSpan(ref _first, Rows * Columns);
        }
    }

    /// <summary>Rows <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    public MatrixView<T> Slice(int start, int count)
    {
        Debug.Assert(start >= 0 && count >= 0 && start + count <= Rows, "Rows of the matrix.");
        return new MatrixView<T>(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, (nint)start * Stride), count == 0 ? 0 : ((count - 1) * Stride) + Columns), count, Columns, Stride);
    }

    /// <summary>Columns <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> − 1.</summary>
    public MatrixView<T> SliceColumns(int start, int count)
    {
        Debug.Assert(start >= 0 && count >= 0 && start + count <= Columns, "Columns of the matrix.");
        return new MatrixView<T>(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, start), Rows == 0 || count == 0 ? 0 : ((Rows - 1) * Stride) + count), Rows, count, Stride);
    }

    public static implicit operator ReadOnlyMatrixView<T>(MatrixView<T> matrix) => new(ref matrix._first, matrix.Rows, matrix.Columns, matrix.Stride);
}

/// <summary>A <see cref="MatrixView{T}"/> that is only read.</summary>
internal readonly ref struct ReadOnlyMatrixView<T>
    where T : unmanaged
{
    private readonly ref readonly T _first;

    internal ReadOnlyMatrixView(ref readonly T first, int rows, int columns, int stride)
    {
        _first = ref first;
        Rows = rows;
        Columns = columns;
        Stride = stride;
    }

    /// <inheritdoc cref="MatrixView{T}(Span{T}, int, int, int)"/>
    public ReadOnlyMatrixView(ReadOnlySpan<T> data, int rows, int columns, int stride)
        : this(ref MemoryMarshal.GetReference(data), rows, columns, stride)
    {
        Debug.Assert(rows >= 0 && columns >= 0 && stride >= columns, "A view has a shape.");
        Debug.Assert(rows == 0 || columns == 0 || data.Length >= ((long)(rows - 1) * stride) + columns, "A view lies within its data.");
    }

    /// <inheritdoc cref="MatrixView{T}(Span{T}, int, int)"/>
    public ReadOnlyMatrixView(ReadOnlySpan<T> data, int rows, int columns)
        : this(data, rows, columns, columns)
    {
    }

    public int Rows { get; }

    public int Columns { get; }

    public int Stride { get; }

    /// <inheritdoc cref="MatrixView{T}.IsContiguous"/>
    public bool IsContiguous => Stride == Columns || Rows <= 1;

    /// <inheritdoc cref="MatrixView{T}.First"/>
    public ref readonly T First => ref _first;

    /// <inheritdoc cref="MatrixView{T}.Row(int)"/>
    public ReadOnlySpan<T> Row(int row)
    {
        Debug.Assert((uint)row < (uint)Rows, "A row of the matrix.");
        return MemoryMarshal.CreateReadOnlySpan(in Unsafe.Add(ref Unsafe.AsRef(in _first), (nint)row * Stride), Columns);
    }

    /// <inheritdoc cref="MatrixView{T}.Elements"/>
    public ReadOnlySpan<T> Elements
    {
        get
        {
            Debug.Assert(IsContiguous, "Only a contiguous matrix is one span.");
            return MemoryMarshal.CreateReadOnlySpan(in _first, Rows * Columns);
        }
    }

    /// <inheritdoc cref="MatrixView{T}.Slice(int, int)"/>
    public ReadOnlyMatrixView<T> Slice(int start, int count)
    {
        Debug.Assert(start >= 0 && count >= 0 && start + count <= Rows, "Rows of the matrix.");
        return new ReadOnlyMatrixView<T>(in Unsafe.Add(ref Unsafe.AsRef(in _first), (nint)start * Stride), count, Columns, Stride);
    }

    /// <inheritdoc cref="MatrixView{T}.SliceColumns(int, int)"/>
    public ReadOnlyMatrixView<T> SliceColumns(int start, int count)
    {
        Debug.Assert(start >= 0 && count >= 0 && start + count <= Columns, "Columns of the matrix.");
        return new ReadOnlyMatrixView<T>(in Unsafe.Add(ref Unsafe.AsRef(in _first), start), Rows, count, Stride);
    }
}
