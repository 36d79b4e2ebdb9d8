using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace SimdNet.Bench.Results;

/// <summary>Where SimdNet stands among the others: against the fastest of them on a case, and on average over a suite.</summary>
internal static class Standing
{
    /// <summary>The fastest of the others on a case, with how many times SimdNet's time its is; empty where there is no other.</summary>
    /// <param name="implementations">Of one case, SimdNet among them.</param>
    public static string BestPeer(IEnumerable<CaseResult> implementations) => Best(implementations) is { } best ? $"{best.Name} {best.Ratio:0.00}" : "";

    /// <summary>A table of the geometric means of the ratios, over the rows that an implementation has: it is one number for a suite only where the rows are alike, so each element type has its own.</summary>
    public static string Means(SuiteResult result)
    {
        StringBuilder text = new();
        string[] peers = [.. result.Results.Select(item => item.Implementation).Distinct().Where(name => name != Implementations.SimdNet)];
        if (peers.Length == 0)
        {
            return "";
        }

        text.Append("\nGeometric mean of ÷ SimdNet, with the number of rows:\n\n| Type | Best peer |");
        text.AppendJoin("", peers.Select(peer => $" {peer} |"));
        text.Append("\n|---|--:|");
        text.AppendJoin("", peers.Select(_ => "--:|"));
        text.Append('\n');
        foreach (IGrouping<string, IGrouping<(string Precision, string Case), CaseResult>> type in result.ByCase().GroupBy(group => group.Key.Precision))
        {
            text.Append($"| {type.Key} | {Mean(type.Select(group => Best(group)?.Ratio))} |");
            text.AppendJoin("", peers.Select(peer => $" {Mean(type.Select(group => RatioOf(group, peer)))} |"));
            text.Append('\n');
        }

        return text.ToString();
    }

    private static (string Name, double Ratio)? Best(IEnumerable<CaseResult> implementations)
    {
        CaseResult[] all = [.. implementations];
        return all.Where(item => !Implementations.IsOwn(item.Implementation))
            .Select(item => ((string, double)?)(item.Implementation, RatioOf(all, item.Implementation)!.Value))
            .MinBy(item => item!.Value.Item2);
    }

    private static double? RatioOf(IEnumerable<CaseResult> implementations, string peer)
    {
        Dictionary<string, CaseResult> byName = implementations.ToDictionary(item => item.Implementation);
        return byName.TryGetValue(peer, out CaseResult? other) ? CaseResult.Median(other.RatiosTo(byName[Implementations.SimdNet])) : null;
    }

    private static string Mean(IEnumerable<double?> ratios)
    {
        double[] there = [.. ratios.OfType<double>()];
        return there.Length == 0 ? "" : $"{Math.Exp(there.Average(Math.Log)):0.00} ({there.Length})";
    }
}
