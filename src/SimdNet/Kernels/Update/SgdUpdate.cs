using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>p −= rate·(g + decay·p).</summary>
internal readonly struct SgdUpdate<T, TPrecision>(T rate, T decay) : IUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    public static int Moments => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Invoke<TVector, TWidth>(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector direction = TWidth.MultiplyAdd(TWidth.Broadcast(decay), parameter, gradient);
        parameter = Subnormals<T, TPrecision>.Flush<TVector, TWidth>(TWidth.MultiplyAdd(TWidth.Broadcast(-rate), direction, parameter));
    }
}
