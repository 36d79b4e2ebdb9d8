using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>What a pass over the rows of W does.</summary>
internal interface IRowPass
{
    /// <summary>W += (α·x)·gᵀ.</summary>
    static abstract bool Updates { get; }

    /// <summary>y += Wᵀ·x, after the update.</summary>
    static abstract bool Forwards { get; }
}

/// <inheritdoc cref="IRowPass"/>
internal readonly struct ForwardPass : IRowPass
{
    public static bool Updates => false;

    public static bool Forwards => true;
}

/// <inheritdoc cref="IRowPass"/>
internal readonly struct UpdatePass : IRowPass
{
    public static bool Updates => true;

    public static bool Forwards => false;
}

/// <inheritdoc cref="IRowPass"/>
internal readonly struct UpdateAndForwardPass : IRowPass
{
    public static bool Updates => true;

    public static bool Forwards => true;
}

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

/// <summary>Which rows a pass visits.</summary>
internal interface IRowOrder
{
    /// <summary>True: those in a list. False: all, and no factor is 0.</summary>
    static abstract bool AreListed { get; }
}

/// <inheritdoc cref="IRowOrder"/>
internal readonly struct ListedRows : IRowOrder
{
    public static bool AreListed => true;
}

/// <inheritdoc cref="IRowOrder"/>
internal readonly struct AllRows : IRowOrder
{
    public static bool AreListed => false;
}

/// <summary>What is the same for every block of columns.</summary>
internal readonly unsafe ref struct SampleOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>α·x of the update.</summary>
    public T* Factors { get; init; }

    /// <summary>x of the forward.</summary>
    public T* After { get; init; }

    /// <summary>Elements from one row of W to the next.</summary>
    public nint Stride { get; init; }

    /// <summary>The list of rows.</summary>
    public int* Rows { get; init; }

    /// <summary>How many rows are visited.</summary>
    public nint Count { get; init; }
}
