using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>Stores past the caches: see <see cref="IWidth{TVector, T}.Stream"/>.</summary>
internal static class Streaming
{
    /// <summary>Bytes of a cache line: what has to be written whole, or the machine reads it after all.</summary>
    public const int LineBytes = 64;

    /// <summary>Orders what was streamed before all later stores: without it a thread that is told of the result could still find what was there before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void End()
    {
        if (Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }
}
