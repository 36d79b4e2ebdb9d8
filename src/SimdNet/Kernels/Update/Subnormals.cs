using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Keeps what decays from getting stuck below the normal range, where arithmetic can be many times slower. .NET has no mode that flushes to zero.</summary>
internal static class Subnormals<T, TPrecision>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    /// <summary>x, or 0 where |x| is below the smallest normal number. NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Flush<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Select(TWidth.LessThan(TWidth.Abs(x), TWidth.Broadcast(TPrecision.SmallestNormal)), TWidth.Broadcast(T.Zero), x);
}
