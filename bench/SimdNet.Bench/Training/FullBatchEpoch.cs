using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>Gradient descent on all rows at once.</summary>
public sealed record FullBatchEpochCase(string Name, NetworkSpec Spec, int DataRows, TrainerCall Call, int Epochs)
    : NetworkCase(Name, Spec, DataRows * Epochs, Step(Spec))
{
    public static IEnumerable<FullBatchEpochCase> All =>
    [
        new("784-16-10 42,000 rows, step", Digits(16), 42_000, TrainerCall.Step, 1),
        new("784-16-10 42,000 rows, fit of 5 epochs", Digits(16), 42_000, TrainerCall.Fit, 5),
    ];

    /// <summary>The samples are read once an epoch; weights, and what is computed of a tile of samples, stay in the caches.</summary>
    public override Demand Demand => new(Work.Flops, 0, new Stream("samples", Access.Read, Rows * SampleBytes, ParameterBytes + (DataRows * SampleBytes)));

    public override NetworkTask Task => new(NetworkWork.Step, Spec, DataRows, DataRows, new Sgd { LearningRate = Samples.Rate }, Calls: Epochs);
}

/// <summary>Epochs of full-batch gradient descent over 132 MB of data, which no cache holds: as many images as the training sets of the tutorials have.</summary>
public class FullBatchEpoch
{
    private Dataset<float> _data = null!;
    private Trainer<float> _trainer = null!;
    private FitOptions<float> _options = null!;

    [ParamsSource(nameof(Cases))]
    public FullBatchEpochCase Case { get; set; } = null!;

    /// <summary>SimdNet's; more than one make a team.</summary>
    public int Threads { get; init; } = 1;

    public IEnumerable<FullBatchEpochCase> Cases => FullBatchEpochCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _data = new Samples(Case.Spec, Case.DataRows, Case.DataRows).ToDataset();
        _trainer = new(Case.Spec.Build<float>(), Loss.CrossEntropy, new Sgd { LearningRate = Samples.Rate }, new() { Threads = Threads });
        _options = new() { Epochs = Case.Epochs, BatchSize = FitOptions<float>.FullBatch };
        WarmUp.Run(() => SimdNet());
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public double SimdNet() => Case.Call == TrainerCall.Step ? _trainer.Step(_data) : _trainer.Fit(_data, _options).Rows;
}
