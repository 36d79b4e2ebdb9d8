namespace SimdNet.Kernels;

/// <summary>A matrix inside a product: element (i, j) is at First + i · RowStride + j · ColumnStride. One of the strides is 1; a transpose exchanges them.</summary>
internal readonly unsafe struct Operand<T>(T* first, nint rowStride, nint columnStride)
    where T : unmanaged
{
    public T* First { get; } = first;

    public nint RowStride { get; } = rowStride;

    public nint ColumnStride { get; } = columnStride;

    public Operand<T> Transposed => new(First, ColumnStride, RowStride);

    /// <summary>The address of element (row, column).</summary>
    public T* At(nint row, nint column) => First + (row * RowStride) + (column * ColumnStride);
}
