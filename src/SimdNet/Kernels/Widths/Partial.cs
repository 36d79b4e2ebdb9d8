using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The way through memory for a partial vector where the hardware has no masked load or store.</summary>
internal static unsafe class Partial
{
    /// <summary>Copies <paramref name="count"/> elements, fewer than a vector has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<T>(T* source, T* destination, int count)
        where T : unmanaged
    {
        for (int i = 0; i < count; i++)
        {
            destination[i] = source[i];
        }
    }
}
