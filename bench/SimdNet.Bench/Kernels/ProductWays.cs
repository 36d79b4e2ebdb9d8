using System;

namespace SimdNet.Bench.Kernels;

/// <summary>The ways to compute a product that the table of SimdNet.Kernels.ProductPlan chooses from.</summary>
[Flags]
public enum ProductWays
{
    None = 0,

    /// <summary>Everything where it lies.</summary>
    Direct = 1,

    /// <summary>A copied into tiles.</summary>
    TilesOfA = 2,

    /// <summary>Both operands copied, block by block.</summary>
    Packed = 4,

    /// <summary>B in panels before the product begins, as weights that don't change.</summary>
    PackedOnce = 8,

    /// <summary>The kernel of few columns.</summary>
    FewColumns = 16,

    /// <summary>The transpose of C, from operands as they lie.</summary>
    ColumnsOfC = 32,

    /// <summary>The transpose of C, from panels of a transposed A.</summary>
    TransposeOfC = 64,

    /// <summary>A panel of a transposed B at a time.</summary>
    PanelByPanel = 128,

    /// <summary>All of a transposed B at once; C is written past the caches where it is large.</summary>
    AllPanels = 256,

    /// <summary>The same, with C written through the caches.</summary>
    AllPanelsPlain = 512,
}
