using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>A function of one number. Written once, over the width.</summary>
internal interface IUnary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(x), lane by lane.</summary>
    TVector Invoke<TVector, TWidth>(TVector x)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}

/// <summary>A function of two numbers. Written once, over the width.</summary>
internal interface IBinary<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>f(x, y), lane by lane.</summary>
    TVector Invoke<TVector, TWidth>(TVector x, TVector y)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}
