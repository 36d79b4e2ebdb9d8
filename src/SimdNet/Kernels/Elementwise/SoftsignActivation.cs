using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x / (1 + |x|); f′ = 1 / (1 + |x|)².</summary>
/// <remarks>Error at most 1.5 ulp for f, 5 for f′. f(±0) = ±0; ±∞ give ±1, the limits, where PyTorch has NaN, and f′ is 0 there; NaN gives NaN.</remarks>
internal readonly struct SoftsignActivation<T, TPrecision> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        // ∞ / ∞ would be NaN; the largest number is equal to itself plus 1.
        TVector magnitude = TWidth.Smaller(TWidth.Abs(x), TWidth.Broadcast(TPrecision.LargestFinite));
        TVector quotient = TWidth.Divide(magnitude, TWidth.Add(TWidth.Broadcast(T.One), magnitude));
        return TWidth.Or(quotient, TWidth.And(x, TWidth.Broadcast(TPrecision.SignMask)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        // The square of the quotient, not of the divisor, which would overflow.
        TVector one = TWidth.Broadcast(T.One);
        TVector quotient = TWidth.Divide(one, TWidth.Add(one, TWidth.Abs(x)));
        return TWidth.Multiply(quotient, quotient);
    }
}
