using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>g += decay·p; v = μ·v + g; p −= rate·(nesterov ? g + μ·v : v).</summary>
internal readonly struct MomentumUpdate<T, TPrecision>(T rate, T decay, T momentum, bool nesterov) : IUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static int Moments => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TVector, TWidth>(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector mu = TWidth.Broadcast(momentum);
        gradient = TWidth.MultiplyAdd(TWidth.Broadcast(decay), parameter, gradient);
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(mu, first, gradient));
        TVector direction = nesterov ? TWidth.MultiplyAdd(mu, first, gradient) : first;
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(TWidth.Broadcast(-rate), direction, parameter));
    }
}
