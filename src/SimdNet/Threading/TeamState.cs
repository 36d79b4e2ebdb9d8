using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Threading;

/// <summary>What the threads of a team share. It does not know the team, so that the team can be collected while they wait.</summary>
/// <remarks>
/// Each work has a generation, an even number that grows. The caller offers it, wakes those who sleep, and takes part:
/// <code>
/// caller   _work, _parts, _claims[0 .. parts) = generation | Generation = generation | wake | claim and run parts … | wait until Done = parts
/// worker   … Generation seen to change | claim and run parts … | Done += parts run | look for the next generation | sleep
/// </code>
/// A part is claimed by changing its claim from generation to generation + 1. Whoever comes late finds all claims taken, or those of a later work, which it does not take; so the work's address
/// is read by nobody after the caller has left. <see cref="Counters.Done"/> is complete only when every claimed part has ended.
/// </remarks>
internal sealed class TeamState
{
    /// <summary>The most parts of one work: four for each thread of the largest team, so that their lengths can even out.</summary>
    public const int MaxParts = 4 * WorkerTeam.MaxSize;

    /// <summary>The generation of no work, after which none comes.</summary>
    public const long Stopped = long.MaxValue;

    /// <summary>Looks of the caller at what is still running before it gives its processor away, to those who may need it to end: about 20 µs.</summary>
    private const int LooksBeforeYield = 1000;

    private readonly int _size;
    private readonly TeamWorker[] _workers;
    private readonly long[] _claims = new long[MaxParts];
    private Counters _counters;
    private BorrowedWork _work;
    private int _parts;
    private ExceptionDispatchInfo? _failure;

    private TeamState(int size)
    {
        _size = size;
        _workers = new TeamWorker[size];
    }

    /// <summary>That of the latest work.</summary>
    public long Generation => Volatile.Read(ref _counters.Generation);

    public static TeamState Start(int size, WorkerTeamOptions options)
    {
        TeamState state = new(size);
        using CountdownEvent started = new(size - 1);
        for (int i = 1; i < size; i++)
        {
            state._workers[i] = new(i, state, options, started);
        }

        for (int i = 1; i < size; i++)
        {
            state._workers[i].Thread.Start();
        }

        started.Wait();
        if (state._failure is { } failure)
        {
            state.Stop();
            state.Join();
            failure.Throw();
        }

        return state;
    }

    /// <summary>Runs all parts, or none where another work is running or the team has stopped.</summary>
    [MethodImpl(Compiled.Entry)]
    public bool TryRun(BorrowedWork work, int parts)
    {
        Debug.Assert(parts is > 1 and <= MaxParts, "Work has parts.");
        if (_counters.IsBusy != 0 || Interlocked.CompareExchange(ref _counters.IsBusy, 1, 0) != 0)
        {
            return false;
        }

        long last = Generation;
        long generation = last + 2;
        _work = work;
        _parts = parts;
        _counters.Done = 0;
        if (last != Stopped)
        {
            _claims.AsSpan(0, parts).Fill(generation);
        }

        if (last == Stopped || Interlocked.CompareExchange(ref _counters.Generation, generation, last) != last)
        {
            Volatile.Write(ref _counters.IsBusy, 0);
            return false;
        }

        for (int i = 1; i < int.Min(_size, parts); i++)
        {
            _workers[i].Wake();
        }

        TakeParts(generation, worker: 0);
        Await(parts);
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        Volatile.Write(ref _counters.IsBusy, 0);
        failure?.Throw();
        return true;
    }

    public void Stop()
    {
        Interlocked.Exchange(ref _counters.Generation, Stopped);
        foreach (TeamWorker? worker in _workers)
        {
            worker?.Wake();
        }
    }

    /// <summary>Waits for the end of all threads but the calling one.</summary>
    public void Join()
    {
        foreach (TeamWorker? worker in _workers)
        {
            if (worker is not null && worker.Thread != Thread.CurrentThread)
            {
                worker.Thread.Join();
            }
        }
    }

    /// <summary>Runs what nobody has claimed: a worker's own parts first, then anyone's.</summary>
    [MethodImpl(Compiled.Entry)]
    public void TakeParts(long generation, int worker)
    {
        int done = 0;
        int parts = int.Min(Volatile.Read(ref _parts), MaxParts);
        for (int part = worker; part < parts; part += _size)
        {
            done += TryPart(generation, part, worker);
        }

        for (int part = 0; part < parts; part++)
        {
            done += TryPart(generation, part, worker);
        }

        if (done > 0)
        {
            Interlocked.Add(ref _counters.Done, done);
        }
    }

    /// <returns>1 where the part was run here.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever happens in a part belongs to the caller of the team, who gets it.")]
    [MethodImpl(Compiled.Entry)]
    private int TryPart(long generation, int part, int worker)
    {
        ref long claim = ref _claims[part];
        if (Volatile.Read(ref claim) != generation || Interlocked.CompareExchange(ref claim, generation + 1, generation) != generation)
        {
            return 0;
        }

        try
        {
            _work.Run(part, worker);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }

        return 1;
    }

    /// <summary>Keeps what happened for the caller, who gets the first of several.</summary>
    public void Fail(Exception exception) => Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);

    [MethodImpl(Compiled.Entry)]
    private void Await(int parts)
    {
        for (int look = 0; look < LooksBeforeYield; look++)
        {
            if (Volatile.Read(ref _counters.Done) == parts)
            {
                return;
            }

            Thread.SpinWait(1);
        }

        SpinWait yielding = default;
        while (Volatile.Read(ref _counters.Done) != parts)
        {
            yielding.SpinOnce();
        }
    }

    /// <summary>What several threads write while others look at it, each on a cache line of its own, and a line away from what lies around it: processors fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Counters
    {
        [FieldOffset(128)]
        public long Generation;

        [FieldOffset(256)]
        public int Done;

        [FieldOffset(384)]
        public int IsBusy;
    }
}
