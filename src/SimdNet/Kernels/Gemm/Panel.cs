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

    /// <summary>Packs <paramref name="columns"/> columns of B.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Pack(int kc, int columns, Operand<T> b, T* panel)
    {
        if (b.ColumnStride == 1)
        {
            PackRows(kc, columns, b.First, b.RowStride, panel);
        }
        else
        {
            PackColumns(kc, columns, b.First, b.ColumnStride, panel);
        }
    }

    /// <summary>C of zeros: a product of no terms.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Clear(int m, int n, Operand<T> c)
    {
        bool isTransposed = c.ColumnStride != 1;
        int rows = isTransposed ? n : m;
        nint stride = isTransposed ? c.ColumnStride : c.RowStride;
        for (int i = 0; i < rows; i++)
        {
            new Span<T>(c.First + (i * stride), isTransposed ? m : n).Clear();
        }
    }

    /// <summary>From rows that are already rows.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void PackRows(int kc, int columns, T* b, nint stride, T* panel)
    {
        int firstCount = int.Min(columns, TWidth.Count);
        int secondCount = columns - firstCount;
        TVector firstMask = TWidth.FirstMask(firstCount);
        TVector secondMask = TWidth.FirstMask(secondCount);
        for (int p = 0; p < kc; p++)
        {
            TWidth.Store(panel, TWidth.LoadFirst(b, firstCount, firstMask));
            TWidth.Store(panel + TWidth.Count, TWidth.LoadFirst(b + TWidth.Count, secondCount, secondMask));
            b += stride;
            panel += PanelColumns;
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
