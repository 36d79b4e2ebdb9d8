using System;
using System.Threading;
using System.Threading.Tasks;

namespace SimdNet.Tests.Support;

/// <summary>How long something may take that must not hang. Nothing is measured: it is far more than any machine needs.</summary>
internal static class Watchdog
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits in slices, so that a process that is stopped and continued, with those that it waits for, has lost one of them.</summary>
    /// <param name="wait">Waits for at most so long, and says whether what it waits for is there.</param>
    /// <param name="limit">What the slices may add up to.</param>
    /// <returns>False where the limit has passed.</returns>
    public static bool Wait(Func<TimeSpan, bool> wait, TimeSpan limit)
    {
        for (TimeSpan waited = TimeSpan.Zero; waited < limit; waited += Slice)
        {
            if (wait(Slice))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs an action on a thread of its own, since the pool may be full, and hands on what it throws.</summary>
    /// <exception cref="TimeoutException">It has not ended within <see cref="Limit"/>.</exception>
    public static void Within(Action action) => Within(action, Limit);

    /// <inheritdoc cref="Within(Action)"/>
    public static void Within(Action action, TimeSpan limit)
    {
        Task task = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!Wait(((IAsyncResult)task).AsyncWaitHandle.WaitOne, limit))
        {
            throw new TimeoutException($"Not done within {limit}.");
        }

        task.GetAwaiter().GetResult();
    }
}
