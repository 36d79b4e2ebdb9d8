using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>The kernels at one width: pins the operands and hands their addresses to the loops.</summary>
/// <remarks>Addresses rather than references, because masked loads and stores take them; most operands lie in pinned blocks anyway, where pinning costs a store.</remarks>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth> : KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    public override string Name => TWidth.Name;
}
