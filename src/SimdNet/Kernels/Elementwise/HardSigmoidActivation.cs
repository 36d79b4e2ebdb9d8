using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = min(max(x + 3, 0), 6) / 6, as in PyTorch and Keras 3 (Keras 2 had x / 5 + ½); f′ = 1/6 where −3 &lt; x &lt; 3, 0 elsewhere.</summary>
/// <remarks>Error at most 1 ulp. NaN gives NaN, and a derivative of 0.</remarks>
internal readonly struct HardSigmoidActivation<T> : IUnfusedActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector six = TWidth.Broadcast(T.CreateTruncating(6));
        TVector shifted = TWidth.Larger(TWidth.Add(x, TWidth.Broadcast(T.CreateTruncating(3))), TWidth.Broadcast(T.Zero));
        return TWidth.Divide(TWidth.Smaller(shifted, six), six);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector isInside = TWidth.LessThan(TWidth.Abs(x), TWidth.Broadcast(T.CreateTruncating(3)));
        return TWidth.And(isInside, TWidth.Broadcast(T.One / T.CreateTruncating(6)));
    }
}
