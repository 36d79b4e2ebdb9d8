using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>An element-wise activation, forward and backward side by side.</summary>
internal interface IActivation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(x).</summary>
    TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;

    /// <summary>f′(x) as a function of f(x).</summary>
    TVector Derivative<TVector, TWidth>(TVector output)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}
