using System;
using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Python;
using SimdNet.Bench.Roofline;

namespace SimdNet.Bench.Training;

/// <summary>One step on a batch of samples with classes.</summary>
public sealed record MinibatchStepCase(string Name, NetworkSpec Spec, int Rows, Optimizer Optimizer)
    : NetworkCase(Name, Spec, Rows, Step(Spec))
{
    public static IEnumerable<MinibatchStepCase> All =>
    [
        new("784-128-10 batch 32 sgd", Digits(128), 32, new Sgd { LearningRate = Samples.Rate }),
        new("784-128-10 batch 128 sgd", Digits(128), 128, new Sgd { LearningRate = Samples.Rate }),
        new("784-128-10 batch 32 adam", Digits(128), 32, new Adam { LearningRate = Samples.Rate }),
        new("784-128-10 batch 128 adam", Digits(128), 128, new Adam { LearningRate = Samples.Rate }),
    ];

    public override Demand Demand => StepDemand(MinibatchStep.Pool, blocks: Optimizer is Adam ? 3 : 1);

    public override NetworkTask Task => new(NetworkWork.Step, Spec, Rows, MinibatchStep.Pool, Optimizer);
}

/// <summary>Trainer.Step on batches in turn from more samples than L2 holds, as in an epoch.</summary>
public class MinibatchStep
{
    internal const int Pool = 2048;

    private Samples _samples = null!;
    private Trainer<float> _trainer = null!;

    [ParamsSource(nameof(Cases))]
    public MinibatchStepCase Case { get; set; } = null!;

    public IEnumerable<MinibatchStepCase> Cases => MinibatchStepCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _samples = new(Case.Spec, Pool, Case.Rows);
        _trainer = new(Case.Spec.Build<float>(), Loss.CrossEntropy, Case.Optimizer, new() { MaxBatch = Case.Rows });
        WarmUp.Run(() => SimdNet());
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public float SimdNet()
    {
        ReadOnlySpan<float> x = _samples.Next();
        return _trainer.Step(x, _samples.Labels);
    }
}
