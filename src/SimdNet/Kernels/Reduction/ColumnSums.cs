using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Sums of the columns of a matrix, a chain of rows for each column.</summary>
internal static unsafe class ColumnSums<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>sums = column sums of a, or sums += them.</summary>
    /// <param name="a">[rows × columns].</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="sums">[columns].</param>
    /// <param name="accumulate">True: chains start from sums. False: from 0, and sums is not read.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Run(T* a, nint stride, nint rows, nint columns, T* sums, bool accumulate)
    {
        int width = TWidth.Count;
        TVector zero = TWidth.Broadcast(T.Zero);
        nint j = 0;

        // Four vectors of columns at a time: four chains hide the latency of an addition.
        for (; j <= columns - (4 * width); j += 4 * width)
        {
            TVector s0 = accumulate ? TWidth.Load(sums + j) : zero;
            TVector s1 = accumulate ? TWidth.Load(sums + j + width) : zero;
            TVector s2 = accumulate ? TWidth.Load(sums + j + (2 * width)) : zero;
            TVector s3 = accumulate ? TWidth.Load(sums + j + (3 * width)) : zero;
            T* row = a + j;
            for (nint i = 0; i < rows; i++, row += stride)
            {
                s0 = TWidth.Add(s0, TWidth.Load(row));
                s1 = TWidth.Add(s1, TWidth.Load(row + width));
                s2 = TWidth.Add(s2, TWidth.Load(row + (2 * width)));
                s3 = TWidth.Add(s3, TWidth.Load(row + (3 * width)));
            }

            TWidth.Store(sums + j, s0);
            TWidth.Store(sums + j + width, s1);
            TWidth.Store(sums + j + (2 * width), s2);
            TWidth.Store(sums + j + (3 * width), s3);
        }

        for (; j < columns; j += width)
        {
            int count = (int)nint.Min(width, columns - j);
            TVector mask = TWidth.FirstMask(count);
            TVector sum = accumulate ? TWidth.LoadFirst(sums + j, count, mask) : zero;
            T* row = a + j;
            for (nint i = 0; i < rows; i++, row += stride)
            {
                sum = TWidth.Add(sum, TWidth.LoadFirst(row, count, mask));
            }

            TWidth.StoreFirst(sums + j, sum, count, mask);
        }
    }
}
