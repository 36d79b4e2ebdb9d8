using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;
using SimdNet.Bench.Training;
using SimdNet.Memory;

namespace SimdNet.Bench.Inference;

/// <summary>Outputs for one sample, or for a batch.</summary>
public sealed record PredictionCase(string Name, NetworkSpec Spec, int Rows, double Zeros = 0)
    : NetworkCase(Name, Spec, Rows, Forward(Spec))
{
    public static IEnumerable<PredictionCase> All =>
    [
        new("784-128-10 batch 1", Digits(128), 1),
        new("784-128-10 batch 1, 80 % zeros", Digits(128), 1, Zeros: 0.8),
        new("784-128-10 batch 32", Digits(128), 32),
        new("784-128-10 batch 128", Digits(128), 128),
        new("4-8-8-1 batch 1", Uniform(Activation.Tanh, 4, 8, 8, 1), 1),
    ];

    public override Demand Demand => ForwardDemand(Prediction.Pool, 1 - Zeros);

    public override NetworkTask Task => new(NetworkWork.Predict, Spec, Rows, Prediction.Pool, Zeros: Zeros);
}

/// <summary>Predictor.Predict on samples in turn.</summary>
public class Prediction
{
    /// <summary>Samples in turn, a multiple of every batch.</summary>
    internal const int Pool = 128;

    private Samples _samples = null!;
    private Predictor<float> _predictor = null!;
    private AlignedBuffer<float> _outputs = null!;

    [ParamsSource(nameof(Cases))]
    public PredictionCase Case { get; set; } = null!;

    public IEnumerable<PredictionCase> Cases => PredictionCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _samples = new(Case.Spec, Pool, Case.Rows, Case.Zeros);
        _predictor = new(Case.Spec.Build<float>());
        _outputs = new(Case.Rows * Case.Spec.Outputs);
        WarmUp.Run(SimdNet);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet() => _predictor.Predict(_samples.Next(), _outputs.Span);
}
