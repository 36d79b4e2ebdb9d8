using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>One optimizer's rule for one parameter. Written once, over the width.</summary>
internal interface IUpdate<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Moments beside each parameter: 0, 1 or 2.</summary>
    static abstract int Moments { get; }

    /// <summary>The parameter and its moments after the step.</summary>
    /// <param name="parameter">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="first">First moment, 0 where there is none.</param>
    /// <param name="second">Second moment, 0 where there is none.</param>
    void Invoke<TVector, TWidth>(ref TVector parameter, TVector gradient, ref TVector first, ref TVector second)
        where TVector : unmanaged
        where TWidth : IWidth<TVector, T>;
}
