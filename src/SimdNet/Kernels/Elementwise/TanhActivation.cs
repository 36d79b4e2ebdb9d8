using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>tanh x = −t / (1 + e) with e = e^−2|x| and t = e − 1, and the sign of x; tanh′ = (1 − tanh)·(1 + tanh).</summary>
/// <remarks>
/// The form is that of fdlibm's s_tanh.c (Sun, 1993), with t = 2ⁿ·(eʳ − 1) + (2ⁿ − 1) accurate relative to itself: no polynomial of its own and no case for small x.
/// The divisor there is t + 2, which doubles the rounding error of t near ±1; here e is rounded on its own.
/// Error at most 2.5 ulp in float and 3 in double; tanh x = x for tiny x, subnormals and −0 included; ±1 for large |x|; NaN gives NaN.
/// </remarks>
internal readonly struct TanhActivation<T, TPrecision> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector signMask = TWidth.Broadcast(TPrecision.SignMask);
        TVector y = TWidth.Or(TWidth.Add(x, x), signMask);
        TVector r = Exponential<T, TPrecision>.Reduce<TVector, TWidth>(TWidth.Larger(y, TWidth.Broadcast(TPrecision.Expm1Lower)), out _, out TVector integer);
        TVector reduced = TWidth.MultiplyAdd(TWidth.Multiply(r, r), TPrecision.ExpTail<TVector, TWidth>(r), r);
        TVector power = PowerOfTwo<T, TPrecision>.OfInteger<TVector, TWidth>(integer);
        TVector one = TWidth.Broadcast(T.One);
        TVector t = TWidth.MultiplyAdd(power, reduced, TWidth.Subtract(power, one));
        TVector divisor = TWidth.MultiplyAdd(power, reduced, TWidth.Add(power, one));
        return TWidth.Select(signMask, x, TWidth.Divide(t, divisor));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        // Not 1 − y²: without fused multiply-add that loses half the digits near ±1.
        TVector one = TWidth.Broadcast(T.One);
        return TWidth.Multiply(TWidth.Subtract(one, output), TWidth.Add(one, output));
    }
}
