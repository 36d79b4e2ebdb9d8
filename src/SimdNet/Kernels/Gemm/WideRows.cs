using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loops of a single sample over rows of more than <see cref="SamplePass{T, TVector, TWidth}.NarrowColumns"/> weights, for one block of up to eight vectors of columns.</summary>
/// <remarks>
/// A block keeps its part of y, and of g, in registers while the rows pass; each column of y is one chain. Four rows are taken at a time, column by column: row by row, the stores wait for the
/// arithmetic and it for them.
/// </remarks>
internal static unsafe class WideRows<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>One pass.</summary>
    /// <param name="o">The rows and their factors.</param>
    /// <param name="weights">The first column of the block.</param>
    /// <param name="g">The block's part of g.</param>
    /// <param name="y">The block's part of y.</param>
    /// <param name="lastCount">Lanes of the last vector.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Run<TVectors, TTail, TPass, TRows>(in SampleOperands<T> o, T* weights, T* g, T* y, int lastCount)
        where TVectors : struct, INumber
        where TTail : struct, IRowTail
        where TPass : struct, IRowPass
        where TRows : struct, IRowOrder
    {
        int before = (TVectors.Value - 1) * TWidth.Count;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        nint count = o.Count;
        int* rows = o.Rows;
        nint stride = o.Stride;
        T* factors = o.Factors;
        T* xAfter = o.After;
        TVector g0 = TPass.Updates && TVectors.Value > 1 ? TWidth.Load(g + (0 * TWidth.Count)) : zero;
        TVector g1 = TPass.Updates && TVectors.Value > 2 ? TWidth.Load(g + (1 * TWidth.Count)) : zero;
        TVector g2 = TPass.Updates && TVectors.Value > 3 ? TWidth.Load(g + (2 * TWidth.Count)) : zero;
        TVector g3 = TPass.Updates && TVectors.Value > 4 ? TWidth.Load(g + (3 * TWidth.Count)) : zero;
        TVector g4 = TPass.Updates && TVectors.Value > 5 ? TWidth.Load(g + (4 * TWidth.Count)) : zero;
        TVector g5 = TPass.Updates && TVectors.Value > 6 ? TWidth.Load(g + (5 * TWidth.Count)) : zero;
        TVector g6 = TPass.Updates && TVectors.Value > 7 ? TWidth.Load(g + (6 * TWidth.Count)) : zero;
        TVector gLast = TPass.Updates ? RowTail<T, TVector, TWidth>.Load<TTail>(g + before, lastCount, mask) : zero;
        TVector y0 = TPass.Forwards && TVectors.Value > 1 ? TWidth.Load(y + (0 * TWidth.Count)) : zero;
        TVector y1 = TPass.Forwards && TVectors.Value > 2 ? TWidth.Load(y + (1 * TWidth.Count)) : zero;
        TVector y2 = TPass.Forwards && TVectors.Value > 3 ? TWidth.Load(y + (2 * TWidth.Count)) : zero;
        TVector y3 = TPass.Forwards && TVectors.Value > 4 ? TWidth.Load(y + (3 * TWidth.Count)) : zero;
        TVector y4 = TPass.Forwards && TVectors.Value > 5 ? TWidth.Load(y + (4 * TWidth.Count)) : zero;
        TVector y5 = TPass.Forwards && TVectors.Value > 6 ? TWidth.Load(y + (5 * TWidth.Count)) : zero;
        TVector y6 = TPass.Forwards && TVectors.Value > 7 ? TWidth.Load(y + (6 * TWidth.Count)) : zero;
        TVector yLast = TPass.Forwards ? RowTail<T, TVector, TWidth>.Load<TTail>(y + before, lastCount, mask) : zero;
        nint j = 0;
        while (j < count)
        {
            nint p0 = TRows.AreListed ? rows[j] : j;
            T* row0 = weights + (p0 * stride);
            TVector x0 = TPass.Forwards ? TWidth.Broadcast(xAfter[p0]) : zero;
            TVector f0 = TPass.Updates ? TWidth.Broadcast(factors[p0]) : zero;
            if (j <= count - 4)
            {
                nint p1 = TRows.AreListed ? rows[j + 1] : j + 1;
                nint p2 = TRows.AreListed ? rows[j + 2] : j + 2;
                nint p3 = TRows.AreListed ? rows[j + 3] : j + 3;
                T* row1 = weights + (p1 * stride);
                T* row2 = weights + (p2 * stride);
                T* row3 = weights + (p3 * stride);
                TVector x1 = TPass.Forwards ? TWidth.Broadcast(xAfter[p1]) : zero;
                TVector x2 = TPass.Forwards ? TWidth.Broadcast(xAfter[p2]) : zero;
                TVector x3 = TPass.Forwards ? TWidth.Broadcast(xAfter[p3]) : zero;
                TVector f1 = TPass.Updates ? TWidth.Broadcast(factors[p1]) : zero;
                TVector f2 = TPass.Updates ? TWidth.Broadcast(factors[p2]) : zero;
                TVector f3 = TPass.Updates ? TWidth.Broadcast(factors[p3]) : zero;
                if (TVectors.Value > 1)
                {
                    y0 = Element<TPass>(row0 + (0 * TWidth.Count), f0, g0, x0, y0);
                    y0 = Element<TPass>(row1 + (0 * TWidth.Count), f1, g0, x1, y0);
                    y0 = Element<TPass>(row2 + (0 * TWidth.Count), f2, g0, x2, y0);
                    y0 = Element<TPass>(row3 + (0 * TWidth.Count), f3, g0, x3, y0);
                }

                if (TVectors.Value > 2)
                {
                    y1 = Element<TPass>(row0 + (1 * TWidth.Count), f0, g1, x0, y1);
                    y1 = Element<TPass>(row1 + (1 * TWidth.Count), f1, g1, x1, y1);
                    y1 = Element<TPass>(row2 + (1 * TWidth.Count), f2, g1, x2, y1);
                    y1 = Element<TPass>(row3 + (1 * TWidth.Count), f3, g1, x3, y1);
                }

                if (TVectors.Value > 3)
                {
                    y2 = Element<TPass>(row0 + (2 * TWidth.Count), f0, g2, x0, y2);
                    y2 = Element<TPass>(row1 + (2 * TWidth.Count), f1, g2, x1, y2);
                    y2 = Element<TPass>(row2 + (2 * TWidth.Count), f2, g2, x2, y2);
                    y2 = Element<TPass>(row3 + (2 * TWidth.Count), f3, g2, x3, y2);
                }

                if (TVectors.Value > 4)
                {
                    y3 = Element<TPass>(row0 + (3 * TWidth.Count), f0, g3, x0, y3);
                    y3 = Element<TPass>(row1 + (3 * TWidth.Count), f1, g3, x1, y3);
                    y3 = Element<TPass>(row2 + (3 * TWidth.Count), f2, g3, x2, y3);
                    y3 = Element<TPass>(row3 + (3 * TWidth.Count), f3, g3, x3, y3);
                }

                if (TVectors.Value > 5)
                {
                    y4 = Element<TPass>(row0 + (4 * TWidth.Count), f0, g4, x0, y4);
                    y4 = Element<TPass>(row1 + (4 * TWidth.Count), f1, g4, x1, y4);
                    y4 = Element<TPass>(row2 + (4 * TWidth.Count), f2, g4, x2, y4);
                    y4 = Element<TPass>(row3 + (4 * TWidth.Count), f3, g4, x3, y4);
                }

                if (TVectors.Value > 6)
                {
                    y5 = Element<TPass>(row0 + (5 * TWidth.Count), f0, g5, x0, y5);
                    y5 = Element<TPass>(row1 + (5 * TWidth.Count), f1, g5, x1, y5);
                    y5 = Element<TPass>(row2 + (5 * TWidth.Count), f2, g5, x2, y5);
                    y5 = Element<TPass>(row3 + (5 * TWidth.Count), f3, g5, x3, y5);
                }

                if (TVectors.Value > 7)
                {
                    y6 = Element<TPass>(row0 + (6 * TWidth.Count), f0, g6, x0, y6);
                    y6 = Element<TPass>(row1 + (6 * TWidth.Count), f1, g6, x1, y6);
                    y6 = Element<TPass>(row2 + (6 * TWidth.Count), f2, g6, x2, y6);
                    y6 = Element<TPass>(row3 + (6 * TWidth.Count), f3, g6, x3, y6);
                }

                yLast = LastElement<TTail, TPass>(row0 + before, lastCount, mask, f0, gLast, x0, yLast);
                yLast = LastElement<TTail, TPass>(row1 + before, lastCount, mask, f1, gLast, x1, yLast);
                yLast = LastElement<TTail, TPass>(row2 + before, lastCount, mask, f2, gLast, x2, yLast);
                yLast = LastElement<TTail, TPass>(row3 + before, lastCount, mask, f3, gLast, x3, yLast);
                j += 4;
                continue;
            }

            j++;
            y0 = TVectors.Value > 1 ? Element<TPass>(row0 + (0 * TWidth.Count), f0, g0, x0, y0) : zero;
            y1 = TVectors.Value > 2 ? Element<TPass>(row0 + (1 * TWidth.Count), f0, g1, x0, y1) : zero;
            y2 = TVectors.Value > 3 ? Element<TPass>(row0 + (2 * TWidth.Count), f0, g2, x0, y2) : zero;
            y3 = TVectors.Value > 4 ? Element<TPass>(row0 + (3 * TWidth.Count), f0, g3, x0, y3) : zero;
            y4 = TVectors.Value > 5 ? Element<TPass>(row0 + (4 * TWidth.Count), f0, g4, x0, y4) : zero;
            y5 = TVectors.Value > 6 ? Element<TPass>(row0 + (5 * TWidth.Count), f0, g5, x0, y5) : zero;
            y6 = TVectors.Value > 7 ? Element<TPass>(row0 + (6 * TWidth.Count), f0, g6, x0, y6) : zero;
            yLast = LastElement<TTail, TPass>(row0 + before, lastCount, mask, f0, gLast, x0, yLast);
        }

        if (TPass.Forwards)
        {
            if (TVectors.Value > 1)
            {
                TWidth.Store(y + (0 * TWidth.Count), y0);
            }

            if (TVectors.Value > 2)
            {
                TWidth.Store(y + (1 * TWidth.Count), y1);
            }

            if (TVectors.Value > 3)
            {
                TWidth.Store(y + (2 * TWidth.Count), y2);
            }

            if (TVectors.Value > 4)
            {
                TWidth.Store(y + (3 * TWidth.Count), y3);
            }

            if (TVectors.Value > 5)
            {
                TWidth.Store(y + (4 * TWidth.Count), y4);
            }

            if (TVectors.Value > 6)
            {
                TWidth.Store(y + (5 * TWidth.Count), y5);
            }

            if (TVectors.Value > 7)
            {
                TWidth.Store(y + (6 * TWidth.Count), y6);
            }

            RowTail<T, TVector, TWidth>.Store<TTail>(y + before, yLast, lastCount, mask);
        }
    }

    /// <summary>w += f·g and y + x·w, each where the pass asks for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Element<TPass>(T* weights, TVector f, TVector g, TVector x, TVector y)
        where TPass : struct, IRowPass
    {
        TVector w = TWidth.Load(weights);
        w = TPass.Updates ? TWidth.MultiplyAdd(f, g, w) : w;
        y = TPass.Forwards ? TWidth.MultiplyAdd(x, w, y) : y;
        if (TPass.Updates)
        {
            TWidth.Store(weights, w);
        }

        return y;
    }

    /// <inheritdoc cref="Element"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LastElement<TTail, TPass>(T* weights, int count, TVector mask, TVector f, TVector g, TVector x, TVector y)
        where TTail : struct, IRowTail
        where TPass : struct, IRowPass
    {
        TVector w = RowTail<T, TVector, TWidth>.Load<TTail>(weights, count, mask);
        w = TPass.Updates ? TWidth.MultiplyAdd(f, g, w) : w;
        y = TPass.Forwards ? TWidth.MultiplyAdd(x, w, y) : y;
        if (TPass.Updates)
        {
            RowTail<T, TVector, TWidth>.Store<TTail>(weights, w, count, mask);
        }

        return y;
    }
}
