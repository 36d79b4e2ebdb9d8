using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

using SimdNet.Bench.Roofline;

using static SimdNet.Bench.Results.Text;

namespace SimdNet.Bench.Results;

/// <summary>What limits each row of each suite, and how near SimdNet comes to it.</summary>
internal static class RooflineReport
{
    public const string Name = "Roofline";

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(IReadOnlyList<SuiteResult> suites)
    {
        StringBuilder text = new();
        text.Append($"# {Name}\n\n");
        text.Append("Written by the benchmark program from the results beside it; [the protocol](../README.md) explains how to read it.\n\n");
        WritePeaks(text, suites);
        foreach (SuiteResult suite in suites.Where(suite => Rows(suite).Any()))
        {
            WriteSuite(text, suite);
        }

        return text.ToString();
    }

    public static string WriteJson(IReadOnlyList<SuiteResult> suites) => JsonSerializer.Serialize(
        suites.Select(suite => new
        {
            suite.Suite,
            suite.Date,
            suite.Commit,
            suite.Peaks,
            Rows = Rows(suite).Select(row => new { row.Case, row.Precision, row.MedianNs, row.Bound.FlopsNs, row.Bound.MemoryNs, row.Bound.LatencyNs, Bound = row.Bound.Name, Percent = 100 * row.Bound.Ns / row.MedianNs }),
        }),
        Options) + "\n";

    private static void WritePeaks(StringBuilder text, IReadOnlyList<SuiteResult> suites)
    {
        text.Append("## What the core was measured to do in each run\n\n| Suite | Date | Commit | FMA float, GFLOP/s | double | FMA latency, ns |");
        string[] levels = [.. suites[0].Peaks.Levels.Select(level => level.Name)];
        foreach (string level in levels)
        {
            text.Append($" {level} read, GB/s | write | update |");
        }

        text.Append("\n|---|---|---|--:|--:|--:|");
        foreach (string _ in levels)
        {
            text.Append("--:|--:|--:|");
        }

        text.Append('\n');
        foreach (SuiteResult suite in suites)
        {
            text.Append($"| {suite.Suite} | {suite.Date:yyyy-MM-dd HH:mm} | {Git.Short(suite.Commit)} | {suite.Peaks.Float:0.0} | {suite.Peaks.Double:0.0} | {suite.Peaks.LatencyFloat:0.00} |");
            foreach (MemoryLevel level in suite.Peaks.Levels)
            {
                text.Append($" {level.Read:0} | {level.Write:0} | {level.Update:0} |");
            }

            text.Append('\n');
        }
    }

    private static void WriteSuite(StringBuilder text, SuiteResult suite)
    {
        text.Append($"\n## {suite.Suite}\n\n| Case | Type | Median | FMA | Memory | Latency | Bound | % of bound |\n|---|---|--:|--:|--:|--:|---|--:|\n");
        foreach ((string name, string precision, double median, Bound bound) in Rows(suite))
        {
            string memory = bound.Level.Length == 0 ? "" : $"{Time(bound.MemoryNs)}, {bound.Level}";
            text.Append($"| {name} | {precision} | {Time(median)} | {TimeOrNone(bound.FlopsNs)} | {memory} | {TimeOrNone(bound.LatencyNs)} | {bound.Name} | {100 * bound.Ns / median:0} |\n");
        }
    }

    private static string TimeOrNone(double nanoseconds) => nanoseconds == 0 ? "" : Time(nanoseconds);

    private static IEnumerable<(string Case, string Precision, double MedianNs, Bound Bound)> Rows(SuiteResult suite) =>
        suite.Results.Where(row => row.Implementation == Implementations.SimdNet && row.Bound is { Ns: > 0 }).Select(row => (row.Case, row.Precision, row.MedianNs, row.Bound!));
}
