using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>erf x = 2/√π · ∫₀ˣ e^−t² dt: x + x·tail(x²) below a split, 1 − erfc|x| with the sign of x above it.</summary>
/// <remarks>
/// Both polynomials are evaluated for every number, which is cheaper than to part the numbers: <see cref="IPrecision{T}.ErfTail"/> and <see cref="IPrecision{T}.Erfc"/>.
/// The first is accurate relative to x, so that subnormals and −0 need no care; the second may lose as many digits as erfc is smaller than erf.
/// Error at most 1 ulp in float and 2.5 in double; ±1 for large |x|; NaN gives NaN.
/// </remarks>
internal readonly struct ErrorFunction<T, TPrecision> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector magnitude = TWidth.Abs(x);
        TVector near = TWidth.MultiplyAdd(x, TPrecision.ErfTail<TVector, TWidth>(TWidth.Multiply(x, x)), x);
        TVector clamped = TWidth.Smaller(magnitude, TWidth.Broadcast(TPrecision.ErfUpper));
        TVector far = TWidth.Subtract(TWidth.Broadcast(T.One), TPrecision.Erfc<TVector, TWidth>(clamped));
        far = TWidth.Or(far, TWidth.And(x, TWidth.Broadcast(TPrecision.SignMask)));
        return TWidth.Select(TWidth.LessThan(magnitude, TWidth.Broadcast(TPrecision.ErfSplit)), near, far);
    }
}
