using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SimdNet.Memory;

/// <summary>The memory that an operand's elements lie in: rows of one width, one stride apart. It answers whether two operands share an element.</summary>
/// <remarks>
/// Exact for two blocks of columns of one matrix, and for anything that lies in the gap between the rows of another; where the strides differ, what lies between the first and the last element counts as used.
/// <code>
/// |aaaaa..bbb.|aaaaa..bbb.|aaaaa..bbb.|      a and b have the same stride: they meet where their columns do
/// </code>
/// </remarks>
internal readonly ref struct Footprint<T>
    where T : unmanaged
{
    private readonly ref readonly T _first;
    private readonly nint _rows;
    private readonly nint _width;
    private readonly nint _stride;

    /// <param name="first">The first element.</param>
    /// <param name="rows">Number of rows; 0 where there are no elements.</param>
    /// <param name="width">Elements from the first of a row to behind its last.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    public Footprint(ref readonly T first, nint rows, nint width, nint stride)
    {
        _first = ref first;
        _rows = width == 0 ? 0 : rows;
        _width = width * Unsafe.SizeOf<T>();
        _stride = stride * Unsafe.SizeOf<T>();
    }

    /// <summary>The elements of a span.</summary>
    public Footprint(ReadOnlySpan<T> span)
        : this(ref MemoryMarshal.GetReference(span), 1, span.Length, span.Length)
    {
    }

    /// <summary>The elements of a matrix, without the gaps between its rows.</summary>
    public Footprint(ReadOnlyMatrixView<T> matrix)
        : this(in matrix.First, matrix.Rows, matrix.Columns, matrix.Stride)
    {
    }

    private nint Extent => ((_rows - 1) * _stride) + _width;

    /// <summary>True where both are the same elements in the same order, given that their shapes are the same.</summary>
    public bool IsSame(Footprint<T> other) => Unsafe.AreSame(in _first, in other._first) && (_rows <= 1 || _stride == other._stride);

    /// <summary>True where an element of one may be an element of the other.</summary>
    public bool Overlaps(Footprint<T> other)
    {
        if (_rows == 0 || other._rows == 0)
        {
            return false;
        }

        nint distance = Unsafe.ByteOffset(in _first, in other._first);
        if (distance >= Extent || -distance >= other.Extent)
        {
            return false;
        }

        nint stride = _rows > 1 ? _stride : other._stride;
        if ((other._rows > 1 && other._stride != stride) || _width > stride || other._width > stride)
        {
            return true;
        }

        nint column = distance % stride;
        column += column < 0 ? stride : 0;
        return column < _width || column + other._width > stride;
    }
}
