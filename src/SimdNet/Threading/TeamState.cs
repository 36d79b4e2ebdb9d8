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
/// Each work has a generation, a number that grows. With the number of its parts it is one word, the offer. The caller makes it, wakes those who sleep, and takes part:
/// <code>
/// caller   Work | Offer = (generation, parts) | wake | claim and run parts … | wait until the workers have ended what they claimed
/// worker   … Offer seen to change | claim and run parts … | Done += parts run | look for the next offer | sleep
/// </code>
/// A part is claimed by raising its claim to the generation. Whoever comes late finds all claims taken, and takes none of a later work, whose claims are higher or whose parts it has not seen; so the work's address
/// is read by nobody after the caller has left.
/// <para>From an offer to its end four cache lines change hands: the offer, with the work beside it, to the worker; its claim, where it was looked at since; and <see cref="Counters.Done"/>, forth and back.</para>
/// </remarks>
internal sealed class TeamState
{
    /// <summary>The most parts of one offer: four for each thread of the largest team, so that their lengths can even out.</summary>
    public const int MaxParts = 4 * WorkerTeam.MaxSize;

    /// <summary>The offer of no work, after which none comes.</summary>
    public const long Stopped = long.MaxValue;

    /// <summary>Looks of the caller at what is still running before it gives its processor away to those who may need it, and again before it does so the next time: about a quarter of a millisecond.</summary>
    private const int LooksBeforeYield = 5_000;

    /// <summary>Times that the caller only gives way, before it sleeps for a millisecond each time: to yield does not help a thread of a lower priority.</summary>
    private const int YieldsBeforeSleep = 100;

    /// <summary>Bits of an offer that count its parts.</summary>
    private const int PartsBits = 16;

    /// <summary>Claims lie on cache lines of their own, the first behind that of the array's length.</summary>
    private const int LongsPerLine = 8;

    private readonly int _size;
    /// <summary>One where who is waited for needs the only processor.</summary>
    private readonly int _looks = Environment.ProcessorCount == 1 ? 1 : LooksBeforeYield;

    private readonly TeamWorker[] _workers;
    private readonly long[] _claims = new long[(1 + MaxParts) * LongsPerLine];
    private Counters _counters;
    private Failure? _failure;

    private TeamState(int size)
    {
        _size = size;
        _workers = new TeamWorker[size];
    }

    /// <summary>The latest.</summary>
    public long Offer => Volatile.Read(ref _counters.Offer);

    /// <param name="size">Threads, the caller among them.</param>
    /// <param name="options">How they wait, and where they run.</param>
    /// <param name="begin">How a thread begins: a test's way to refuse one, as the system may.</param>
    public static TeamState Start(int size, WorkerTeamOptions options, Action<Thread>? begin = null)
    {
        // Without the maker's ExecutionContext: a worker would hold what is in it, perhaps the team, for as long as it lives.
        begin ??= static thread => thread.UnsafeStart();
        TeamState state = new(size);
        using CountdownEvent started = new(size - 1);
        for (int i = 1; i < size; i++)
        {
            state._workers[i] = new(i, state, options, started);
        }

        try
        {
            for (int i = 1; i < size; i++)
            {
                begin(state._workers[i].Thread);
            }

            started.Wait();
        }
        catch
        {
            // The system has refused a thread, or the wait was interrupted: those that have begun would wait for ever.
            state.Stop();
            state.Join();
            throw;
        }

        if (state._failure is { } failure)
        {
            state.Stop();
            state.Join();
            failure.Exception.Throw();
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

        long last = Offer;
        long offer = (((last >> PartsBits) + 1) << PartsBits) + parts;
        _counters.Work = work;
        if (last == Stopped || Interlocked.CompareExchange(ref _counters.Offer, offer, last) != last)
        {
            Volatile.Write(ref _counters.IsBusy, 0);
            return false;
        }

        for (int i = 1; i < int.Min(_size, parts); i++)
        {
            _workers[i].Wake();
        }

        _counters.Handed += parts - RunParts(offer, worker: 0);
        Await();
        if (_failure is null)
        {
            Volatile.Write(ref _counters.IsBusy, 0);
            return true;
        }

        Failure failure = _failure;
        _failure = null;
        Volatile.Write(ref _counters.IsBusy, 0);
        failure.Exception.Throw();
        return true;
    }

    public void Stop()
    {
        Interlocked.Exchange(ref _counters.Offer, Stopped);
        foreach (TeamWorker? worker in _workers)
        {
            worker?.Wake();
        }
    }

    /// <summary>Waits for the end of all threads that have begun. One of them waits for none: two that wait for each other would wait for ever.</summary>
    public void Join()
    {
        if (Array.Exists(_workers, static worker => worker?.Thread == Thread.CurrentThread))
        {
            return;
        }

        foreach (TeamWorker? worker in _workers)
        {
            if (worker is not null && (worker.Thread.ThreadState & System.Threading.ThreadState.Unstarted) == 0)
            {
                worker.Thread.Join();
            }
        }
    }

    /// <summary>Runs what nobody has claimed, and tells the caller, who waits for it.</summary>
    [MethodImpl(Compiled.Entry)]
    public void TakeParts(long offer, int worker)
    {
        int done = RunParts(offer, worker);
        if (done > 0)
        {
            Interlocked.Add(ref _counters.Done, done);
        }
    }

    /// <summary>Runs what nobody has claimed: a worker's own parts first, then anyone's.</summary>
    /// <returns>How many.</returns>
    [MethodImpl(Compiled.Entry)]
    private int RunParts(long offer, int worker)
    {
        int done = 0;
        int parts = (int)(offer & ((1 << PartsBits) - 1));
        for (int part = worker; part < parts; part += _size)
        {
            done += RunPart(offer >> PartsBits, part, worker);
        }

        for (int part = 0; part < parts; part++)
        {
            done += RunPart(offer >> PartsBits, part, worker);
        }

        return done;
    }

    /// <returns>1 where the part was run here.</returns>
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever happens in a part belongs to the caller of the team, who gets it.")]
    [MethodImpl(Compiled.Entry)]
    private int RunPart(long generation, int part, int worker)
    {
        ref long claim = ref _claims[(1 + part) * LongsPerLine];
        long claimed = Volatile.Read(ref claim);
        if (claimed >= generation || Interlocked.CompareExchange(ref claim, generation, claimed) != claimed)
        {
            return 0;
        }

        try
        {
            _counters.Work.Run(part, worker);
        }
        catch (Exception exception)
        {
            Fail(exception, part);
        }

        return 1;
    }

    /// <summary>Keeps what happened for the caller, who gets that of the lowest part: the one that it would get alone.</summary>
    public void Fail(Exception exception, int part)
    {
        Failure failure = new(part, ExceptionDispatchInfo.Capture(exception));
        for (Failure? last = _failure; last is null || last.Part > part;)
        {
            Failure? seen = Interlocked.CompareExchange(ref _failure, failure, last);
            if (seen == last)
            {
                return;
            }

            last = seen;
        }
    }

    [MethodImpl(Compiled.Entry)]
    private void Await()
    {
        for (int yields = 0; !IsDoneSoon(); yields++)
        {
            if (yields < YieldsBeforeSleep)
            {
                Thread.Yield();
            }
            else
            {
                AwaitAsleep();
                return;
            }
        }
    }

    /// <summary>An interruption of the caller must not end its wait, since the workers read its stack: it is kept for the next time that the caller waits for something.</summary>
    private void AwaitAsleep()
    {
        bool isInterrupted = false;
        while (!IsDoneSoon())
        {
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        if (isInterrupted)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    [MethodImpl(Compiled.Entry)]
    private bool IsDoneSoon()
    {
        for (int look = 0; look < _looks; look++)
        {
            if (Volatile.Read(ref _counters.Done) == _counters.Handed)
            {
                return true;
            }

            Thread.SpinWait(1);
        }

        return false;
    }

    private sealed record Failure(int Part, ExceptionDispatchInfo Exception);

    /// <summary>What several threads write while others look at it, each on a cache line of its own, and a line away from what lies around it: processors fetch lines in pairs.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Counters
    {
        [FieldOffset(128)]
        public long Offer;

        [FieldOffset(136)]
        public BorrowedWork Work;

        /// <summary>Parts that workers have run, ever.</summary>
        [FieldOffset(256)]
        public long Done;

        [FieldOffset(384)]
        public int IsBusy;

        /// <summary>Parts that callers have left to workers, ever. It is the callers' own: beside what workers read once a work, that would change hands too.</summary>
        [FieldOffset(392)]
        public long Handed;
    }
}
