using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>f(x) = x·s(x) where s rises from 0 to 1 and s(−x) = 1 − s(x), from what it is left of 0: f(x) = max(x, 0) + f(−|x|), and f′(x) = 1 − f′(−x).</summary>
/// <remarks>Left of 0 s is a product with an exponential, so that its digits are not lost in a difference from 1; right of 0 the difference loses none.</remarks>
internal static class Gate<T, TPrecision>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
{
    /// <summary>f(x), with the sign of x, from f(−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Value<TVector, TWidth>(TVector x, TVector left)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Or(TWidth.Add(TWidth.Larger(x, TWidth.Broadcast(T.Zero)), left), TWidth.And(x, TWidth.Broadcast(TPrecision.SignMask)));

    /// <summary>f′(x) from f′(−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TVector, TWidth>(TVector x, TVector left)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Select(TWidth.LessThan(x, TWidth.Broadcast(T.Zero)), left, TWidth.Subtract(TWidth.Broadcast(T.One), left));
}
