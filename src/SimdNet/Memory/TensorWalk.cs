using System;
using System.Diagnostics;

namespace SimdNet.Memory;

/// <summary>The way through three tensors of the same lengths in step: the innermost dimension is the caller's, the walk moves over the others.</summary>
/// <remarks>
/// Dimensions of length 1 are left out and neighbours that lie behind each other in all three become one, so that dense tensors are one run. Where the order does not matter the dimensions are
/// sorted by the stride in the destination: tensors that are transposed alike are walked as they lie in memory.
/// </remarks>
internal ref struct TensorWalk
{
    /// <summary>Numbers that a dimension takes: its length, the position in it, three strides.</summary>
    private const int Parts = 5;

    private readonly Span<nint> _lengths;
    private readonly Span<nint> _positions;
    private readonly Span<nint> _x;
    private readonly Span<nint> _y;
    private readonly Span<nint> _destination;
    private readonly int _outer;

    /// <param name="storage">As many numbers as <see cref="StorageFor"/> says.</param>
    /// <param name="lengths">None of them 0.</param>
    /// <param name="x">Strides of the first operand.</param>
    /// <param name="y">Strides of the second operand.</param>
    /// <param name="destination">Strides of the third.</param>
    /// <param name="inOrder">True walks in the order of the indices, which fixes the bits of a sum.</param>
    public TensorWalk(Span<nint> storage, ReadOnlySpan<nint> lengths, ReadOnlySpan<nint> x, ReadOnlySpan<nint> y, ReadOnlySpan<nint> destination, bool inOrder)
    {
        Debug.Assert(storage.Length >= StorageFor(lengths), "The storage is for these lengths.");
        int part = storage.Length / Parts;
        _lengths = storage[..part];
        _positions = storage.Slice(part, part);
        _x = storage.Slice(2 * part, part);
        _y = storage.Slice(3 * part, part);
        _destination = storage.Slice(4 * part, part);
        _positions.Clear();
        int count = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] != 1)
            {
                int at = count++;
                for (; !inOrder && at > 0 && _destination[at - 1] < destination[i]; at--)
                {
                    Set(at, _lengths[at - 1], _x[at - 1], _y[at - 1], _destination[at - 1]);
                }

                Set(at, lengths[i], x[i], y[i], destination[i]);
            }
        }

        int last = 0;
        for (int i = 1; i < count; i++)
        {
            nint length = _lengths[i];
            bool isOne = _x[last] == _x[i] * length && _y[last] == _y[i] * length && _destination[last] == _destination[i] * length;
            length *= isOne ? _lengths[last] : 1;
            last += isOne ? 0 : 1;
            Set(last, length, _x[i], _y[i], _destination[i]);
        }

        _outer = last;
        if (count == 0)
        {
            Set(0, 1, 1, 1, 1);
        }
    }

    /// <summary>Elements of the innermost dimension.</summary>
    public readonly nint Length => _lengths[_outer];

    /// <summary>Elements between neighbours of the innermost dimension.</summary>
    public readonly nint XStride => _x[_outer];

    /// <inheritdoc cref="XStride"/>
    public readonly nint YStride => _y[_outer];

    /// <inheritdoc cref="XStride"/>
    public readonly nint DestinationStride => _destination[_outer];

    /// <summary>Where the innermost dimension begins now, in elements from the first.</summary>
    public nint X { get; private set; }

    /// <inheritdoc cref="X"/>
    public nint Y { get; private set; }

    /// <inheritdoc cref="X"/>
    public nint Destination { get; private set; }

    /// <summary>Numbers of storage that tensors of such lengths take. At most 63 dimensions can be longer than 1: the number of elements is a number.</summary>
    public static int StorageFor(ReadOnlySpan<nint> lengths)
    {
        int count = 0;
        foreach (nint length in lengths)
        {
            count += length == 1 ? 0 : 1;
        }

        return Parts * int.Max(1, count);
    }

    /// <summary>Moves to the next beginning; false where there is none.</summary>
    public bool Next()
    {
        for (int i = _outer - 1; i >= 0; i--)
        {
            X += _x[i];
            Y += _y[i];
            Destination += _destination[i];
            if (++_positions[i] < _lengths[i])
            {
                return true;
            }

            X -= _x[i] * _lengths[i];
            Y -= _y[i] * _lengths[i];
            Destination -= _destination[i] * _lengths[i];
            _positions[i] = 0;
        }

        return false;
    }

    private readonly void Set(int at, nint length, nint x, nint y, nint destination)
    {
        _lengths[at] = length;
        _x[at] = x;
        _y[at] = y;
        _destination[at] = destination;
    }
}
