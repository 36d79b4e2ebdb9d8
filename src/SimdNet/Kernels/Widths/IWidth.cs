using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>One vector width: the operations that kernels are written in, for a vector type that is used as it is, without a wrapper.</summary>
/// <typeparam name="TVector">Vector512&lt;T&gt;, Vector256&lt;T&gt;, Vector128&lt;T&gt;, Vector&lt;T&gt;, or T itself.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// <see cref="WidthScalar{T}"/> is the specification: every other width does to each lane what it does to its one number, bit for bit, NaN payloads excepted.
/// A mask is a vector whose lanes have all bits set or none. Bits of a lane are those of the integer of the same size.
/// Members are small and inlined; a kernel that is generic over the width compiles to the same code as one written for it.
/// </remarks>
internal unsafe interface IWidth<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The value of SIMDNET_ISA that selects this width.</summary>
    static abstract string Name { get; }

    /// <summary>Lanes of a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the tile of C that a micro-kernel keeps in registers, beside two vectors of columns (see <see cref="MicroKernel{T, TVector, TWidth}"/>).</summary>
    static abstract int TileRows { get; }

    /// <summary>Reads <see cref="Count"/> elements.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Writes <see cref="Count"/> elements.</summary>
    static abstract void Store(T* destination, TVector value);

    /// <summary>Writes <see cref="Count"/> elements past the caches, where the machine can. Other threads may see them only after <see cref="Streaming.End"/>.</summary>
    /// <param name="destination">Aligned to a whole vector.</param>
    /// <param name="value">The vector.</param>
    static abstract void Stream(T* destination, TVector value);

    /// <summary>The mask of the first <paramref name="count"/> lanes, 0 ≤ count ≤ <see cref="Count"/>: made once, used by many partial loads and stores.</summary>
    static abstract TVector FirstMask(int count);

    /// <summary>Reads the first <paramref name="count"/> elements and touches none beyond; the other lanes are 0.</summary>
    /// <param name="source">The first element.</param>
    /// <param name="count">0 to <see cref="Count"/>.</param>
    /// <param name="mask"><see cref="FirstMask"/> of count.</param>
    static abstract TVector LoadFirst(T* source, int count, TVector mask);

    /// <summary>Writes the first <paramref name="count"/> lanes and touches nothing beyond.</summary>
    /// <param name="destination">The first element.</param>
    /// <param name="value">The vector.</param>
    /// <param name="count">0 to <see cref="Count"/>.</param>
    /// <param name="mask"><see cref="FirstMask"/> of count.</param>
    static abstract void StoreFirst(T* destination, TVector value, int count, TVector mask);

    /// <summary>The same number in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>a / b, correctly rounded.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, by <see cref="FusedMultiplyAdd"/>.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>*a · b + c, by <see cref="FusedMultiplyAdd"/>: the instruction reads the number from memory where it can, without a register for it.</summary>
    static abstract TVector MultiplyAdd(T* a, TVector b, TVector c);

    /// <summary>c += *a · b and d += *a · e, by <see cref="FusedMultiplyAdd"/>, reading the number once for each: more loads, and a register and an instruction less.</summary>
    static abstract void MultiplyAdd(T* a, TVector b, TVector e, ref TVector c, ref TVector d);

    /// <summary>√a, correctly rounded.</summary>
    static abstract TVector Sqrt(TVector a);

    /// <summary>|a|.</summary>
    static abstract TVector Abs(TVector a);

    /// <summary>b where a &lt; b, a elsewhere: also where either is NaN, and of two zeros.</summary>
    static abstract TVector Larger(TVector a, TVector b);

    /// <summary>b where b &lt; a, a elsewhere: also where either is NaN, and of two zeros.</summary>
    static abstract TVector Smaller(TVector a, TVector b);

    /// <summary>The mask a &lt; b, false where either is NaN.</summary>
    static abstract TVector LessThan(TVector a, TVector b);

    /// <summary>The mask a = b, false where either is NaN.</summary>
    static abstract TVector Equal(TVector a, TVector b);

    /// <summary>Lanes of <paramref name="yes"/> where the mask is set, of <paramref name="no"/> elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector yes, TVector no);

    /// <summary>Bits of a and b.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>Bits of a or b.</summary>
    static abstract TVector Or(TVector a, TVector b);

    /// <summary>Sum of the bits as integers.</summary>
    static abstract TVector AddBits(TVector a, TVector b);

    /// <summary>Difference of the bits as integers.</summary>
    static abstract TVector SubtractBits(TVector a, TVector b);

    /// <summary>Bits shifted towards the sign.</summary>
    static abstract TVector ShiftLeft(TVector a, int count);

    /// <summary>Bits shifted away from the sign, zeros shifted in.</summary>
    static abstract TVector ShiftRight(TVector a, int count);

    /// <summary>True where <see cref="Scale"/>, <see cref="Exponent"/> and <see cref="Fraction"/> are instructions.</summary>
    static abstract bool HasScale { get; }

    /// <summary>a · 2ⁿ for integral n, rounded once. Only where <see cref="HasScale"/>.</summary>
    static abstract TVector Scale(TVector a, TVector n);

    /// <summary>⌊log₂|a|⌋, of subnormals too; −∞ for 0, +∞ for ±∞. Only where <see cref="HasScale"/>.</summary>
    static abstract TVector Exponent(TVector a);

    /// <summary>a without its power of two, from ¾ to below 1½; 1 for 0 and +∞, NaN where a is negative. Only where <see cref="HasScale"/>.</summary>
    static abstract TVector Fraction(TVector a);

    /// <summary>y where x is positive and finite; −∞ where x is ±0, +∞ where it is, NaN where it is negative or NaN.</summary>
    static abstract TVector LogarithmEnds(TVector y, TVector x);

    /// <summary>The lane 0.</summary>
    static abstract T First(TVector a);

    /// <summary>Lanes added to those at a distance, two vectors in one: of each group of 2·distance lanes, the first half of the result is the first half of a's group plus its second half, the second half is the same of b's.</summary>
    /// <param name="a">One vector.</param>
    /// <param name="b">The other.</param>
    /// <param name="distance">A power of two below <see cref="Count"/>, a constant.</param>
    static abstract TVector AddAcross(TVector a, TVector b, int distance);

    /// <summary>Writes <paramref name="first"/> + lane for every lane that is not 0, in order: NaN is not, −0 is.</summary>
    /// <param name="a">The vector.</param>
    /// <param name="first">The number of lane 0.</param>
    /// <param name="destination">Room for <see cref="Count"/> numbers, whatever the vector holds.</param>
    /// <returns>How many lanes are not 0; what lies behind so many numbers is undefined.</returns>
    static abstract int IndicesOfNonZero(TVector a, int first, int* destination);

    /// <summary>All lanes combined by halving: lane j with lane j + Count / 2, then + Count / 4, … + 1.</summary>
    static abstract T Fold<TFold>(TVector a)
        where TFold : IFold<T>;
}
