using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What a reduction does with each element: combine it with its lane and, where the kernel says so, write results beside it.</summary>
internal interface IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>True where y is read.</summary>
    static abstract bool ReadsSecond { get; }

    /// <summary>How many of <c>first</c> and <c>second</c> are written: 0, 1 or 2. They may be the operands.</summary>
    static abstract int Outputs { get; }

    /// <summary>True of operators, such as those with a logarithm, of which four copies in a loop are more than the budget of inlining allows: what does not fit is called for each vector.</summary>
    static virtual bool IsLong => false;

    /// <summary>The lane after this element.</summary>
    /// <param name="lane">The lane before it.</param>
    /// <param name="x">The element.</param>
    /// <param name="y">The other operand's element, 0 where it is not read.</param>
    /// <param name="first">First result.</param>
    /// <param name="second">Second result.</param>
    TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}
