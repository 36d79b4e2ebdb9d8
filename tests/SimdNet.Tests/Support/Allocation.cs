using System;
using System.Threading;

using SimdNet.Memory;

namespace SimdNet.Tests.Support;

/// <summary>Counts what an action allocates on this thread and on all.</summary>
internal static class Allocation
{
    /// <summary>What escapes, and so cannot be made on the stack.</summary>
    public static object? Kept { get; private set; }

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

    /// <summary>Bytes that so many calls allocate on the threads of a team, the calling one among them, with the collections meanwhile; of a few measurements the least, as in <see cref="Of"/>.</summary>
    /// <remarks>Each thread is asked for its own, so that calls may take minutes: of all threads of a process, those of the runtime and of the tests' host allocate now and then.</remarks>
    public static (long Bytes, int Collections) OfTeam(WorkerTeam team, Action action, int calls)
    {
        (long Bytes, int Collections) least = (long.MaxValue, 0);
        for (int attempt = 0; attempt < 5 && least != (0, 0); attempt++)
        {
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            int collections = GC.CollectionCount(0);
            long before = Run(team, allocates: false);
            for (int i = 0; i < calls; i++)
            {
                action();
            }

            (long, int) measured = (Run(team, allocates: false) - before, GC.CollectionCount(0) - collections);
            least = measured.CompareTo(least) < 0 ? measured : least;
        }

        return least;
    }

    /// <summary>What the threads of a team have allocated in their lives.</summary>
    /// <param name="team">Who is asked.</param>
    /// <param name="allocates">Whether the last worker makes an object before it answers.</param>
    public static long Run(WorkerTeam team, bool allocates)
    {
        Ask work = new() { Size = team.Size, Allocates = allocates };
        team.Run(ref work, team.Size);
        return work.Bytes;
    }

    /// <summary>Each part waits for the others, so that every thread has one.</summary>
    private struct Ask : IPartedWork
    {
        public int Size;
        public int Arrived;
        public long Bytes;
        public bool Allocates;

        public void Run(int part, int worker)
        {
            Interlocked.Increment(ref Arrived);
            while (Volatile.Read(ref Arrived) < Size)
            {
                Thread.Yield();
            }

            if (Allocates && worker == Size - 1)
            {
                Kept = new object();
            }

            Interlocked.Add(ref Bytes, GC.GetAllocatedBytesForCurrentThread());
        }
    }
}
