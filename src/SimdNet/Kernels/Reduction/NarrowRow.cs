using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>A row of at most two vectors: how it falls into them.</summary>
internal readonly unsafe ref struct NarrowRow<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly int _firstCount;
    private readonly int _secondCount;

    /// <param name="columns">0 to two vectors.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public NarrowRow(int columns)
    {
        _firstCount = int.Min(columns, TWidth.Count);
        _secondCount = columns - _firstCount;
        FirstMask = TWidth.FirstMask(_firstCount);
        SecondMask = TWidth.FirstMask(_secondCount);
    }

    /// <summary>Lanes of the first vector.</summary>
    public TVector FirstMask { get; }

    /// <summary>Lanes of the second vector.</summary>
    public TVector SecondMask { get; }

    /// <summary>True where the second vector is not empty.</summary>
    public bool IsTwo => _secondCount > 0;

    /// <summary>Reads a row; lanes beyond its end are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Load(T* row, out TVector first, out TVector second)
    {
        first = TWidth.LoadFirst(row, _firstCount, FirstMask);
        second = IsTwo ? TWidth.LoadFirst(row + TWidth.Count, _secondCount, SecondMask) : default;
    }

    /// <summary>Writes a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* row, TVector first, TVector second)
    {
        TWidth.StoreFirst(row, first, _firstCount, FirstMask);
        if (IsTwo)
        {
            TWidth.StoreFirst(row + TWidth.Count, second, _secondCount, SecondMask);
        }
    }

    /// <summary>The dot product of two rows that were read by <see cref="Load"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Dot(TVector a0, TVector a1, TVector b0, TVector b1)
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector lanes = TWidth.MultiplyAdd(a0, b0, zero);
        if (IsTwo)
        {
            lanes = TWidth.Add(lanes, TWidth.MultiplyAdd(a1, b1, zero));
        }

        return TWidth.Fold<SumFold<T>>(lanes);
    }
}
