using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>An element-wise activation that is a pass of its own, forward and backward side by side: its argument is there on the way back.</summary>
internal interface IUnfusedActivation<T> : IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f′(x).</summary>
    TVector Derivative<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}
