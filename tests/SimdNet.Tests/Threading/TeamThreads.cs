using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

using SimdNet.Tests.Support;

namespace SimdNet.Tests.Threading;

/// <summary>What the system knows of the threads of teams in this process.</summary>
internal static class TeamThreads
{
    /// <summary>Threads of teams in this process, as the system counts them.</summary>
    public static int Count() => OperatingSystem.IsLinux()
        ? Count("self")
        : Process.GetCurrentProcess().Threads.Count;

    /// <summary>Those of a process, on Linux.</summary>
    /// <param name="process">Its number, or self.</param>
    public static int Count(string process) => Directory.GetDirectories($"/proc/{process}/task").Count(task => Name(task).StartsWith("SimdNet worker", StringComparison.Ordinal));

    /// <summary><see cref="Count()"/> once those have ended whose teams earlier tests have forgotten: a collection would end them in the midst of a test that counts.</summary>
    public static int Settled()
    {
        int threads;
        do
        {
            threads = Count();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(10);
        }
        while (Count() != threads);

        return threads;
    }

    public static bool Gone(int threads) => SpinWait.SpinUntil(
        () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Count() <= threads;
        },
        Watchdog.Limit);

    /// <summary>State and processor ticks of each thread of a team.</summary>
    public static (string State, string Ticks)[] Workers() =>
        [.. Directory.GetDirectories("/proc/self/task").Where(task => Name(task).StartsWith("SimdNet worker", StringComparison.Ordinal)).Select(task => Fields(File.ReadAllText(Path.Combine(task, "stat")))).Select(fields => (fields[0], fields[11] + "+" + fields[12]))];

    /// <summary>The fields of a thread's record from its state on, which is the third.</summary>
    public static string[] Fields(string record) => record.Split(") ")[1].Split(' ');

    /// <summary>The processors that the calling thread may use.</summary>
    public static IEnumerable<int> Allowed()
    {
        const string Title = "Cpus_allowed_list:";
        string list = File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith(Title, StringComparison.Ordinal))[Title.Length..];
        return list.Split(',').Select(range => range.Split('-').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray()).SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1));
    }

    private static string Name(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
