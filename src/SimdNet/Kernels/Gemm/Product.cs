using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loops around the micro-kernel, numbered as in the BLIS papers (Van Zee and van de Geijn, 2015), for all three products. They know no instruction set.</summary>
/// <remarks>
/// <code>
///           n                   Loop 3  ic over m in blocks of mc: a block of A stays in L2 while B passes
///        +--+--+--+             Loop 4  pc over k in blocks of kc = KBlock: what the contract adds up before it touches C
///      k |  |jr|  |  B          Loop 2  jr over n in panels of nr, packed where that pays
///   k    +--+--+--+             Loop 1  ir over the rows of the block in tiles of at most mr
/// +---+  +--+--+--+             Loop 0  p over kc: MicroKernel
/// |ic |m |  |C |  |
/// +---+  +--+--+--+             Loop 5 (jc over nc) has nothing to block here: a panel of B is all that is packed at a time.
/// </code>
/// Each element of C is one chain in p within a block, whatever the tile, the panel or the edge: sizes may be tuned without changing a bit.
/// </remarks>
internal static unsafe class Product<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>mc where B is not packed: 96 rows × 1024 × 4 bytes are less than half of a 1 MB L2, and 96 is whole tiles of 12 and of 6.</summary>
    private const int RowBlock = 96;

    /// <summary>B is read where it lies up to this size, which L2 holds beside a block of A. Above, its rows are pages apart, and a panel is packed once for all of A.</summary>
    private const long UnpackedBytes = 1 << 20;

    /// <summary>Tiles of rows below which a packed panel is not used often enough to be worth its copy.</summary>
    private const int PackedTiles = 4;

    private static int PanelColumns => 2 * TWidth.Count;

    /// <inheritdoc cref="KernelSet{T}.ScratchLength"/>
    /// <remarks>A panel of B, a tile of C on its way to its transpose, and room to align them.</remarks>
    public static int ScratchLength => ((KernelSet<T>.KBlock + TWidth.TileRows) * PanelColumns) + (CacheLine / sizeof(T));

    private const int CacheLine = 64;

    /// <summary>C = A·B, or C += A·B, where A and C have rows to stride over and B may be transposed.</summary>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[k × n]; packed through a transpose where its column stride is not 1.</param>
    /// <param name="c">[m × n]; written through a transpose where its column stride is not 1, which b must then be packed for.</param>
    /// <param name="accumulate">False: C is overwritten without being read.</param>
    /// <param name="epilogue">What happens to C after its last block of k.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> elements.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(int m, int n, int k, Operand<T> a, Operand<T> b, Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch)
    {
        if (k == 0 && !accumulate)
        {
            Panel<T, TVector, TWidth>.Clear(m, n, c);
            Finish(epilogue, 0, 0, m, n, c);
        }

        T* panel = (T*)(((nint)scratch + CacheLine - 1) & -CacheLine);
        T* tile = panel + (KernelSet<T>.KBlock * PanelColumns);
        bool packs = b.ColumnStride != 1 || ((long)k * n * sizeof(T) > UnpackedBytes && m > PackedTiles * TWidth.TileRows);
        int mc = packs ? m : RowBlock;
        for (int ic = 0; ic < m; ic += mc)
        {
            int rows = int.Min(mc, m - ic);
            for (int pc = 0; pc < k; pc += KernelSet<T>.KBlock)
            {
                int kc = int.Min(KernelSet<T>.KBlock, k - pc);
                bool add = accumulate || pc > 0;
                for (int jr = 0; jr < n; jr += PanelColumns)
                {
                    int columns = int.Min(PanelColumns, n - jr);
                    Operand<T> columnsOfB = new(b.At(pc, jr), b.RowStride, b.ColumnStride);
                    if (packs)
                    {
                        Panel<T, TVector, TWidth>.Pack(kc, columns, columnsOfB, panel);
                        columnsOfB = new(panel, PanelColumns, 1);
                    }

                    Operand<T> rowsOfA = new(a.At(ic, pc), a.RowStride, a.ColumnStride);
                    Rows(rows, columns, kc, rowsOfA, columnsOfB, packs, new(c.At(ic, jr), c.RowStride, c.ColumnStride), add, tile, pc + kc == k ? epilogue : Epilogue<T>.None, ic, jr);
                }
            }
        }
    }

    /// <summary>Loop 1, in tiles of equal height, give or take a row: eleven, eleven and ten rows run faster than twelve, twelve and eight.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Rows(int rows, int columns, int kc, Operand<T> a, Operand<T> b, bool isPadded, Operand<T> c, bool add, T* tile, in Epilogue<T> epilogue, int row, int column)
    {
        int tiles = (rows + TWidth.TileRows - 1) / TWidth.TileRows;
        int height = rows / tiles;
        int higher = rows % tiles;
        int ir = 0;
        for (int t = 0; t < tiles; t++)
        {
            int mr = t < higher ? height + 1 : height;
            if (c.ColumnStride == 1)
            {
                Columns(mr, columns, kc, a.At(ir, 0), a, b, isPadded, c.At(ir, 0), c.RowStride, add);
            }
            else
            {
                Columns(mr, columns, kc, a.At(ir, 0), a, b, isPadded, tile, PanelColumns, add: false);
                Transposition<T>.Copy(mr, columns, tile, PanelColumns, c.At(ir, 0), c.ColumnStride, add);
            }

            Finish(epilogue, row + ir, column, mr, columns, new(c.At(ir, 0), c.RowStride, c.ColumnStride));
            ir += mr;
        }
    }

    /// <summary>The epilogue of a tile, whose rows are C's columns where C is transposed.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Finish(in Epilogue<T> epilogue, int row, int column, int rows, int columns, Operand<T> c)
    {
        if (c.ColumnStride == 1)
        {
            TileEpilogue<T, TPrecision, TVector, TWidth>.Run(epilogue, row, column, rows, columns, c.First, c.RowStride);
        }
        else
        {
            TileEpilogue<T, TPrecision, TVector, TWidth>.Run(epilogue, column, row, columns, rows, c.First, c.ColumnStride);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Columns(int mr, int columns, int kc, T* firstOfA, Operand<T> a, Operand<T> b, bool isPadded, T* c, nint cStride, bool add)
    {
        bool isOne = columns <= TWidth.Count;
        int lastCount = isOne ? columns : columns - TWidth.Count;
        bool isWhole = isPadded || lastCount == TWidth.Count;
        if (isOne && isWhole)
        {
            Tile<OneVector>(mr, kc, firstOfA, a, b, c, cStride, lastCount, add);
        }
        else if (isOne)
        {
            Tile<OnePartialVector>(mr, kc, firstOfA, a, b, c, cStride, lastCount, add);
        }
        else if (isWhole)
        {
            Tile<TwoVectors>(mr, kc, firstOfA, a, b, c, cStride, lastCount, add);
        }
        else
        {
            Tile<TwoVectorsPartial>(mr, kc, firstOfA, a, b, c, cStride, lastCount, add);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Tile<TColumns>(int mr, int kc, T* firstOfA, Operand<T> a, Operand<T> b, T* c, nint cStride, int lastCount, bool add)
        where TColumns : struct, ITileColumns
    {
        switch (mr)
        {
            case 1: Tile<One, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 2: Tile<Two, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 3: Tile<Three, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 4: Tile<Four, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 5: Tile<Five, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 6: Tile<Six, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 7: Tile<Seven, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 8: Tile<Eight, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 9: Tile<Nine, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 10: Tile<Ten, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            case 11: Tile<Eleven, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
            default: Tile<Twelve, TColumns>(kc, firstOfA, a, b, c, cStride, lastCount, add); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TRows, TColumns>(int kc, T* firstOfA, Operand<T> a, Operand<T> b, T* c, nint cStride, int lastCount, bool add)
        where TRows : struct, INumber
        where TColumns : struct, ITileColumns
    {
        // Tiles that are higher than the width's are not compiled for it.
        if (TRows.Value <= TWidth.TileRows)
        {
            MicroKernel<T, TVector, TWidth>.Run<TRows, TColumns>(kc, firstOfA, a.RowStride, a.ColumnStride, b.First, b.RowStride, c, cStride, lastCount, add);
        }
    }
}
