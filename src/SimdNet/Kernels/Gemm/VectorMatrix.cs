using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>y = Wᵀ·x: rows of W, scaled by x, summed into y, up to eight vectors of which stay in registers while the rows pass. Rows whose x is exactly 0 are not read.</summary>
internal static unsafe class VectorMatrix<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>y = Wᵀ·x, or y += Wᵀ·x.</summary>
    /// <param name="k">Rows of W.</param>
    /// <param name="n">Columns of W.</param>
    /// <param name="x">[k].</param>
    /// <param name="weights">[k × n].</param>
    /// <param name="stride">Elements from one row of W to the next.</param>
    /// <param name="y">[n].</param>
    /// <param name="accumulate">False: y is overwritten without being read.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(nint k, nint n, T* x, T* weights, nint stride, T* y, bool accumulate)
    {
        while (n > 0)
        {
            // The last vector of a block may be partial.
            nint vectors = (n + TWidth.Count - 1) / TWidth.Count;
            int block;
            switch (vectors)
            {
                case 1: block = Columns<One>(k, n, x, weights, stride, y, accumulate); break;
                case 2: block = Columns<Two>(k, n, x, weights, stride, y, accumulate); break;
                case 3: block = Columns<Three>(k, n, x, weights, stride, y, accumulate); break;
                case 4: block = Columns<Four>(k, n, x, weights, stride, y, accumulate); break;
                case 5: block = Columns<Five>(k, n, x, weights, stride, y, accumulate); break;
                case 6: block = Columns<Six>(k, n, x, weights, stride, y, accumulate); break;
                case 7: block = Columns<Seven>(k, n, x, weights, stride, y, accumulate); break;
                default: block = Columns<Eight>(k, n, x, weights, stride, y, accumulate); break;
            }

            weights += block;
            y += block;
            n -= block;
        }
    }

    /// <summary>One block of columns; returns how many.</summary>
    [MethodImpl(Compiled.Loop)]
    private static int Columns<TVectors>(nint k, nint n, T* x, T* weights, nint stride, T* y, bool accumulate)
        where TVectors : struct, INumber
    {
        int before = (TVectors.Value - 1) * TWidth.Count;
        int lastCount = (int)nint.Min(n - before, TWidth.Count);
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector y0 = zero;
        TVector y1 = zero;
        TVector y2 = zero;
        TVector y3 = zero;
        TVector y4 = zero;
        TVector y5 = zero;
        TVector y6 = zero;
        TVector last = zero;
        if (accumulate)
        {
            y0 = TVectors.Value > 1 ? TWidth.Load(y + (0 * TWidth.Count)) : zero;
            y1 = TVectors.Value > 2 ? TWidth.Load(y + (1 * TWidth.Count)) : zero;
            y2 = TVectors.Value > 3 ? TWidth.Load(y + (2 * TWidth.Count)) : zero;
            y3 = TVectors.Value > 4 ? TWidth.Load(y + (3 * TWidth.Count)) : zero;
            y4 = TVectors.Value > 5 ? TWidth.Load(y + (4 * TWidth.Count)) : zero;
            y5 = TVectors.Value > 6 ? TWidth.Load(y + (5 * TWidth.Count)) : zero;
            y6 = TVectors.Value > 7 ? TWidth.Load(y + (6 * TWidth.Count)) : zero;
            last = TWidth.LoadFirst(y + before, lastCount, mask);
        }

        for (nint p = 0; p < k; p++, weights += stride)
        {
            if (x[p] == T.Zero)
            {
                continue;
            }

            TVector factor = TWidth.Broadcast(x[p]);
            if (TVectors.Value > 1)
            {
                y0 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (0 * TWidth.Count)), y0);
            }

            if (TVectors.Value > 2)
            {
                y1 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (1 * TWidth.Count)), y1);
            }

            if (TVectors.Value > 3)
            {
                y2 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (2 * TWidth.Count)), y2);
            }

            if (TVectors.Value > 4)
            {
                y3 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (3 * TWidth.Count)), y3);
            }

            if (TVectors.Value > 5)
            {
                y4 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (4 * TWidth.Count)), y4);
            }

            if (TVectors.Value > 6)
            {
                y5 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (5 * TWidth.Count)), y5);
            }

            if (TVectors.Value > 7)
            {
                y6 = TWidth.MultiplyAdd(factor, TWidth.Load(weights + (6 * TWidth.Count)), y6);
            }

            last = TWidth.MultiplyAdd(factor, TWidth.LoadFirst(weights + before, lastCount, mask), last);
        }

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

        TWidth.StoreFirst(y + before, last, lastCount, mask);
        return before + lastCount;
    }
}
