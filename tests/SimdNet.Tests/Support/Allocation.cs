using System;

namespace SimdNet.Tests.Support;

/// <summary>Counts what an action allocates on this thread and on all.</summary>
internal static class Allocation
{
    /// <summary>Bytes that a call allocates after a warm-up, summed over many calls, with the collections meanwhile.</summary>
    public static (long Bytes, int Collections) Of(Action action, int calls)
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

        return (GC.GetAllocatedBytesForCurrentThread() - before, GC.CollectionCount(0) - collections);
    }
}
