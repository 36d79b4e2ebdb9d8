using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Results;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Starting;

/// <summary>Launches a tiny trainer, bench/SimdNet.Startup, under the JIT and as native code in turn, and gathers what it tells of its start. No benchmark in a process that is warm can tell it.</summary>
internal static class StartupRun
{
    /// <summary>Of each program and trainer, as many times as other suites start a process: each launch gives one sample of each time.</summary>
    private const int LaunchesInGroup = 5;

    private const string ProgramName = "SimdNet.Startup";

    public static SuiteResult? Run(Suite suite, Machine machine, Selection selection)
    {
        Dictionary<string, string> programs = new() { [Implementations.SimdNet] = PathOf("bin", "release"), [Implementations.Native] = PathOf("publish", "release_native") };
        Dictionary<string, string> absent = [];
        if (!File.Exists(programs[Implementations.SimdNet]))
        {
            Console.Error.WriteLine($"{suite.Name} launches {programs[Implementations.SimdNet]}, which is not built: bench/run.sh {suite.Name} does it.");
            return null;
        }

        if (!File.Exists(programs[Implementations.Native]))
        {
            programs.Remove(Implementations.Native);
            absent[Implementations.Native] = $"not published, as bench/run.sh {suite.Name} does where there is a linker";
            Console.WriteLine($"  absent: {Implementations.Native} ({absent[Implementations.Native]})");
        }

        StartupCase[] cases = [.. selection.Of(suite.Cases).Cast<StartupCase>()];
        DateTime date = DateTime.UtcNow;
        long start = Stopwatch.GetTimestamp();
        Peaks? peaks = selection.IsSmoke ? null : Peaks.Measure();
        List<SampleLine> lines = [];
        foreach (IGrouping<string, StartupCase> trainer in cases.GroupBy(subject => subject.Trainer))
        {
            for (int launch = 0; launch < (selection.IsSmoke ? 1 : SuiteRun.Launches); launch++)
            {
                lines.AddRange(LinesOf(suite, [.. trainer], programs, selection.IsSmoke));
            }

            Console.WriteLine($"  {trainer.Key}: {string.Join(", ", lines.Where(line => line.Case == trainer.First().Name).Select(line => $"{line.Implementation} {(selection.IsSmoke ? "ran" : Text.Time(CaseResult.Median(line.SamplesNs)))}"))}");
        }

        peaks = peaks?.Max(Peaks.Measure());
        return new(
            SuiteResult.CurrentVersion,
            suite.Name,
            date,
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            machine,
            Git.CommitOf(machine.Library),
            peaks ?? new(0, 0, 0, 0, []),
            new Dictionary<string, string>(),
            absent,
            peaks is null ? [] : [.. cases.SelectMany(subject => lines.Where(line => line.Case == subject.Name).GroupBy(line => line.Implementation).Select(group => CaseResult.Of(subject, [.. group], peaks)))]);
    }

    /// <summary>A group of launches of each program in turn, after one of each that brings its files into memory.</summary>
    private static IEnumerable<SampleLine> LinesOf(Suite suite, StartupCase[] cases, Dictionary<string, string> programs, bool isDry)
    {
        ILookup<string, double[]> launches = Enumerable.Range(isDry ? 1 : 0, isDry ? 1 : LaunchesInGroup + 1)
            .SelectMany(launch => (launch % 2 == 0 ? programs : programs.Reverse()).Select(program => (launch, program.Key, Times: Launch(program.Value, cases[0].Trainer))))
            .Where(item => item.launch > 0)
            .ToLookup(item => item.Key, item => item.Times);
        return cases.SelectMany(subject => programs.Keys.Select(name =>
            new SampleLine(suite.Name, subject.Name, subject.Precision, name, [.. launches[name].Select(times => times[(int)subject.Time])], null, null)));
    }

    /// <summary>Nanoseconds, in the order of <see cref="StartupTime"/>.</summary>
    private static double[] Launch(string program, string trainer)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true };

        // As the runtime has it by itself, whatever this process was told.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment.Remove(WarmUp.Variable);
        start.ArgumentList.Add(trainer);
        start.ArgumentList.Add(((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture));
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double[] times = process.ExitCode == 0 ? [.. output.Split('\t').Select(field => double.Parse(field, CultureInfo.InvariantCulture))] : [];
        return times.Length == Enum.GetValues<StartupTime>().Length ? times : throw new InvalidOperationException($"{program} {trainer} ended with {process.ExitCode} and '{output}'.");
    }

    private static string PathOf(string kind, string pivot) => Path.Combine(Repository.Root, "artifacts", kind, ProgramName, pivot, OperatingSystem.IsWindows() ? ProgramName + ".exe" : ProgramName);
}
