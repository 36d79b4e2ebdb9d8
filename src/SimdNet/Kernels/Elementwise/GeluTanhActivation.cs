using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x·½·(1 + tanh u), u = √(2/π)·(x + 0.044715·x³) (Hendrycks and Gimpel, 2016; PyTorch's approximate='tanh'): since ½·(1 + tanh u) = σ(2u), a <see cref="LogisticGate{T, TPrecision}"/> with v = 2u.</summary>
/// <remarks>
/// v is rounded as often as a cubic is, so that eᵛ, far left of 0, has an error that grows with |v|: at most 4 + 2.5·|v| ulp of f where eᵛ is a normal number, and right of 0 at most 4. f′ is within 6 ulp, of the last place of ½ where it is smaller.
/// ±0 give themselves, −∞ −0, which is the limit, and +∞ itself; f′ is 0 and 1 there. NaN gives NaN.
/// </remarks>
internal readonly struct GeluTanhActivation<T, TPrecision> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    /// <summary>2·√(2/π).</summary>
    private static T Linear => T.CreateTruncating(1.5957691216057308);

    /// <summary>2·√(2/π)·0.044715.</summary>
    private static T Cubic => T.CreateTruncating(0.07135481627260025);

    /// <summary>From here on to the left eᵛ is 0 in either precision.</summary>
    private static T Lower => T.CreateTruncating(-32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector left = Left<TVector, TWidth>(x);
        TVector slope = TWidth.MultiplyAdd(TWidth.Multiply(left, left), TWidth.Broadcast(Cubic), TWidth.Broadcast(Linear));
        return LogisticGate<T, TPrecision>.Value<TVector, TWidth>(x, left, TWidth.Multiply(left, slope));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector left = Left<TVector, TWidth>(x);
        TVector linear = TWidth.Broadcast(Linear);
        TVector term = TWidth.Multiply(TWidth.Multiply(left, left), TWidth.Broadcast(Cubic));
        TVector derivative = TWidth.MultiplyAdd(TWidth.Broadcast(T.CreateTruncating(3)), term, linear);
        return LogisticGate<T, TPrecision>.Derivative<TVector, TWidth>(x, TWidth.Multiply(left, derivative), TWidth.Multiply(left, TWidth.Add(term, linear)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Left<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Larger(TWidth.Or(x, TWidth.Broadcast(TPrecision.SignMask)), TWidth.Broadcast(Lower));
}
