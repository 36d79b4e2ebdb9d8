using System;
using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

using SimdNet.Data;

namespace SimdNet;

/// <summary>An array of numbers with a shape, as NPY, NPZ and IDX files hold it: elements keep the type that they have in the file.</summary>
/// <remarks>Elements are in C order (the last index runs fastest) and in this machine's byte order, whatever the file had. Immutable and safe to share between threads.</remarks>
public sealed class NpyArray
{
    private readonly byte[] _bytes;
    private readonly int[] _shape;

    /// <param name="type">Element type.</param>
    /// <param name="shape">Size of each dimension; not copied.</param>
    /// <param name="bytes">The elements in C order and native byte order; not copied.</param>
    /// <param name="source">Where it was read, for messages.</param>
    internal NpyArray(NpyElementType type, int[] shape, byte[] bytes, string? source)
    {
        Debug.Assert(
            ArrayShape.CountOrNull(shape) is int count && (long)count * ElementTypes.SizeOf(type) == bytes.Length, "The bytes are those of the shape.");
        Type = type;
        _shape = shape;
        _bytes = bytes;
        Source = source;
        Length = bytes.Length / ElementTypes.SizeOf(type);
    }

    /// <summary>Type of the elements.</summary>
    public NpyElementType Type { get; }

    /// <summary>Size of each dimension; empty for a single number.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Number of elements, the product of <see cref="Shape"/>.</summary>
    public int Length { get; }

    /// <summary>Whether the elements are whole numbers; truth values count as 0 and 1.</summary>
    public bool IsInteger => ElementTypes.IsInteger(Type);

    /// <summary>File, and name in the archive, that the array was read from.</summary>
    internal string? Source { get; }

    /// <summary>The elements in C order and native byte order.</summary>
    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Makes an array from values in C order; they are copied.</summary>
    /// <typeparam name="T"><see cref="bool"/>, an integer type of 8 to 64 bits, <see cref="Half"/>, <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="values">The elements, the last index running fastest.</param>
    /// <param name="shape">Size of each dimension, none negative; empty for a single number.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than the shape has, or more than <see cref="Array.MaxLength"/> bytes.</exception>
    /// <exception cref="NotSupportedException">The type is none of those.</exception>
    public static NpyArray Create<T>(ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        NpyElementType type = ElementTypes.Of<T>();
        CheckShape(values.Length, shape);
        if ((long)values.Length * ElementTypes.SizeOf(type) > Array.MaxLength)
        {
            throw new ArgumentException($"{values.Length} values of {ElementTypes.SizeOf(type)} bytes are more than one array holds, which is {Array.MaxLength} bytes. Split them.", nameof(values));
        }

        return new NpyArray(type, shape.ToArray(), MemoryMarshal.AsBytes(values).ToArray(), source: null);
    }

    /// <summary>The elements in C order, converted to <typeparamref name="T"/>: the same bits if the types agree, otherwise rounded to the nearest.</summary>
    /// <returns>A new array of <see cref="Length"/> values.</returns>
    public T[] ToArray<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = GC.AllocateUninitializedArray<T>(Length);
        CopyTo<T>(values);
        return values;
    }

    /// <summary>Writes the elements in C order, converted to <typeparamref name="T"/>: the same bits if the types agree, otherwise rounded to the nearest.</summary>
    /// <param name="destination">Exactly <see cref="Length"/> values.</param>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void CopyTo<T>(Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (destination.Length != Length)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} elements, the array {Length} with shape {ArrayShape.Text(_shape)}.", nameof(destination));
        }

        CopyTo(0, destination);
    }

    /// <summary>The same for a part: as many elements as the destination takes, from one on.</summary>
    internal void CopyTo<T>(int start, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Type)
        {
            case NpyElementType.Boolean:
                for (int i = 0; i < destination.Length; i++)
                {
                    destination[i] = _bytes[start + i] != 0 ? T.One : T.Zero;
                }

                break;
            case NpyElementType.Int8:
                Convert<sbyte, T>(start, destination);
                break;
            case NpyElementType.UInt8:
                Convert<byte, T>(start, destination);
                break;
            case NpyElementType.Int16:
                Convert<short, T>(start, destination);
                break;
            case NpyElementType.UInt16:
                Convert<ushort, T>(start, destination);
                break;
            case NpyElementType.Int32:
                Convert<int, T>(start, destination);
                break;
            case NpyElementType.UInt32:
                Convert<uint, T>(start, destination);
                break;
            case NpyElementType.Int64:
                Convert<long, T>(start, destination);
                break;
            case NpyElementType.UInt64:
                Convert<ulong, T>(start, destination);
                break;
            case NpyElementType.Float16:
                Convert<Half, T>(start, destination);
                break;
            case NpyElementType.Float32:
                Convert<float, T>(start, destination);
                break;
            case NpyElementType.Float64:
                Convert<double, T>(start, destination);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The elements as class labels.</summary>
    /// <returns>A new array of <see cref="Length"/> values, each from 0 to <see cref="int.MaxValue"/> − 1.</returns>
    /// <exception cref="InvalidOperationException">The elements are no whole numbers, or lie neither in one dimension nor in one column.</exception>
    /// <exception cref="SimdNetFormatException">An element is negative or too large for a label.</exception>
    public int[] ToLabels()
    {
        if (!IsInteger || !IsVector)
        {
            throw new InvalidOperationException(
                $"Class labels are whole numbers of shape (n,) or (n, 1); this array has the type {Type} and the shape {ArrayShape.Text(_shape)}.");
        }

        int[] labels = new int[Length];
        int bad = Type switch
        {
            NpyElementType.Boolean => Labels<byte>(labels, static value => value != 0 ? 1 : 0),
            NpyElementType.Int8 => Labels<sbyte>(labels, static value => value),
            NpyElementType.UInt8 => Labels<byte>(labels, static value => value),
            NpyElementType.Int16 => Labels<short>(labels, static value => value),
            NpyElementType.UInt16 => Labels<ushort>(labels, static value => value),
            NpyElementType.Int32 => Labels<int>(labels, static value => value),
            NpyElementType.UInt32 => Labels<uint>(labels, static value => value),
            NpyElementType.Int64 => Labels<long>(labels, static value => value),
            NpyElementType.UInt64 => Labels<ulong>(labels, static value => (long)Math.Min(value, long.MaxValue)),
            _ => throw new UnreachableException(),
        };
        return bad < 0
            ? labels
            : throw new SimdNetFormatException(
                $"the value in row {bad} (counted from 0) is no class label; labels are whole numbers from 0 to {int.MaxValue - 1}.", Source);
    }

    /// <summary>Whether the shape is (n,) or (n, 1).</summary>
    internal bool IsVector => _shape is [_] or [_, 1];

    /// <summary>Whether an element is below zero; only asked of whole numbers.</summary>
    internal bool HasNegative() => Type switch
    {
        NpyElementType.Int8 => MemoryMarshal.Cast<byte, sbyte>(_bytes).ContainsAnyInRange(sbyte.MinValue, (sbyte)-1),
        NpyElementType.Int16 => MemoryMarshal.Cast<byte, short>(_bytes).ContainsAnyInRange(short.MinValue, (short)-1),
        NpyElementType.Int32 => MemoryMarshal.Cast<byte, int>(_bytes).ContainsAnyInRange(int.MinValue, -1),
        NpyElementType.Int64 => MemoryMarshal.Cast<byte, long>(_bytes).ContainsAnyInRange(long.MinValue, -1L),
        _ => false,
    };

    /// <summary>Throws unless <paramref name="shape"/> has <paramref name="count"/> elements.</summary>
    internal static void CheckShape(int count, ReadOnlySpan<int> shape)
    {
        if (shape.Length > ArrayShape.MaxRank || ArrayShape.CountOrNull(shape) != count)
        {
            throw new ArgumentException($"There are {count} values for the shape {ArrayShape.Text(shape)}.", nameof(shape));
        }
    }

    private void Convert<TFrom, TTo>(int start, Span<TTo> destination)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(_bytes).Slice(start, destination.Length);
        if (typeof(TFrom) == typeof(TTo))
        {
            MemoryMarshal.AsBytes(values).CopyTo(MemoryMarshal.AsBytes(destination));
            return;
        }

        TensorPrimitives.ConvertTruncating(values, destination);
    }

    private int Labels<TFrom>(Span<int> labels, Func<TFrom, long> widen)
        where TFrom : unmanaged
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(_bytes);
        for (int i = 0; i < labels.Length; i++)
        {
            long value = widen(values[i]);
            if (value is < 0 or >= int.MaxValue)
            {
                return i;
            }

            labels[i] = (int)value;
        }

        return -1;
    }
}
