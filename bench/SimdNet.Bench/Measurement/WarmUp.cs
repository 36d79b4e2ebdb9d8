using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

namespace SimdNet.Bench.Measurement;

/// <summary>Calls what will be measured until the runtime has compiled it for good: BenchmarkDotNet chooses the number of calls in a sample by its first calls, which may be forty times as slow.</summary>
/// <remarks>
/// A method goes from its first code to an instrumented one, and from there to the final one, after 30 calls each that are counted once nothing new was called for 100 ms.
/// Then a thread of the runtime compiles it. On one core that thread, and the clock of those 100 ms, wait for a benchmark that calls without a break, for seconds: hence rounds of calls with pauses between.
/// </remarks>
internal static class WarmUp
{
    /// <summary>The runtime waits this many times as long before it optimises where a process has one processor. Benchmarks are pinned to one: they set this to 1, and get to the same code sooner.</summary>
    public const string Variable = "DOTNET_TC_DelaySingleProcMultiplier";

    /// <summary>Two steps for each method, one after the other where methods call each other. The slowest, a softmax of short rows whose instrumented code is ten times as slow, was done after 8 on an idle core.</summary>
    private const int Rounds = 14;

    /// <summary>More than the 30 that are counted.</summary>
    private const int Calls = 40;

    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Most = TimeSpan.FromMilliseconds(100);

    /// <summary>In all rounds together. One that takes longer has calls so long that its loops are replaced while they run.</summary>
    private static readonly TimeSpan MostInAll = TimeSpan.FromMilliseconds(400);

    /// <summary>Longer than the runtime's 100 ms, with time to compile.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(130);

    /// <summary>Set where nothing is measured and one call will do.</summary>
    public static bool IsOff { get; set; }

    /// <summary>What was asked for between <see cref="Gather"/> and its end; null at other times.</summary>
    private static List<Action>? Gathered { get; set; }

    /// <summary>Warms the implementations up together, now or, while gathering, later with others.</summary>
    public static void Run(params ReadOnlySpan<Action> implementations)
    {
        if (Gathered is { } gathered)
        {
            gathered.AddRange(implementations);
        }
        else if (!IsOff)
        {
            RunRounds(implementations);
        }
    }

    /// <summary>Lets several set-ups share the pauses: what they ask for is done when the result is disposed.</summary>
    public static Gathering Gather()
    {
        Gathered = [];
        return new();
    }

    private static void RunRounds(ReadOnlySpan<Action> implementations)
    {
        TimeSpan[] spent = new TimeSpan[implementations.Length];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < implementations.Length; i++)
            {
                if (spent[i] < MostInAll)
                {
                    spent[i] += RunRound(implementations[i]);
                }
            }

            Thread.Sleep(Pause);
        }
    }

    private static TimeSpan RunRound(Action implementation)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan elapsed = default;
        for (int call = 0; elapsed < Most && (elapsed < Least || call < Calls); call++)
        {
            implementation();
            elapsed = Stopwatch.GetElapsedTime(start);
        }

        return elapsed;
    }

    /// <summary>Ends the gathering.</summary>
    public readonly struct Gathering : IDisposable
    {
        public void Dispose()
        {
            List<Action> gathered = Gathered ?? [];
            Gathered = null;
            Run([.. gathered]);
        }
    }
}
