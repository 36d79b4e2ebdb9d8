using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>C = Aᵀ·B for a B of one or two vectors of columns: the weight gradient of a layer of few units.</summary>
/// <remarks>
/// <code>
///   A [k × m]                              B [k × n]
/// | … a[p, i] … a[p, i + 13] … |        | b0 b1 |        c[i] += a[p, i] · b[p]: up to 14 columns of A at a time, whose rows of C stay in registers
/// |        ↓ rows pass            |        |   ↓   |        while the rows pass; one row of B, loaded once, serves them all
/// </code>
/// Each group of columns walks down all rows, so A should be in L2: <see cref="NarrowProduct{T, TPrecision, TVector, TWidth}"/> sees to that. From L2 into L1 a row is asked for eight rows ahead:
/// strides of pages hide it from the processor's own prediction.
/// </remarks>
internal static unsafe class NarrowWeightGradient<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Elements of a cache line.</summary>
    private static int Line => 64 / sizeof(T);

    /// <summary>A block of k of all columns.</summary>
    /// <param name="mr">Columns of a group of columns of A, at most <see cref="NarrowTile.MostRows"/>.</param>
    /// <param name="groups">Groups of columns.</param>
    /// <param name="columns">What to compute; A is [k × mr · groups].</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(int mr, int groups, in NarrowBlock<T> columns)
    {
        if (columns.N <= TWidth.Count)
        {
            Run<One>(mr, groups, columns);
        }
        else
        {
            Run<Two>(mr, groups, columns);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Run<TVectors>(int mr, int groups, in NarrowBlock<T> columns)
        where TVectors : struct, INumber
    {
        switch (mr)
        {
            case 1: Run<One, TVectors>(groups, columns); break;
            case 2: Run<Two, TVectors>(groups, columns); break;
            case 3: Run<Three, TVectors>(groups, columns); break;
            case 4: Run<Four, TVectors>(groups, columns); break;
            case 5: Run<Five, TVectors>(groups, columns); break;
            case 6: Run<Six, TVectors>(groups, columns); break;
            case 7: Run<Seven, TVectors>(groups, columns); break;
            case 8: Run<Eight, TVectors>(groups, columns); break;
            case 9: Run<Nine, TVectors>(groups, columns); break;
            case 10: Run<Ten, TVectors>(groups, columns); break;
            case 11: Run<Eleven, TVectors>(groups, columns); break;
            case 12: Run<Twelve, TVectors>(groups, columns); break;
            case 13: Run<Thirteen, TVectors>(groups, columns); break;
            default: Run<Fourteen, TVectors>(groups, columns); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TRows, TVectors>(int groups, in NarrowBlock<T> columns)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        // What is higher than the machine's registers allow is not compiled for it.
        if (TRows.Value <= NarrowTile.MostRows)
        {
            Groups<TRows, TVectors>(groups, columns);
        }
    }

    [MethodImpl(Compiled.Loop)]
    private static void Groups<TRows, TVectors>(int groups, in NarrowBlock<T> columns)
        where TRows : struct, INumber
        where TVectors : struct, INumber
    {
        int lastCount = TVectors.Value == 1 ? columns.N : columns.N - TWidth.Count;
        nint k = columns.K;
        nint whole = columns.Whole;
        nint aStride = columns.AStride;
        nint bStride = columns.BStride;
        nint cStride = columns.CStride;
        T* first = columns.A;
        T* c = columns.C;
        T* sums = columns.Sums;
        T* next = columns.Next;
        nint nextStep = next is null ? 0 : Line;
        nint ahead = (8 * aStride) + TRows.Value - 1;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        for (; groups > 0; groups--)
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
            T* a = first;
            T* b = columns.B;
            if (sums is not null)
            {
                Start<TVectors>(sums, out c0, out d0, lastCount, mask);

                if (TRows.Value > 1)
                {
                    Start<TVectors>(sums + (1 * (nint)columns.N), out c1, out d1, lastCount, mask);
                }

                if (TRows.Value > 2)
                {
                    Start<TVectors>(sums + (2 * (nint)columns.N), out c2, out d2, lastCount, mask);
                }

                if (TRows.Value > 3)
                {
                    Start<TVectors>(sums + (3 * (nint)columns.N), out c3, out d3, lastCount, mask);
                }

                if (TRows.Value > 4)
                {
                    Start<TVectors>(sums + (4 * (nint)columns.N), out c4, out d4, lastCount, mask);
                }

                if (TRows.Value > 5)
                {
                    Start<TVectors>(sums + (5 * (nint)columns.N), out c5, out d5, lastCount, mask);
                }

                if (TRows.Value > 6)
                {
                    Start<TVectors>(sums + (6 * (nint)columns.N), out c6, out d6, lastCount, mask);
                }

                if (TRows.Value > 7)
                {
                    Start<TVectors>(sums + (7 * (nint)columns.N), out c7, out d7, lastCount, mask);
                }

                if (TRows.Value > 8)
                {
                    Start<TVectors>(sums + (8 * (nint)columns.N), out c8, out d8, lastCount, mask);
                }

                if (TRows.Value > 9)
                {
                    Start<TVectors>(sums + (9 * (nint)columns.N), out c9, out d9, lastCount, mask);
                }

                if (TRows.Value > 10)
                {
                    Start<TVectors>(sums + (10 * (nint)columns.N), out c10, out d10, lastCount, mask);
                }

                if (TRows.Value > 11)
                {
                    Start<TVectors>(sums + (11 * (nint)columns.N), out c11, out d11, lastCount, mask);
                }

                if (TRows.Value > 12)
                {
                    Start<TVectors>(sums + (12 * (nint)columns.N), out c12, out d12, lastCount, mask);
                }

                if (TRows.Value > 13)
                {
                    Start<TVectors>(sums + (13 * (nint)columns.N), out c13, out d13, lastCount, mask);
                }

                sums += TRows.Value * (nint)columns.N;
            }

            nint p = 0;
            for (; p < whole; p++)
            {
                // The group's last column: the group before this one had the line of the first.
                Prefetch.Near(a + ahead);
                Prefetch.Far(next);
                next += nextStep;
                if (TRows.Value > Line)
                {
                    Prefetch.Near(a + ahead - Line);
                }

                TVector b0 = TWidth.Load(b);
                TVector b1 = TVectors.Value == 1 ? default : TWidth.Load(b + TWidth.Count);
                b += bStride;
                MultiplyShared<TVectors>(a, b0, b1, ref c0, ref d0);

                if (TRows.Value > 1)
                {
                    Multiply<TVectors>(a + 1, b0, b1, ref c1, ref d1);
                }

                if (TRows.Value > 2)
                {
                    MultiplyShared<TVectors>(a + 2, b0, b1, ref c2, ref d2);
                }

                if (TRows.Value > 3)
                {
                    Multiply<TVectors>(a + 3, b0, b1, ref c3, ref d3);
                }

                if (TRows.Value > 4)
                {
                    MultiplyShared<TVectors>(a + 4, b0, b1, ref c4, ref d4);
                }

                if (TRows.Value > 5)
                {
                    Multiply<TVectors>(a + 5, b0, b1, ref c5, ref d5);
                }

                if (TRows.Value > 6)
                {
                    MultiplyShared<TVectors>(a + 6, b0, b1, ref c6, ref d6);
                }

                if (TRows.Value > 7)
                {
                    Multiply<TVectors>(a + 7, b0, b1, ref c7, ref d7);
                }

                if (TRows.Value > 8)
                {
                    MultiplyShared<TVectors>(a + 8, b0, b1, ref c8, ref d8);
                }

                if (TRows.Value > 9)
                {
                    Multiply<TVectors>(a + 9, b0, b1, ref c9, ref d9);
                }

                if (TRows.Value > 10)
                {
                    MultiplyShared<TVectors>(a + 10, b0, b1, ref c10, ref d10);
                }

                if (TRows.Value > 11)
                {
                    Multiply<TVectors>(a + 11, b0, b1, ref c11, ref d11);
                }

                if (TRows.Value > 12)
                {
                    MultiplyShared<TVectors>(a + 12, b0, b1, ref c12, ref d12);
                }

                if (TRows.Value > 13)
                {
                    Multiply<TVectors>(a + 13, b0, b1, ref c13, ref d13);
                }

                a += aStride;
            }

            for (; p < k; p++)
            {
                TVector b0 = TVectors.Value == 1 ? TWidth.LoadFirst(b, lastCount, mask) : TWidth.Load(b);
                TVector b1 = TVectors.Value == 1 ? default : TWidth.LoadFirst(b + TWidth.Count, lastCount, mask);
                b += bStride;
                MultiplyShared<TVectors>(a, b0, b1, ref c0, ref d0);

                if (TRows.Value > 1)
                {
                    Multiply<TVectors>(a + 1, b0, b1, ref c1, ref d1);
                }

                if (TRows.Value > 2)
                {
                    MultiplyShared<TVectors>(a + 2, b0, b1, ref c2, ref d2);
                }

                if (TRows.Value > 3)
                {
                    Multiply<TVectors>(a + 3, b0, b1, ref c3, ref d3);
                }

                if (TRows.Value > 4)
                {
                    MultiplyShared<TVectors>(a + 4, b0, b1, ref c4, ref d4);
                }

                if (TRows.Value > 5)
                {
                    Multiply<TVectors>(a + 5, b0, b1, ref c5, ref d5);
                }

                if (TRows.Value > 6)
                {
                    MultiplyShared<TVectors>(a + 6, b0, b1, ref c6, ref d6);
                }

                if (TRows.Value > 7)
                {
                    Multiply<TVectors>(a + 7, b0, b1, ref c7, ref d7);
                }

                if (TRows.Value > 8)
                {
                    MultiplyShared<TVectors>(a + 8, b0, b1, ref c8, ref d8);
                }

                if (TRows.Value > 9)
                {
                    Multiply<TVectors>(a + 9, b0, b1, ref c9, ref d9);
                }

                if (TRows.Value > 10)
                {
                    MultiplyShared<TVectors>(a + 10, b0, b1, ref c10, ref d10);
                }

                if (TRows.Value > 11)
                {
                    Multiply<TVectors>(a + 11, b0, b1, ref c11, ref d11);
                }

                if (TRows.Value > 12)
                {
                    MultiplyShared<TVectors>(a + 12, b0, b1, ref c12, ref d12);
                }

                if (TRows.Value > 13)
                {
                    Multiply<TVectors>(a + 13, b0, b1, ref c13, ref d13);
                }

                a += aStride;
            }

            // All of C is read before any of it is written: next to a masked store that is not in the cache yet a processor waits.
            if (columns.Add)
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

            first += TRows.Value;
            c += TRows.Value * cStride;
        }
    }

    /// <summary>One row of sums that were put down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Start<TVectors>(T* source, out TVector c, out TVector d, int lastCount, TVector mask)
        where TVectors : struct, INumber
    {
        c = TVectors.Value == 1 ? TWidth.LoadFirst(source, lastCount, mask) : TWidth.Load(source);
        d = TVectors.Value == 1 ? default : TWidth.LoadFirst(source + TWidth.Count, lastCount, mask);
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
