using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>ReLU(x) = max(x, 0), as x &lt; 0 ? 0 : x: NaN stays NaN and −0 stays −0. The derivative is 1 where the output is positive and 0 elsewhere.</summary>
internal readonly struct ReLUActivation<T> : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Larger(x, TWidth.Broadcast(T.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        return TWidth.Select(TWidth.LessThan(zero, output), TWidth.Broadcast(T.One), zero);
    }
}
