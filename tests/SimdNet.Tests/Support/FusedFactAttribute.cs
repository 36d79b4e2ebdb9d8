using System;

using SimdNet.Kernels;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test of bits that are promised where the processor fuses multiply and add; elsewhere it is skipped with this reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FusedFactAttribute : FactAttribute
{
    public FusedFactAttribute() => Skip = FusedMultiplyAdd.IsSupported ? null : "Without fused multiply-add in hardware results are correct, but other bits.";
}
