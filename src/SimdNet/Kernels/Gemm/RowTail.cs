using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Whether the last vector of a row is partial.</summary>
internal interface IRowTail
{
    /// <summary>True where it is read and written under a mask.</summary>
    static abstract bool IsPartial { get; }
}

/// <inheritdoc cref="IRowTail"/>
internal readonly struct WholeTail : IRowTail
{
    public static bool IsPartial => false;
}

/// <inheritdoc cref="IRowTail"/>
internal readonly struct PartialTail : IRowTail
{
    public static bool IsPartial => true;
}

/// <summary>Reads and writes the last vector of a row.</summary>
internal static unsafe class RowTail<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TTail>(T* source, int count, TVector mask)
        where TTail : struct, IRowTail
        => TTail.IsPartial ? TWidth.LoadFirst(source, count, mask) : TWidth.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TTail>(T* destination, TVector value, int count, TVector mask)
        where TTail : struct, IRowTail
    {
        if (TTail.IsPartial)
        {
            TWidth.StoreFirst(destination, value, count, mask);
        }
        else
        {
            TWidth.Store(destination, value);
        }
    }
}
