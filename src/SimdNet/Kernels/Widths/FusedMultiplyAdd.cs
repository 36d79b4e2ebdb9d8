using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>a · b + c with one rounding where the hardware has the instruction, with two where it has not.</summary>
/// <remarks>
/// The framework's own methods of this name keep the single rounding without hardware by calling the C library for each number.
/// Here the promise of equal bits ends at such machines instead.
/// <para>The vector widths ask the processor themselves instead of <see cref="IsSupported"/>: behind a property, which is a call until it is inlined, constants that are passed along end in temporaries
/// of the loop's body, and the JIT no longer moves them in front of the loop, which <c>bench/run.sh ElementWise --case=exp</c> shows.</para>
/// </remarks>
internal static class FusedMultiplyAdd
{
    /// <summary>True where the processor fuses.</summary>
    public static bool IsSupported => Fma.IsSupported || AdvSimd.IsSupported;

    /// <inheritdoc cref="FusedMultiplyAdd"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T a, T b, T c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => IsSupported ? T.FusedMultiplyAdd(a, b, c) : (a * b) + c;
}
