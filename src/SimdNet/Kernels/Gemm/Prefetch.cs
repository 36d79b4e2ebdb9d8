using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>A hint that a cache line will be read soon, where the hardware takes one. Any address is allowed: nothing is read and nothing faults.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Into L1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
