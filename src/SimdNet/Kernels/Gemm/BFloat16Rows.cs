using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>y += Wᵀ·x over rows of weights that are half as long: the upper halves of floats, two of them in a word.</summary>
/// <remarks>
/// A row is cut into blocks of 32 columns, the last filled up with zeros. A word holds one column of a block's first half and, 16 columns on, one of its second, so that a shift and a mask make two vectors of floats:
/// <code>
/// columns   |  0 |  1 | … | 15 | 16 | 17 | … | 31 | 32 | …
/// words     | 16·0 | 17·1 | … | 31·15 | 48·32 | …            upper half · lower half
/// </code>
/// Every column is one chain, over the rows whose x is not 0 in their order, that starts from y.
/// </remarks>
internal static unsafe class BFloat16Rows<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>One pass over all rows.</summary>
    /// <param name="k">Rows of W.</param>
    /// <param name="n">Columns of W.</param>
    /// <param name="x">[k].</param>
    /// <param name="words">[k × ⌈n / 32⌉ · 16].</param>
    /// <param name="y">[n], added to.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Forward(nint k, nint n, T* x, T* words, T* y)
    {
        Unsafe.SkipInit(out RowList list);
        int* rows = (int*)&list;
        nint stride = BFloat16.Words((int)n);
        for (nint start = 0; start < k; start += RowList.Capacity)
        {
            int length = (int)nint.Min(k - start, RowList.Capacity);
            int count = NonZeroRows<T, TVector, TWidth>.Find(x + start, length, rows);
            T* block = words + (start * stride);
            nint done = 0;
            for (; done <= stride - (4 * TWidth.Count); done += 4 * TWidth.Count)
            {
                Block<Four>(count, rows, x + start, block + done, stride, y, done, n);
            }

            for (; done < stride; done += TWidth.Count)
            {
                Block<One>(count, rows, x + start, block + done, stride, y, done, n);
            }
        }
    }

    /// <summary>Four vectors of words, or one.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void Block<TVectors>(nint count, int* rows, T* x, T* words, nint stride, T* y, nint first, nint n)
        where TVectors : struct, INumber
    {
        uint upperHalf = 0xFFFF_0000;
        TVector upper = TWidth.Broadcast(Unsafe.As<uint, T>(ref upperHalf));
        bool isFour = TVectors.Value == 4;
        TVector low0 = Load(y, BFloat16.Column(first), n);
        TVector high0 = Load(y, BFloat16.Column(first) + BFloat16.Half, n);
        TVector low1 = isFour ? Load(y, BFloat16.Column(first + TWidth.Count), n) : default;
        TVector high1 = isFour ? Load(y, BFloat16.Column(first + TWidth.Count) + BFloat16.Half, n) : default;
        TVector low2 = isFour ? Load(y, BFloat16.Column(first + (2 * TWidth.Count)), n) : default;
        TVector high2 = isFour ? Load(y, BFloat16.Column(first + (2 * TWidth.Count)) + BFloat16.Half, n) : default;
        TVector low3 = isFour ? Load(y, BFloat16.Column(first + (3 * TWidth.Count)), n) : default;
        TVector high3 = isFour ? Load(y, BFloat16.Column(first + (3 * TWidth.Count)) + BFloat16.Half, n) : default;
        for (nint j = 0; j < count; j++)
        {
            nint p = rows[j];
            T* row = words + (p * stride);
            TVector factor = TWidth.Broadcast(x[p]);
            TVector word = TWidth.Load(row);
            low0 = TWidth.MultiplyAdd(factor, TWidth.ShiftLeft(word, 16), low0);
            high0 = TWidth.MultiplyAdd(factor, TWidth.And(word, upper), high0);
            if (isFour)
            {
                word = TWidth.Load(row + TWidth.Count);
                low1 = TWidth.MultiplyAdd(factor, TWidth.ShiftLeft(word, 16), low1);
                high1 = TWidth.MultiplyAdd(factor, TWidth.And(word, upper), high1);
                word = TWidth.Load(row + (2 * TWidth.Count));
                low2 = TWidth.MultiplyAdd(factor, TWidth.ShiftLeft(word, 16), low2);
                high2 = TWidth.MultiplyAdd(factor, TWidth.And(word, upper), high2);
                word = TWidth.Load(row + (3 * TWidth.Count));
                low3 = TWidth.MultiplyAdd(factor, TWidth.ShiftLeft(word, 16), low3);
                high3 = TWidth.MultiplyAdd(factor, TWidth.And(word, upper), high3);
            }
        }

        Store(y, BFloat16.Column(first), n, low0);
        Store(y, BFloat16.Column(first) + BFloat16.Half, n, high0);
        if (isFour)
        {
            Store(y, BFloat16.Column(first + TWidth.Count), n, low1);
            Store(y, BFloat16.Column(first + TWidth.Count) + BFloat16.Half, n, high1);
            Store(y, BFloat16.Column(first + (2 * TWidth.Count)), n, low2);
            Store(y, BFloat16.Column(first + (2 * TWidth.Count)) + BFloat16.Half, n, high2);
            Store(y, BFloat16.Column(first + (3 * TWidth.Count)), n, low3);
            Store(y, BFloat16.Column(first + (3 * TWidth.Count)) + BFloat16.Half, n, high3);
        }
    }

    /// <summary>A vector of y; lanes beyond its end are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(T* y, nint column, nint n)
    {
        int count = (int)nint.Clamp(n - column, 0, TWidth.Count);
        return TWidth.LoadFirst(y + column, count, TWidth.FirstMask(count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* y, nint column, nint n, TVector value)
    {
        int count = (int)nint.Clamp(n - column, 0, TWidth.Count);
        TWidth.StoreFirst(y + column, value, count, TWidth.FirstMask(count));
    }
}
