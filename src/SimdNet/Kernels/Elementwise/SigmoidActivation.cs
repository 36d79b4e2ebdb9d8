using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>σ(x) = 1 / (1 + e⁻ˣ), computed from e = e^−|x| ≤ 1: 1 / (1 + e) for x ≥ 0 and e / (1 + e) for x &lt; 0; σ′ = σ·(1 − σ).</summary>
/// <remarks>
/// Error at most 2.5 ulp in float and 3 in double. No overflow; very negative x goes down to 0 gradually, as eˣ does. NaN gives NaN.
/// 1 + e is one multiply-add of e's power of two and its fraction, rounded once, beside the scaling that makes e: a network's step waits for one sigmoid after the other.
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
    {
        TVector one = TWidth.Broadcast(T.One);
        TVector negated = TWidth.Larger(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)), TWidth.Broadcast(TPrecision.ExpLower));
        TVector r = Exponential<T, TPrecision>.Reduce<TVector, TWidth>(negated, out TVector n, out TVector integer);
        TVector fraction = TPrecision.ExpShort<TVector, TWidth>(r);
        TVector e = PowerOfTwo<T, TPrecision>.Scale<TVector, TWidth>(fraction, n);
        TVector power = PowerOfTwo<T, TPrecision>.OfInteger<TVector, TWidth>(TWidth.Larger(integer, TWidth.Broadcast(TPrecision.Magic - (TPrecision.BiasedIntegerBase - TPrecision.IntegerBase) + T.One)));
        TVector numerator = TWidth.Select(TWidth.LessThan(x, TWidth.Broadcast(T.Zero)), e, one);
        return TWidth.Divide(numerator, TWidth.MultiplyAdd(power, fraction, one));
    }

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
