using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>How two partial results of a reduction become one.</summary>
internal interface IFold<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a and b combined, lane by lane.</summary>
    static abstract TVector Combine<TVector, TWidth>(TVector a, TVector b)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}

/// <summary>a + b.</summary>
internal readonly struct SumFold<T> : IFold<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector, TWidth>(TVector a, TVector b)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Add(a, b);
}

/// <summary>The larger of a and b; NaN where either is NaN. Of +0 and −0, a.</summary>
internal readonly struct MaximumFold<T> : IFold<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector, TWidth>(TVector a, TVector b)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
    {
        // A NaN in a stays where it is compared; a NaN in b is not equal to itself and is taken.
        return TWidth.Select(TWidth.Equal(b, b), TWidth.Larger(a, b), b);
    }
}

/// <summary>The larger of a and b, a where either is NaN: for those who meet the NaN again anyway, in a third of the time.</summary>
internal readonly struct LargerFold<T> : IFold<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Combine<TVector, TWidth>(TVector a, TVector b)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>
        => TWidth.Larger(a, b);
}
