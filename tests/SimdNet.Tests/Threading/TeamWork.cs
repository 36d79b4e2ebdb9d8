using System;
using System.IO;
using System.Threading;

using SimdNet.Memory;

namespace SimdNet.Tests.Threading;

/// <summary>Teams, and what tests give them to do.</summary>
internal static class TeamWork
{
    public static WorkerTeam Team(int size, int microseconds) => new(size, new() { SpinTime = TimeSpan.FromMicroseconds(microseconds) });

    /// <summary>Runs work that is this method's own: what a lambda captures lies in an object, which the garbage collector may move while a team works on it.</summary>
    public static void Run<TWork>(WorkerTeam team, TWork work, int parts)
        where TWork : struct, IPartedWork => team.Run(ref work, parts);

    public static void Run(Thread[] threads)
    {
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    public struct Count : IPartedWork
    {
        public int[] Runs;
        public int Size;

        public readonly void Run(int part, int worker)
        {
            // Assert.InRange would allocate until the runtime has optimised it.
            if ((uint)worker >= (uint)Size)
            {
                throw new InvalidOperationException($"Worker {worker} of {Size}.");
            }

            Interlocked.Increment(ref Runs[part]);
        }
    }

    /// <summary>Each part waits for all others.</summary>
    public struct Meet : IPartedWork
    {
        public CountdownEvent Arrived;
        public string[]? Observed;

        public readonly void Run(int part, int worker)
        {
            Arrived.Signal();
            Arrived.Wait();
            if (Observed is not null)
            {
                Observed[part] = File.ReadAllText("/proc/thread-self/stat");
            }
        }
    }
}
