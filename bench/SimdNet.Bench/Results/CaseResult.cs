using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Results;

/// <summary>What was measured of one implementation on one case.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Precision">float or double.</param>
/// <param name="Implementation">One of <see cref="Implementations"/>, or what a script calls itself.</param>
/// <param name="MedianNs">Median of the samples, nanoseconds a call.</param>
/// <param name="SpreadPercent">From the first to the third quartile, in percent of the median.</param>
/// <param name="AllocatedBytes">Bytes of garbage a call, on all threads; null where it could not be told.</param>
/// <param name="Work">How much a call is.</param>
/// <param name="Bound">The roofs over the case; null where the case declares none.</param>
/// <param name="SamplesNs">The samples of each launch, nanoseconds a call, in the order of measurement.</param>
internal sealed record CaseResult(
    string Case, string Precision, string Implementation, double MedianNs, double SpreadPercent, long? AllocatedBytes, Work Work, Bound? Bound, IReadOnlyList<IReadOnlyList<double>> SamplesNs)
{
    /// <summary>GFLOP/s, or GB/s where bytes are the measure.</summary>
    public double Rate => (Work.Flops > 0 ? Work.Flops : Work.Bytes) / MedianNs;

    public string RateUnit => Work.Flops > 0 ? "GFLOP/s" : "GB/s";

    /// <summary>Precision and name: what cases are told apart by.</summary>
    public (string Precision, string Case) Id => (Precision, Case);

    /// <summary>The launches of one implementation on one case, put together.</summary>
    public static CaseResult Of(Case subject, IReadOnlyList<SampleLine> launches, Peaks peaks)
    {
        double[] samples = [.. launches.SelectMany(launch => launch.SamplesNs).Order()];
        double median = Quantile(samples, 0.5);
        return new(
            subject.Name,
            subject.Precision,
            launches[0].Implementation,
            median,
            100 * (Quantile(samples, 0.75) - Quantile(samples, 0.25)) / median,
            launches.Min(launch => launch.AllocatedBytes),
            subject.Work,
            Bound.Of(subject.Demand, subject.Precision, peaks),
            [.. launches.Select(launch => launch.SamplesNs)]);
    }

    /// <summary>How many times the time of <paramref name="own"/> this one's is, launch by launch: both sides of a launch were measured in turn, so that what drifted from launch to launch cancels.</summary>
    public double[] RatiosTo(CaseResult own) =>
        [.. SamplesNs.Zip(own.SamplesNs, (mine, theirs) => Median(mine) / Median(theirs)).Order()];

    public static double Median(IEnumerable<double> samples) => Quantile([.. samples.Order()], 0.5);

    /// <summary>Between the neighbours, in proportion.</summary>
    private static double Quantile(double[] sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        return sorted[below] + ((position - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
