using System;
using System.Collections.Generic;
using System.Linq;

namespace SimdNet.Bench.Roofline;

/// <summary>What a core was measured to be able to do around a suite.</summary>
/// <param name="Float">Fused multiply-adds of single precision, GFLOP/s.</param>
/// <param name="Double">Of double precision.</param>
/// <param name="LatencyFloat">Nanoseconds from a fused multiply-add to one that needs its result.</param>
/// <param name="LatencyDouble">Of double precision.</param>
/// <param name="Levels">Caches and memory, nearest first.</param>
internal sealed record Peaks(double Float, double Double, double LatencyFloat, double LatencyDouble, IReadOnlyList<MemoryLevel> Levels)
{
    public static Peaks Measure() => new(FmaPeak.Measure<float>(), FmaPeak.Measure<double>(), FmaPeak.MeasureLatency<float>(), FmaPeak.MeasureLatency<double>(), MemoryPeak.Measure());

    /// <summary>The better of two measurements, each: what lowers one is a disturbance.</summary>
    public Peaks Max(Peaks other) => new(
        Math.Max(Float, other.Float),
        Math.Max(Double, other.Double),
        Math.Min(LatencyFloat, other.LatencyFloat),
        Math.Min(LatencyDouble, other.LatencyDouble),
        [.. Levels.Zip(other.Levels, (level, second) => level.Max(second))]);

    public double Of(string precision) => precision == "float" ? Float : Double;

    public double LatencyOf(string precision) => precision == "float" ? LatencyFloat : LatencyDouble;
}
