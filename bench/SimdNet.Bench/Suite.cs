using System;
using System.Collections.Generic;
using System.Linq;

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

using SimdNet.Bench.Inference;
using SimdNet.Bench.Kernels;
using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Bench.Threading;
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
        new("ProductPlans", typeof(ProductPlans<float>), typeof(ProductPlans<double>)),
        new("ElementWise", typeof(ElementWise<float>), typeof(ElementWise<double>)),
        new("Numerics", typeof(PublicFace<float>), typeof(PublicFace<double>)),
        new("PerSampleStep", typeof(PerSampleStep)) { Others = [Implementations.MlNet] },
        new("MinibatchStep", typeof(MinibatchStep)) { Others = [Implementations.MlNet] },
        new("FullBatchEpoch", typeof(FullBatchEpoch)) { Others = [Implementations.MlNet] },
        new("Prediction", typeof(Prediction)) { Others = [Implementations.MlNet] },
        new("SimpleChainsShapes", typeof(SimpleChainsShapes<double>), typeof(SimpleChainsShapes<float>)),
        new("Threads", typeof(ForkJoin), typeof(SharedCores), typeof(TeamTraining), typeof(TeamPrediction), typeof(TeamCuts)) { Threads = 2 },
        new("ThreadsProducts", typeof(TeamProducts<float>), typeof(TeamProducts<double>)) { Threads = 2 },
    ];

    /// <summary>Peers of the field that readers look for, and that do not do what this suite measures.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>On how many threads everyone computes: as many cores must be free.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The peers that this suite would measure were they here, each with its version or the reason of its absence.</summary>
    public IReadOnlyList<Peer> Peers => [.. AllBenchmarks().Select(ImplementationOf).Distinct().Concat(Others).Select(Peer.Find).OfType<Peer>()];

    /// <summary>Every case with every implementation that can be run, in the order of the source.</summary>
    public IEnumerable<BenchmarkCase> Benchmarks() => AllBenchmarks().Where(IsRun);

    /// <summary>Whether the implementation is here and is meant for the case.</summary>
    public static bool IsRun(BenchmarkCase benchmark) => CaseOf(benchmark).IsFor(ImplementationOf(benchmark)) && Peer.IsPresent(ImplementationOf(benchmark));

    public bool IsNamed(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public static Case CaseOf(BenchmarkCase benchmark) => (Case)benchmark.Parameters[Parameter];

    /// <summary>One of <see cref="Implementations"/>. BenchmarkDotNet puts names of several words in quotes.</summary>
    public static string ImplementationOf(BenchmarkCase benchmark) => benchmark.Descriptor.WorkloadMethodDisplayInfo.Trim('\'');

    private IEnumerable<BenchmarkCase> AllBenchmarks() => Types.SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type, ManualConfig.CreateEmpty().WithOrderer(new SourceOrder())).BenchmarksCases);
}
