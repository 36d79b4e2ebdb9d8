using System;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SimdNet.Memory;

/// <summary>The elements of a tensor by their distance from the first. The tensor has been checked: its lengths and strides lie within its memory.</summary>
internal readonly ref struct TensorMemory<T>
    where T : unmanaged
{
    private readonly ref T _first;

    public TensorMemory(ReadOnlyTensorSpan<T> tensor)
        => _first = ref Unsafe.AsRef(in tensor.GetPinnableReference());

    /// <summary>The first element.</summary>
    public ref T First => ref _first;

    /// <summary>Elements that follow each other. Those of a tensor that may only be read are not written to.</summary>
    public Span<T> Run(nint offset, int length) => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _first, offset), length);

    /// <summary>Rows of elements that follow each other.</summary>
    public MatrixView<T> Rows(nint offset, int rows, int columns, int stride) => new(Run(offset, rows == 0 || columns == 0 ? 0 : checked(((rows - 1) * stride) + columns)), rows, columns, stride);

    /// <summary>Copies elements that are <paramref name="stride"/> apart.</summary>
    public void Gather(nint offset, nint stride, Span<T> destination)
    {
        ref T source = ref Unsafe.Add(ref _first, offset);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = Unsafe.Add(ref source, i * stride);
        }
    }

    /// <summary>Copies to elements that are <paramref name="stride"/> apart.</summary>
    public void Scatter(nint offset, nint stride, ReadOnlySpan<T> values)
    {
        ref T destination = ref Unsafe.Add(ref _first, offset);
        for (int i = 0; i < values.Length; i++)
        {
            Unsafe.Add(ref destination, i * stride) = values[i];
        }
    }
}
