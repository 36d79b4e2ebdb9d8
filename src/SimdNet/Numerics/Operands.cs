using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>The checks of spans at the surface, all before the first write. Their messages name both shapes.</summary>
internal static class Operands
{
    /// <summary>What an element-wise function writes: as many elements of the destination as the operand has. The two are the same memory or share none.</summary>
    public static Span<T> Destination<T>(ReadOnlySpan<T> x, Span<T> destination, [CallerArgumentExpression(nameof(x))] string xName = "", [CallerArgumentExpression(nameof(destination))] string name = "")
        where T : unmanaged
    {
        if (destination.Length < x.Length)
        {
            ThrowShort(x.Length, destination.Length, xName, name);
        }

        destination = destination[..x.Length];
        CheckSameOrApart<T>(new(x), new(destination), xName, name);
        return destination;
    }

    /// <summary>Two operands of one length.</summary>
    public static void CheckSameLength(int x, int y, [CallerArgumentExpression(nameof(x))] string xName = "", [CallerArgumentExpression(nameof(y))] string yName = "")
    {
        if (x != y)
        {
            Throw($"{Name(xName)} has {x} elements and {Name(yName)} has {y}: they must have the same number.", Name(yName));
        }
    }

    /// <summary>A vector along a side of a matrix.</summary>
    public static void CheckVector(int expected, int length, string matrix, int rows, int columns, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length != expected)
        {
            Throw($"{Name(name)} has {length} elements where {matrix}, [{rows} × {columns}], needs {expected}.", Name(name));
        }
    }

    /// <summary>A matrix in a span.</summary>
    public static ReadOnlyMatrixView<T> Matrix<T>(ReadOnlySpan<T> data, int rows, int columns, int stride, [CallerArgumentExpression(nameof(data))] string name = "")
        where T : unmanaged
    {
        CheckMatrix(data.Length, rows, columns, stride, name);
        return new(data, rows, columns, stride);
    }

    /// <inheritdoc cref="Matrix{T}(ReadOnlySpan{T}, int, int, int, string)"/>
    public static MatrixView<T> Matrix<T>(Span<T> data, int rows, int columns, int stride, [CallerArgumentExpression(nameof(data))] string name = "")
        where T : unmanaged
    {
        CheckMatrix(data.Length, rows, columns, stride, name);
        return new(data, rows, columns, stride);
    }

    /// <summary>What is written must not be read: no element of one is an element of the other.</summary>
    public static void CheckApart<T>(Footprint<T> source, Footprint<T> destination, string sourceName, string name)
        where T : unmanaged
    {
        if (source.Overlaps(destination))
        {
            Throw($"{name} overlaps {sourceName}, which is still read when {name} is written. Pass memory of its own for {name}.", name);
        }
    }

    /// <summary>In place, or apart.</summary>
    public static void CheckSameOrApart<T>(Footprint<T> source, Footprint<T> destination, string sourceName, string name)
        where T : unmanaged
    {
        if (!source.IsSame(destination) && source.Overlaps(destination))
        {
            Throw($"{name} overlaps {sourceName} without being the same: elements would be overwritten before they are read. Pass {sourceName} itself, or memory of its own.", name);
        }
    }

    /// <summary>The slope of a leaky rectifier whose derivative is read off its output.</summary>
    public static void CheckSlope<T>(T slope)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!(slope >= T.Zero))
        {
            throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope must be 0 or more: below, the output does not tell the sign of its argument.");
        }
    }

    [DoesNotReturn]
    public static void Throw(string message, string name) => throw new ArgumentException(message, name);

    private static void CheckMatrix(int length, int rows, int columns, int stride, string name)
    {
        long needed = rows == 0 || columns == 0 ? 0 : ((rows - 1L) * stride) + columns;
        if (rows < 0 || columns < 0 || stride < columns || needed > length)
        {
            ThrowMatrix(length, rows, columns, stride, needed, name);
        }
    }

    [DoesNotReturn]
    private static void ThrowMatrix(int length, int rows, int columns, int stride, long needed, string name)
    {
        if (rows < 0 || columns < 0)
        {
            throw new ArgumentOutOfRangeException(name, $"[{rows} × {columns}]", $"{name} has a side of less than 0.");
        }

        throw stride < columns
            ? new ArgumentException($"The rows of {name}, [{rows} × {columns}], would overlap: a stride of {stride} leaves less than {columns} elements from one to the next.", name)
            : new ArgumentException($"{name}, [{rows} × {columns}] with a stride of {stride}, takes {needed} elements; the span has {length}.", name);
    }

    [DoesNotReturn]
    private static void ThrowShort(int needed, int length, string xName, string name)
        => throw new ArgumentException($"{name} has {length} elements where {xName} has {needed}: it must have at least as many.", name);

    /// <summary>The argument of an expression such as x.Length.</summary>
    private static string Name(string expression) => expression.EndsWith(".Length", StringComparison.Ordinal) ? expression[..^".Length".Length] : expression;
}
