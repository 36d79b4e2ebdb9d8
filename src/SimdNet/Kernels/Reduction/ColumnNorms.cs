using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Columns that are too long are shortened: w · most / √Σw² where the root is above most. The squares of a column are one chain of rows.</summary>
internal static unsafe class ColumnNorms<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Every column at most so long.</summary>
    /// <param name="a">[rows × columns], in place.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="most">The greatest norm.</param>
    /// <param name="factors">[columns], overwritten.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Limit(T* a, nint stride, nint rows, nint columns, T most, T* factors)
    {
        int width = TWidth.Count;
        TVector limit = TWidth.Broadcast(most);
        TVector one = TWidth.Broadcast(T.One);
        for (nint j = 0; j < columns; j += width)
        {
            int count = (int)nint.Min(width, columns - j);
            TVector mask = TWidth.FirstMask(count);
            TVector sum = TWidth.Broadcast(T.Zero);
            T* row = a + j;
            for (nint i = 0; i < rows; i++, row += stride)
            {
                TVector w = TWidth.LoadFirst(row, count, mask);
                sum = TWidth.MultiplyAdd(w, w, sum);
            }

            TVector norm = TWidth.Sqrt(sum);
            TWidth.StoreFirst(factors + j, TWidth.Select(TWidth.LessThan(limit, norm), TWidth.Divide(limit, norm), one), count, mask);
        }

        for (nint j = 0; j < columns; j += width)
        {
            int count = (int)nint.Min(width, columns - j);
            TVector mask = TWidth.FirstMask(count);
            TVector factor = TWidth.LoadFirst(factors + j, count, mask);
            T* row = a + j;
            for (nint i = 0; i < rows; i++, row += stride)
            {
                TVector w = TWidth.Multiply(TWidth.LoadFirst(row, count, mask), factor);
                TWidth.StoreFirst(row, Subnormals<T, TPrecision>.Flush<TVector, TWidth>(w), count, mask);
            }
        }
    }
}
