using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>How a product is computed: what is packed, and in which blocks. The choice changes no bit, and is a function of the shape, the size of an element and the width of the kernels, never of another part of the machine. The width counts where columns are few: how many vectors they are, and whether Vector512 is worked with.</summary>
/// <remarks>
/// Each entry with its rows of the suite ProductPlans (<c>bench/run.sh ProductPlans</c>), which says how many times this way's time the others take; here as in perf-results, of a Zen 4 core with a 1 MB L2 and a 32 MB L3, double after float:
/// <code>
/// C = A·B, C = Aᵀ·B                                              rows                               others ÷ this way
/// A·B, n > half and ≤ one
///   Vector512, A ≤ 768 KB          Direct                        forward 32x128x10                  few columns 1.24, —
/// n ≤ three Vector256              NarrowProduct                 forward 32x1000x24                 direct 1.06
///                                                                forward 42000x784x16               direct 0.98
///                                                                forward 32x128x10                  —, direct 1.08
/// n ≤ two Vector512, A > 768 KB    NarrowProduct                 forward 42000x784x16               —, direct 1.14
///                                                                dW 42000x784x16                    direct 1.75, 1.86; both packed 1.70, 2.09
/// Aᵀ·B of the first, lanes empty   ColumnsOfC                    dW 32x128x10, 128x784x10           few columns 1.31, 1.07 and 1.84; direct 1.13, 1.23 and 1.42
/// B > 3 MB, m ≥ 256                Packed                        forward 1024x1024x1024             A in tiles 1.14, 1.61; direct 1.49, 1.59
/// A·B, A's rows pages apart, and
///   B ≥ 2 MB, m ≥ 1 KB             Packed                        forward 512x512x512                direct —, 1.24
///                                                                forward 128x1024x1024              —, direct 1.21, A in tiles 1.19
///   n ≥ 1 KB, m ≥ 48               TilesOfA                      forward 128x1024x1024, 64x1024x512 direct 1.22 and 1.23; both packed 1.02 and 1.12
/// Aᵀ·B, n ≥ 512, k ≥ 2 KB, m ≥ 48  TilesOfA                      dW 512x512x512, 512x784x512        direct 1.05, 1.20 and 1.09, 1.08; both packed 1.01, 0.98 and 1.06, 0.98
///   or A's rows pages apart,
///   and B ≥ 2 MB                   TilesOfA                      dW 512x512x512                     —, as above
/// otherwise                        Direct                        forward 32x784x128, 128x784x512    A in tiles 1.08 and 1.02; both packed 1.24 and 1.07
/// C = A·B, B packed once           OfPackedB                     forward 128x784x512                direct 1.05
/// C = A·Bᵀ
/// B > 3 MB, m ≥ 256                Packed                        dX 1024x1024x1024                  transpose of C 1.36, panel by panel 1.24
/// A's rows pages apart, as above   Packed                        dX 512x512x512                     transpose of C —, 1.19; panel by panel —, 1.30
/// B ≤ 256 KB, m ≥ 256              AllPanels                     dX 42000x784x16                    panel by panel 1.96, 2.37; plain stores 2.03, 2.05
/// n·k ≤ m·k + m·n                  PanelByPanel                  dX 512x784x512                     both packed 1.02, transpose of C 0.94
/// otherwise                        ByTransposeOfC                dX 32x784x128                      panel by panel 1.19, 1.20
/// </code>
/// It is made at each call, because the shares of workers and the last tile of a batch have shapes of their own: most calls are done after two comparisons.
/// </remarks>
/// <param name="Steps">What is done beside multiplying.</param>
/// <param name="RowBlock">mc: rows of A that stay in L2 while B passes.</param>
/// <param name="ColumnBlock">nc: columns of B that are packed at a time.</param>
internal readonly record struct ProductPlan(ProductSteps Steps, int RowBlock, int ColumnBlock = 0)
{
    /// <inheritdoc cref="ProductSteps.PacksB"/>
    public bool PacksB => (Steps & ProductSteps.PacksB) != 0;

    /// <inheritdoc cref="ProductSteps.HasPackedB"/>
    public bool IsPackedB => (Steps & ProductSteps.HasPackedB) != 0;

    /// <inheritdoc cref="ProductSteps.PacksA"/>
    public bool PacksA => (Steps & ProductSteps.PacksA) != 0;

    /// <inheritdoc cref="ProductSteps.TransposesC"/>
    public bool TransposesC => (Steps & ProductSteps.TransposesC) != 0;

    /// <inheritdoc cref="ProductSteps.StreamsC"/>
    public bool StreamsC => (Steps & ProductSteps.StreamsC) != 0;

    /// <summary>
    /// A way for a tall C = A·Bᵀ of few terms: all of B is transposed at once, and C is written once, in blocks of whole rows: 48 rows of 784 floats are 150 KB, which leave L2 for memory in the order of their
    /// addresses. A panel at a time C would be passed over once for each, two cache lines of every row.
    /// </summary>
    public static ProductPlan AllPanels(int m, int n, int size) => new((long)m * n * size >= StreamedBytes ? ProductSteps.PacksB | ProductSteps.StreamsC : ProductSteps.PacksB, 48, n);

    /// <summary>mc where nothing is packed: 96 rows × 1024 × 4 bytes are less than half of a 1 MB L2, and 96 is whole tiles of 12 and of 6.</summary>
    private const int DirectRows = 96;

    /// <summary>mc where C is transposed: 96 rows × 128 bytes are 12 KB, which wait in L1 for their transposition. 24 and 48 rows measured the same.</summary>
    public const int TransposedRows = 96;

    /// <summary>Bytes of a row of the widest panel: two Vector512.</summary>
    public const int PanelBytes = 128;

    /// <summary>
    /// mc where A is packed, as bytes of a column: 72 floats, with kc = 1024 a block of 288 KB. It shares L2 with a panel of B of 128 KB and the next one, which is on its way from L3.
    /// Twice as much is as fast; half as much passes over B's panels, in L3, twice as often.
    /// </summary>
    private const int PackedRowBytes = 288;

    /// <summary>
    /// nc where B is packed, as bytes of a row: with kc = 1024 its panels are 4 MB, in L3, and cross L2 once for each block of A; A is packed once for each nc columns of C, the less often the larger it is, as long as L3 keeps the panels.
    /// </summary>
    private const int PackedColumnBytes = 4096;

    /// <summary>Bytes of B up to which all of its panels stay in L2 beside what they are multiplied with.</summary>
    private const long AllPanelsBytes = 256 * 1024;

    /// <summary>
    /// Bytes of C from which on it is streamed: a plain store reads its line first and writes it out later, so that memory sees three passes for one. Half of a 32 MB L3: below, a plain C is still there
    /// when it is read next, and what reads it would wait for memory longer than the product gained.
    /// </summary>
    private const long StreamedBytes = 16 << 20;

    /// <summary>
    /// mc where C is streamed: it passes by L2, which A, with a block of 12 KB at k = 16, and the panels have for themselves, and the fewer blocks the less often the panels start anew.
    /// From 48 rows on there is little left to gain.
    /// </summary>
    public const int StreamedRows = 192;

    /// <summary>Bytes of B above which its rows, pages apart, cost more than their copies. 784 × 512 floats, 1.6 MB, are still faster where they lie.</summary>
    private const long LargeBytes = 3 << 20;

    /// <summary>Rows of A from which on a copy of all of B pays: each row of A uses it for a fraction of the time that copying an element takes. Rows on both sides are in <c>bench/run.sh ProductPlans</c>.</summary>
    private const int LargeRows = 256;

    /// <summary>
    /// Bytes between rows of A, and multiples of them, that put all rows into one set of L1, which is 64 sets of a line: the twelve rows of a tile compete for its eight ways, and where A lies as its transpose what a tile
    /// reads is gone from L2 before the next tile comes. With half as much they have two sets, and room.
    /// </summary>
    private const int PageBytes = 4096;

    /// <summary>Bytes of B from which on both operands are copied where rows of A are pages apart: twice what L2 holds, so that B too comes from L3 for each block of A.</summary>
    private const long PagesBytes = 2 << 20;

    /// <summary>Bytes of a column of A from which on this pays: 256 floats, as in <see cref="LargeRows"/>, or as many vectors of double.</summary>
    private const int PagesColumnBytes = 1024;

    /// <summary>Bytes of a row of B from which on A in tiles pays where its rows compete: each element is used often enough.</summary>
    private const int TiledColumnBytes = 1024;

    /// <summary>Columns of C = Aᵀ·B from which on A in tiles pays where k is long too: as A lies, each step of a tile reads a line of a row of its own, pages or halves of one apart.</summary>
    private const int LongRow = 512;

    /// <summary>Bytes of so many terms from which on that pays: 512 floats, 256 doubles.</summary>
    private const int LongColumnBytes = 2048;

    /// <summary>Rows of A from which on it is put in tiles: four tiles.</summary>
    private const int TiledRows = 48;

    /// <summary>Bytes of weights from which on they are packed for predictions: what L2 no longer holds beside what passes through it. At it, both ways are the same within some percent.</summary>
    private const long PackOnceBytes = 1 << 20;

    /// <summary>A way for C = A·B that needs no scratch.</summary>
    public static ProductPlan Direct => new(ProductSteps.None, DirectRows);

    /// <summary>A way for a C = Aᵀ·B of few columns: as Cᵀ = Bᵀ·A, whose vectors are rows of A and have no empty lanes; C is transposed on its way out.</summary>
    public static ProductPlan ColumnsOfC => new(ProductSteps.TransposesC, TransposedRows);

    /// <summary>Bytes of a vector that columns of a narrow product are taken in: see <see cref="NarrowProduct{T, TPrecision, TVector, TWidth}"/>.</summary>
    private const int NarrowBytes = 32;

    /// <summary>Bytes of A up to which it stays in L2: then <see cref="ColumnsOfC"/> may pass over it for each of its panels. From there on it comes from beyond, however a product passes over it.</summary>
    private const long NearBytes = 768 * 1024;

    /// <summary>
    /// What a number of C costs to be transposed, in the bytes of empty lanes that a multiplication leaves unused in as much time: found from the shapes at which both ways take equally long, between which lie
    /// dW 32x128x10 and dW 32x128x13 of the suite.
    /// </summary>
    private const int TranspositionBytes = 38;

    /// <summary>True where <see cref="ColumnsOfC"/> is faster than the kernel of few columns.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms.</param>
    /// <param name="size">Bytes of an element.</param>
    public static bool IsByColumnsOfC(int m, int n, int k, int size)
    {
        int lanes = NarrowBytes / size;
        int empty = ((n + lanes - 1) / lanes * lanes) - n;
        return n <= 3 * lanes && (long)m * size >= PanelBytes && (long)m * k * size <= NearBytes && (long)empty * k * size > (long)TranspositionBytes * n;
    }

    /// <summary>True where the kernel of few columns takes up to two Vector512 of them: for an A from beyond L2, which it passes over once, with the next rows on their way. Of an A in L2 the direct way is as fast.</summary>
    /// <inheritdoc cref="IsByColumnsOfC"/>
    public static bool IsByWholeVectors(int m, int n, int k, int size) => n * size <= PanelBytes && (long)m * k * size > NearBytes;

    /// <summary>
    /// True where one Vector512 does for a C = A·B, of an A in L2, what the kernel of few columns does with two halves of it: n is more than a half. Both multiply for as many cycles, and at their best take the same time. But the kernel of
    /// few columns gives a core nearly all the instructions and loads that it has room for in these cycles, and takes 1.3 to 1.5 times as long whenever something keeps it from that, in the same process and on the same operands. The direct
    /// way gives it half as many, and does not: see the row's spread in <c>bench/run.sh ProductPlans</c>.
    /// </summary>
    /// <inheritdoc cref="IsByColumnsOfC"/>
    public static bool IsByOneVector(int m, int n, int k, int size) => n * size > NarrowBytes && n * size <= PanelBytes / 2 && (long)m * k * size <= NearBytes;

    /// <summary>A way for C = A·Bᵀ that needs no more than <see cref="KernelSet{T}.ScratchLength"/>: B is transposed a panel at a time, for all rows of A.</summary>
    public static ProductPlan PanelByPanel(int size) => new(ProductSteps.PacksB, int.MaxValue, PanelBytes / size);

    /// <summary>C [m × n] = A·B with B in panels already.</summary>
    public static ProductPlan OfPackedB(int size) => new(ProductSteps.HasPackedB, 2 * PackedRowBytes / size);

    /// <summary>C [m × n] = A·B with B in panels already, where A is worth a copy too.</summary>
    public static ProductPlan OfTilesAndPackedB(int size) => new(ProductSteps.HasPackedB | ProductSteps.PacksA, PackedRowBytes / size);

    /// <summary>Columns of B that are packed at a time where both operands are.</summary>
    public static int PackedColumns(int size) => PackedColumnBytes / size;

    /// <summary>True where B, [k × n], is better packed once and for all if it does not change.</summary>
    public static bool PackingPays(int n, int k, int size) => (long)k * n * size > PackOnceBytes;

    /// <summary>C [m × n] = A [m × k]·B [k × n], where the rows of B follow each other.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="isTransposedA">True where A lies as its transpose: the rows of a tile are side by side then.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ProductPlan Of(int m, int n, int k, int size, bool isTransposedA) =>
        (long)k * n * size < PagesBytes && !IsPages(k * size) && !(isTransposedA && n >= LongRow) ? Direct : OfLargeOrPages(m, n, k, size, isTransposedA);

    [MethodImpl(Compiled.Entry)]
    private static ProductPlan OfLargeOrPages(int m, int n, int k, int size, bool isTransposedA)
    {
        if (PacksBoth(m, n, k, size, isTransposedA))
        {
            return Packed(size);
        }

        bool isFar = isTransposedA
            ? (n >= LongRow && (long)k * size >= LongColumnBytes) || (IsPages(m * size) && (long)k * n * size >= PagesBytes)
            : IsPages(k * size) && (long)n * size >= TiledColumnBytes;
        return isFar && m >= TiledRows ? TilesOfA(size) : Direct;
    }

    /// <summary>C [m × n] = A [m × k]·B [n × k]ᵀ. Either n · k elements of B are transposed, or m · k of A and m · n of C.</summary>
    [MethodImpl(Compiled.Entry)]
    public static ProductPlan OfTransposedB(int m, int n, int k, int size)
    {
        if (PacksBoth(m, n, k, size, isTransposedA: false))
        {
            return Packed(size);
        }

        if ((long)k * n * size <= AllPanelsBytes && m >= LargeRows)
        {
            return AllPanels(m, n, size);
        }

        return (long)n * k <= ((long)m * k) + ((long)m * n) ? PanelByPanel(size) : ByTransposeOfC(size);
    }

    /// <summary>True where both operands are copied.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="isTransposedA">True where A lies as its transpose.</param>
    public static bool PacksBoth(int m, int n, int k, int size, bool isTransposedA) =>
        IsLarge(m, n, k, size) || (!isTransposedA && PacksPages(m, n, k, size));

    /// <summary>True where they are whatever lies between their rows.</summary>
    private static bool IsLarge(int m, int n, int k, int size) => (long)k * n * size > LargeBytes && m >= LargeRows;

    /// <summary>True where rows of so many bytes begin in one set of L1.</summary>
    private static bool IsPages(int bytes) => bytes % PageBytes == 0;

    /// <summary>True where both operands are copied because the rows of A, as they lie, are pages apart.</summary>
    private static bool PacksPages(int m, int n, int k, int size) => IsPages(k * size) && (long)k * n * size >= PagesBytes && (long)m * size >= PagesColumnBytes;

    /// <summary>A way for C = A·B that copies A alone.</summary>
    public static ProductPlan TilesOfA(int size) => new(ProductSteps.PacksA, PackedRowBytes / size);

    /// <summary>Both operands are copied, block by block.</summary>
    public static ProductPlan Packed(int size) => new(ProductSteps.PacksA | ProductSteps.PacksB, PackedRowBytes / size, PackedColumnBytes / size);

    /// <summary>C = A·Bᵀ as Cᵀ = B·Aᵀ: A is transposed into panels, and C on its way out.</summary>
    public static ProductPlan ByTransposeOfC(int size) => new(ProductSteps.PacksB | ProductSteps.TransposesC, TransposedRows, PanelBytes / size);
}
