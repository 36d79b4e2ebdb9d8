using System;
using System.Collections.Generic;
using System.Linq;

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

using SimdNet.Bench.Inference;
using SimdNet.Bench.Kernels;
using SimdNet.Bench.Measurement;
using SimdNet.Bench.Training;

namespace SimdNet.Bench;

/// <summary>A group of benchmarks that is run, and reported, as one.</summary>
/// <param name="Name">What the command line and the result files call it.</param>
/// <param name="Types">Benchmark classes; a generic one once for each element type. Each has one parameter, named <see cref="Parameter"/>.</param>
internal sealed record Suite(string Name, params IReadOnlyList<Type> Types)
{
    /// <summary>The parameter that holds the <see cref="Bench.Case"/>.</summary>
    public const string Parameter = "Case";

    /// <summary>All suites, in the order in which they are run.</summary>
    public static IReadOnlyList<Suite> All { get; } =
    [
        new("Products", typeof(Products<float>), typeof(Products<double>)),
        new("ElementWise", typeof(ElementWise<float>), typeof(ElementWise<double>)),
        new("PerSampleStep", typeof(PerSampleStep)),
        new("MinibatchStep", typeof(MinibatchStep)),
        new("FullBatchEpoch", typeof(FullBatchEpoch)),
        new("Prediction", typeof(Prediction)),
    ];

    /// <summary>Every case with every implementation, in the order of the source.</summary>
    public IEnumerable<BenchmarkCase> Benchmarks() => Types.SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type, ManualConfig.CreateEmpty().WithOrderer(new SourceOrder())).BenchmarksCases);

    public static Case CaseOf(BenchmarkCase benchmark) => (Case)benchmark.Parameters[Parameter];

    public static string ImplementationOf(BenchmarkCase benchmark) => benchmark.Descriptor.WorkloadMethodDisplayInfo;
}
