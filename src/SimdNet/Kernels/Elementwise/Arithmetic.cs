using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>x + y.</summary>
internal readonly struct Sum<T> : IBinary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x, TVector y)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Add(x, y);
}

/// <summary>α·x + y, fused.</summary>
internal readonly struct ScaledSum<T>(T alpha) : IBinary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x, TVector y)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.MultiplyAdd(TWidth.Broadcast(alpha), x, y);
}

/// <summary>α·x.</summary>
internal readonly struct Scaled<T>(T alpha) : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Multiply(TWidth.Broadcast(alpha), x);
}
