using System;
using System.Collections.Generic;
using System.Linq;

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

using SimdNet.Bench.Inference;
using SimdNet.Bench.Kernels;
using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Bench.Starting;
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

    private static readonly Dictionary<string, string> OfSteps = new()
    {
        [Implementations.MlNet] = "trains no networks of dense layers, and predicts with those of others by ONNX Runtime",
    };

    private static readonly Dictionary<string, string> OfMinibatches = new(OfSteps)
    {
        [$"{Implementations.TorchSharp} on other layers than dense ones and on optimizers beside plain descent and Adam"] = "not written: PyTorch, whose library it calls, stands for it",
    };

    private static readonly Dictionary<string, string> OfNetworks = new(OfSteps)
    {
        [Implementations.TorchSharp] = "not written for this suite: PyTorch, whose library it calls, stands for it",
    };

    private static readonly Dictionary<string, string> OfProducts = new()
    {
        [Implementations.TorchSharp] = "hands products over to a BLAS: OpenBLAS, BLIS and oneDNN are measured themselves",
    };

    /// <summary>All suites, in the order in which they are run.</summary>
    public static IReadOnlyList<Suite> All { get; } =
    [
        new("Products", typeof(Products<float>), typeof(Products<double>)) { Gaps = OfProducts },
        new("ProductPlans", typeof(ProductPlans<float>), typeof(ProductPlans<double>)),
        new("ElementWise", typeof(ElementWise<float>), typeof(ElementWise<double>)),
        new("Numerics", typeof(PublicFace<float>), typeof(PublicFace<double>)) { Gaps = PublicFaceCase.Gaps },
        new("PerSampleStep", typeof(PerSampleStep)) { Gaps = OfSteps },
        new("MinibatchStep", typeof(MinibatchStep)) { Gaps = OfMinibatches },
        new("FullBatchEpoch", typeof(FullBatchEpoch)) { Gaps = OfNetworks },
        new("Prediction", typeof(Prediction)) { Gaps = OfNetworks },
        new("SimpleChainsShapes", typeof(SimpleChainsShapes<double>), typeof(SimpleChainsShapes<float>)) { Gaps = OfNetworks },
        new("Startup") { Launched = StartupCase.All },
        new("Threads", typeof(ForkJoin), typeof(SharedCores), typeof(TeamTraining), typeof(TeamPrediction), typeof(TeamCuts)) { Threads = 2, Gaps = OfNetworks },
        new("ThreadsProducts", typeof(TeamProducts<float>), typeof(TeamProducts<double>)) { Threads = 2, Gaps = OfProducts },
    ];

    /// <summary>Peers of the field that readers look for and that are not measured in this suite, or in a part of it, each with the reason: they are named among the absent.</summary>
    public IReadOnlyDictionary<string, string> Gaps { get; init; } = new Dictionary<string, string>();

    /// <summary>What is measured by launches of another program, see <see cref="StartupRun"/>, in a suite without benchmarks of its own.</summary>
    public IReadOnlyList<Case> Launched { get; init; } = [];

    /// <summary>Everything that is measured.</summary>
    public IEnumerable<Case> Cases => [.. Benchmarks().Select(CaseOf).Distinct(), .. Launched];

    /// <summary>On how many threads everyone computes: as many cores must be free.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The peers that this suite would measure were they here, each with its version or the reason of its absence.</summary>
    public IReadOnlyList<Peer> Peers => [.. AllBenchmarks().Select(ImplementationOf).Distinct().Select(Peer.Find).OfType<Peer>()];

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
