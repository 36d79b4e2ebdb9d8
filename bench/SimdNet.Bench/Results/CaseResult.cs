using System.Collections.Generic;

namespace SimdNet.Bench.Results;

/// <summary>What was measured of one implementation on one case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Implementation">One of <see cref="Implementations"/>.</param>
/// <param name="MedianNs">Median of the samples, nanoseconds a call.</param>
/// <param name="SpreadPercent">From the first to the third quartile, in percent of the median.</param>
/// <param name="AllocatedBytes">Bytes of garbage a call, on all threads; null where it could not be told.</param>
/// <param name="SamplesNs">The samples, nanoseconds a call, in the order of measurement, without those far above the others.</param>
internal sealed record CaseResult(Case Case, string Implementation, double MedianNs, double SpreadPercent, long? AllocatedBytes, IReadOnlyList<double> SamplesNs)
{
    /// <summary>GFLOP/s, or GB/s where bytes are the measure.</summary>
    public double Rate => (Case.Work.Flops > 0 ? Case.Work.Flops : Case.Work.Bytes) / MedianNs;

    public string RateUnit => Case.Work.Flops > 0 ? "GFLOP/s" : "GB/s";
}
