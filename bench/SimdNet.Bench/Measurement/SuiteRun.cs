using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;

using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Mathematics;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

using Perfolizer.Horology;

using SimdNet.Bench.Peers;
using SimdNet.Bench.Results;

namespace SimdNet.Bench.Measurement;

/// <summary>Runs a suite's benchmarks and gathers what they measured.</summary>
internal static class SuiteRun
{
    /// <summary>A process for each benchmark, with tiered compilation, as an application has it; <see cref="WarmUp"/> comes first. 15 samples of 50 ms are enough for a median and its spread.</summary>
    private static Job Measured => Job.Default
        .WithWarmupCount(5)
        .WithIterationCount(15)
        .WithIterationTime(TimeInterval.FromMilliseconds(50))
        .WithEnvironmentVariables(new EnvironmentVariable(WarmUp.Variable, "1"))
        .WithId("Measured");

    /// <summary>One call in this process: shows that a benchmark works, measures nothing.</summary>
    private static Job Smoke => Job.Dry
        .WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(1), logOutput: true))
        .WithId("Smoke");

    /// <summary>Every case, or with <paramref name="smoke"/> the first case alone, with all its implementations.</summary>
    /// <returns>Null where anything failed; it has been reported.</returns>
    public static SuiteResult? Run(Suite suite, Machine machine, bool smoke)
    {
        WarmUp.IsOff = smoke;
        BenchmarkCase[] benchmarks = [.. suite.Benchmarks()];
        Case first = Suite.CaseOf(benchmarks[0]);
        int expected = smoke ? benchmarks.Count(IsFirst) : benchmarks.Length;
        foreach (Peer absent in suite.Peers.Where(peer => !peer.Presence.IsPresent))
        {
            Console.WriteLine($"  absent: {absent.Name} ({absent.Presence.Text})");
        }

        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(smoke ? Smoke : Measured)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub)
            .WithOrderer(new SourceOrder())
            .AddFilter(new SimpleFilter(benchmark => Suite.IsRun(benchmark) && (!smoke || IsFirst(benchmark))))
            .AddLogger(new ErrorLog())
            .AddEventProcessor(new Progress(expected))
            .WithArtifactsPath(Path.Combine(Repository.Artifacts, suite.Name));
        DateTimeOffset date = DateTimeOffset.UtcNow;
        long start = Stopwatch.GetTimestamp();
        Peaks peaks = smoke ? default : Peaks.Measure();
        Summary[] summaries = BenchmarkRunner.Run([.. suite.Types.Select(type => BenchmarkConverter.TypeToBenchmarks(type, config)).Where(run => run.BenchmarksCases.Length > 0)]);
        peaks = smoke ? default : peaks.Max(Peaks.Measure());

        BenchmarkReport[] reports = [.. summaries.SelectMany(summary => summary.Reports)];
        List<CaseResult> results = [.. reports.Where(report => report is { Success: true, ResultStatistics: not null }).Select(ResultOf)];
        if (results.Count != expected || summaries.Any(summary => summary.HasCriticalValidationErrors))
        {
            Console.Error.WriteLine($"{suite.Name}: {expected - results.Count} of {expected} benchmarks failed; the log is in {Path.Combine(Repository.Artifacts, suite.Name)}.");
            return null;
        }

        return new(suite.Name, date, Stopwatch.GetElapsedTime(start), machine, peaks, suite.Peers, results);

        bool IsFirst(BenchmarkCase benchmark) => Suite.CaseOf(benchmark).Equals(first);
    }

    private static CaseResult ResultOf(BenchmarkReport report)
    {
        Statistics statistics = report.ResultStatistics!;
        return new(
            Suite.CaseOf(report.BenchmarkCase),
            Suite.ImplementationOf(report.BenchmarkCase),
            statistics.Median,
            100 * statistics.InterquartileRange / statistics.Median,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase),
            [.. report.GetResultRuns().Select(sample => sample.GetAverageTime().Nanoseconds)]);
    }
}
