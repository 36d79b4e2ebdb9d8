using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loops of a single sample over rows of at most <see cref="SamplePass{T, TVector, TWidth}.NarrowColumns"/> weights, for one block of one or two vectors of columns.</summary>
/// <remarks>
/// Rows are dealt in turn to two chains, the first of which starts from y and the other from 0, and y = c₀ + c₁: one chain would wait for its own latency, and a third and fourth gain nothing
/// beside the stores. A row whose last vector is partial is read before the four rows ahead of it are written: a processor that reads next to what was just written with a mask waits for that write.
/// </remarks>
internal static unsafe class NarrowRows<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <inheritdoc cref="WideRows{T, TVector, TWidth}.Run"/>
    [MethodImpl(Compiled.Loop)]
    public static void Run<TVectors, TTail, TPass, TRows>(in SampleOperands<T> o, T* weights, T* g, T* y, int lastCount)
        where TVectors : struct, INumber
        where TTail : struct, IRowTail
        where TPass : struct, IRowPass
        where TRows : struct, IRowOrder
    {
        bool isTwo = TVectors.Value > 1;
        int before = isTwo ? TWidth.Count : 0;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        nint count = o.Count;
        int* rows = o.Rows;
        nint stride = o.Stride;
        T* factors = o.Factors;
        T* xAfter = o.After;
        TVector g0 = TPass.Updates && isTwo ? TWidth.Load(g) : zero;
        TVector g1 = TPass.Updates ? RowTail<T, TVector, TWidth>.Load<TTail>(g + before, lastCount, mask) : zero;
        TVector a0 = TPass.Forwards && isTwo ? TWidth.Load(y) : zero;
        TVector a1 = TPass.Forwards ? RowTail<T, TVector, TWidth>.Load<TTail>(y + before, lastCount, mask) : zero;
        TVector b0 = zero;
        TVector b1 = zero;
        nint j = 0;
        if (TTail.IsPartial && TPass.Updates && count >= 4)
        {
            T* row0 = weights + ((TRows.AreListed ? rows[0] : 0) * stride);
            TVector n00 = isTwo ? TWidth.Load(row0) : zero;
            TVector n01 = TWidth.LoadFirst(row0 + before, lastCount, mask);
            T* row1 = weights + ((TRows.AreListed ? rows[1] : 1) * stride);
            TVector n10 = isTwo ? TWidth.Load(row1) : zero;
            TVector n11 = TWidth.LoadFirst(row1 + before, lastCount, mask);
            T* row2 = weights + ((TRows.AreListed ? rows[2] : 2) * stride);
            TVector n20 = isTwo ? TWidth.Load(row2) : zero;
            TVector n21 = TWidth.LoadFirst(row2 + before, lastCount, mask);
            T* row3 = weights + ((TRows.AreListed ? rows[3] : 3) * stride);
            TVector n30 = isTwo ? TWidth.Load(row3) : zero;
            TVector n31 = TWidth.LoadFirst(row3 + before, lastCount, mask);
            for (; j <= count - 4; j += 4)
            {
                T* at0 = row0;
                TVector w00 = n00;
                TVector w01 = n01;
                T* at1 = row1;
                TVector w10 = n10;
                TVector w11 = n11;
                T* at2 = row2;
                TVector w20 = n20;
                TVector w21 = n21;
                T* at3 = row3;
                TVector w30 = n30;
                TVector w31 = n31;
                nint next = j <= count - 8 ? j + 4 : j;
                row0 = weights + ((TRows.AreListed ? rows[next + 0] : next + 0) * stride);
                n00 = isTwo ? TWidth.Load(row0) : zero;
                n01 = TWidth.LoadFirst(row0 + before, lastCount, mask);
                row1 = weights + ((TRows.AreListed ? rows[next + 1] : next + 1) * stride);
                n10 = isTwo ? TWidth.Load(row1) : zero;
                n11 = TWidth.LoadFirst(row1 + before, lastCount, mask);
                row2 = weights + ((TRows.AreListed ? rows[next + 2] : next + 2) * stride);
                n20 = isTwo ? TWidth.Load(row2) : zero;
                n21 = TWidth.LoadFirst(row2 + before, lastCount, mask);
                row3 = weights + ((TRows.AreListed ? rows[next + 3] : next + 3) * stride);
                n30 = isTwo ? TWidth.Load(row3) : zero;
                n31 = TWidth.LoadFirst(row3 + before, lastCount, mask);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 0] : j + 0, at0, w00, w01, g0, g1, lastCount, mask, ref a0, ref a1);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 1] : j + 1, at1, w10, w11, g0, g1, lastCount, mask, ref b0, ref b1);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 2] : j + 2, at2, w20, w21, g0, g1, lastCount, mask, ref a0, ref a1);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 3] : j + 3, at3, w30, w31, g0, g1, lastCount, mask, ref b0, ref b1);
            }
        }
        else
        {
            for (; j <= count - 4; j += 4)
            {
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 0] : j + 0, weights, stride, g0, g1, lastCount, mask, ref a0, ref a1);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 1] : j + 1, weights, stride, g0, g1, lastCount, mask, ref b0, ref b1);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 2] : j + 2, weights, stride, g0, g1, lastCount, mask, ref a0, ref a1);
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j + 3] : j + 3, weights, stride, g0, g1, lastCount, mask, ref b0, ref b1);
            }
        }

        // The rest, with the chains taking turns, so that there is one copy of the row.
        for (int turn = 0; turn < 4; turn++, j++)
        {
            if (j < count)
            {
                Row<TVectors, TTail, TPass>(factors, xAfter, TRows.AreListed ? rows[j] : j, weights, stride, g0, g1, lastCount, mask, ref a0, ref a1);
            }

            (a0, b0) = (b0, a0);
            (a1, b1) = (b1, a1);
        }

        if (TPass.Forwards)
        {
            if (isTwo)
            {
                TWidth.Store(y, TWidth.Add(a0, b0));
            }

            RowTail<T, TVector, TWidth>.Store<TTail>(y + before, TWidth.Add(a1, b1), lastCount, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TVectors, TTail, TPass>(T* factors, T* xAfter, nint p, T* weights, nint stride, TVector g0, TVector g1, int lastCount, TVector mask, ref TVector y0, ref TVector y1)
        where TVectors : struct, INumber
        where TTail : struct, IRowTail
        where TPass : struct, IRowPass
    {
        bool isTwo = TVectors.Value > 1;
        T* row = weights + (p * stride);
        TVector w0 = isTwo ? TWidth.Load(row) : g0;
        TVector w1 = RowTail<T, TVector, TWidth>.Load<TTail>(row + (isTwo ? TWidth.Count : 0), lastCount, mask);
        Row<TVectors, TTail, TPass>(factors, xAfter, p, row, w0, w1, g0, g1, lastCount, mask, ref y0, ref y1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TVectors, TTail, TPass>(T* factors, T* xAfter, nint p, T* row, TVector w0, TVector w1, TVector g0, TVector g1, int lastCount, TVector mask, ref TVector y0, ref TVector y1)
        where TVectors : struct, INumber
        where TTail : struct, IRowTail
        where TPass : struct, IRowPass
    {
        bool isTwo = TVectors.Value > 1;
        TVector first = w0;
        TVector last = w1;
        if (TPass.Updates)
        {
            TVector f = TWidth.Broadcast(factors[p]);
            last = TWidth.MultiplyAdd(f, g1, w1);
            first = isTwo ? TWidth.MultiplyAdd(f, g0, w0) : w0;
        }

        if (TPass.Forwards)
        {
            TVector x = TWidth.Broadcast(xAfter[p]);
            y1 = TWidth.MultiplyAdd(x, last, y1);
            y0 = isTwo ? TWidth.MultiplyAdd(x, first, y0) : y0;
        }

        if (TPass.Updates)
        {
            if (isTwo)
            {
                TWidth.Store(row, first);
            }

            RowTail<T, TVector, TWidth>.Store<TTail>(row + (isTwo ? TWidth.Count : 0), last, lastCount, mask);
        }
    }
}
