using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>W += (α·x)·gᵀ for rows of more vectors than registers hold of g: each from end to end, with g read again.</summary>
/// <remarks>
/// In blocks of columns, as <see cref="WideRows{T, TVector, TWidth}"/> takes them, rows of W would be passed over piece by piece, pages apart, which hides them from the processor's own prediction.
/// </remarks>
internal static unsafe class LongRows<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Bytes of a row from which on this is faster: half a page, of which each piece would be a stride of its own. Shorter rows lose more to reading g again.</summary>
    public const int LeastBytes = 2048;

    /// <summary>One pass.</summary>
    /// <param name="o">The rows and their factors.</param>
    /// <param name="n">Columns.</param>
    /// <param name="weights">[rows × n].</param>
    /// <param name="g">[n].</param>
    [MethodImpl(Compiled.Loop)]
    public static void Update<TRows>(in SampleOperands<T> o, nint n, T* weights, T* g)
        where TRows : struct, IRowOrder
    {
        nint whole = n - (n % TWidth.Count);
        int lastCount = (int)(n - whole);
        TVector mask = TWidth.FirstMask(lastCount);
        TVector last = TWidth.LoadFirst(g + whole, lastCount, mask);
        for (nint i = 0; i < o.Count; i++)
        {
            nint p = TRows.AreListed ? o.Rows[i] : i;
            T* row = weights + (p * o.Stride);
            TVector f = TWidth.Broadcast(o.Factors[p]);
            for (nint j = 0; j < whole; j += TWidth.Count)
            {
                TWidth.Store(row + j, TWidth.MultiplyAdd(f, TWidth.Load(g + j), TWidth.Load(row + j)));
            }

            if (lastCount > 0)
            {
                TWidth.StoreFirst(row + whole, TWidth.MultiplyAdd(f, last, TWidth.LoadFirst(row + whole, lastCount, mask)), lastCount, mask);
            }
        }
    }
}
