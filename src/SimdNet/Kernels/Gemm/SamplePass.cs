using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The passes of a single sample over the weights of a layer: blocks of rows, lists of those that count, blocks of columns.</summary>
/// <remarks>What needs room for a list is a body of its own: inlined into a method without <see cref="SkipLocalsInitAttribute"/>, its 4 to 12 KB would be cleared for each sample.</remarks>
internal static unsafe class SamplePass<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Columns up to which rows are dealt to four chains.</summary>
    public const int NarrowColumns = 32;

    /// <summary>y += Wᵀ·x.</summary>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Forward(nint k, nint n, T* x, T* weights, nint stride, T* y)
    {
        Unsafe.SkipInit(out RowList list);
        int* rows = (int*)&list;
        for (nint start = 0; start < k; start += RowList.Capacity)
        {
            int length = (int)nint.Min(k - start, RowList.Capacity);
            int count = NonZeroRows<T, TVector, TWidth>.Find(x + start, length, rows);
            SampleOperands<T> operands = new() { After = x + start, Stride = stride, Rows = rows, Count = count };
            if (count == length)
            {
                Columns<ForwardPass, AllRows>(operands, n, weights + (start * stride), null, y);
            }
            else if (count > 0)
            {
                Columns<ForwardPass, ListedRows>(operands, n, weights + (start * stride), null, y);
            }
        }
    }

    /// <summary>W += (α·x)·gᵀ.</summary>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Update(T alpha, nint k, nint n, T* x, T* g, T* weights, nint stride)
    {
        Unsafe.SkipInit(out RowList list);
        Unsafe.SkipInit(out RowFactors<T> scaled);
        int* rows = (int*)&list;
        T* factors = (T*)&scaled;
        for (nint start = 0; start < k; start += RowList.Capacity)
        {
            int length = (int)nint.Min(k - start, RowList.Capacity);
            T* block = weights + (start * stride);
            SampleOperands<T> operands = new() { Factors = factors, Stride = stride, Rows = rows, Count = length };
            if (!NonZeroRows<T, TVector, TWidth>.Scale(alpha, x + start, x + start, length, factors))
            {
                Columns<UpdatePass, AllRows>(operands, n, block, g, null);
                continue;
            }

            int count = NonZeroRows<T, TVector, TWidth>.Find(x + start, length, rows);
            if (count > 0)
            {
                Columns<UpdatePass, ListedRows>(operands with { Count = count }, n, block, g, null);
            }
        }
    }

    /// <summary>W += (α·before)·gᵀ, then y += Wᵀ·after: in one pass over a block of rows where none of its factors is 0, else in two that skip rows.</summary>
    /// <remarks>
    /// One pass that skips rows would have to visit those of either sample, under a mask or a branch for each. With half of the inputs 0 it takes longer than two, which are lists without either.
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void UpdateAndForward(T alpha, nint k, nint n, T* before, T* g, T* after, T* weights, nint stride, T* y)
    {
        Unsafe.SkipInit(out RowFactors<T> scaled);
        T* factors = (T*)&scaled;
        for (nint start = 0; start < k; start += RowList.Capacity)
        {
            int length = (int)nint.Min(k - start, RowList.Capacity);
            T* block = weights + (start * stride);
            if (NonZeroRows<T, TVector, TWidth>.Scale(alpha, before + start, after + start, length, factors))
            {
                Update(alpha, length, n, before + start, g, block, stride);
                Forward(length, n, after + start, block, stride, y);
            }
            else
            {
                Columns<UpdateAndForwardPass, AllRows>(new() { After = after + start, Factors = factors, Stride = stride, Count = length }, n, block, g, y);
            }
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Columns<TPass, TRows>(in SampleOperands<T> o, nint n, T* weights, T* g, T* y)
        where TPass : struct, IRowPass
        where TRows : struct, IRowOrder
    {
        if (!TPass.Forwards && n * sizeof(T) >= LongRows<T, TVector, TWidth>.LeastBytes)
        {
            LongRows<T, TVector, TWidth>.Update<TRows>(o, n, weights, g);
            return;
        }

        bool isNarrow = n <= NarrowColumns;
        nint most = (isNarrow ? 2 : 8) * TWidth.Count;
        while (n > 0)
        {
            int columns = (int)nint.Min(n, most);
            if (columns % TWidth.Count == 0)
            {
                Block<WholeTail, TPass, TRows>(o, isNarrow, weights, g, y, columns);
            }
            else
            {
                Block<PartialTail, TPass, TRows>(o, isNarrow, weights, g, y, columns);
            }

            weights += columns;
            g += columns;
            y += columns;
            n -= columns;
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Block<TTail, TPass, TRows>(in SampleOperands<T> o, bool isNarrow, T* weights, T* g, T* y, int columns)
        where TTail : struct, IRowTail
        where TPass : struct, IRowPass
        where TRows : struct, IRowOrder
    {
        int vectors = (columns + TWidth.Count - 1) / TWidth.Count;
        int lastCount = columns - ((vectors - 1) * TWidth.Count);
        if (isNarrow)
        {
            if (vectors == 1)
            {
                NarrowRows<T, TVector, TWidth>.Run<One, TTail, TPass, TRows>(o, weights, g, y, lastCount);
            }
            else
            {
                NarrowRows<T, TVector, TWidth>.Run<Two, TTail, TPass, TRows>(o, weights, g, y, lastCount);
            }

            return;
        }

        switch (vectors)
        {
            case 1: WideRows<T, TVector, TWidth>.Run<One, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            case 2: WideRows<T, TVector, TWidth>.Run<Two, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            case 3: WideRows<T, TVector, TWidth>.Run<Three, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            case 4: WideRows<T, TVector, TWidth>.Run<Four, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            case 5: WideRows<T, TVector, TWidth>.Run<Five, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            case 6: WideRows<T, TVector, TWidth>.Run<Six, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            case 7: WideRows<T, TVector, TWidth>.Run<Seven, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
            default: WideRows<T, TVector, TWidth>.Run<Eight, TTail, TPass, TRows>(o, weights, g, y, lastCount); break;
        }
    }
}
