using System;

using SimdNet.Kernels;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test of bits that are promised where the processor multiplies and adds in one rounding. Elsewhere it is reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FusedTheoryAttribute : TheoryAttribute
{
    public FusedTheoryAttribute() => Skip = FusedMultiplyAdd.IsSupported ? null : "There is no fused multiply-add here: training is correct, and its bits are not promised.";
}
