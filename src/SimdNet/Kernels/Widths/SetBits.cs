using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>From a mask of bits to the numbers of those that are set, where no instruction does it.</summary>
internal static unsafe class SetBits
{
    /// <summary>Writes <paramref name="first"/> + i for every set bit i, in order and without a branch.</summary>
    /// <param name="bits">The mask.</param>
    /// <param name="count">How many of its bits count; as many numbers may be written.</param>
    /// <param name="first">The number of bit 0.</param>
    /// <param name="destination">Room for <paramref name="count"/> numbers.</param>
    /// <returns>How many are set.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(uint bits, int count, int first, int* destination)
    {
        int written = 0;
        for (int i = 0; i < count; i++)
        {
            destination[written] = first + i;
            written += (int)(bits >> i) & 1;
        }

        return written;
    }
}
