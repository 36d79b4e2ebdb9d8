using System;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Threading;

namespace SimdNet;

/// <summary>Threads that help the caller with large products and batches. A choice for speed alone: results are the same bits with any team, and without one.</summary>
/// <remarks>
/// The caller takes part in its work, so that a team of size n has n − 1 threads of its own. They wait for work for <see cref="WorkerTeamOptions.SpinTime"/>, then sleep until there is some; asleep they use no processor
/// time. What the system does not give a processor in time, the caller does itself: a team is never waited for before a thread of it has begun. Handing over work allocates nothing, and takes no lock but the system's where a thread must be woken.
/// <para>May be shared by several trainers and threads. One of them has the team at a time; whoever finds it busy computes on its own thread meanwhile, and so does work within work.</para>
/// <para>Not disposed, a team ends its threads when it is collected; they never keep a process alive.</para>
/// </remarks>
/// <example>
/// <code>
/// using WorkerTeam team = new(2);
/// Trainer&lt;float&gt; trainer = new(network, Loss.CrossEntropy, new Sgd { LearningRate = 0.1 }, new() { Team = team });
/// </code>
/// </example>
public sealed class WorkerTeam : IDisposable
{
    /// <summary>The most threads of a team.</summary>
    public const int MaxSize = 64;

    private readonly TeamState? _state;

    /// <summary>Starts the threads of a team, and returns when all of them wait for work.</summary>
    /// <param name="size">Threads that compute, the caller among them: 1 to <see cref="MaxSize"/>. 1 starts none.</param>
    /// <param name="options">More choices; the defaults where null.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    /// <exception cref="PlatformNotSupportedException">Processors were named on a system that cannot bind threads.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The system refused a processor or a priority. No thread is left.</exception>
    /// <exception cref="OutOfMemoryException">The system refused a thread, as where a container limits their number. None is left.</exception>
    public WorkerTeam(int size, WorkerTeamOptions? options = null)
    {
        Size = CheckedSize(size);
        _state = size == 1 ? null : TeamState.Start(size, options ?? new());
    }

    /// <summary>The team that options ask for: one that is given, one of so many threads, or none.</summary>
    internal static WorkerTeam? Of(WorkerTeam? team, int threads) => team ?? (threads > 1 ? new(threads) : null);

    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    internal static int CheckedSize(int size, [CallerArgumentExpression(nameof(size))] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaxSize, name);
        return size;
    }

    /// <summary>Ends the threads of a team that nobody holds any more.</summary>
    ~WorkerTeam()
    {
        _state?.Stop();
    }

    /// <summary>Threads that compute, the caller among them.</summary>
    public int Size { get; }

    /// <summary>Ends the threads, and returns when they have ended; on one of them, within work, it returns at once, and they end after that work. Work that is handed to the team afterwards is done by the caller alone.</summary>
    public void Dispose()
    {
        _state?.Stop();
        _state?.Join();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does all parts of some work, on as many threads as there are, and returns when the last has ended.</summary>
    /// <typeparam name="TWork">A structure, so that it can hold spans.</typeparam>
    /// <param name="work">What is done. It lives on the caller's stack.</param>
    /// <param name="parts">How many parts it has, 0 or more; beyond <see cref="TeamState.MaxParts"/> so many at a time. Part p is begun by worker p mod size where that is free, so that the same parts find their memory in the same caches again.</param>
    /// <remarks>An exception in a part reaches the caller once all parts that were begun have ended; of several, that of the part with the lowest number, whether a team was free or not.</remarks>
    [MethodImpl(Compiled.Entry)]
    internal void Run<TWork>(ref TWork work, int parts)
        where TWork : struct, IPartedWork, allows ref struct
    {
        int count;
        for (int first = 0; first < parts; first += count)
        {
            count = int.Min(parts - first, TeamState.MaxParts);
            if (count > 1 && _state is not null && _state.TryRun(BorrowedWork.Of(ref work, first), count))
            {
                continue;
            }

            for (int part = first; part < first + count; part++)
            {
                work.Run(part, worker: 0);
            }
        }

        GC.KeepAlive(this);
    }
}
