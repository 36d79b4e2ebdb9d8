using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Σ l1·|w| + l2·w².</summary>
internal readonly struct PenaltyReduction<T>(T l1, T l2) : IReduction<T>
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
        TVector linear = TWidth.Multiply(TWidth.Broadcast(l1), TWidth.Abs(x));
        return TWidth.Add(lane, TWidth.MultiplyAdd(TWidth.Multiply(TWidth.Broadcast(l2), x), x, linear));
    }
}

/// <summary>The same sum of the weights x; their gradient y becomes y + l1·sign(x) + 2·l2·x, where 0 has no sign.</summary>
internal readonly struct PenaltyGradientReduction<T>(T l1, T l2) : IReduction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool ReadsSecond => true;

    public static int Outputs => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Accumulate<TVector, TWidth>(TVector lane, TVector x, TVector y, out TVector first, out TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        second = default;
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector sign = TWidth.Select(TWidth.LessThan(zero, x), TWidth.Broadcast(l1), TWidth.Select(TWidth.LessThan(x, zero), TWidth.Broadcast(-l1), zero));
        first = TWidth.Add(TWidth.MultiplyAdd(TWidth.Broadcast(l2 + l2), x, y), sign);
        TVector linear = TWidth.Multiply(TWidth.Broadcast(l1), TWidth.Abs(x));
        return TWidth.Add(lane, TWidth.MultiplyAdd(TWidth.Multiply(TWidth.Broadcast(l2), x), x, linear));
    }
}
