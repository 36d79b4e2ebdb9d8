using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>ln(1 + x), accurate where x is small: <see cref="Logarithm{T, TPrecision}.OfOnePlus"/>.</summary>
/// <remarks>Error at most 1 ulp. −1 gives −∞, numbers below and NaN give NaN, +∞ gives +∞; x itself where x is tiny, subnormals and −0 included.</remarks>
internal readonly struct LogarithmOfOnePlus<T, TPrecision> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => Logarithm<T, TPrecision>.OfOnePlus<TVector, TWidth>(x);
}
