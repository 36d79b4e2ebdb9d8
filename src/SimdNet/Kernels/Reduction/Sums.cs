using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Σ x.</summary>
internal readonly struct SumReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => false;

    public static int Outputs => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        return TWidth.Add(lane, x);
    }
}

/// <summary>Σ x·y, fused.</summary>
internal readonly struct DotReduction<T> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        return TWidth.MultiplyAdd(x, y, lane);
    }
}

/// <summary>The largest x, by the fold's rule for NaN.</summary>
internal readonly struct MaximumReduction<T, TFold> : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TFold : IFold<T>
{
    public static bool ReadsSecond => false;

    public static int Outputs => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        first = second = default;
        return TFold.Combine<TVector, TWidth>(lane, x);
    }
}
