using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What is done with an activation once its kind has become a type.</summary>
internal interface IActivationUse<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Called once, with the operator of the kind.</summary>
    void Run<TActivation>(TActivation activation)
        where TActivation : struct, IActivation<T>;
}
