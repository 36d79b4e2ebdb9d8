using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loops around the micro-kernel, numbered as in the BLIS papers (Van Zee and van de Geijn, 2015), for all products. They know no instruction set; <see cref="ProductPlan"/> knows what is packed and in which blocks.</summary>
/// <remarks>
/// <code>
///           n                   Loop 5  jc over n in blocks of nc: what is packed of B at a time
///        +--+--+--+             Loop 4  pc over k in blocks of kc = KBlock: what the contract adds up before it touches C
///      k |  |jr|  |  B          Loop 3  ic over m in blocks of mc: a block of A stays in L2 while B passes
///   k    +--+--+--+             Loop 2  jr over nc in panels of nr
/// +---+  +--+--+--+             Loop 1  ir over the rows of the block in tiles of at most mr   } MicroKernel
/// |ic |m |  |C |  |             Loop 0  p over kc                                              }
/// +---+  +--+--+--+
/// scratch  | B: nc / nr panels of kc × nr | A: mc × kc in tiles | C: a panel on its way to its transpose, mc × nr |      each on a cache line
/// </code>
/// Each element of C is one chain in p within a block, whatever the tile, the panel or the edge: sizes may be tuned without changing a bit.
/// </remarks>
internal static unsafe class Product<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private static int PanelColumns => 2 * TWidth.Count;

    /// <inheritdoc cref="KernelSet{T}.ScratchLength"/>
    public static int LeastScratchLength => (Panels(ProductPlan.PanelBytes / sizeof(T)) * ((KernelSet<T>.KBlock * PanelColumns) + Gap)) + (ProductPlan.TransposedRows * PanelColumns) + Gap;

    /// <summary>Elements of scratch that <see cref="Run"/> needs for a plan.</summary>
    public static long ScratchLength(in ProductPlan plan, int m, int n, int k)
    {
        long kc = int.Min(k, KernelSet<T>.KBlock);
        long panels = plan.PacksB ? Panels(int.Min(n, plan.ColumnBlock)) : 0;
        long rows = int.Min(m, plan.RowBlock);
        return Line((panels * kc * PanelColumns) + (panels * Gap)) + Line(plan.PacksA ? rows * kc : 0) + Line(plan.TransposesC ? rows * PanelColumns : 0) + Gap;
    }

    /// <inheritdoc cref="KernelSet{T}.PackedLength"/>
    /// <remarks>
    /// <code>
    /// k block 0: panel 0 [kc × nr] gap, panel 1 [kc × nr] gap, …   k block 1: …
    /// </code>
    /// </remarks>
    public static nint PackedLength(int n, int k)
    {
        int blocks = (k + KernelSet<T>.KBlock - 1) / KernelSet<T>.KBlock;
        return Panels(n) * (((nint)k * PanelColumns) + (blocks * Gap));
    }

    /// <summary>B, [k × n], as <see cref="Run"/> reads it where the plan says that it is packed.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Pack(int n, int k, in Operand<T> b, T* packed)
    {
        for (int pc = 0; pc < k && n > 0; pc += KernelSet<T>.KBlock)
        {
            int kc = int.Min(KernelSet<T>.KBlock, k - pc);
            Panel<T, TVector, TWidth>.Pack(kc, n, b.At(pc, 0), b.RowStride, b.ColumnStride, packed + PackedLength(n, pc), ((nint)kc * PanelColumns) + Gap);
        }
    }

    /// <summary>C = A·B, or C += A·B, where A and C have rows to stride over and B may be transposed.</summary>
    /// <param name="plan">The way, whose scratch there is.</param>
    /// <param name="m">Rows of A and C.</param>
    /// <param name="n">Columns of B and C.</param>
    /// <param name="k">Columns of A, rows of B.</param>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[k × n]; must be packed here where its column stride is not 1. Panels where the plan says so.</param>
    /// <param name="c">[m × n]; written through a transpose where its column stride is not 1.</param>
    /// <param name="accumulate">False: C is overwritten without being read.</param>
    /// <param name="epilogue">What happens to C after its last block of k.</param>
    /// <param name="scratch"><see cref="ScratchLength"/> elements.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(in ProductPlan plan, int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch)
    {
        if (k == 0 && !accumulate)
        {
            Panel<T, TVector, TWidth>.Clear(m, n, c);
            Finish(epilogue, 0, 0, m, n, c);
        }

        bool isTransposed = c.ColumnStride != 1;
        int kcMost = int.Min(k, KernelSet<T>.KBlock);
        int nc = plan.PacksB ? int.Max(plan.ColumnBlock, PanelColumns) : n;
        bool streams = plan.StreamsC && !accumulate && k <= KernelSet<T>.KBlock && epilogue.IsNone && IsWholeLines(n, c);
        int mc = Balanced(m, streams ? ProductPlan.StreamedRows : plan.RowBlock, plan.PacksA ? TWidth.TileRows : TranspositionRows);
        T* panels = (T*)(((nint)scratch + CacheLine - 1) & -CacheLine);
        nint panelStride = ((nint)kcMost * PanelColumns) + Gap;
        T* block = panels + (plan.PacksB ? Panels(int.Min(n, nc)) * panelStride : 0);
        T* tile = block + (plan.PacksA ? Line((long)mc * kcMost) : 0);
        TileColumn<T> tiles = default;
        tiles.Streams = streams;
        for (int jc = 0; jc < n; jc += nc)
        {
            int columns = int.Min(nc, n - jc);
            for (int pc = 0; pc < k; pc += KernelSet<T>.KBlock)
            {
                int kc = int.Min(KernelSet<T>.KBlock, k - pc);
                bool add = accumulate || pc > 0;
                bool isLast = pc + kc == k;
                T* columnsOfB = b.At(pc, jc);
                nint panelStep = PanelColumns;
                tiles.K = kc;
                tiles.BStride = b.RowStride;
                tiles.Add = add && !isTransposed;
                if (plan.IsPackedB)
                {
                    columnsOfB = b.First + PackedLength(n, pc);
                    panelStep = ((nint)kc * PanelColumns) + Gap;
                    tiles.BStride = PanelColumns;
                }
                else if (plan.PacksB)
                {
                    Panel<T, TVector, TWidth>.Pack(kc, columns, columnsOfB, b.RowStride, b.ColumnStride, panels, panelStride);
                    columnsOfB = panels;
                    panelStep = panelStride;
                    tiles.BStride = PanelColumns;
                }

                for (int ic = 0; ic < m; ic += mc)
                {
                    int rows = int.Min(mc, m - ic);
                    T* rowsOfA = a.At(ic, pc);
                    if (plan.PacksA)
                    {
                        Pack(rows, kc, rowsOfA, a.RowStride, a.ColumnStride, block);
                        rowsOfA = block;
                    }

                    T* panelOfC = c.At(ic, jc);
                    tiles.B = columnsOfB;
                    for (int jr = 0; jr < columns; jr += PanelColumns)
                    {
                        int nr = int.Min(PanelColumns, columns - jr);
                        tiles.A = rowsOfA;

                        // The first panel is the one that finds rows of A in memory: the next tile's are asked for while this one is computed.
                        tiles.FarStep = jr == 0 && !plan.PacksA && a.ColumnStride == 1 && a.RowStride == kc ? Gap : 0;
                        tiles.C = isTransposed ? tile : panelOfC;
                        tiles.CStride = isTransposed ? PanelColumns : c.RowStride;
                        Rows(rows, nr, plan.PacksA, a.RowStride, a.ColumnStride, ref tiles);
                        if (isTransposed)
                        {
                            Transposition<T>.Copy(rows, nr, tile, PanelColumns, panelOfC, c.ColumnStride, add);
                        }

                        if (isLast && !epilogue.IsNone)
                        {
                            Finish(epilogue, ic, jc + jr, rows, nr, new(panelOfC, c.RowStride, c.ColumnStride));
                        }

                        tiles.B += panelStep;
                        panelOfC += PanelColumns * c.ColumnStride;
                    }
                }
            }
        }

        if (streams)
        {
            Streaming.End();
        }
    }

    private const int CacheLine = 64;

    /// <summary>Rows that <see cref="Transposition{T}"/> takes at a time.</summary>
    private const int TranspositionRows = 8;

    /// <summary>Elements of a cache line. Between packed panels too: their length is a multiple of 4096 bytes where kc is KBlock, and rows that are packed side by side would compete for one set of L1.</summary>
    private static int Gap => CacheLine / sizeof(T);

    /// <summary>True where each panel's rows of C are whole cache lines: half a line that waits for the next panel would be read after all.</summary>
    private static bool IsWholeLines(int n, in Operand<T> c)
    {
        nint rest = (PanelColumns * sizeof(T)) | (n * sizeof(T)) | (nint)c.First | (c.RowStride * sizeof(T));
        return c.ColumnStride == 1 && rest % Streaming.LineBytes == 0;
    }

    private static long Line(long length) => (length + Gap - 1) / Gap * Gap;

    private static int Panels(int columns) => (columns + PanelColumns - 1) / PanelColumns;

    /// <summary>Rows of a block where all are as even as whole steps allow: of full tiles where A is packed, since tiles of odd heights are slow to transpose, of <see cref="TranspositionRows"/> otherwise.</summary>
    private static int Balanced(int m, int most, int step)
    {
        if (m <= most)
        {
            return m;
        }

        int blocks = (m + most - 1) / most;
        int even = (m + blocks - 1) / blocks;
        return int.Min(most, (even + step - 1) / step * step);
    }

    /// <summary>A block of A in tiles, each with its rows side by side: [kc × mr] after [kc × mr].</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Pack(int rows, int kc, T* a, nint rowStride, nint stepStride, T* block)
    {
        int tiles = (rows + TWidth.TileRows - 1) / TWidth.TileRows;
        int height = rows / tiles;
        int higher = rows - (height * tiles);
        if (stepStride != 1)
        {
            Panel<T, TVector, TWidth>.DealOut(kc, a, stepStride, block, higher, height + 1, tiles - higher, height);
            return;
        }

        for (int t = 0; t < tiles; t++)
        {
            int mr = t < higher ? height + 1 : height;
            Transposition<T>.Copy(mr, kc, a, rowStride, block, mr, add: false);
            block += (nint)mr * kc;
            a += mr * rowStride;
        }
    }

    /// <summary>Loop 1, in tiles of equal height, give or take a row: eleven, eleven and ten rows run faster than twelve, twelve and eight.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Rows(int rows, int columns, bool isPacked, nint rowStride, nint stepStride, ref TileColumn<T> tiles)
    {
        int count = (rows + TWidth.TileRows - 1) / TWidth.TileRows;
        int height = rows / count;
        int higher = rows - (height * count);
        tiles.LastCount = columns <= TWidth.Count ? columns : columns - TWidth.Count;
        if (higher > 0)
        {
            Rows(height + 1, higher, columns, isPacked, rowStride, stepStride, ref tiles);
            tiles.A += higher * tiles.TileStride;
            tiles.C += higher * (height + 1) * tiles.CStride;
        }

        Rows(height, count - higher, columns, isPacked, rowStride, stepStride, ref tiles);
    }

    [MethodImpl(Compiled.Entry)]
    private static void Rows(int mr, int count, int columns, bool isPacked, nint rowStride, nint stepStride, ref TileColumn<T> tiles)
    {
        tiles.Count = count;
        tiles.RowStride = isPacked ? 1 : rowStride;
        tiles.StepStride = isPacked ? mr : stepStride;
        tiles.TileStride = mr * (isPacked ? tiles.K : rowStride);
        Columns(mr, columns, tiles);
    }

    /// <summary>The epilogue of a panel of C, whose rows are C's columns where C is transposed.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Finish(in Epilogue<T> epilogue, int row, int column, int rows, int columns, in Operand<T> c)
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
    private static void Columns(int mr, int columns, in TileColumn<T> tiles)
    {
        bool isOne = columns <= TWidth.Count;
        bool isWhole = tiles.LastCount == TWidth.Count;
        if (tiles.Streams)
        {
            if (isOne)
            {
                Height<OneStreamedVector>(mr, tiles);
            }
            else
            {
                Height<TwoStreamedVectors>(mr, tiles);
            }
        }
        else if (isOne && isWhole)
        {
            Height<OneVector>(mr, tiles);
        }
        else if (isOne)
        {
            Height<OnePartialVector>(mr, tiles);
        }
        else if (isWhole)
        {
            Height<TwoVectors>(mr, tiles);
        }
        else
        {
            Height<TwoVectorsPartial>(mr, tiles);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static void Height<TColumns>(int mr, in TileColumn<T> tiles)
        where TColumns : struct, ITileColumns
    {
        switch (mr)
        {
            case 1: Height<One, TColumns>(tiles); break;
            case 2: Height<Two, TColumns>(tiles); break;
            case 3: Height<Three, TColumns>(tiles); break;
            case 4: Height<Four, TColumns>(tiles); break;
            case 5: Height<Five, TColumns>(tiles); break;
            case 6: Height<Six, TColumns>(tiles); break;
            case 7: Height<Seven, TColumns>(tiles); break;
            case 8: Height<Eight, TColumns>(tiles); break;
            case 9: Height<Nine, TColumns>(tiles); break;
            case 10: Height<Ten, TColumns>(tiles); break;
            case 11: Height<Eleven, TColumns>(tiles); break;
            default: Height<Twelve, TColumns>(tiles); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Height<TRows, TColumns>(in TileColumn<T> tiles)
        where TRows : struct, INumber
        where TColumns : struct, ITileColumns
    {
        // Tiles that are higher than the width's are not compiled for it.
        if (TRows.Value <= TWidth.TileRows)
        {
            MicroKernel<T, TVector, TWidth>.Run<TRows, TColumns>(tiles);
        }
    }
}
