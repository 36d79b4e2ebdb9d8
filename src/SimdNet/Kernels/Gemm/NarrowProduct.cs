using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loops around the kernels for products of few columns: the forward and the weight gradient of a layer of few units, short or very tall.</summary>
/// <remarks>
/// <code>
/// forward                              weight gradient
///      k                                    m
///   +-----+                              +-----+
/// m |  A  | rows pass once, in           |  A  | k   blocks of rows that stay in L2; in each, groups of at most mr columns,
///   +-----+ blocks of at most mr         |-----|     whose rows of C are in registers
///   |     |                              |     |
/// </code>
/// Each element of C is the chain that the contract states: blocks, groups and vectors may be tuned without changing a bit.
/// </remarks>
internal static unsafe class NarrowProduct<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Columns that the kernel takes: no more than a panel has, since the sums of <see cref="KernelSet{T}.KBlock"/> rows wait in the least scratch there is.</summary>
    public static int MostColumns => int.Min(NarrowTile.MostVectors * TWidth.Count, ProductPlan.PanelBytes / sizeof(T));

    /// <summary>
    /// Bytes of A that the tiles of a weight gradient pass over: they stay in L2, of which current server cores have 1 MB, beside the block that is fetched meanwhile. At 784 floats a row 114 rows;
    /// a step that is cut into tiles of rows has smaller ones.
    /// </summary>
    private const int BlockBytes = 384 * 1024;

    /// <summary>C = A·B, or C += A·B, where A may be transposed: element (i, p) of A is read along its rows or along its columns.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C, at most <see cref="MostColumns"/>.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[k × n].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">False: C is overwritten without being read.</param>
    /// <param name="epilogue">What happens to C after its last block of k.</param>
    /// <param name="scratch"><see cref="KernelSet{T}.ScratchLength"/> elements.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch)
    {
        bool isForward = a.ColumnStride == 1;
        bool isFar = (long)k * m * sizeof(T) > 2 * BlockBytes;
        bool isTall = isFar && !isForward;
        int mcMost = isTall ? KernelSet<T>.KBlock : m;
        int columns = Vectors(n) * TWidth.Count;
        T* lastOfB = scratch;
        T* sums = scratch + LastLength;
        for (int ic = 0; ic < m; ic += mcMost)
        {
            int mc = int.Min(mcMost, m - ic);
            for (int pc = 0; pc < k; pc += KernelSet<T>.KBlock)
            {
                int kc = int.Min(KernelSet<T>.KBlock, k - pc);
                int height = isTall ? Even(kc, BlockBytes / (mc * sizeof(T))) : kc;
                for (int ps = 0; ps < kc; ps += height)
                {
                    int first = pc + ps;
                    int ks = int.Min(height, kc - ps);
                    bool isLast = ps + ks == kc;
                    int whole = CopyLastOfB(n, k - first, ks, b.At(first, 0), b.RowStride, lastOfB);
                    NarrowBlock<T> block = new()
                    {
                        N = n,
                        K = ks,
                        Whole = whole,
                        A = a.At(ic, first),
                        AStride = isForward ? a.RowStride : a.ColumnStride,
                        B = b.At(first, 0),
                        BStride = b.RowStride,
                        LastOfB = lastOfB,
                        C = isLast ? c.At(ic, 0) : sums,
                        CStride = isLast ? c.RowStride : columns,
                        Add = isLast && (accumulate || pc > 0),
                        IsFar = isFar,
                        Start = ps > 0 ? sums : null,
                        Next = isTall && first + ks < k ? a.At(ic, first + ks) : null,
                        NextIsByRows = a.ColumnStride > mc,
                    };
                    if (isForward)
                    {
                        Panel<AlongRows>(mc, ref block);
                    }
                    else
                    {
                        Panel<AlongColumns>(mc, ref block);
                    }
                }
            }
        }

        TileEpilogue<T, TPrecision, TVector, TWidth>.Run(epilogue, 0, 0, m, n, c.First, c.RowStride);
    }

    /// <summary>Most elements that <see cref="CopyLastOfB"/> writes: of one column all rows but one of a vector's, of more than a vector's columns one row.</summary>
    public static int LastLength => int.Max(3, TWidth.Count) * TWidth.Count;

    private static int Vectors(int n) => (n + TWidth.Count - 1) / TWidth.Count;

    /// <summary>The height of the parts of a whole, at most so much, that are as even as can be.</summary>
    private static int Even(int whole, int most)
    {
        int parts = (whole + most - 1) / most;
        return (whole + parts - 1) / parts;
    }

    /// <summary>All rows of C, in tiles that are as even as can be.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Panel<TOrder>(int m, ref NarrowBlock<T> block)
        where TOrder : struct, INarrowOrder
    {
        int most = NarrowTile.MostRows(Vectors(block.N));
        int tiles = (m + most - 1) / most;
        int height = m / tiles;
        int higher = m % tiles;
        if (higher > 0)
        {
            int mr = height + 1;
            NarrowKernel<T, TVector, TWidth>.Run<TOrder>(mr, higher, block);
            nint done = higher * (nint)mr;
            block.A += done * (TOrder.IsTransposed ? 1 : block.AStride);
            block.C += done * block.CStride;
            block.Start = block.Start is null ? null : block.Start + (done * Vectors(block.N) * TWidth.Count);
            block.Next = block.Next is null ? null : block.Next + (block.NextIsByRows ? done : higher * block.K * NarrowKernel<T, TVector, TWidth>.Lines(mr) * (64 / sizeof(T)));
        }

        NarrowKernel<T, TVector, TWidth>.Run<TOrder>(height, tiles - higher, block);
    }

    /// <summary>Copies those of kc rows of B behind which there is not enough of it to load whole vectors: what follows the others are the next rows.</summary>
    /// <param name="n">Columns.</param>
    /// <param name="left">Rows of B that there are.</param>
    /// <param name="kc">Rows of B that are wanted.</param>
    /// <param name="b">The first of them.</param>
    /// <param name="stride">Elements from one row of B to the next.</param>
    /// <param name="copies">Room for <see cref="LastLength"/> elements.</param>
    /// <returns>How many rows may be read where they are.</returns>
    [MethodImpl(Compiled.Entry)]
    private static int CopyLastOfB(int n, int left, int kc, T* b, nint stride, T* copies)
    {
        int vectors = Vectors(n);
        int missing = (vectors * TWidth.Count) - n;
        int whole = (int)nint.Clamp(left - ((missing + nint.Max(stride, n) - 1) / nint.Max(stride, n)), 0, kc);
        int lastCount = TWidth.Count - missing;
        TVector mask = TWidth.FirstMask(lastCount);
        for (nint p = whole; p < kc; p++)
        {
            T* row = b + (p * stride);
            for (int v = 1; v < vectors; v++)
            {
                TWidth.Store(copies, TWidth.Load(row));
                row += TWidth.Count;
                copies += TWidth.Count;
            }

            TWidth.Store(copies, TWidth.LoadFirst(row, lastCount, mask));
            copies += TWidth.Count;
        }

        return whole;
    }
}
