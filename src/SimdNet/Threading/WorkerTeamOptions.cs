using System;
using System.Collections.Generic;
using System.Threading;

using SimdNet.Threading;

namespace SimdNet;

/// <summary>What a team of workers is made with.</summary>
public sealed record WorkerTeamOptions
{
    /// <summary>How long a worker that has nothing to do looks for work before it sleeps; zero sleeps at once. 50 µs by default.</summary>
    /// <remarks>
    /// A worker that is still looking begins within some tenths of a microsecond; one that sleeps must be woken, which takes the caller some microseconds and the worker tens of them (<c>bench/run.sh Threads --case=fork</c>). 50 µs cover what lies between two
    /// products of a training step and between two steps of one epoch. A caller with one step every millisecond keeps a worker looking for a twentieth of its time. With one processor there is nothing to look for: workers sleep at once.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">It is negative, or above a second.</exception>
    public TimeSpan SpinTime
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromSeconds(1));
            field = value;
        }
    } = TimeSpan.FromMicroseconds(50);

    /// <summary>The workers' priority; the caller's is left as it is. On Linux it becomes a nice value (10, 5, 0, −5, −10): above normal takes the right to set it, and below normal leaves one that the maker's thread has and that is as high.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no priority.</exception>
    public ThreadPriority Priority
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A priority is one of ThreadPriority's.");
    } = ThreadPriority.Normal;

    /// <summary>The processors that the workers are bound to, in turn: worker 1 (the caller is 0) to the first. Null, the default, leaves the choice to the system, which on Linux is kept from waking a worker on the processor of the thread that waits for it. Linux and Windows.</summary>
    /// <exception cref="ArgumentException">It is empty, or a number is not in 0..1023 (Linux) or 0..63 (Windows).</exception>
    public IReadOnlyList<int>? Processors
    {
        get;
        init
        {
            if (value is not null)
            {
                ThreadPlacement.Check(value);
            }

            field = value is null ? null : [.. value];
        }
    }
}
