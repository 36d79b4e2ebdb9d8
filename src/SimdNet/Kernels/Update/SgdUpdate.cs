using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>p −= rate·(g + decay·p).</summary>
internal readonly struct SgdUpdate<T, TPrecision, TVector, TWidth>(T rate, T decay) : IUpdate<TVector>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private readonly TVector _minusRate = TWidth.Broadcast(-rate);
    private readonly TVector _decay = TWidth.Broadcast(decay);

    public static int Moments => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second, ref TVector third)
    {
        TVector direction = TWidth.MultiplyAdd(_decay, parameter, gradient);
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(_minusRate, direction, parameter));
    }
}
