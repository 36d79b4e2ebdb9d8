using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>Hints that an address is read soon. An address that nobody may read is allowed: a hint never faults. Nothing where the processor knows no hints.</summary>
internal static unsafe class Prefetch
{
    /// <summary>The cache line of an address into L1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Near(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>The cache line of an address into L2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Far(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }
}
