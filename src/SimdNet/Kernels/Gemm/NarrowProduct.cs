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
    /// <summary>Columns that the kernels take: two vectors.</summary>
    public static int MostColumns => 2 * TWidth.Count;

    /// <summary>
    /// Bytes of A that the groups of a weight gradient pass over: they stay in L2, of which current server cores have 1 MB, beside the block that is fetched meanwhile. At 784 floats a row 114 rows;
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
    /// <param name="scratch">KBlock × <see cref="MostColumns"/> elements.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch)
    {
        if (a.ColumnStride == 1)
        {
            Forward(m, n, k, a, b, c, accumulate);
        }
        else if ((long)k * m * sizeof(T) <= 2 * BlockBytes)
        {
            WeightGradient(m, n, k, a, b, c, accumulate);
        }
        else
        {
            TallWeightGradient(m, n, k, a, b, c, accumulate, scratch);
        }

        TileEpilogue<T, TPrecision, TVector, TWidth>.Run(epilogue, 0, 0, m, n, c.First, c.RowStride);
    }

    [MethodImpl(Compiled.Entry)]
    private static void Forward(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate)
    {
        for (int pc = 0; pc < k; pc += KernelSet<T>.KBlock)
        {
            int kc = int.Min(KernelSet<T>.KBlock, k - pc);
            NarrowBlock<T> rows = new()
            {
                N = n,
                K = kc,
                Whole = Whole(n, k - pc, kc, b.RowStride),
                A = a.At(0, pc),
                AStride = a.RowStride,
                B = b.At(pc, 0),
                BStride = b.RowStride,
                C = c.First,
                CStride = c.RowStride,
                Add = accumulate || pc > 0,
            };
            int blocks = (m + NarrowTile.MostRows - 1) / NarrowTile.MostRows;
            int height = m / blocks;
            int higher = m % blocks;
            if (higher > 0)
            {
                int mr = height + 1;
                NarrowForward<T, TVector, TWidth>.Run(mr, higher, rows);
                rows = rows with { A = a.At(higher * (nint)mr, pc), C = c.At(higher * (nint)mr, 0) };
            }

            NarrowForward<T, TVector, TWidth>.Run(height, blocks - higher, rows);
        }
    }

    /// <summary>A stays in L2, or is so small that it does not matter.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void WeightGradient(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate)
    {
        for (int pc = 0; pc < k; pc += KernelSet<T>.KBlock)
        {
            int kc = int.Min(KernelSet<T>.KBlock, k - pc);
            Columns(m, new()
            {
                N = n,
                K = kc,
                Whole = Whole(n, k - pc, kc, b.RowStride),
                A = a.At(0, pc),
                AStride = a.ColumnStride,
                B = b.At(pc, 0),
                BStride = b.RowStride,
                C = c.First,
                CStride = c.RowStride,
                Add = accumulate || pc > 0,
            });
        }
    }

    /// <summary>A passes once, in blocks of rows. The sums of a block of k that are not complete wait in the scratch: a chain that is put down and taken up again is the same chain.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void TallWeightGradient(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, T* scratch)
    {
        for (int ic = 0; ic < m; ic += KernelSet<T>.KBlock)
        {
            int mc = int.Min(KernelSet<T>.KBlock, m - ic);
            int most = BlockBytes / (mc * sizeof(T));
            for (int pc = 0; pc < k; pc += KernelSet<T>.KBlock)
            {
                int kc = int.Min(KernelSet<T>.KBlock, k - pc);
                int blocks = (kc + most - 1) / most;
                int height = (kc + blocks - 1) / blocks;
                for (int ps = 0; ps < kc; ps += height)
                {
                    int ks = int.Min(height, kc - ps);
                    bool isLast = ps + ks == kc;
                    Columns(mc, new()
                    {
                        N = n,
                        K = ks,
                        Whole = Whole(n, k - pc - ps, ks, b.RowStride),
                        A = a.At(ic, pc + ps),
                        AStride = a.ColumnStride,
                        B = b.At(pc + ps, 0),
                        BStride = b.RowStride,
                        C = isLast ? c.At(ic, 0) : scratch,
                        CStride = isLast ? c.RowStride : n,
                        Add = isLast && (accumulate || pc > 0),
                        Sums = ps > 0 ? scratch : null,
                        Next = a.ColumnStride < 2 * (nint)m && pc + ps + ks < k ? a.At(ic, pc + ps + ks) : null,
                    });
                }
            }
        }
    }

    /// <summary>All columns of A, in groups that are as even as can be.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Columns(int m, NarrowBlock<T> columns)
    {
        int groups = (m + NarrowTile.MostRows - 1) / NarrowTile.MostRows;
        int height = m / groups;
        int higher = m % groups;
        if (higher > 0)
        {
            int mr = height + 1;
            NarrowWeightGradient<T, TVector, TWidth>.Run(mr, higher, columns);
            nint done = higher * (nint)mr;
            columns = columns with
            {
                A = columns.A + done,
                C = columns.C + (done * columns.CStride),
                Sums = columns.Sums is null ? null : columns.Sums + (done * columns.N),
                Next = columns.Next is null ? null : columns.Next + (higher * columns.K * (64 / sizeof(T))),
            };
        }

        NarrowWeightGradient<T, TVector, TWidth>.Run(height, groups - higher, columns);
    }

    /// <summary>How many of kc rows of a B with so many rows left may be loaded without a mask: behind them lie the next rows of B.</summary>
    private static int Whole(int n, int left, int kc, nint stride)
    {
        int columns = n <= TWidth.Count ? TWidth.Count : 2 * TWidth.Count;
        return n == columns ? kc : stride != n ? 0 : int.Clamp(left - ((columns - 1) / n), 0, kc);
    }
}
