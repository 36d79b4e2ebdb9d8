using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x where x &gt; 0, slope·x elsewhere: NaN stays NaN. The derivative is 1 where the output is positive and the slope elsewhere, which holds for slope ≥ 0.</summary>
internal readonly struct LeakyReLUActivation<T>(T slope) : IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Select(TWidth.LessThan(TWidth.Broadcast(T.Zero), x), x, TWidth.Multiply(TWidth.Broadcast(slope), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Select(TWidth.LessThan(TWidth.Broadcast(T.Zero), output), TWidth.Broadcast(T.One), TWidth.Broadcast(slope));
}
