namespace SimdNet.Kernels;

/// <summary>How a product is computed: what is packed, and in which blocks. The choice is a function of the shape and the size of an element alone, never of the machine, and changes no bit.</summary>
/// <remarks>
/// GFLOP/s on a Zen 4 core with an FMA peak of 118 in float and 59 in double, a 1 MB L2 and a 32 MB L3:
/// <code>
/// C = A·B, C = Aᵀ·B                                               this entry     against
/// n ≤ three Vector256               NarrowProduct, before a plan  32 × 128 × 10 64, 42,000 × 784 × 16 103     Direct 48, 45;  32 × 1000 × 24 113: 85
/// its Aᵀ·B, a vector half empty     ColumnsOfC                    32 × 128 × 10 75, 128 × 784 × 10 104        NarrowProduct 60, 70
/// B > 3 MB, m ≥ 256                 Packed                        1024³ 111      A alone packed 107, direct 99;   2048³ 109: 92
/// B's rows ≥ 1 KB, A's k · 2 KB     A alone in tiles              512³ 114.6     direct 112.7, Packed 113.8;      128 × 1024 × 1024 between 96 and 112 in several runs: direct 105, Packed 107
/// otherwise                         Direct                        32 × 784 × 128 116.7, 128 × 784 × 512 115.8: B in panels 110
/// C = A·B, B packed once            IsPackedB                     128 × 784 × 512 114.4, 128 × 512 × 128 116.2: direct 113.7
/// C = A·Bᵀ
/// B > 3 MB, m ≥ 256                 Packed
/// B ≤ 256 KB, m ≥ 256               AllPanels                     42,000 × 784 × 16 96 streamed, 53 plain;  PanelByPanel 34
/// n·k ≤ m·k + m·n                   PanelByPanel                  512 × 784 × 512 112      Packed 109
/// otherwise                         ByTransposeOfC                32 × 784 × 128 111.5
/// </code>
/// </remarks>
internal readonly record struct ProductPlan
{
    /// <summary>B is copied into panels.</summary>
    public bool PacksB { get; init; }

    /// <summary>B is in panels already, all of them: see <see cref="KernelSet{T}.Pack"/>.</summary>
    public bool IsPackedB { get; init; }

    /// <summary>A is copied into tiles.</summary>
    public bool PacksA { get; init; }

    /// <summary>C is computed as its transpose, in a block of rows by a panel, that is transposed on its way out.</summary>
    public bool TransposesC { get; init; }

    /// <summary>C is written past the caches, where it is whole cache lines that nothing reads before the product is done.</summary>
    public bool StreamsC { get; init; }

    /// <summary>mc: rows of A that stay in L2 while B passes.</summary>
    public int RowBlock { get; init; }

    /// <summary>nc: columns of B that are packed at a time.</summary>
    public int ColumnBlock { get; init; }

    /// <summary>
    /// A way for a tall C = A·Bᵀ of few terms: all of B is transposed at once, and C is written once, in blocks of whole rows: 48 rows of 784 floats are 150 KB, which leave L2 for memory in the order of their
    /// addresses. A panel at a time C would be passed over once for each, two cache lines of every row.
    /// </summary>
    public static ProductPlan AllPanels(int m, int n, int size) => new() { PacksB = true, RowBlock = 48, ColumnBlock = n, StreamsC = (long)m * n * size >= StreamedBytes };

    /// <summary>mc where nothing is packed: 96 rows × 1024 × 4 bytes are less than half of a 1 MB L2, and 96 is whole tiles of 12 and of 6.</summary>
    private const int DirectRows = 96;

    /// <summary>mc where C is transposed: 96 rows × 128 bytes are 12 KB, which wait in L1 for their transposition. 24 and 48 rows measured the same.</summary>
    public const int TransposedRows = 96;

    /// <summary>Bytes of a row of the widest panel: two Vector512.</summary>
    public const int PanelBytes = 128;

    /// <summary>
    /// mc where A is packed, as bytes of a column: 72 floats, with kc = 1024 a block of 288 KB. It shares L2 with a panel of B of 128 KB and the next one, which is on its way from L3;
    /// 1024³ with 144, 288, 384, 576 and 768 bytes: 109, 111, 110, 110, 109 GFLOP/s.
    /// </summary>
    private const int PackedRowBytes = 288;

    /// <summary>
    /// nc where B is packed, as bytes of a row: with kc = 1024 its panels are 4 MB, in L3, and cross L2 once for each block of A; A is packed once for each nc columns of C.
    /// 1024³ with 1, 2, 4 and 8 KB: 106, 110, 111, 109 GFLOP/s.
    /// </summary>
    private const int PackedColumnBytes = 4096;

    /// <summary>Bytes of B up to which all of its panels stay in L2 beside what they are multiplied with.</summary>
    private const long AllPanelsBytes = 256 * 1024;

    /// <summary>
    /// Bytes of C from which on it is streamed: a plain store reads its line first and writes it out later, so that memory sees three passes for one. Below, C is still in L3 when it is read next.
    /// n·k = 784 × 16 floats, ms for the product and a sum over C, plain and streamed: 4 MB 0.39, 0.46; 9 MB 0.92, 1.03; 17 MB 2.2, 2.1; 25 MB 4.9, 3.0; 132 MB 28, 19. The product alone gains from 4 MB on.
    /// </summary>
    private const long StreamedBytes = 16 << 20;

    /// <summary>
    /// mc where C is streamed: it passes by L2, which A, with a block of 12 KB at k = 16, and the panels have for themselves, and the fewer blocks the less often the panels start anew.
    /// 42,000 × 784 × 16 with 12, 24, 48, 96, 192 and 384 rows: 86, 91, 94, 95, 96, 97 GFLOP/s.
    /// </summary>
    public const int StreamedRows = 192;

    /// <summary>Bytes of B above which its rows, pages apart, cost more than their copies. 784 × 512 floats, 1.6 MB, are still faster where they lie: 114 GFLOP/s against 113 for 512 rows, 115 against 110 for 128.</summary>
    private const long LargeBytes = 3 << 20;

    /// <summary>Rows of A from which on a copy of all of B pays: it costs about 1.5 cycles an element, and each row of A uses it for a sixteenth of a cycle.</summary>
    private const int LargeRows = 256;

    /// <summary>Bytes between rows of A, and multiples of them, that put the twelve rows of a tile into two sets of L1, where they compete with B for eight ways each.</summary>
    private const int CompetingBytes = 2048;

    /// <summary>Bytes of a row of B from which on A in tiles pays where its rows compete: each element is used often enough.</summary>
    private const int TiledColumnBytes = 1024;

    /// <summary>Rows of A from which on it is put in tiles: four tiles.</summary>
    private const int TiledRows = 48;

    /// <summary>Bytes of weights from which on they are packed for predictions: what L2 no longer holds beside what passes through it. Below, both ways measured the same within 2 %.</summary>
    private const long PackOnceBytes = 1 << 20;

    /// <summary>A way for C = A·B that needs no scratch.</summary>
    public static ProductPlan Direct => new() { RowBlock = DirectRows };

    /// <summary>A way for a C = Aᵀ·B of few columns: as Cᵀ = Bᵀ·A, whose vectors are rows of A and have no empty lanes; C is transposed on its way out.</summary>
    public static ProductPlan ColumnsOfC => new() { TransposesC = true, RowBlock = TransposedRows };

    /// <summary>Bytes of a vector that columns of a narrow product are taken in: see <see cref="NarrowProduct{T, TPrecision, TVector, TWidth}"/>.</summary>
    private const int NarrowBytes = 32;

    /// <summary>Bytes of A up to which it is passed over for each panel of <see cref="ColumnsOfC"/>: it stays in L2.</summary>
    private const long ColumnsOfCBytes = 768 * 1024;

    /// <summary>
    /// What a number of C costs to be transposed, in the bytes of empty lanes that a multiplication leaves unused in as much time. Float, k = 32: 12 of 16 columns gain 10 %, 13 lose 7 %; of 10 columns
    /// k = 16 gains 10 %, k = 8 loses 15 %. Double, k = 32: 6 of 8 columns gain 10 %, 7 nothing.
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
        return n <= 3 * lanes && (long)m * size >= PanelBytes && (long)m * k * size <= ColumnsOfCBytes && (long)empty * k * size > (long)TranspositionBytes * n;
    }

    /// <summary>A way for C = A·Bᵀ that needs no more than <see cref="KernelSet{T}.ScratchLength"/>: B is transposed a panel at a time, for all rows of A.</summary>
    public static ProductPlan PanelByPanel(int size) => new() { PacksB = true, RowBlock = int.MaxValue, ColumnBlock = PanelBytes / size };

    /// <summary>C [m × n] = A·B with B in panels already.</summary>
    public static ProductPlan OfPackedB(int size) => new() { IsPackedB = true, RowBlock = 2 * PackedRowBytes / size };

    /// <summary>True where B, [k × n], is better packed once and for all if it does not change.</summary>
    public static bool PackingPays(int n, int k, int size) => (long)k * n * size > PackOnceBytes;

    /// <summary>C [m × n] = A [m × k]·B [k × n], where the rows of B follow each other.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms.</param>
    /// <param name="size">Bytes of an element.</param>
    /// <param name="isTransposedA">True where A lies as its transpose: a tile's rows are side by side then and do not compete.</param>
    public static ProductPlan Of(int m, int n, int k, int size, bool isTransposedA)
    {
        if (IsLarge(m, n, k, size))
        {
            return Packed(size);
        }

        bool competes = !isTransposedA && k > 0 && (long)k * size % CompetingBytes == 0;
        return competes && (long)n * size >= TiledColumnBytes && m >= TiledRows ? new() { PacksA = true, RowBlock = PackedRowBytes / size } : Direct;
    }

    /// <summary>C [m × n] = A [m × k]·B [n × k]ᵀ. Either n · k elements of B are transposed, or m · k of A and m · n of C.</summary>
    public static ProductPlan OfTransposedB(int m, int n, int k, int size)
    {
        if (IsLarge(m, n, k, size))
        {
            return Packed(size);
        }

        if ((long)k * n * size <= AllPanelsBytes && m >= LargeRows)
        {
            return AllPanels(m, n, size);
        }

        return (long)n * k <= ((long)m * k) + ((long)m * n) ? PanelByPanel(size) : ByTransposeOfC(size);
    }

    private static bool IsLarge(int m, int n, int k, int size) => (long)k * n * size > LargeBytes && m >= LargeRows;

    /// <summary>Both operands are copied, block by block.</summary>
    private static ProductPlan Packed(int size) => new() { PacksA = true, PacksB = true, RowBlock = PackedRowBytes / size, ColumnBlock = PackedColumnBytes / size };

    /// <summary>C = A·Bᵀ as Cᵀ = B·Aᵀ: A is transposed into panels, and C on its way out.</summary>
    private static ProductPlan ByTransposeOfC(int size) => new() { PacksB = true, TransposesC = true, RowBlock = TransposedRows, ColumnBlock = PanelBytes / size };
}
