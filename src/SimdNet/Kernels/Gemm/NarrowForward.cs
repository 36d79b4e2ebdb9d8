using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>C = A·B for a B of one or two vectors of columns: forward through a layer of few units.</summary>
/// <remarks>
/// <code>
///                 b0      b1         up to 14 rows of C stay in registers while k passes: one row of B, loaded once, serves them all
///              +-------+-------+
///   a[0, p] →  |  c0   |  d0   |     A is read once, along its rows. While a block of rows is computed, the next one is asked for,
///   a[1, p] →  |  c1   |  d1   |     a cache line of each row at a time, so that an A that comes from memory is there when it is wanted
///     …        |  …    |  …    |
/// </code>
/// A row of B is loaded with a mask only where what follows it does not belong to B.
/// </remarks>
internal static unsafe class NarrowForward<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Elements of a cache line.</summary>
    private static int Line => 64 / sizeof(T);

    /// <summary>A block of k of all rows.</summary>
    /// <param name="mr">Rows of a block of rows, at most <see cref="NarrowTile.MostRows"/>.</param>
    /// <param name="blocks">Blocks of rows.</param>
    /// <param name="rows">What to compute; A is [mr · blocks × k].</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(int mr, int blocks, in NarrowBlock<T> rows)
    {
        if (rows.N <= TWidth.Count)
        {
            Run<One>(mr, blocks, rows);
        }
        else
        {
            Run<Two>(mr, blocks, rows);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Run<TVectors>(int mr, int blocks, in NarrowBlock<T> rows)
        where TVectors : struct, INumber
    {
        switch (mr)
        {
            case 1: Run<One, TVectors>(blocks, rows); break;
            case 2: Run<Two, TVectors>(blocks, rows); break;
            case 3: Run<Three, TVectors>(blocks, rows); break;
            case 4: Run<Four, TVectors>(blocks, rows); break;
            case 5: Run<Five, TVectors>(blocks, rows); break;
            case 6: Run<Six, TVectors>(blocks, rows); break;
            case 7: Run<Seven, TVectors>(blocks, rows); break;
            case 8: Run<Eight, TVectors>(blocks, rows); break;
            case 9: Run<Nine, TVectors>(blocks, rows); break;
            case 10: Run<Ten, TVectors>(blocks, rows); break;
            case 11: Run<Eleven, TVectors>(blocks, rows); break;
            case 12: Run<Twelve, TVectors>(blocks, rows); break;
            case 13: Run<Thirteen, TVectors>(blocks, rows); break;
            default: Run<Fourteen, TVectors>(blocks, rows); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TRows, TVectors>(int blocks, in NarrowBlock<T> rows)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        // What is higher than the machine's registers allow is not compiled for it.
        if (TRows.Value <= NarrowTile.MostRows)
        {
            Blocks<TRows, TVectors>(blocks, rows);
        }
    }

    [MethodImpl(Compiled.Loop)]
    private static void Blocks<TRows, TVectors>(int blocks, in NarrowBlock<T> rows)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        int lastCount = TVectors.Value == 1 ? rows.N : rows.N - TWidth.Count;
        nint k = rows.K;
        nint whole = rows.Whole;
        nint stride = rows.AStride;
        nint stride2 = 2 * stride;
        nint bStride = rows.BStride;
        nint cStride = rows.CStride;
        T* first = rows.A;
        T* c = rows.C;
        nint ahead = TRows.Value * stride;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        for (; blocks > 0; blocks--)
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
            TVector c12 = zero, d12 = zero;
            TVector c13 = zero, d13 = zero;
            T* a0 = first;
            T* a3 = first + (3 * stride);
            T* a6 = first + (6 * stride);
            T* a9 = first + (9 * stride);
            T* a12 = first + (12 * stride);
            T* b = rows.B;
            for (nint line = 0; line < k; line += Line)
            {
                Prefetch.Far(a0 + ahead);

                if (TRows.Value > 1)
                {
                    Prefetch.Far(a0 + stride + ahead);
                }

                if (TRows.Value > 2)
                {
                    Prefetch.Far(a0 + stride2 + ahead);
                }

                if (TRows.Value > 3)
                {
                    Prefetch.Far(a3 + ahead);
                }

                if (TRows.Value > 4)
                {
                    Prefetch.Far(a3 + stride + ahead);
                }

                if (TRows.Value > 5)
                {
                    Prefetch.Far(a3 + stride2 + ahead);
                }

                if (TRows.Value > 6)
                {
                    Prefetch.Far(a6 + ahead);
                }

                if (TRows.Value > 7)
                {
                    Prefetch.Far(a6 + stride + ahead);
                }

                if (TRows.Value > 8)
                {
                    Prefetch.Far(a6 + stride2 + ahead);
                }

                if (TRows.Value > 9)
                {
                    Prefetch.Far(a9 + ahead);
                }

                if (TRows.Value > 10)
                {
                    Prefetch.Far(a9 + stride + ahead);
                }

                if (TRows.Value > 11)
                {
                    Prefetch.Far(a9 + stride2 + ahead);
                }

                if (TRows.Value > 12)
                {
                    Prefetch.Far(a12 + ahead);
                }

                if (TRows.Value > 13)
                {
                    Prefetch.Far(a12 + stride + ahead);
                }

                nint end = nint.Min(line + Line, k);
                nint p = line;
                for (nint endOfWhole = nint.Min(end, whole); p < endOfWhole; p++)
                {
                    TVector b0 = TWidth.Load(b);
                    TVector b1 = TVectors.Value == 1 ? default : TWidth.Load(b + TWidth.Count);
                    b += bStride;
                    MultiplyShared<TVectors>(a0, b0, b1, ref c0, ref d0);

                    if (TRows.Value > 1)
                    {
                        Multiply<TVectors>(a0 + stride, b0, b1, ref c1, ref d1);
                    }

                    if (TRows.Value > 2)
                    {
                        MultiplyShared<TVectors>(a0 + stride2, b0, b1, ref c2, ref d2);
                    }

                    if (TRows.Value > 3)
                    {
                        Multiply<TVectors>(a3, b0, b1, ref c3, ref d3);
                    }

                    if (TRows.Value > 4)
                    {
                        MultiplyShared<TVectors>(a3 + stride, b0, b1, ref c4, ref d4);
                    }

                    if (TRows.Value > 5)
                    {
                        Multiply<TVectors>(a3 + stride2, b0, b1, ref c5, ref d5);
                    }

                    if (TRows.Value > 6)
                    {
                        MultiplyShared<TVectors>(a6, b0, b1, ref c6, ref d6);
                    }

                    if (TRows.Value > 7)
                    {
                        Multiply<TVectors>(a6 + stride, b0, b1, ref c7, ref d7);
                    }

                    if (TRows.Value > 8)
                    {
                        MultiplyShared<TVectors>(a6 + stride2, b0, b1, ref c8, ref d8);
                    }

                    if (TRows.Value > 9)
                    {
                        Multiply<TVectors>(a9, b0, b1, ref c9, ref d9);
                    }

                    if (TRows.Value > 10)
                    {
                        MultiplyShared<TVectors>(a9 + stride, b0, b1, ref c10, ref d10);
                    }

                    if (TRows.Value > 11)
                    {
                        Multiply<TVectors>(a9 + stride2, b0, b1, ref c11, ref d11);
                    }

                    if (TRows.Value > 12)
                    {
                        MultiplyShared<TVectors>(a12, b0, b1, ref c12, ref d12);
                    }

                    if (TRows.Value > 13)
                    {
                        Multiply<TVectors>(a12 + stride, b0, b1, ref c13, ref d13);
                    }

                    a0++;
                    a3++;
                    a6++;
                    a9++;
                    a12++;
                }

                for (; p < end; p++)
                {
                    TVector b0 = TVectors.Value == 1 ? TWidth.LoadFirst(b, lastCount, mask) : TWidth.Load(b);
                    TVector b1 = TVectors.Value == 1 ? default : TWidth.LoadFirst(b + TWidth.Count, lastCount, mask);
                    b += bStride;
                    MultiplyShared<TVectors>(a0, b0, b1, ref c0, ref d0);

                    if (TRows.Value > 1)
                    {
                        Multiply<TVectors>(a0 + stride, b0, b1, ref c1, ref d1);
                    }

                    if (TRows.Value > 2)
                    {
                        MultiplyShared<TVectors>(a0 + stride2, b0, b1, ref c2, ref d2);
                    }

                    if (TRows.Value > 3)
                    {
                        Multiply<TVectors>(a3, b0, b1, ref c3, ref d3);
                    }

                    if (TRows.Value > 4)
                    {
                        MultiplyShared<TVectors>(a3 + stride, b0, b1, ref c4, ref d4);
                    }

                    if (TRows.Value > 5)
                    {
                        Multiply<TVectors>(a3 + stride2, b0, b1, ref c5, ref d5);
                    }

                    if (TRows.Value > 6)
                    {
                        MultiplyShared<TVectors>(a6, b0, b1, ref c6, ref d6);
                    }

                    if (TRows.Value > 7)
                    {
                        Multiply<TVectors>(a6 + stride, b0, b1, ref c7, ref d7);
                    }

                    if (TRows.Value > 8)
                    {
                        MultiplyShared<TVectors>(a6 + stride2, b0, b1, ref c8, ref d8);
                    }

                    if (TRows.Value > 9)
                    {
                        Multiply<TVectors>(a9, b0, b1, ref c9, ref d9);
                    }

                    if (TRows.Value > 10)
                    {
                        MultiplyShared<TVectors>(a9 + stride, b0, b1, ref c10, ref d10);
                    }

                    if (TRows.Value > 11)
                    {
                        Multiply<TVectors>(a9 + stride2, b0, b1, ref c11, ref d11);
                    }

                    if (TRows.Value > 12)
                    {
                        MultiplyShared<TVectors>(a12, b0, b1, ref c12, ref d12);
                    }

                    if (TRows.Value > 13)
                    {
                        Multiply<TVectors>(a12 + stride, b0, b1, ref c13, ref d13);
                    }

                    a0++;
                    a3++;
                    a6++;
                    a9++;
                    a12++;
                }
            }

            // All of C is read before any of it is written: next to a masked store that is not in the cache yet a processor waits.
            if (rows.Add)
            {
                Add<TVectors>(c, ref c0, ref d0, lastCount, mask);

                if (TRows.Value > 1)
                {
                    Add<TVectors>(c + (1 * cStride), ref c1, ref d1, lastCount, mask);
                }

                if (TRows.Value > 2)
                {
                    Add<TVectors>(c + (2 * cStride), ref c2, ref d2, lastCount, mask);
                }

                if (TRows.Value > 3)
                {
                    Add<TVectors>(c + (3 * cStride), ref c3, ref d3, lastCount, mask);
                }

                if (TRows.Value > 4)
                {
                    Add<TVectors>(c + (4 * cStride), ref c4, ref d4, lastCount, mask);
                }

                if (TRows.Value > 5)
                {
                    Add<TVectors>(c + (5 * cStride), ref c5, ref d5, lastCount, mask);
                }

                if (TRows.Value > 6)
                {
                    Add<TVectors>(c + (6 * cStride), ref c6, ref d6, lastCount, mask);
                }

                if (TRows.Value > 7)
                {
                    Add<TVectors>(c + (7 * cStride), ref c7, ref d7, lastCount, mask);
                }

                if (TRows.Value > 8)
                {
                    Add<TVectors>(c + (8 * cStride), ref c8, ref d8, lastCount, mask);
                }

                if (TRows.Value > 9)
                {
                    Add<TVectors>(c + (9 * cStride), ref c9, ref d9, lastCount, mask);
                }

                if (TRows.Value > 10)
                {
                    Add<TVectors>(c + (10 * cStride), ref c10, ref d10, lastCount, mask);
                }

                if (TRows.Value > 11)
                {
                    Add<TVectors>(c + (11 * cStride), ref c11, ref d11, lastCount, mask);
                }

                if (TRows.Value > 12)
                {
                    Add<TVectors>(c + (12 * cStride), ref c12, ref d12, lastCount, mask);
                }

                if (TRows.Value > 13)
                {
                    Add<TVectors>(c + (13 * cStride), ref c13, ref d13, lastCount, mask);
                }
            }

            Store<TVectors>(c, c0, d0, lastCount, mask);

            if (TRows.Value > 1)
            {
                Store<TVectors>(c + (1 * cStride), c1, d1, lastCount, mask);
            }

            if (TRows.Value > 2)
            {
                Store<TVectors>(c + (2 * cStride), c2, d2, lastCount, mask);
            }

            if (TRows.Value > 3)
            {
                Store<TVectors>(c + (3 * cStride), c3, d3, lastCount, mask);
            }

            if (TRows.Value > 4)
            {
                Store<TVectors>(c + (4 * cStride), c4, d4, lastCount, mask);
            }

            if (TRows.Value > 5)
            {
                Store<TVectors>(c + (5 * cStride), c5, d5, lastCount, mask);
            }

            if (TRows.Value > 6)
            {
                Store<TVectors>(c + (6 * cStride), c6, d6, lastCount, mask);
            }

            if (TRows.Value > 7)
            {
                Store<TVectors>(c + (7 * cStride), c7, d7, lastCount, mask);
            }

            if (TRows.Value > 8)
            {
                Store<TVectors>(c + (8 * cStride), c8, d8, lastCount, mask);
            }

            if (TRows.Value > 9)
            {
                Store<TVectors>(c + (9 * cStride), c9, d9, lastCount, mask);
            }

            if (TRows.Value > 10)
            {
                Store<TVectors>(c + (10 * cStride), c10, d10, lastCount, mask);
            }

            if (TRows.Value > 11)
            {
                Store<TVectors>(c + (11 * cStride), c11, d11, lastCount, mask);
            }

            if (TRows.Value > 12)
            {
                Store<TVectors>(c + (12 * cStride), c12, d12, lastCount, mask);
            }

            if (TRows.Value > 13)
            {
                Store<TVectors>(c + (13 * cStride), c13, d13, lastCount, mask);
            }

            first += ahead;
            c += TRows.Value * cStride;
        }
    }

    /// <summary>One row of C, c += a·b, that reads its number of A with each vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TVectors>(T* a, TVector b0, TVector b1, ref TVector c, ref TVector d)
        where TVectors : struct, INumber
    {
        if (TVectors.Value == 1)
        {
            c = TWidth.MultiplyAdd(a, b0, c);
        }
        else
        {
            TWidth.MultiplyAdd(a, b0, b1, ref c, ref d);
        }
    }

    /// <summary>One row of C, c += a·b, that reads its number of A once for both vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyShared<TVectors>(T* a, TVector b0, TVector b1, ref TVector c, ref TVector d)
        where TVectors : struct, INumber
    {
        if (TVectors.Value == 1)
        {
            c = TWidth.MultiplyAdd(a, b0, c);
        }
        else
        {
            TVector broadcast = TWidth.Broadcast(*a);
            c = TWidth.MultiplyAdd(broadcast, b0, c);
            d = TWidth.MultiplyAdd(broadcast, b1, d);
        }
    }

    /// <summary>One row of C as it was is added to its sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVectors>(T* source, ref TVector c, ref TVector d, int lastCount, TVector mask)
        where TVectors : struct, INumber
    {
        if (TVectors.Value == 1)
        {
            c = TWidth.Add(TWidth.LoadFirst(source, lastCount, mask), c);
        }
        else
        {
            c = TWidth.Add(TWidth.Load(source), c);
            d = TWidth.Add(TWidth.LoadFirst(source + TWidth.Count, lastCount, mask), d);
        }
    }

    /// <summary>One row of C into memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* destination, TVector c, TVector d, int lastCount, TVector mask)
        where TVectors : struct, INumber
    {
        if (TVectors.Value == 1)
        {
            TWidth.StoreFirst(destination, c, lastCount, mask);
        }
        else
        {
            TWidth.Store(destination, c);
            TWidth.StoreFirst(destination + TWidth.Count, d, lastCount, mask);
        }
    }
}
