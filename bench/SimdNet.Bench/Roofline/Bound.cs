using System.Linq;

namespace SimdNet.Bench.Roofline;

/// <summary>The roofs over a case on a measured core, nanoseconds a call.</summary>
/// <param name="FlopsNs">At the peak of fused multiply-adds.</param>
/// <param name="MemoryNs">All streams one after the other, each at the bandwidth of its level: a core has one path to its caches.</param>
/// <param name="LatencyNs">The chain.</param>
/// <param name="Level">The level that takes most of <paramref name="MemoryNs"/>; empty where nothing moves.</param>
internal sealed record Bound(double FlopsNs, double MemoryNs, double LatencyNs, string Level)
{
    /// <summary>The highest of the three: they overlap.</summary>
    public double Ns => double.Max(FlopsNs, double.Max(MemoryNs, LatencyNs));

    /// <summary>What the case runs into first.</summary>
    public string Name => Ns == FlopsNs ? "FMA" : Ns == MemoryNs ? Level : "latency";

    public static Bound Of(Demand demand, string precision, Peaks peaks)
    {
        (string Name, double Ns)[] streams =
        [
            .. demand.Streams
                .Select(stream => (Level: peaks.Levels.First(level => stream.Footprint <= level.Bytes), Stream: stream))
                .Select(pair => (pair.Level.Name, pair.Stream.Bytes / pair.Level.Of(pair.Stream.Access))),
        ];
        return new(
            demand.Flops / peaks.Of(precision),
            streams.Sum(stream => stream.Ns),
            demand.Chain * peaks.LatencyOf(precision),
            streams.GroupBy(stream => stream.Name).MaxBy(group => group.Sum(stream => stream.Ns))?.Key ?? "");
    }
}
