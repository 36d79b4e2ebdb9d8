namespace SimdNet.Bench.Measurement;

/// <summary>A class of benchmarks whose methods return what they measured, in nanoseconds as a double: where that is not the time from the call to its end. A sample is one call.</summary>
internal interface IReportsTime;
