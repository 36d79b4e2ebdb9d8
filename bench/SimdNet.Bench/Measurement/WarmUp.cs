using System;
using System.Diagnostics;

namespace SimdNet.Bench.Measurement;

/// <summary>Calls what will be measured until the runtime has compiled it for good: BenchmarkDotNet chooses the number of calls in a sample by its first calls, which may be forty times as slow.</summary>
internal static class WarmUp
{
    /// <summary>The runtime waits this many times as long before it optimises where a process has one processor. Benchmarks are pinned to one: they set this to 1, and get to the same code sooner.</summary>
    public const string Variable = "DOTNET_TC_DelaySingleProcMultiplier";

    /// <summary>Two waits of 100 ms, before the instrumented code and before the final code, and the compilations.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(4);

    /// <summary>A method is promoted after 30 calls, twice.</summary>
    private const int Calls = 80;

    /// <summary>Set where nothing is measured and one call will do.</summary>
    public static bool IsOff { get; set; }

    public static void Run(params ReadOnlySpan<Action> implementations)
    {
        foreach (Action implementation in implementations)
        {
            long start = Stopwatch.GetTimestamp();
            for (int call = 0; !IsOff && !IsDone(call, Stopwatch.GetElapsedTime(start)); call++)
            {
                implementation();
            }
        }
    }

    private static bool IsDone(int calls, TimeSpan elapsed) => elapsed >= Most || (elapsed >= Least && calls >= Calls);
}
