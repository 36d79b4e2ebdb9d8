using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>Every kernel for one precision and one vector width. Members of one list (KernelSets) differ in speed, never in bits where the hardware fuses multiply and add.</summary>
/// <remarks>
/// Contract of all members: shapes agree (asserted, not checked), operands do not overlap unless the member says that it works in place,
/// nothing is allocated, nothing is thrown, any alignment is accepted, nothing outside the given spans is read or written. Any length and any side of a matrix may be 0.
/// <para>Order of arithmetic, which fixes the bits:
/// a product accumulates k in order by fused multiply-add in blocks of <see cref="KBlock"/>: each block starts from 0 and is added to C when it is complete (C = first block where C is overwritten);
/// a reduction gives element i to lane i mod <see cref="Lanes"/>, each lane runs in order, and the lanes are combined by halving: lane j with lane j + 16, then + 8, + 4, + 2, + 1.
/// Where several rows or samples have one result, their results are added in order. Formulas of the shape a·b + c are fused where the hardware can; their order of evaluation is stated beside each operator.</para>
/// <para>NaN and infinity go where the arithmetic takes them; a NaN is a NaN at every width, but which payload survives when two meet is not fixed. Subnormal numbers are exact inputs and results,
/// except that optimizers flush what they store.</para>
/// </remarks>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Terms of a dot product that are summed before they are added to C. It bounds the rounding error of long sums and is the largest k-block that packing may use.</summary>
    public const int KBlock = 1024;

    /// <summary>Virtual lanes of a reduction: two Vector512 of float, so that every narrower width can imitate it with more registers or more passes.</summary>
    public const int Lanes = 32;

    /// <summary>The value of SIMDNET_ISA that selects this set: vector512, vector256, vector128, vectort or scalar.</summary>
    public abstract string Name { get; }
}
