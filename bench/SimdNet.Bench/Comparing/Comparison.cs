using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Results;

namespace SimdNet.Bench.Comparing;

/// <summary>A row of two results of the same suite.</summary>
/// <param name="Row">The later one.</param>
/// <param name="Time">How many times as long it takes as before.</param>
/// <param name="Corrected">The same, less what the whole machine drifted.</param>
/// <param name="Probability">Of such samples if nothing had become slower.</param>
/// <param name="MoreGarbage">Whether it allocates, and more than before.</param>
internal sealed record ComparedRow(CaseResult Row, RatioInterval Time, double Corrected, double Probability, bool MoreGarbage);

/// <summary>What became slower from one result of a suite to another one.</summary>
internal sealed class Comparison
{
    /// <summary>What counts as slower, unless the caller says otherwise: less comes and goes on machines that others use.</summary>
    public const double DefaultThreshold = 0.05;

    /// <summary>A suite has dozens of rows: at this level a false alarm is expected in one comparison of many.</summary>
    private const double Level = 0.001;

    /// <summary>Rows of peers that tell the machine's drift better than the FMA peak does.</summary>
    private const int EnoughPeers = 5;

    private Comparison(double drift, string driftOf, IReadOnlyList<ComparedRow> rows, IReadOnlyList<string> gone, double threshold)
    {
        Drift = drift;
        DriftOf = driftOf;
        Rows = rows;
        Gone = gone;
        Threshold = threshold;
    }

    /// <summary>How many times as long the same work took on this machine, whatever SimdNet does.</summary>
    public double Drift { get; }

    /// <summary>What the drift was read off.</summary>
    public string DriftOf { get; }

    /// <summary>SimdNet's rows that both results have.</summary>
    public IReadOnlyList<ComparedRow> Rows { get; }

    /// <summary>Rows of SimdNet that the later result has no more.</summary>
    public IReadOnlyList<string> Gone { get; }

    public double Threshold { get; }

    /// <summary>By more than the threshold, as measured and less the drift; the interval excludes 1, and chance is unlikely. Or with new garbage, which needs no statistics.</summary>
    public bool IsSlower(ComparedRow row) =>
        row.MoreGarbage || (Math.Min(row.Time.Ratio, row.Corrected) > 1 + Threshold && row.Time.Low > 1 && row.Probability < Level);

    /// <summary>The reverse: of interest, and never an error.</summary>
    public bool IsFaster(ComparedRow row) =>
        Math.Max(row.Time.Ratio, row.Corrected) < 1 / (1 + Threshold) && row.Time.High < 1 && row.Probability > 1 - Level;

    public static Comparison Of(SuiteResult before, SuiteResult after, double threshold)
    {
        Dictionary<((string, string), string), CaseResult> old = before.Results.ToDictionary(row => (row.Id, row.Implementation));
        List<(CaseResult Before, CaseResult After)> pairs = [.. after.Results.Where(row => old.ContainsKey((row.Id, row.Implementation))).Select(row => (old[(row.Id, row.Implementation)], row))];
        double[] peers = [.. pairs.Where(pair => !Implementations.IsOwn(pair.After.Implementation)).Select(pair => pair.After.MedianNs / pair.Before.MedianNs)];
        bool hasPeers = peers.Length >= EnoughPeers;
        double drift = hasPeers ? CaseResult.Median(peers) : before.Peaks.Float / after.Peaks.Float;
        HashSet<((string, string), string)> present = [.. after.Results.Select(row => (row.Id, row.Implementation))];
        return new(
            drift,
            hasPeers ? $"{peers.Length} rows of peers" : "the FMA peak",
            [.. pairs.Where(pair => pair.After.Implementation == Implementations.SimdNet).Select(pair => Row(pair.Before, pair.After, drift))],
            [.. before.Results.Where(row => row.Implementation == Implementations.SimdNet && !present.Contains((row.Id, row.Implementation))).Select(row => $"{row.Precision} {row.Case}")],
            threshold);
    }

    private static ComparedRow Row(CaseResult before, CaseResult after, double drift)
    {
        RatioInterval time = RatioInterval.Of(before.SamplesNs, after.SamplesNs);
        return new(
            after,
            time,
            time.Ratio / drift,
            RankTest.ProbabilityOfNotHigher([.. before.SamplesNs.SelectMany(launch => launch)], [.. after.SamplesNs.SelectMany(launch => launch)]),
            after.AllocatedBytes >= Objects && after.AllocatedBytes > before.AllocatedBytes);
    }

    /// <summary>The smallest object: fewer bytes a call are the runtime's own.</summary>
    private const long Objects = 24;
}
