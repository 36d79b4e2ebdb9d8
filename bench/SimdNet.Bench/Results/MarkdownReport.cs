using System.Collections.Generic;
using System.Linq;
using System.Text;

using SimdNet.Bench.Peers;

namespace SimdNet.Bench.Results;

/// <summary>A suite's results for readers: a row for each case, a column for each implementation that SimdNet is compared with.</summary>
internal static class MarkdownReport
{
    public static string Write(SuiteResult result)
    {
        StringBuilder text = new();
        text.Append($"# {result.Suite}\n\n");
        text.Append("Written by the benchmark program; the columns are explained in [the protocol](../README.md).\n\n");
        text.Append("| | |\n|---|---|\n");
        text.Append($"| Date | {result.Date:yyyy-MM-dd HH:mm} UTC, {result.Duration.TotalMinutes:0.0} minutes |\n");
        text.Append($"| Processor | {result.Machine.Processor}, {result.Machine.Cores} in use |\n");
        text.Append($"| System | {result.Machine.OperatingSystem}, {result.Machine.Runtime} |\n");
        text.Append($"| SimdNet | {result.Machine.Library}, kernels {result.Machine.Kernels} |\n");
        text.Append($"| Knobs | {(result.Machine.Knobs.Count == 0 ? "none" : string.Join(", ", result.Machine.Knobs.Select(knob => $"{knob.Key}={knob.Value}")))} |\n");
        text.Append($"| FMA peak | float {result.Peaks.Float:0.0} GFLOP/s, double {result.Peaks.Double:0.0} GFLOP/s |\n");
        WritePeers(text, result.Peers);
        text.Append('\n');
        WriteTable(text, result);
        return text.ToString();
    }

    private static void WritePeers(StringBuilder text, IReadOnlyList<Peer> peers)
    {
        foreach (IGrouping<bool, Peer> group in peers.GroupBy(peer => peer.Presence.IsPresent).OrderByDescending(group => group.Key))
        {
            text.Append($"| {(group.Key ? "Peers" : "Absent")} | {string.Join(", ", group.Select(peer => group.Key ? $"{peer.Name} {peer.Presence.Text}" : $"{peer.Name} ({peer.Presence.Text})"))} |\n");
        }
    }

    private static void WriteTable(StringBuilder text, SuiteResult result)
    {
        string[] peers = [.. result.Results.Select(item => item.Implementation).Distinct().Where(name => name != Implementations.SimdNet)];
        text.Append("| Case | Type | Median | Per item | Rate | % of FMA peak | Spread | Allocated |");
        foreach (string peer in peers)
        {
            text.Append($" {peer} | ÷ SimdNet |");
        }

        text.Append("\n|---|---|--:|--:|--:|--:|--:|--:|");
        foreach (string _ in peers)
        {
            text.Append("--:|--:|");
        }

        text.Append('\n');
        foreach (IGrouping<Case, CaseResult> group in result.Results.GroupBy(item => item.Case))
        {
            Dictionary<string, CaseResult> byName = group.ToDictionary(item => item.Implementation);
            CaseResult own = byName[Implementations.SimdNet];
            Work work = group.Key.Work;
            string perItem = work.Items == 1 ? "" : $"{Time(own.MedianNs / work.Items)}/{work.Item}";
            string peak = work.Flops > 0 ? $"{Number(100 * own.Rate / result.Peaks.Of(group.Key.Precision))}" : "";
            text.Append($"| {group.Key.Name} | {group.Key.Precision} | {Time(own.MedianNs)} | {perItem} | {Number(own.Rate)} {own.RateUnit} | {peak} | {own.SpreadPercent:0.0} % | {(own.AllocatedBytes is { } bytes ? $"{bytes} B" : "?")} |");
            foreach (string peer in peers)
            {
                text.Append(byName.TryGetValue(peer, out CaseResult? other) ? $" {Time(other.MedianNs)} | {other.MedianNs / own.MedianNs:0.00} |" : " | |");
            }

            text.Append('\n');
        }
    }

    private static string Number(double value) => value < 10 ? $"{value:0.00}" : $"{value:0.0}";

    private static string Time(double nanoseconds) => nanoseconds switch
    {
        < 10 => $"{nanoseconds:0.00} ns",
        < 1e3 => $"{nanoseconds:0.0} ns",
        < 1e6 => $"{nanoseconds / 1e3:0.00} µs",
        _ => $"{nanoseconds / 1e6:0.00} ms",
    };
}
