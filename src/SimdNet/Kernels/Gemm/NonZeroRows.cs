using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Lists of the rows whose factor is not exactly 0, so that the loops over rows of weights have no branch to mispredict: half of an image's pixels are 0, and a wrong guess costs as much as a row.</summary>
internal static unsafe class NonZeroRows<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>The i with x[i] ≠ 0, in order.</summary>
    /// <param name="x">[length].</param>
    /// <param name="length">0 to <see cref="RowList.Capacity"/>.</param>
    /// <param name="rows">Room for a <see cref="RowList"/>.</param>
    /// <returns>How many there are.</returns>
    [MethodImpl(Compiled.Loop)]
    public static int Find(T* x, int length, int* rows)
    {
        int count = 0;
        int i = 0;
        for (; i <= length - TWidth.Count; i += TWidth.Count)
        {
            count += TWidth.IndicesOfNonZero(TWidth.Load(x + i), i, rows + count);
        }

        if (i < length)
        {
            count += TWidth.IndicesOfNonZero(TWidth.LoadFirst(x + i, length - i, TWidth.FirstMask(length - i)), i, rows + count);
        }

        return count;
    }

    /// <summary>factors = α·x.</summary>
    /// <param name="alpha">α.</param>
    /// <param name="x">[length].</param>
    /// <param name="other">[length].</param>
    /// <param name="length">0 to <see cref="RowList.Capacity"/>.</param>
    /// <param name="factors">[length], overwritten.</param>
    /// <returns>True where an element of x or other is 0.</returns>
    [MethodImpl(Compiled.Loop)]
    public static bool Scale(T alpha, T* x, T* other, int length, T* factors)
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector scale = TWidth.Broadcast(alpha);
        TVector gaps = zero;
        int i = 0;
        for (; i <= length - TWidth.Count; i += TWidth.Count)
        {
            TVector value = TWidth.Load(x + i);
            gaps = TWidth.Or(gaps, TWidth.Or(TWidth.Equal(value, zero), TWidth.Equal(TWidth.Load(other + i), zero)));
            TWidth.Store(factors + i, TWidth.Multiply(scale, value));
        }

        if (i < length)
        {
            int count = length - i;
            TVector mask = TWidth.FirstMask(count);
            TVector value = TWidth.LoadFirst(x + i, count, mask);
            gaps = TWidth.Or(gaps, TWidth.And(mask, TWidth.Or(TWidth.Equal(value, zero), TWidth.Equal(TWidth.LoadFirst(other + i, count, mask), zero))));
            TWidth.StoreFirst(factors + i, TWidth.Multiply(scale, value), count, mask);
        }

        // A lane whose bits are all set is NaN, and a maximum does not lose it.
        return T.IsNaN(TWidth.Fold<MaximumFold<T>>(gaps));
    }
}
