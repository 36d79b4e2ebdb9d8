using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>C = A·B for a B of one to three vectors of columns: the rows of C stay in registers while k passes, and one row of B, loaded once, serves them all.</summary>
/// <remarks>
/// <code>
///                  b0     b1     b2
///               +------+------+------+
///   a[0, p]  →  |  c0  |  d0  |  e0  |      A may lie as its transpose. Along its rows it is read once, and while a tile is computed the next rows are asked for. Along its columns
///   a[1, p]  →  |  c1  |  d1  |  e1  |      each tile walks down all rows, which should be in L2: from there a row is asked for eight rows ahead, since strides of pages hide it
///     …         |  …   |  …   |  …   |      from the processor's own prediction
/// </code>
/// One body for each height, number of vectors and order of A, without what they leave out.
/// </remarks>
internal static unsafe class NarrowKernel<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Elements of a cache line.</summary>
    private static int Line => 64 / sizeof(T);

    /// <summary>Lines of <see cref="NarrowBlock{T}.Next"/> that a tile of so many columns of A asks for with each row of it.</summary>
    public static int Lines(int mr) => mr > Line ? 2 : 1;

    /// <summary>A block of k of tiles below each other.</summary>
    /// <param name="mr">Rows of a tile, at most <see cref="NarrowTile.MostRows"/>.</param>
    /// <param name="tiles">Tiles.</param>
    /// <param name="block">What to compute; A is [mr · tiles × k].</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run<TOrder>(int mr, int tiles, in NarrowBlock<T> block)
        where TOrder : struct, INarrowOrder
    {
        if (block.N <= TWidth.Count)
        {
            Height<One, TOrder>(mr, tiles, block);
        }
        else if (block.N <= 2 * TWidth.Count)
        {
            Height<Two, TOrder>(mr, tiles, block);
        }
        else
        {
            Height<Three, TOrder>(mr, tiles, block);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Height<TVectors, TOrder>(int mr, int tiles, in NarrowBlock<T> block)
        where TVectors : struct, INumber
        where TOrder : struct, INarrowOrder
    {
        switch (mr)
        {
            case 1: Height<One, TVectors, TOrder>(tiles, block); break;
            case 2: Height<Two, TVectors, TOrder>(tiles, block); break;
            case 3: Height<Three, TVectors, TOrder>(tiles, block); break;
            case 4: Height<Four, TVectors, TOrder>(tiles, block); break;
            case 5: Height<Five, TVectors, TOrder>(tiles, block); break;
            case 6: Height<Six, TVectors, TOrder>(tiles, block); break;
            case 7: Height<Seven, TVectors, TOrder>(tiles, block); break;
            case 8: Height<Eight, TVectors, TOrder>(tiles, block); break;
            case 9: Height<Nine, TVectors, TOrder>(tiles, block); break;
            case 10: Height<Ten, TVectors, TOrder>(tiles, block); break;
            case 11: Height<Eleven, TVectors, TOrder>(tiles, block); break;
            case 12: Height<Twelve, TVectors, TOrder>(tiles, block); break;
            case 13: Height<Thirteen, TVectors, TOrder>(tiles, block); break;
            default: Height<Fourteen, TVectors, TOrder>(tiles, block); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Height<TRows, TVectors, TOrder>(int tiles, in NarrowBlock<T> block)
        where TRows : struct, INumber
        where TVectors : struct, INumber
        where TOrder : struct, INarrowOrder
    {
        // What is higher than the machine's registers allow is not compiled for it.
        if (TRows.Value <= NarrowTile.MostRows(TVectors.Value))
        {
            RunTiles<TRows, TVectors, TOrder>(tiles, block);
        }
    }

    [MethodImpl(Compiled.Loop)]
    private static void RunTiles<TRows, TVectors, TOrder>(int tiles, in NarrowBlock<T> block)
        where TRows : struct, INumber
        where TVectors : struct, INumber
        where TOrder : struct, INarrowOrder
    {
        int lastCount = block.N - ((TVectors.Value - 1) * TWidth.Count);
        nint k = block.K;
        nint whole = block.Whole;
        nint rowStride = TOrder.IsTransposed ? 1 : block.AStride;
        nint rowStride2 = 2 * rowStride;
        nint stepStride = TOrder.IsTransposed ? block.AStride : 1;
        nint bStride = block.BStride;
        nint cStride = block.CStride;
        T* c = block.C;
        T* firstOfA = block.A;
        T* start = block.Start;

        // Where nothing is wanted, a line that is at hand: the processor would look for the page of an address that is not there, each time.
        T* next = block.Next is null ? firstOfA : block.Next;
        nint nextStep = block.Next is null ? 0 : block.NextIsByRows ? stepStride : Lines(TRows.Value) * Line;
        nint nextTile = block.Next is not null && block.NextIsByRows ? TRows.Value - (k * stepStride) : 0;
        nint ahead = (8 * block.AStride) + TRows.Value - 1;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        for (; tiles > 0; tiles--)
        {
            TVector c0 = zero, d0 = zero, e0 = zero;
            TVector c1 = zero, d1 = zero, e1 = zero;
            TVector c2 = zero, d2 = zero, e2 = zero;
            TVector c3 = zero, d3 = zero, e3 = zero;
            TVector c4 = zero, d4 = zero, e4 = zero;
            TVector c5 = zero, d5 = zero, e5 = zero;
            TVector c6 = zero, d6 = zero, e6 = zero;
            TVector c7 = zero, d7 = zero, e7 = zero;
            TVector c8 = zero, d8 = zero;
            TVector c9 = zero, d9 = zero;
            TVector c10 = zero, d10 = zero;
            TVector c11 = zero, d11 = zero;
            TVector c12 = zero, d12 = zero;
            TVector c13 = zero, d13 = zero;
            if (TOrder.IsTransposed && start is not null)
            {
                Load<TRows, TVectors>(0, start, ref c0, ref d0, ref e0);
                Load<TRows, TVectors>(1, start, ref c1, ref d1, ref e1);
                Load<TRows, TVectors>(2, start, ref c2, ref d2, ref e2);
                Load<TRows, TVectors>(3, start, ref c3, ref d3, ref e3);
                Load<TRows, TVectors>(4, start, ref c4, ref d4, ref e4);
                Load<TRows, TVectors>(5, start, ref c5, ref d5, ref e5);
                Load<TRows, TVectors>(6, start, ref c6, ref d6, ref e6);
                Load<TRows, TVectors>(7, start, ref c7, ref d7, ref e7);
                if (TRows.Value > 8)
                {
                    Load<TRows, TVectors>(8, start, ref c8, ref d8);
                    Load<TRows, TVectors>(9, start, ref c9, ref d9);
                    Load<TRows, TVectors>(10, start, ref c10, ref d10);
                    Load<TRows, TVectors>(11, start, ref c11, ref d11);
                    Load<TRows, TVectors>(12, start, ref c12, ref d12);
                    Load<TRows, TVectors>(13, start, ref c13, ref d13);
                }
                start += TRows.Value * TVectors.Value * TWidth.Count;
            }

            T* a = firstOfA;
            T* a3 = a + (3 * rowStride);
            T* a6 = a + (6 * rowStride);
            T* a9 = a + (9 * rowStride);
            T* a12 = a + (12 * rowStride);
            T* b = block.B;
            nint line = block.IsFar ? 0 : k;
            nint p = 0;
            for (nint end = whole; ; end = k)
            {
                for (; p < end; p++)
                {
                    if (TOrder.IsTransposed)
                    {
                        // The tile's last column: the tile before this one had the line of the first.
                        Prefetch.Near(a + ahead);
                        Prefetch.Far(next);
                        if (TRows.Value > Line)
                        {
                            Prefetch.Near(a + ahead - Line);
                            Prefetch.Far(next + Line);
                        }

                        next += nextStep;
                    }
                    else if (p == line)
                    {
                        line += Line;
                        T* row = a + (TRows.Value * rowStride);
                        for (int i = 0; i < TRows.Value; i++, row += rowStride)
                        {
                            Prefetch.Far(row);
                        }
                    }

                    TVector b0 = TWidth.Load(b);
                    TVector b1 = TVectors.Value > 1 ? TWidth.Load(b + TWidth.Count) : default;
                    TVector b2 = TVectors.Value > 2 ? TWidth.Load(b + (2 * TWidth.Count)) : default;
                    b += bStride;
                    Multiply<TRows, TVectors>(0, a, b0, b1, b2, ref c0, ref d0, ref e0);
                    Multiply<TRows, TVectors>(1, a + rowStride, b0, b1, b2, ref c1, ref d1, ref e1);
                    Multiply<TRows, TVectors>(2, a + rowStride2, b0, b1, b2, ref c2, ref d2, ref e2);
                    Multiply<TRows, TVectors>(3, TOrder.IsTransposed ? a + 3 : a3, b0, b1, b2, ref c3, ref d3, ref e3);
                    Multiply<TRows, TVectors>(4, TOrder.IsTransposed ? a + 4 : a3 + rowStride, b0, b1, b2, ref c4, ref d4, ref e4);
                    Multiply<TRows, TVectors>(5, TOrder.IsTransposed ? a + 5 : a3 + rowStride2, b0, b1, b2, ref c5, ref d5, ref e5);
                    Multiply<TRows, TVectors>(6, TOrder.IsTransposed ? a + 6 : a6, b0, b1, b2, ref c6, ref d6, ref e6);
                    Multiply<TRows, TVectors>(7, TOrder.IsTransposed ? a + 7 : a6 + rowStride, b0, b1, b2, ref c7, ref d7, ref e7);
                    if (TRows.Value > 8)
                    {
                        Multiply<TRows, TVectors>(8, TOrder.IsTransposed ? a + 8 : a6 + rowStride2, b0, b1, ref c8, ref d8);
                        Multiply<TRows, TVectors>(9, TOrder.IsTransposed ? a + 9 : a9, b0, b1, ref c9, ref d9);
                        Multiply<TRows, TVectors>(10, TOrder.IsTransposed ? a + 10 : a9 + rowStride, b0, b1, ref c10, ref d10);
                        Multiply<TRows, TVectors>(11, TOrder.IsTransposed ? a + 11 : a9 + rowStride2, b0, b1, ref c11, ref d11);
                        Multiply<TRows, TVectors>(12, TOrder.IsTransposed ? a + 12 : a12, b0, b1, ref c12, ref d12);
                        Multiply<TRows, TVectors>(13, TOrder.IsTransposed ? a + 13 : a12 + rowStride, b0, b1, ref c13, ref d13);
                    }

                    a += stepStride;
                    if (!TOrder.IsTransposed)
                    {
                        a3++;
                        a6++;
                        a9++;
                        a12++;
                    }
                }

                if (p == k)
                {
                    break;
                }

                b = block.LastOfB;
                bStride = TVectors.Value * TWidth.Count;
            }

            bStride = block.BStride;
            next += nextTile;

            // All of C is read before any of it is written: next to a masked store that is not in the cache yet a processor waits.
            if (block.Add)
            {
                Add<TRows, TVectors>(0, c, cStride, ref c0, ref d0, ref e0, lastCount, mask);
                Add<TRows, TVectors>(1, c, cStride, ref c1, ref d1, ref e1, lastCount, mask);
                Add<TRows, TVectors>(2, c, cStride, ref c2, ref d2, ref e2, lastCount, mask);
                Add<TRows, TVectors>(3, c, cStride, ref c3, ref d3, ref e3, lastCount, mask);
                Add<TRows, TVectors>(4, c, cStride, ref c4, ref d4, ref e4, lastCount, mask);
                Add<TRows, TVectors>(5, c, cStride, ref c5, ref d5, ref e5, lastCount, mask);
                Add<TRows, TVectors>(6, c, cStride, ref c6, ref d6, ref e6, lastCount, mask);
                Add<TRows, TVectors>(7, c, cStride, ref c7, ref d7, ref e7, lastCount, mask);
                if (TRows.Value > 8)
                {
                    Add<TRows, TVectors>(8, c, cStride, ref c8, ref d8, lastCount, mask);
                    Add<TRows, TVectors>(9, c, cStride, ref c9, ref d9, lastCount, mask);
                    Add<TRows, TVectors>(10, c, cStride, ref c10, ref d10, lastCount, mask);
                    Add<TRows, TVectors>(11, c, cStride, ref c11, ref d11, lastCount, mask);
                    Add<TRows, TVectors>(12, c, cStride, ref c12, ref d12, lastCount, mask);
                    Add<TRows, TVectors>(13, c, cStride, ref c13, ref d13, lastCount, mask);
                }
            }

            Store<TRows, TVectors>(0, c, cStride, c0, d0, e0, lastCount, mask);
            Store<TRows, TVectors>(1, c, cStride, c1, d1, e1, lastCount, mask);
            Store<TRows, TVectors>(2, c, cStride, c2, d2, e2, lastCount, mask);
            Store<TRows, TVectors>(3, c, cStride, c3, d3, e3, lastCount, mask);
            Store<TRows, TVectors>(4, c, cStride, c4, d4, e4, lastCount, mask);
            Store<TRows, TVectors>(5, c, cStride, c5, d5, e5, lastCount, mask);
            Store<TRows, TVectors>(6, c, cStride, c6, d6, e6, lastCount, mask);
            Store<TRows, TVectors>(7, c, cStride, c7, d7, e7, lastCount, mask);
            if (TRows.Value > 8)
            {
                Store<TRows, TVectors>(8, c, cStride, c8, d8, lastCount, mask);
                Store<TRows, TVectors>(9, c, cStride, c9, d9, lastCount, mask);
                Store<TRows, TVectors>(10, c, cStride, c10, d10, lastCount, mask);
                Store<TRows, TVectors>(11, c, cStride, c11, d11, lastCount, mask);
                Store<TRows, TVectors>(12, c, cStride, c12, d12, lastCount, mask);
                Store<TRows, TVectors>(13, c, cStride, c13, d13, lastCount, mask);
            }

            firstOfA += TRows.Value * rowStride;
            c += TRows.Value * cStride;
        }
    }

    /// <summary>A row of the tile from sums that were put down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TRows, TVectors>(int row, T* sums, ref TVector c, ref TVector d, ref TVector e)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        Load<TRows, TVectors>(row, sums, ref c, ref d);
        if (row < TRows.Value && TVectors.Value > 2)
        {
            e = TWidth.Load(sums + (((row * TVectors.Value) + 2) * TWidth.Count));
        }
    }

    /// <summary>A row of at most two vectors from sums that were put down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TRows, TVectors>(int row, T* sums, ref TVector c, ref TVector d)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (row < TRows.Value)
        {
            c = TWidth.Load(sums + (row * TVectors.Value * TWidth.Count));
            if (TVectors.Value > 1)
            {
                d = TWidth.Load(sums + (((row * TVectors.Value) + 1) * TWidth.Count));
            }
        }
    }

    /// <summary>A row of the tile: c += a·b.</summary>
    /// <remarks>Of three vectors a number of A is read once, by an instruction of its own. Of two it is by turns read once or with each vector, without an instruction for it: this takes the least of both kinds of what a cycle has.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TRows, TVectors>(int row, T* a, TVector b0, TVector b1, TVector b2, ref TVector c, ref TVector d, ref TVector e)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (TVectors.Value < 3)
        {
            Multiply<TRows, TVectors>(row, a, b0, b1, ref c, ref d);
        }
        else if (row < TRows.Value)
        {
            if (row % 2 == 1)
            {
                c = TWidth.MultiplyAdd(a, b0, c);
                d = TWidth.MultiplyAdd(a, b1, d);
                e = TWidth.MultiplyAdd(a, b2, e);
                return;
            }

            TVector broadcast = TWidth.Broadcast(*a);
            c = TWidth.MultiplyAdd(broadcast, b0, c);
            d = TWidth.MultiplyAdd(broadcast, b1, d);
            e = TWidth.MultiplyAdd(broadcast, b2, e);
        }
    }

    /// <summary>A row of at most two vectors: c += a·b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<TRows, TVectors>(int row, T* a, TVector b0, TVector b1, ref TVector c, ref TVector d)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (row >= TRows.Value)
        {
            return;
        }

        if (TVectors.Value == 1)
        {
            c = TWidth.MultiplyAdd(a, b0, c);
        }
        else if (row % 2 == 1)
        {
            TWidth.MultiplyAdd(a, b0, b1, ref c, ref d);
        }
        else
        {
            TVector broadcast = TWidth.Broadcast(*a);
            c = TWidth.MultiplyAdd(broadcast, b0, c);
            d = TWidth.MultiplyAdd(broadcast, b1, d);
        }
    }

    /// <summary>A row of the tile into memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows, TVectors>(int row, T* destination, nint stride, TVector c, TVector d, TVector e, int lastCount, TVector mask)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (TVectors.Value < 3)
        {
            Store<TRows, TVectors>(row, destination, stride, c, d, lastCount, mask);
        }
        else if (row < TRows.Value)
        {
            T* to = destination + (row * stride);
            TWidth.Store(to, c);
            TWidth.Store(to + TWidth.Count, d);
            TWidth.StoreFirst(to + (2 * TWidth.Count), e, lastCount, mask);
        }
    }

    /// <summary>A row of at most two vectors into memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TRows, TVectors>(int row, T* destination, nint stride, TVector c, TVector d, int lastCount, TVector mask)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (row >= TRows.Value)
        {
            return;
        }

        T* to = destination + (row * stride);
        if (TVectors.Value == 1)
        {
            TWidth.StoreFirst(to, c, lastCount, mask);
        }
        else
        {
            TWidth.Store(to, c);
            TWidth.StoreFirst(to + TWidth.Count, d, lastCount, mask);
        }
    }

    /// <summary>A row of C as it was is added to that of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRows, TVectors>(int row, T* source, nint stride, ref TVector c, ref TVector d, ref TVector e, int lastCount, TVector mask)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (TVectors.Value < 3)
        {
            Add<TRows, TVectors>(row, source, stride, ref c, ref d, lastCount, mask);
        }
        else if (row < TRows.Value)
        {
            T* from = source + (row * stride);
            c = TWidth.Add(TWidth.Load(from), c);
            d = TWidth.Add(TWidth.Load(from + TWidth.Count), d);
            e = TWidth.Add(TWidth.LoadFirst(from + (2 * TWidth.Count), lastCount, mask), e);
        }
    }

    /// <summary>A row of C as it was, of at most two vectors, is added to that of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TRows, TVectors>(int row, T* source, nint stride, ref TVector c, ref TVector d, int lastCount, TVector mask)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        if (row >= TRows.Value)
        {
            return;
        }

        T* from = source + (row * stride);
        if (TVectors.Value == 1)
        {
            c = TWidth.Add(TWidth.LoadFirst(from, lastCount, mask), c);
        }
        else
        {
            c = TWidth.Add(TWidth.Load(from), c);
            d = TWidth.Add(TWidth.LoadFirst(from + TWidth.Count, lastCount, mask), d);
        }
    }
}
