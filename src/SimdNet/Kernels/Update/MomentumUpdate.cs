using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>g += decay·p; v = μ·v + g; p −= rate·(nesterov ? g + μ·v : v).</summary>
internal readonly struct MomentumUpdate<T, TPrecision, TVector, TWidth>(T rate, T decay, T momentum, bool nesterov) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _minusRate = TWidth.Broadcast(-rate);
    private readonly TVector _decay = TWidth.Broadcast(decay);
    private readonly TVector _momentum = TWidth.Broadcast(momentum);

    public static int Moments => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        gradient = TWidth.MultiplyAdd(_decay, parameter, gradient);
        first = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_momentum, first, gradient));
        TVector direction = nesterov ? TWidth.MultiplyAdd(_momentum, first, gradient) : first;
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_minusRate, direction, parameter));
    }
}
