using System;

namespace SimdNet.Bench.Measurement;

/// <summary>What a core was measured to be able to do around a suite, for each element type.</summary>
/// <param name="Float">Single precision, GFLOP/s.</param>
/// <param name="Double">Double precision, GFLOP/s.</param>
internal readonly record struct Peaks(double Float, double Double)
{
    public static Peaks Measure() => new(FmaPeak.Measure<float>(), FmaPeak.Measure<double>());

    /// <summary>The higher of two measurements: what lowers one is a disturbance.</summary>
    public Peaks Max(Peaks other) => new(Math.Max(Float, other.Float), Math.Max(Double, other.Double));

    public double Of(string precision) => precision == "float" ? Float : Double;
}
