using System.Collections.Generic;
using System.Linq;
using System.Text;

using static SimdNet.Bench.Results.Text;

namespace SimdNet.Bench.Results;

/// <summary>A suite's results for readers: a row for each case, two columns for each implementation that SimdNet is compared with.</summary>
internal static class MarkdownReport
{
    /// <summary>A ratio whose launches lie further apart than this is given with the lowest and the highest of them.</summary>
    private const double NarrowRatio = 1.04;

    public static string Write(SuiteResult result)
    {
        StringBuilder text = new();
        text.Append($"# {result.Suite}\n\n");
        text.Append("Written by the benchmark program; the columns are explained in [the protocol](../README.md), what limits each row is in [Roofline](Roofline.md).\n\n");
        WriteHead(text, result);
        WriteTable(text, result);
        text.Append(Standing.Means(result));
        return text.ToString();
    }

    private static void WriteHead(StringBuilder text, SuiteResult result)
    {
        text.Append("| | |\n|---|---|\n");
        text.Append($"| Date | {result.Date:yyyy-MM-dd HH:mm} UTC, {result.Seconds / 60:0.0} minutes |\n");
        text.Append($"| Processor | {result.Machine.Processor}, {result.Machine.Cores} in use |\n");
        text.Append($"| System | {result.Machine.OperatingSystem}, {result.Machine.Runtime} |\n");
        text.Append($"| SimdNet | {result.Machine.Library.Split('+')[0]}, commit {result.Commit}, kernels {result.Machine.Kernels} |\n");
        text.Append($"| Knobs | {(result.Machine.Knobs.Count == 0 ? "none" : string.Join(", ", result.Machine.Knobs.Select(knob => $"{knob.Key}={knob.Value}")))} |\n");
        text.Append($"| FMA peak | float {result.Peaks.Float:0.0} GFLOP/s, double {result.Peaks.Double:0.0} GFLOP/s |\n");
        if (result.Peers.Count > 0)
        {
            text.Append($"| Peers | {string.Join(", ", result.Peers.Select(peer => $"{peer.Key} {peer.Value}"))} |\n");
        }

        if (result.Absent.Count > 0)
        {
            text.Append($"| Absent | {string.Join("; ", result.Absent.Select(peer => $"{peer.Key}: {peer.Value}"))} |\n");
        }

        text.Append('\n');
    }

    private static void WriteTable(StringBuilder text, SuiteResult result)
    {
        string[] peers = [.. result.Results.Select(item => item.Implementation).Distinct().Where(name => name != Implementations.SimdNet)];
        text.Append("| Case | Type | Median | Per item | Rate | % of FMA peak | Spread | Allocated | Best peer |");
        foreach (string peer in peers)
        {
            text.Append($" {peer} | ÷ SimdNet |");
        }

        text.Append("\n|---|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (string _ in peers)
        {
            text.Append("--:|--:|");
        }

        text.Append('\n');
        foreach (IGrouping<(string, string), CaseResult> group in result.ByCase())
        {
            Dictionary<string, CaseResult> byName = group.ToDictionary(item => item.Implementation);
            CaseResult own = byName[Implementations.SimdNet];
            string perItem = own.Work.Items == 1 ? "" : $"{Time(own.MedianNs / own.Work.Items)}/{own.Work.Item}";
            string peak = own.Work.Flops > 0 ? $"{Number(100 * own.Rate / result.Peaks.Of(own.Precision))}" : "";
            string rate = own.Rate > 0 ? $"{Number(own.Rate)} {own.RateUnit}" : "";
            text.Append($"| {own.Case} | {own.Precision} | {Time(own.MedianNs)} | {perItem} | {rate} | {peak} | {own.SpreadPercent:0.0} % | {(own.AllocatedBytes is { } bytes ? $"{bytes} B" : "?")} | {Standing.BestPeer(group)} |");
            foreach (string peer in peers)
            {
                text.Append(byName.TryGetValue(peer, out CaseResult? other) ? $" {Time(other.MedianNs)} | {Ratio(other.RatiosTo(own))} |" : " | |");
            }

            text.Append('\n');
        }
    }

    private static string Ratio(double[] ratios)
    {
        double median = CaseResult.Median(ratios);
        return ratios[^1] > NarrowRatio * ratios[0] ? $"{median:0.00} ({ratios[0]:0.00}–{ratios[^1]:0.00})" : $"{median:0.00}";
    }
}
