using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Copies between matrices and what the micro-kernel wants: panels of B, rows of two vectors one after the other, padded with zeros.</summary>
/// <remarks>
/// <code>
/// B  [kc × columns]          panel
/// | b00 b01 b02 |            | b00 b01 b02  0 … |   one row: PanelColumns elements, 64-byte aligned for every width above 128 bits
/// | b10 b11 b12 |     →      | b10 b11 b12  0 … |
/// </code>
/// </remarks>
internal static unsafe class Panel<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private static int PanelColumns => 2 * TWidth.Count;

    /// <summary>Packs <paramref name="columns"/> columns of B into one panel after the other.</summary>
    /// <param name="kc">Rows.</param>
    /// <param name="columns">Columns, of any number of panels.</param>
    /// <param name="b">[kc × columns].</param>
    /// <param name="rowStride">Elements from one row of B to the next.</param>
    /// <param name="columnStride">Elements from one column of B to the next. One of the strides is 1.</param>
    /// <param name="panels">Where they go.</param>
    /// <param name="panelStride">Elements from one panel to the next.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Pack(int kc, int columns, T* b, nint rowStride, nint columnStride, T* panels, nint panelStride)
    {
        if (columnStride == 1)
        {
            PackRows(kc, columns, b, rowStride, panels, panelStride);
            return;
        }

        for (int j = 0; j < columns; j += PanelColumns)
        {
            PackColumns(kc, int.Min(PanelColumns, columns - j), b + (j * columnStride), columnStride, panels);
            panels += panelStride;
        }
    }

    /// <summary>Tiles of a few columns each, one after the other, of a matrix with many rows. Each row is read from end to end: by tiles, the lines that two of them share would have left the caches, where rows are pages apart, before the second came.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="source">[rows × columns of all tiles].</param>
    /// <param name="sourceStride">Elements from one row to the next.</param>
    /// <param name="tiles">Each [rows × columns] without gaps.</param>
    /// <param name="firstTiles">Tiles of <paramref name="firstColumns"/> columns.</param>
    /// <param name="firstColumns">Columns of those.</param>
    /// <param name="otherTiles">Tiles of <paramref name="otherColumns"/> columns, which follow.</param>
    /// <param name="otherColumns">Columns of those.</param>
    [MethodImpl(Compiled.Loop)]
    public static void DealOut(int rows, T* source, nint sourceStride, T* tiles, int firstTiles, int firstColumns, int otherTiles, int otherColumns)
    {
        TVector firstMask = TWidth.FirstMask(((firstColumns - 1) % TWidth.Count) + 1);
        TVector otherMask = TWidth.FirstMask(((otherColumns - 1) % TWidth.Count) + 1);
        nint firstStep = (nint)rows * firstColumns;
        nint otherStep = (nint)rows * otherColumns;
        T* others = tiles + (firstTiles * firstStep);
        for (int p = 0; p < rows; p++)
        {
            T* from = source;
            T* to = tiles;
            for (int t = 0; t < firstTiles; t++)
            {
                CopyRow(firstColumns, from, to, firstMask);
                from += firstColumns;
                to += firstStep;
            }

            to = others;
            for (int t = 0; t < otherTiles; t++)
            {
                CopyRow(otherColumns, from, to, otherMask);
                from += otherColumns;
                to += otherStep;
            }

            source += sourceStride;
            tiles += firstColumns;
            others += otherColumns;
        }
    }

    /// <summary>C of zeros: a product of no terms.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Clear(int m, int n, Operand<T> c)
    {
        if (m == 0 || n == 0)
        {
            return;
        }

        bool isTransposed = c.ColumnStride != 1;
        int rows = isTransposed ? n : m;
        nint stride = isTransposed ? c.ColumnStride : c.RowStride;
        for (int i = 0; i < rows; i++)
        {
            new Span<T>(c.First + (i * stride), isTransposed ? m : n).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyRow(int columns, T* from, T* to, TVector lastMask)
    {
        while (columns > TWidth.Count)
        {
            TWidth.Store(to, TWidth.Load(from));
            from += TWidth.Count;
            to += TWidth.Count;
            columns -= TWidth.Count;
        }

        TWidth.StoreFirst(to, TWidth.LoadFirst(from, columns, lastMask), columns, lastMask);
    }

    /// <summary>From rows that are already rows: each is read from end to end, page after page, and dealt out to the panels.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void PackRows(int kc, int columns, T* b, nint stride, T* panels, nint panelStride)
    {
        int last = (columns - 1) / PanelColumns * PanelColumns;
        int firstCount = int.Min(columns - last, TWidth.Count);
        int secondCount = columns - last - firstCount;
        TVector firstMask = TWidth.FirstMask(firstCount);
        TVector secondMask = TWidth.FirstMask(secondCount);
        for (int p = 0; p < kc; p++)
        {
            T* panel = panels;
            for (int j = 0; j < last; j += PanelColumns)
            {
                Prefetch.Near(b + j + (2 * stride));
                Prefetch.Near(b + j + (2 * stride) + TWidth.Count);
                TWidth.Store(panel, TWidth.Load(b + j));
                TWidth.Store(panel + TWidth.Count, TWidth.Load(b + j + TWidth.Count));
                panel += panelStride;
            }

            TWidth.Store(panel, TWidth.LoadFirst(b + last, firstCount, firstMask));
            TWidth.Store(panel + TWidth.Count, TWidth.LoadFirst(b + last + TWidth.Count, secondCount, secondMask));
            b += stride;
            panels += PanelColumns;
        }
    }

    /// <summary>From rows of Bᵀ, which become columns.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void PackColumns(int kc, int columns, T* b, nint stride, T* panel)
    {
        Transposition<T>.Copy(columns, kc, b, stride, panel, PanelColumns, add: false);
        if (columns < PanelColumns)
        {
            for (int p = 0; p < kc; p++)
            {
                new Span<T>(panel + ((nint)p * PanelColumns) + columns, PanelColumns - columns).Clear();
            }
        }
    }
}
