using System;

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
}
