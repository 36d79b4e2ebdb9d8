using System;

namespace SimdNet.Kernels;

/// <summary>What the loops of a product do beside multiplying. Flags rather than a field for each, so that a plan is returned in registers.</summary>
[Flags]
internal enum ProductSteps
{
    None = 0,

    /// <summary>A is copied into tiles.</summary>
    PacksA = 1,

    /// <summary>B is copied into panels.</summary>
    PacksB = 2,

    /// <summary>B is in panels already, all of them: see <see cref="KernelSet{T}.Pack"/>.</summary>
    HasPackedB = 4,

    /// <summary>C is computed as its transpose, in a block of rows by a panel, that is transposed on its way out.</summary>
    TransposesC = 8,

    /// <summary>C is written past the caches, where it is whole cache lines that nothing reads before the product is done.</summary>
    StreamsC = 16,
}
