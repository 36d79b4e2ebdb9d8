namespace SimdNet.Kernels;

/// <summary>How a product is computed: what is packed, and in which blocks. A function of the shape and the size of an element alone, never of the machine; no choice changes a bit.</summary>
internal readonly record struct ProductPlan
{
    /// <summary>B is copied into panels.</summary>
    public bool PacksB { get; init; }

    /// <summary>A is copied into tiles.</summary>
    public bool PacksA { get; init; }

    /// <summary>C is computed as its transpose, in a block of rows by a panel, that is transposed on its way out.</summary>
    public bool TransposesC { get; init; }

    /// <summary>mc: rows of A that stay in L2 while B passes.</summary>
    public int RowBlock { get; init; }

    /// <summary>nc: columns of B that are packed at a time.</summary>
    public int ColumnBlock { get; init; }

    /// <summary>A way for C = A·B that needs no more than <see cref="KernelSet{T}.ScratchLength"/>.</summary>
    public static ProductPlan Direct => new() { RowBlock = DirectRows };

    /// <summary>A way for C = A·Bᵀ that needs no more than <see cref="KernelSet{T}.ScratchLength"/>: B is transposed a panel at a time, for all rows of A.</summary>
    public static ProductPlan PanelByPanel(int size) => new() { PacksB = true, RowBlock = int.MaxValue, ColumnBlock = PanelBytes / size };

    /// <summary>A way for C = A·Bᵀ as Cᵀ = B·Aᵀ that needs no more than <see cref="KernelSet{T}.ScratchLength"/>: A is transposed into panels, and C on its way out.</summary>
    public static ProductPlan ByTransposeOfC(int size) => new() { PacksB = true, TransposesC = true, RowBlock = TransposedRows, ColumnBlock = PanelBytes / size };

    /// <summary>
    /// A way for a tall C = A·Bᵀ of few terms: all of B is transposed at once, and C is written once, in blocks of whole rows: 48 rows of 784 floats are 150 KB, which leave L2 for memory in the order of their
    /// addresses. A panel at a time C would be passed over once for each, two cache lines of every row.
    /// </summary>
    public static ProductPlan AllPanels(int n) => new() { PacksB = true, RowBlock = 48, ColumnBlock = n };

    /// <summary>
    /// Both operands packed. mc is 768 bytes of each column, 192 floats: with kc = 1024 a block of A takes 768 KB of L2, beside a panel of B of 128 KB. nc is 2048 bytes of each row: B's panels, 2 MB, are
    /// in L3 and cross L2 once for each block of A.
    /// </summary>
    public static ProductPlan Packed(int size) => new() { PacksA = true, PacksB = true, RowBlock = 768 / size, ColumnBlock = 2048 / size };

    /// <summary>mc where nothing of A is packed: 96 rows × 1024 × 4 bytes are less than half of a 1 MB L2, and 96 is whole tiles of 12 and of 6.</summary>
    private const int DirectRows = 96;

    /// <summary>mc where C is transposed: 96 rows × 128 bytes are 12 KB, which wait in L1 for their transposition.</summary>
    public const int TransposedRows = 96;

    /// <summary>Bytes of a row of the widest panel: two Vector512.</summary>
    public const int PanelBytes = 128;

    /// <summary>B is read where it lies up to this size, which L2 holds beside a block of A. Above, its rows are pages apart.</summary>
    private const long UnpackedBytes = 1 << 20;

    /// <summary>Bytes of B up to which all of its panels stay in L2 beside what they are multiplied with.</summary>
    private const long AllPanelsBytes = 256 * 1024;

    /// <summary>Rows of A from which on the copies of A and B pay.</summary>
    private const int PackedRows = 256;

    /// <summary>Rows of A from which on a copy of B alone pays.</summary>
    private const int PanelRows = 49;

    /// <summary>C [m × n] = A [m × k]·B [k × n], where the rows of B follow each other; A may be transposed.</summary>
    public static ProductPlan Of(int m, int n, int k, int size)
    {
        bool isLarge = (long)k * n * size > UnpackedBytes;
        if (isLarge && m >= PackedRows)
        {
            return Packed(size);
        }

        return isLarge && m >= PanelRows ? PanelByPanel(size) : Direct;
    }

    /// <summary>C [m × n] = A [m × k]·B [n × k]ᵀ. Either n · k elements of B are transposed, or m · k of A and m · n of C.</summary>
    public static ProductPlan OfTransposedB(int m, int n, int k, int size)
    {
        if ((long)k * n * size > UnpackedBytes && m >= PackedRows)
        {
            return Packed(size);
        }

        if ((long)k * n * size <= AllPanelsBytes && m >= PackedRows)
        {
            return AllPanels(n);
        }

        return (long)n * k <= ((long)m * k) + ((long)m * n) ? PanelByPanel(size) : ByTransposeOfC(size);
    }
}
