using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>σ(x) = 1 / (1 + e⁻ˣ), computed from e = e^−|x| ≤ 1: 1 / (1 + e) for x ≥ 0 and e / (1 + e) for x &lt; 0; σ′ = σ·(1 − σ).</summary>
/// <remarks>
/// Error at most 2.5 ulp in float and 3 in double. No overflow; very negative x goes down to 0 gradually, as eˣ does. NaN gives NaN.
/// The division is a true one: an estimate refined by Newton's method is slower here and differs between processors.
/// </remarks>
internal readonly struct SigmoidActivation<T, TPrecision> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => FromExponential<TVector, TWidth>(x, Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask))));

    /// <summary>σ(x) where e = e^−|x| is already known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector FromExponential<TVector, TWidth>(TVector x, TVector e)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector numerator = TWidth.Select(TWidth.LessThan(x, TWidth.Broadcast(T.Zero)), e, one);
        return TWidth.Divide(numerator, TWidth.Add(one, e));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Multiply(output, TWidth.Subtract(TWidth.Broadcast(T.One), output));
}
