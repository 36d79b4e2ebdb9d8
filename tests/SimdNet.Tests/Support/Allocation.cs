using System;

namespace SimdNet.Tests.Support;

/// <summary>Counts what an action allocates on this thread and on all.</summary>
internal static class Allocation
{
    /// <summary>Bytes that so many calls allocate after a warm-up, with the collections meanwhile.</summary>
    /// <remarks>
    /// The runtime allocates on the calling thread when it replaces a method by its optimised version, once and not by the call. So the least of a few measurements counts: what a call
    /// allocates, however rarely within the number of calls, is in all of them.
    /// </remarks>
    public static (long Bytes, int Collections) Of(Action action, int calls)
    {
        (long Bytes, int Collections) least = (long.MaxValue, 0);
        for (int attempt = 0; attempt < 5 && least != (0, 0); attempt++)
        {
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            int collections = GC.CollectionCount(0);
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls; i++)
            {
                action();
            }

            (long, int) measured = (GC.GetAllocatedBytesForCurrentThread() - before, GC.CollectionCount(0) - collections);
            least = measured.CompareTo(least) < 0 ? measured : least;
        }

        return least;
    }

    /// <summary>Bytes that so many calls allocate on all threads: the least of some measurements, since the runtime allocates now and then: for itself, and when it replaces a method.</summary>
    public static long OnAllThreads(Action action, int calls = 1_000)
    {
        long least = long.MaxValue;
        for (int attempt = 0; attempt < 20 && least > 0; attempt++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < calls; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
