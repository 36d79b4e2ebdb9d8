using System;
using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;
using SimdNet.Bench.Training;
using SimdNet.Memory;

namespace SimdNet.Bench.Inference;

/// <summary>Outputs for one sample, or for a batch.</summary>
public sealed record PredictionCase(string Name, NetworkSpec Spec, int Rows, double Zeros = 0, WeightFormat Weights = WeightFormat.Full)
    : NetworkCase(Name, Spec, Rows, Forward(Spec))
{
    public static IEnumerable<PredictionCase> All =>
    [
        new("784-128-10 batch 1", Digits(128), 1),
        new("784-128-10 batch 1, 50 % zeros", Digits(128), 1, Zeros: 0.5),
        new("784-128-10 batch 1, 80 % zeros", Digits(128), 1, Zeros: 0.8),
        new("784-128-10 batch 1, bfloat16 weights", Digits(128), 1, Weights: WeightFormat.BFloat16),
        new("784-128-10 batch 1, bfloat16 weights, 50 % zeros", Digits(128), 1, Zeros: 0.5, Weights: WeightFormat.BFloat16),
        new("784-128-10 batch 1, bfloat16 weights, 80 % zeros", Digits(128), 1, Zeros: 0.8, Weights: WeightFormat.BFloat16),
        new("784-128-10 batch 32", Digits(128), 32),
        new("784-128-10 batch 128", Digits(128), 128),
        new("784-512-128-10 batch 128", NetworkSpec.Input(784).Dense(512, Activation.ReLU).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax), 128),
        new("4-8-8-1 batch 1", Uniform(Activation.Tanh, 4, 8, 8, 1), 1),
    ];

    /// <summary>What there is enough of to share, and what there is not.</summary>
    public static IEnumerable<PredictionCase> ForTeams =>
    [
        new("784-128-10 batch 32", Digits(128), 32),
        new("784-128-10 batch 128", Digits(128), 128),
        new("784-512-128-10 batch 128", NetworkSpec.Input(784).Dense(512, Activation.ReLU).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax), 128),
        new("784-512-128-10 batch 1,024", NetworkSpec.Input(784).Dense(512, Activation.ReLU).Dense(128, Activation.ReLU).Dense(10, Activation.Softmax), 1024),
        new("4-8-8-1 batch 32", Uniform(Activation.Tanh, 4, 8, 8, 1), 32),
    ];

    /// <summary>Samples in turn, a multiple of the batch.</summary>
    public int Pool => Math.Max(Rows, Prediction.Pool);

    public override Demand Demand => ForwardDemand(Pool, 1 - Zeros, Weights == WeightFormat.BFloat16 ? 0.5 : 1);

    public override NetworkTask Task => new(NetworkWork.Predict, Spec, Rows, Pool, Zeros: Zeros);

    /// <summary>FANN predicts one sample a call, and knows no ReLU.</summary>
    public override bool IsFor(string implementation) => implementation != Implementations.Fann || (Rows == 1 && Spec.OutputActivation != Activation.Softmax);
}

/// <summary>Predictor.Predict on samples in turn.</summary>
public class Prediction
{
    /// <summary>The least samples in turn.</summary>
    internal const int Pool = 128;

    private Samples _samples = null!;
    private Predictor<float> _predictor = null!;
    private AlignedBuffer<float> _outputs = null!;
    private OnnxPredictor _onnx = null!;
    private FannNetwork _fann = null!;
    private AlignedBuffer<float> _fannOutputs = null!;

    [ParamsSource(nameof(Cases))]
    public PredictionCase Case { get; set; } = null!;

    public IEnumerable<PredictionCase> Cases => PredictionCase.All;

    [GlobalSetup(Target = nameof(SimdNet))]
    public void SetUpSimdNet()
    {
        Network<float> network = Case.Spec.Build<float>();
        Fill(network);
        _predictor = new(network, new() { Weights = Case.Weights });
        WarmUp.Run(SimdNet);
    }

    [GlobalSetup(Target = nameof(OnnxRuntime))]
    public void SetUpOnnxRuntime()
    {
        Network<float> network = Case.Spec.Build<float>();
        Fill(network);
        _onnx = new(network, _samples.Inputs, Case.Rows);
        Check(OnnxRuntime, _onnx.Outputs.Span);
        WarmUp.Run(OnnxRuntime);
    }

    [GlobalSetup(Target = nameof(Fann))]
    public void SetUpFann()
    {
        _fann = new(Case.Spec, Samples.Rate);
        _fannOutputs = new(Case.Spec.Outputs);
        Fill(_fann.ToNetwork(Case.Spec));
        Check(Fann, _fannOutputs.Span);
        WarmUp.Run(Fann);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet() => _predictor.Predict(_samples.Next(), _outputs.Span);

    [Benchmark(Description = Implementations.OnnxRuntime)]
    public void OnnxRuntime() => _onnx.Predict();

    [Benchmark(Description = Implementations.Fann)]
    public void Fann() => _fann.Predict(_samples.Next(), _fannOutputs.Span);

    /// <summary>Peers are held against the full weights.</summary>
    private void Fill(Network<float> network)
    {
        _samples = new(Case.Spec, Pool, Case.Rows, Case.Zeros);
        _predictor = new(network);
        _outputs = new(Case.Rows * Case.Spec.Outputs);
    }

    /// <summary>On every batch.</summary>
    private void Check(Action peer, ReadOnlySpan<float> outputs)
    {
        List<float> expected = [];
        List<float> actual = [];
        for (int batch = 0; batch < Pool / Case.Rows; batch++)
        {
            SimdNet();
            expected.AddRange(_outputs.Span);
        }

        _samples.Restart();
        for (int batch = 0; batch < Pool / Case.Rows; batch++)
        {
            peer();
            actual.AddRange(outputs);
        }

        Agreement.Check<float>(expected.ToArray(), actual.ToArray(), Case.Name);
    }
}
