using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The innermost loop of a small layer's products: up to eight rows of C by one or two vectors of columns, with what goes along with it.</summary>
/// <remarks>
/// The arithmetic of <see cref="MicroKernel{T, TVector, TWidth}"/>. It differs in what surrounds it: at k of 2 to 32 a product is as much entry and exit as it is loop, so that the bias is added before the store, and the column sums are taken from
/// the vectors of B that pass by.
/// </remarks>
internal static unsafe class SmallTile<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>C = A·B, or C += A·B, for tiles one below the other: a call each would take half as long as a tile of few terms.</summary>
    /// <param name="tiles">How many, at least 1; just one where sums are taken.</param>
    /// <param name="k">Terms, at most <see cref="KernelSet{T}.KBlock"/>.</param>
    /// <param name="a">The first tile's rows of A.</param>
    /// <param name="rowStride">Elements from one row of A to the next.</param>
    /// <param name="stepStride">Elements from one term to the next in A.</param>
    /// <param name="b">The tile's columns of B.</param>
    /// <param name="bStride">Elements from one row of B to the next.</param>
    /// <param name="c">The first tile of C.</param>
    /// <param name="cStride">Elements from one row of C to the next.</param>
    /// <param name="lastCount">Columns of the last vector, 1 to a full vector.</param>
    /// <param name="add">False: C is overwritten without being read.</param>
    /// <param name="extra">The bias that is added to each row of C, or the sums that the rows of B or the terms of A are added to, null for none; or what C is multiplied by the derivative of.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Run<TRows, TVectors, TExtra>(int tiles, int k, T* a, nint rowStride, nint stepStride, T* b, nint bStride, T* c, nint cStride, int lastCount, bool add, T* extra)
        where TRows : struct, INumber
        where TVectors : struct, INumber
        where TExtra : struct, ISmallExtra<T>
    {
        bool two = TVectors.Value == 2;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector e0 = zero, e1 = zero;
        if (TExtra.IsBias)
        {
            // The one number that changes nothing it is added to.
            e0 = e1 = TWidth.Broadcast(T.NegativeZero);
        }

        if ((TExtra.IsBias && extra is not null) || (TExtra.IsSums && add))
        {
            e0 = two ? TWidth.Load(extra) : TWidth.LoadFirst(extra, lastCount, mask);
            e1 = two ? TWidth.LoadFirst(extra + TWidth.Count, lastCount, mask) : zero;
        }

        TVector rows = TExtra.IsRowSums ? TWidth.FirstMask(TRows.Value) : default;
        if (TExtra.IsRowSums)
        {
            e0 = TWidth.LoadFirst(extra, TRows.Value, rows);
        }

        // In bytes, which an address takes as they are: strides in elements are scaled by an instruction each, of which the loop has none to spare.
        rowStride *= sizeof(T);
        stepStride *= sizeof(T);
        bStride *= sizeof(T);
        nint rowStride2 = 2 * rowStride;
        nint toInput = TExtra.IsDerivative ? (nint)((byte*)extra - (byte*)c) : 0;
        for (; tiles > 0; tiles--)
        {
            TVector c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero, c5 = zero, c6 = zero, c7 = zero;
            TVector d0 = zero, d1 = zero, d2 = zero, d3 = zero, d4 = zero, d5 = zero, d6 = zero, d7 = zero;
            T* a0 = a;
            T* a3 = At(a, 3 * rowStride);
            T* a6 = At(a, 6 * rowStride);
            T* row = b;
            for (int p = k; p > 0; p--)
            {
                TVector b0 = two || lastCount == TWidth.Count ? TWidth.Load(row) : TWidth.LoadFirst(row, lastCount, mask);
                TVector b1 = two ? lastCount == TWidth.Count ? TWidth.Load(row + TWidth.Count) : TWidth.LoadFirst(row + TWidth.Count, lastCount, mask) : default;
                row = At(row, bStride);
                if (TExtra.IsSums)
                {
                    e0 = TWidth.Add(e0, b0);
                    e1 = two ? TWidth.Add(e1, b1) : e1;
                }

                if (TExtra.IsRowSums)
                {
                    e0 = TWidth.Add(e0, TWidth.LoadFirst(a0, TRows.Value, rows));
                }

                Terms<TVectors>(a0, b0, b1, ref c0, ref d0);
                if (TRows.Value > 1)
                {
                    Terms<TVectors>(At(a0, rowStride), b0, b1, ref c1, ref d1);
                }

                if (TRows.Value > 2)
                {
                    Terms<TVectors>(At(a0, rowStride2), b0, b1, ref c2, ref d2);
                    Terms<TVectors>(a3, b0, b1, ref c3, ref d3);
                }

                if (TRows.Value > 4)
                {
                    Terms<TVectors>(At(a3, rowStride), b0, b1, ref c4, ref d4);
                    Terms<TVectors>(At(a3, rowStride2), b0, b1, ref c5, ref d5);
                    Terms<TVectors>(a6, b0, b1, ref c6, ref d6);
                    Terms<TVectors>(At(a6, rowStride), b0, b1, ref c7, ref d7);
                }

                a0 = At(a0, stepStride);
                a3 = At(a3, stepStride);
                a6 = At(a6, stepStride);
            }

            Finish<TVectors, TExtra>(c, c0, d0, e0, e1, lastCount, mask, add, toInput);
            if (TRows.Value > 1)
            {
                Finish<TVectors, TExtra>(c + cStride, c1, d1, e0, e1, lastCount, mask, add, toInput);
            }

            if (TRows.Value > 2)
            {
                Finish<TVectors, TExtra>(c + (2 * cStride), c2, d2, e0, e1, lastCount, mask, add, toInput);
                Finish<TVectors, TExtra>(c + (3 * cStride), c3, d3, e0, e1, lastCount, mask, add, toInput);
            }

            if (TRows.Value > 4)
            {
                Finish<TVectors, TExtra>(c + (4 * cStride), c4, d4, e0, e1, lastCount, mask, add, toInput);
                Finish<TVectors, TExtra>(c + (5 * cStride), c5, d5, e0, e1, lastCount, mask, add, toInput);
                Finish<TVectors, TExtra>(c + (6 * cStride), c6, d6, e0, e1, lastCount, mask, add, toInput);
                Finish<TVectors, TExtra>(c + (7 * cStride), c7, d7, e0, e1, lastCount, mask, add, toInput);
            }

            a = At(a, TRows.Value * rowStride);
            c += TRows.Value * cStride;
        }

        if (TExtra.IsSums)
        {
            Store<TVectors>(extra, e0, e1, lastCount, mask);
        }

        if (TExtra.IsRowSums)
        {
            TWidth.StoreFirst(extra, e0, TRows.Value, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* At(T* address, nint bytes) => (T*)((byte*)address + bytes);

    /// <summary>One term of a row. A number that one vector alone takes is an operand in memory; for two it is broadcast once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Terms<TVectors>(T* a, TVector b0, TVector b1, ref TVector c, ref TVector d)
        where TVectors : struct, INumber
    {
        if (TVectors.Value == 2)
        {
            TVector x = TWidth.Broadcast(*a);
            c = TWidth.MultiplyAdd(x, b0, c);
            d = TWidth.MultiplyAdd(x, b1, d);
        }
        else
        {
            c = TWidth.MultiplyAdd(a, b0, c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TVectors, TExtra>(T* c, TVector first, TVector second, TVector e0, TVector e1, int lastCount, TVector mask, bool add, nint toInput)
        where TVectors : struct, INumber
        where TExtra : struct, ISmallExtra<T>
    {
        bool two = TVectors.Value == 2;
        if (TExtra.IsBias)
        {
            first = TWidth.Add(first, e0);
            second = two ? TWidth.Add(second, e1) : second;
        }
        else if (TExtra.IsDerivative)
        {
            T* input = At(c, toInput);
            first = TWidth.Multiply(first, TExtra.Derivative<TVector, TWidth>(two ? TWidth.Load(input) : TWidth.LoadFirst(input, lastCount, mask)));
            second = two ? TWidth.Multiply(second, TExtra.Derivative<TVector, TWidth>(TWidth.LoadFirst(input + TWidth.Count, lastCount, mask))) : second;
        }
        else if (add)
        {
            first = TWidth.Add(two ? TWidth.Load(c) : TWidth.LoadFirst(c, lastCount, mask), first);
            second = two ? TWidth.Add(TWidth.LoadFirst(c + TWidth.Count, lastCount, mask), second) : second;
        }

        Store<TVectors>(c, first, second, lastCount, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TVectors>(T* c, TVector first, TVector second, int lastCount, TVector mask)
        where TVectors : struct, INumber
    {
        if (TVectors.Value == 2)
        {
            TWidth.Store(c, first);
            c += TWidth.Count;
            first = second;
        }

        if (lastCount == TWidth.Count)
        {
            TWidth.Store(c, first);
        }
        else
        {
            TWidth.StoreFirst(c, first, lastCount, mask);
        }
    }
}

/// <summary>What a tile does beside its product.</summary>
internal interface ISmallExtra<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>True: adds a row to C, which is overwritten. False: C may be added to.</summary>
    static abstract bool IsBias { get; }

    /// <summary>True: sums the rows of B.</summary>
    static abstract bool IsSums { get; }

    /// <summary>True: adds the terms of each row of A to what is there. The rows lie one element apart, and there is one tile of them.</summary>
    static abstract bool IsRowSums { get; }

    /// <summary>True: multiplies C, which is overwritten, by the derivative of what is there, of C's shape.</summary>
    static virtual bool IsDerivative => false;

    /// <summary>f′ from what f gave.</summary>
    static virtual TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T> => output;
}

/// <summary>Adds a bias to C.</summary>
internal readonly struct WithBias<T> : ISmallExtra<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsBias => true;

    public static bool IsSums => false;

    public static bool IsRowSums => false;
}

/// <summary>Sums the columns of B.</summary>
internal readonly struct WithSums<T> : ISmallExtra<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsBias => false;

    public static bool IsSums => true;

    public static bool IsRowSums => false;
}

/// <summary>Sums the rows of A.</summary>
internal readonly struct WithRowSums<T> : ISmallExtra<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsBias => false;

    public static bool IsSums => false;

    public static bool IsRowSums => true;
}

/// <summary>Multiplies C by a derivative.</summary>
internal readonly struct WithDerivative<T, TActivation> : ISmallExtra<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TActivation : struct, IActivation<T>
{
    public static bool IsBias => false;

    public static bool IsSums => false;

    public static bool IsRowSums => false;

    public static bool IsDerivative => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => default(TActivation).Derivative<TVector, TWidth>(output);
}

/// <summary>Does nothing.</summary>
internal readonly struct WithoutSums<T> : ISmallExtra<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool IsBias => false;

    public static bool IsSums => false;

    public static bool IsRowSums => false;
}
