using System;
using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;


namespace SimdNet.Bench.Training;

/// <summary>Trainer.Step on one sample with plain gradient descent, against the loops of a textbook.</summary>
public class PerSampleStep
{
    /// <summary>Samples in turn: more than a branch predictor remembers the zeros of, few enough to stay in L2 beside the weights.</summary>
    internal const int Pool = 64;

    private Samples _samples = null!;
    private Trainer<float> _trainer = null!;
    private NaiveNetwork _naive = null!;

    [ParamsSource(nameof(Cases))]
    public PerSampleStepCase Case { get; set; } = null!;

    public IEnumerable<PerSampleStepCase> Cases => PerSampleStepCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _samples = new(Case.Spec, Pool, batch: 1, Case.Zeros);
        Start(rate: 0.05);
        CheckAgreement();
        Start(Samples.Rate);
        WarmUp.Run(() => SimdNet(), () => Naive());
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public float SimdNet()
    {
        ReadOnlySpan<float> x = _samples.Next();
        return Case.HasLabels ? _trainer.Step(x, _samples.Labels) : _trainer.Step(x, _samples.Targets);
    }

    [Benchmark(Description = Implementations.Naive)]
    public float Naive()
    {
        ReadOnlySpan<float> x = _samples.Next();
        return Case.HasLabels ? _naive.Step(x, _samples.Labels[0]) : _naive.Step(x, _samples.Targets);
    }

    private void Start(double rate)
    {
        Network<float> network = Case.Spec.Build<float>();
        _trainer = new(network, Case.HasLabels ? Loss.CrossEntropy : Loss.HalfSquaredError, new Sgd { LearningRate = rate }, new() { MaxBatch = 1 });
        _naive = new(network, (float)rate);
    }

    private void CheckAgreement()
    {
        float[] losses = new float[Pool];
        float[] naiveLosses = new float[Pool];
        _samples.Restart();
        foreach (ref float loss in losses.AsSpan())
        {
            loss = SimdNet();
        }

        _samples.Restart();
        foreach (ref float loss in naiveLosses.AsSpan())
        {
            loss = Naive();
        }

        Agreement.Check<float>(naiveLosses, losses, Case.Name);
    }
}
