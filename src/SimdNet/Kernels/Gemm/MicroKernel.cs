using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The innermost loop of every product: a tile of C in registers, one column of A times one row of B at a time.</summary>
/// <remarks>
/// <code>
///                 b0      b1          the tile has Mr rows and one or two vectors of columns;
///              +-------+-------+      its height and width are types: one source, one body for each size, the rest of it left out
///   a[0, p] →  |  c0   |  d0   |
///   a[1, p] →  |  c1   |  d1   |      element (i, p) of A is at i · rowStride + p · stepStride: A and Aᵀ are the same to it
///     …        |  …    |  …    |
/// </code>
/// Accumulators are named locals: an array of them would live in memory, at a third of the speed. A pointer serves three rows, as base, base + stride and base + 2 · stride,
/// so that twelve rows need four pointers and nothing spills.
/// </remarks>
internal static unsafe class MicroKernel<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>
    /// Rows of B that are fetched into L1 before they are used: six rows of 24 multiply-adds take 144 cycles at one a cycle, time enough for a line from L3, and six are fewer than L1 has ways where rows of B fall into the
    /// same set. It is what makes weights beyond L2 as fast where they lie as in panels.
    /// </summary>
    private const int RowsAhead = 6;

    /// <summary>C = A·B, or C += A·B, for a column of tiles of one height and one block of k; the block is summed from 0 by fused multiply-add in the order of p.</summary>
    /// <param name="tiles">What to compute.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Run<TRows, TColumns>(in TileColumn<T> tiles)
        where TRows : struct, INumber
        where TColumns : struct, ITileColumns
    {
        int lastCount = tiles.LastCount;
        nint k = tiles.K;
        nint rowStride = tiles.RowStride;
        nint rowStride2 = 2 * rowStride;
        nint stepStride = tiles.StepStride;
        nint bStride = tiles.BStride;
        nint cStride = tiles.CStride;
        nint ahead = RowsAhead * bStride;
        T* c = tiles.C;
        nint farStep = tiles.FarStep;
        T* firstOfA = tiles.A;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        for (int tile = tiles.Count; tile > 0; tile--)
        {
            TVector c0 = zero, d0 = zero;
            TVector c1 = zero, d1 = zero;
            TVector c2 = zero, d2 = zero;
            TVector c3 = zero, d3 = zero;
            TVector c4 = zero, d4 = zero;
            TVector c5 = zero, d5 = zero;
            TVector c6 = zero, d6 = zero;
            TVector c7 = zero, d7 = zero;
            TVector c8 = zero, d8 = zero;
            TVector c9 = zero, d9 = zero;
            TVector c10 = zero, d10 = zero;
            TVector c11 = zero, d11 = zero;
            T* a = firstOfA;
            T* a3 = a + (3 * rowStride);
            T* a6 = a + (6 * rowStride);
            T* a9 = a + (9 * rowStride);
            T* b = tiles.B;
            T* far = firstOfA + tiles.TileStride;
            for (nint p = 0; p < k; p++)
            {
                TVector b0 = TColumns.Vectors == 1 && TColumns.IsPartial ? TWidth.LoadFirst(b, lastCount, mask) : TWidth.Load(b);
                TVector b1 = TColumns.Vectors == 1 ? default : TColumns.IsPartial ? TWidth.LoadFirst(b + TWidth.Count, lastCount, mask) : TWidth.Load(b + TWidth.Count);
                if (TColumns.Vectors > 1)
                {
                    Prefetch.Near(b + ahead);
                    Prefetch.Near(b + ahead + TWidth.Count);
                    Prefetch.Far(far);
                    far += farStep;
                }

                b += bStride;
                Multiply<TColumns>(a[0], b0, b1, ref c0, ref d0);

                if (TRows.Value > 1)
                {
                    Multiply<TColumns>(a[rowStride], b0, b1, ref c1, ref d1);
                }

                if (TRows.Value > 2)
                {
                    Multiply<TColumns>(a[rowStride2], b0, b1, ref c2, ref d2);
                }

                if (TRows.Value > 3)
                {
                    Multiply<TColumns>(a3[0], b0, b1, ref c3, ref d3);
                }

                if (TRows.Value > 4)
                {
                    Multiply<TColumns>(a3[rowStride], b0, b1, ref c4, ref d4);
                }

                if (TRows.Value > 5)
                {
                    Multiply<TColumns>(a3[rowStride2], b0, b1, ref c5, ref d5);
                }

                if (TRows.Value > 6)
                {
                    Multiply<TColumns>(a6[0], b0, b1, ref c6, ref d6);
                }

                if (TRows.Value > 7)
                {
                    Multiply<TColumns>(a6[rowStride], b0, b1, ref c7, ref d7);
                }

                if (TRows.Value > 8)
                {
                    Multiply<TColumns>(a6[rowStride2], b0, b1, ref c8, ref d8);
                }

                if (TRows.Value > 9)
                {
                    Multiply<TColumns>(a9[0], b0, b1, ref c9, ref d9);
                }

                if (TRows.Value > 10)
                {
                    Multiply<TColumns>(a9[rowStride], b0, b1, ref c10, ref d10);
                }

                if (TRows.Value > 11)
                {
                    Multiply<TColumns>(a9[rowStride2], b0, b1, ref c11, ref d11);
                }

                a += stepStride;
                a3 += stepStride;
                a6 += stepStride;
                a9 += stepStride;
            }

            // Asked once: a branch at each row would keep the rows from overlapping.
            if (!TColumns.IsStreamed && tiles.Add)
            {
                Store<TColumns>(c, c0, d0, lastCount, mask, add: true);

                if (TRows.Value > 1)
                {
                    Store<TColumns>(c + (1 * cStride), c1, d1, lastCount, mask, add: true);
                }

                if (TRows.Value > 2)
                {
                    Store<TColumns>(c + (2 * cStride), c2, d2, lastCount, mask, add: true);
                }

                if (TRows.Value > 3)
                {
                    Store<TColumns>(c + (3 * cStride), c3, d3, lastCount, mask, add: true);
                }

                if (TRows.Value > 4)
                {
                    Store<TColumns>(c + (4 * cStride), c4, d4, lastCount, mask, add: true);
                }

                if (TRows.Value > 5)
                {
                    Store<TColumns>(c + (5 * cStride), c5, d5, lastCount, mask, add: true);
                }

                if (TRows.Value > 6)
                {
                    Store<TColumns>(c + (6 * cStride), c6, d6, lastCount, mask, add: true);
                }

                if (TRows.Value > 7)
                {
                    Store<TColumns>(c + (7 * cStride), c7, d7, lastCount, mask, add: true);
                }

                if (TRows.Value > 8)
                {
                    Store<TColumns>(c + (8 * cStride), c8, d8, lastCount, mask, add: true);
                }

                if (TRows.Value > 9)
                {
                    Store<TColumns>(c + (9 * cStride), c9, d9, lastCount, mask, add: true);
                }

                if (TRows.Value > 10)
                {
                    Store<TColumns>(c + (10 * cStride), c10, d10, lastCount, mask, add: true);
                }

                if (TRows.Value > 11)
                {
                    Store<TColumns>(c + (11 * cStride), c11, d11, lastCount, mask, add: true);
                }
            }
            else
            {
                Store<TColumns>(c, c0, d0, lastCount, mask, add: false);

                if (TRows.Value > 1)
                {
                    Store<TColumns>(c + (1 * cStride), c1, d1, lastCount, mask, add: false);
                }

                if (TRows.Value > 2)
                {
                    Store<TColumns>(c + (2 * cStride), c2, d2, lastCount, mask, add: false);
                }

                if (TRows.Value > 3)
                {
                    Store<TColumns>(c + (3 * cStride), c3, d3, lastCount, mask, add: false);
                }

                if (TRows.Value > 4)
                {
                    Store<TColumns>(c + (4 * cStride), c4, d4, lastCount, mask, add: false);
                }

                if (TRows.Value > 5)
                {
                    Store<TColumns>(c + (5 * cStride), c5, d5, lastCount, mask, add: false);
                }

                if (TRows.Value > 6)
                {
                    Store<TColumns>(c + (6 * cStride), c6, d6, lastCount, mask, add: false);
                }

                if (TRows.Value > 7)
                {
                    Store<TColumns>(c + (7 * cStride), c7, d7, lastCount, mask, add: false);
                }

                if (TRows.Value > 8)
                {
                    Store<TColumns>(c + (8 * cStride), c8, d8, lastCount, mask, add: false);
                }

                if (TRows.Value > 9)
                {
                    Store<TColumns>(c + (9 * cStride), c9, d9, lastCount, mask, add: false);
                }

                if (TRows.Value > 10)
                {
                    Store<TColumns>(c + (10 * cStride), c10, d10, lastCount, mask, add: false);
                }

                if (TRows.Value > 11)
                {
                    Store<TColumns>(c + (11 * cStride), c11, d11, lastCount, mask, add: false);
                }
            }

            firstOfA += tiles.TileStride;
            c += TRows.Value * cStride;
        }
    }

    /// <summary>One row of the tile: c += a·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TColumns>(T a, TVector b0, TVector b1, ref TVector c, ref TVector d)
        where TColumns : struct, ITileColumns
    {
        TVector broadcast = TWidth.Broadcast(a);
        c = TWidth.MultiplyAdd(broadcast, b0, c);
        if (TColumns.Vectors > 1)
        {
            d = TWidth.MultiplyAdd(broadcast, b1, d);
        }
    }

    /// <summary>One row of the tile into memory. Whole vectors do without the mask, which makes a store slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(T* destination, TVector c, TVector d, int lastCount, TVector mask, bool add)
        where TColumns : struct, ITileColumns
    {
        if (TColumns.Vectors > 1)
        {
            StoreWhole<TColumns>(destination, c, add);
            destination += TWidth.Count;
        }

        TVector last = TColumns.Vectors > 1 ? d : c;
        if (TColumns.IsPartial)
        {
            TWidth.StoreFirst(destination, add ? TWidth.Add(TWidth.LoadFirst(destination, lastCount, mask), last) : last, lastCount, mask);
        }
        else
        {
            StoreWhole<TColumns>(destination, last, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreWhole<TColumns>(T* destination, TVector value, bool add)
        where TColumns : struct, ITileColumns
    {
        if (TColumns.IsStreamed)
        {
            TWidth.Stream(destination, value);
        }
        else
        {
            TWidth.Store(destination, add ? TWidth.Add(TWidth.Load(destination), value) : value);
        }
    }
}
