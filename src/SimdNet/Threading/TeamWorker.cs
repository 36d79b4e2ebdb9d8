using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;

using SimdNet.Kernels;

namespace SimdNet.Threading;

/// <summary>A thread of a team: it takes parts of what its team is given, looks for more for a while, and sleeps.</summary>
/// <remarks>Its thread holds it and the team's state, not the team.</remarks>
internal sealed class TeamWorker : IDisposable
{
    /// <summary>Looks at the offer between two looks at the clock, which takes about as long as three of them.</summary>
    private const int LooksPerTick = 32;

    private readonly TeamState _team;
    private readonly int _number;
    private readonly WorkerTeamOptions _options;
    private readonly CountdownEvent _started;
    private readonly long _spinTicks;
    private readonly AutoResetEvent _wakes = new(initialState: false);
    private OtherProcessors? _processors;
    private int _sleeps;

    /// <param name="number">1 or above: 0 is the caller.</param>
    /// <param name="team">What it takes parts of.</param>
    /// <param name="options">How it waits, and where it runs.</param>
    /// <param name="started">Signalled by the thread when it is where it should be, or has failed to be.</param>
    public TeamWorker(int number, TeamState team, WorkerTeamOptions options, CountdownEvent started)
    {
        _number = number;
        _team = team;
        _options = options;
        _started = started;
        _spinTicks = Environment.ProcessorCount == 1 ? 0 : (long)(options.SpinTime.TotalSeconds * Stopwatch.Frequency);
        Thread = new(Work) { IsBackground = true, Name = $"SimdNet worker {number}" };
    }

    public Thread Thread { get; }

    /// <summary>To be called after the offer has changed.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Wake()
    {
        if (Volatile.Read(ref _sleeps) != 0 && Interlocked.Exchange(ref _sleeps, 0) != 0)
        {
            _processors?.AvoidCaller();
            _wakes.Set();
        }
    }

    /// <summary>By its own thread, at its end: nobody wakes it any more.</summary>
    public void Dispose() => _wakes.Dispose();

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever happens at the start belongs to the maker of the team, who gets it.")]
    private void Work()
    {
        using (this)
        {
            try
            {
                ThreadPlacement.SetPriority(_options.Priority);
                if (_options.Processors is { } processors)
                {
                    ThreadPlacement.Bind(processors[(_number - 1) % processors.Count]);
                }
                else
                {
                    _processors = OtherProcessors.OfCallingThread();
                }
            }
            catch (Exception exception)
            {
                _team.Fail(exception, _number);
            }

            _started.Signal();
            TakeParts();
        }
    }

    [MethodImpl(Compiled.Loop)]
    private void TakeParts()
    {
        for (long offer = Next(0); offer != TeamState.Stopped; offer = Next(offer))
        {
            _team.TakeParts(offer, _number);
        }
    }

    /// <summary>The first offer after one, which is waited for: awake for a while, then asleep.</summary>
    [MethodImpl(Compiled.Entry)]
    private long Next(long seen)
    {
        long began = Stopwatch.GetTimestamp();
        do
        {
            for (int look = 0; look < LooksPerTick; look++)
            {
                long offer = _team.Offer;
                if (offer != seen)
                {
                    return offer;
                }

                Thread.SpinWait(1);
            }
        }
        while (Stopwatch.GetTimestamp() - began < _spinTicks);

        // Whoever changes the offer looks at _sleeps afterwards, and this thread looks at the offer after it has set it: at least one of them sees the other.
        Interlocked.Exchange(ref _sleeps, 1);
        while (_team.Offer == seen)
        {
            _wakes.WaitOne();
            Interlocked.Exchange(ref _sleeps, 1);
        }

        // Somebody has seen it asleep meanwhile, and sets the event or has done so.
        if (Interlocked.Exchange(ref _sleeps, 0) == 0)
        {
            _wakes.WaitOne();
        }

        return _team.Offer;
    }
}
