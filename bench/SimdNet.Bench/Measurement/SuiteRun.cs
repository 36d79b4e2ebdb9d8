using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

using SimdNet.Bench.Peers;
using SimdNet.Bench.Python;
using SimdNet.Bench.Results;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Measurement;

/// <summary>Runs a suite's benchmarks and gathers what they measured.</summary>
/// <remarks>For BenchmarkDotNet a benchmark is SimdNet's method on one case; in its process, <see cref="InterleavedEngine"/> measures every implementation of that case.</remarks>
internal static class SuiteRun
{
    /// <summary>Processes for each case, one after the other: what differs from process to process (addresses, the code that the runtime arrives at) is a part of the spread.</summary>
    public const int Launches = 3;

    /// <summary>Of the program around the benchmarks, which is built on the pinned core: a quarter of a minute where it is idle.</summary>
    private static readonly TimeSpan BuildTimeout = TimeSpan.FromMinutes(10);

    /// <summary>A process with tiered compilation, as an application has it; <see cref="WarmUp"/> comes first. Jobs rather than a launch count: between jobs the scripts get their turn.</summary>
    private static IEnumerable<Job> Measured => Enumerable.Range(1, Launches).Select(launch => Job.Default
        .WithEngineFactory(new InterleavedEngineFactory())
        .WithEnvironmentVariables(new EnvironmentVariable(WarmUp.Variable, "1"), new EnvironmentVariable("BENCH_LAUNCH", $"{launch}"))
        .WithArguments([.. PeerPackages.BuildArguments, new MsBuildArgument("/p:RunAnalyzers=false")])
        .WithId($"Launch{launch}"));

    /// <summary>One call in this process: shows that a benchmark works, measures nothing.</summary>
    private static IEnumerable<Job> Smoke =>
    [
        Job.Dry.WithEngineFactory(new InterleavedEngineFactory()).WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(1), logOutput: true)).WithId("Smoke"),
    ];

    /// <summary>Every selected case with all its implementations.</summary>
    /// <returns>Null where anything failed; it has been reported.</returns>
    public static SuiteResult? Run(Suite suite, Machine machine, PythonPeers python, Selection selection)
    {
        bool smoke = selection.IsSmoke;
        WarmUp.IsOff = smoke;
        string artifacts = Path.Combine(Repository.Artifacts, suite.Name);
        BenchmarkCase[] benchmarks = [.. suite.Benchmarks()];
        Case[] cases = selection.Of(benchmarks.Select(Suite.CaseOf));
        int launches = smoke ? 1 : Launches;
        Progress progress = new(suite, cases.Length * launches, python, smoke);
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob([.. smoke ? Smoke : Measured])
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub)
            .WithOrderer(new SourceOrder())
            .AddFilter(new SimpleFilter(benchmark => Suite.ImplementationOf(benchmark) == Implementations.SimdNet && cases.Contains(Suite.CaseOf(benchmark))))
            .AddLogger(new ErrorLog())
            .AddEventProcessor(progress)
            .WithBuildTimeout(BuildTimeout)
            .WithArtifactsPath(artifacts);
        SampleLine.Collect(Path.Combine(artifacts, "samples.jsonl"));
        foreach ((string peer, string reason) in progress.Absences())
        {
            Console.WriteLine($"  absent: {peer} ({reason})");
        }

        DateTime date = DateTime.UtcNow;
        long start = Stopwatch.GetTimestamp();
        Peaks? peaks = smoke ? null : Peaks.Measure();
        Summary[] summaries = BenchmarkRunner.Run([.. suite.Types.Select(type => BenchmarkConverter.TypeToBenchmarks(type, config)).Where(run => run.BenchmarksCases.Length > 0)]);
        peaks = peaks?.Max(Peaks.Measure());

        ILookup<string, SampleLine> lines = SampleLine.Collected().ToLookup(line => $"{line.Precision} {line.Case}");
        string[] missing =
        [
            .. benchmarks.Where(benchmark => cases.Contains(Suite.CaseOf(benchmark)))
                .Where(benchmark => lines[KeyOf(Suite.CaseOf(benchmark))].Count(line => line.Implementation == Suite.ImplementationOf(benchmark)) != launches)
                .Select(benchmark => $"{KeyOf(Suite.CaseOf(benchmark))}, {Suite.ImplementationOf(benchmark)}"),
        ];
        if (missing.Length > 0 || summaries.Any(summary => summary.HasCriticalValidationErrors))
        {
            Console.Error.WriteLine($"{suite.Name} failed: {string.Join("; ", missing)}. The log is in {artifacts}.");
            return null;
        }

        return new(
            SuiteResult.CurrentVersion,
            suite.Name,
            date,
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            machine,
            Git.CommitOf(machine.Library),
            peaks ?? new(0, 0, 0, 0, []),
            progress.Versions(),
            progress.Absences(),
            peaks is null ? [] : [.. cases.SelectMany(subject => lines[KeyOf(subject)].GroupBy(line => line.Implementation).Select(launch => CaseResult.Of(subject, [.. launch], peaks)))]);

        static string KeyOf(Case subject) => $"{subject.Precision} {subject.Name}";
    }
}
