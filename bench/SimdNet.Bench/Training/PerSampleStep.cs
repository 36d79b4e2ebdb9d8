using System;
using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Memory;

namespace SimdNet.Bench.Training;

/// <summary>Trainer.Step on one sample, and Trainer.Fit with batches of one, with plain gradient descent, against what else trains sample by sample.</summary>
public class PerSampleStep
{
    /// <summary>Samples in turn, for single steps: more than a branch predictor remembers the zeros of, few enough to stay in L2 beside the weights.</summary>
    internal const int Pool = 64;

    private Samples _samples = null!;
    private Dataset<float> _data = null!;
    private FitOptions<float> _options = null!;
    private Trainer<float> _trainer = null!;
    private NaiveNetwork _naive = null!;
    private CNetwork _c = null!;
    private FannNetwork _fann = null!;
    private TorchNetwork _torch = null!;
    private AlignedBuffer<float> _numbers = null!;
    private int _next;

    [ParamsSource(nameof(Cases))]
    public PerSampleStepCase Case { get; set; } = null!;

    /// <summary>SimdNet's; more than one make a team.</summary>
    public int Threads { get; init; } = 1;

    public IEnumerable<PerSampleStepCase> Cases => PerSampleStepCase.All;

    [GlobalSetup(Target = nameof(SimdNet))]
    public void SetUpSimdNet()
    {
        Fill();
        Start(Samples.Rate);
        WarmUp.Run(() => SimdNet());
    }

    [GlobalSetup(Target = nameof(C))]
    public void SetUpC() => SetUp(C, rate => _c = new(Case.Spec.Build<float>(), rate));

    [GlobalSetup(Target = nameof(Naive))]
    public void SetUpNaive() => SetUp(Naive, rate => _naive = new(Case.Spec.Build<float>(), (float)rate));

    [GlobalSetup(Target = nameof(TorchSharp))]
    public void SetUpTorchSharp() => SetUp(TorchSharp, rate => _torch = new(Case.Spec.Build<float>(), new Sgd { LearningRate = rate }, _data, rows: 1));

    /// <summary>Its steps are its own; its outputs are compared with those of a network that has its parameters.</summary>
    [GlobalSetup(Target = nameof(Fann))]
    public void SetUpFann()
    {
        Fill();
        _fann = new(Case.Spec, Samples.Rate);
        Predictor<float> predictor = new(_fann.ToNetwork(Case.Spec));
        float[] expected = new float[Case.Spec.Outputs];
        float[] actual = new float[Case.Spec.Outputs];
        for (int i = 0; i < _data.Rows; i++)
        {
            ReadOnlySpan<float> x = Row(i);
            predictor.Predict(x, expected);
            _fann.Predict(x, actual);
            Agreement.Check<float>(expected, actual, Case.Name);
        }

        // Classes as numbers: one unit 1, the others 0.
        Dataset<float> numbers = Case.HasLabels ? _data.OneHot(Case.Spec.Outputs) : _data;
        _numbers = new(numbers.Targets.Length);
        numbers.Targets.Span.CopyTo(_numbers.Span);
        WarmUp.Run(() => Fann());
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public double SimdNet()
    {
        if (Case.Call == TrainerCall.Fit)
        {
            return _trainer.Fit(_data, _options).Epochs[0].Loss;
        }

        ReadOnlySpan<float> x = _samples.Next();
        return Case.HasLabels ? _trainer.Step(x, _samples.Labels) : _trainer.Step(x, _samples.Targets);
    }

    [Benchmark(Description = Implementations.C)]
    public double C()
    {
        if (Case.Call == TrainerCall.Fit)
        {
            return LossOfEpoch(_c.Epoch(_data));
        }

        ReadOnlySpan<float> x = _samples.Next();
        return Case.HasLabels ? _c.Step(x, _samples.Labels[0]) : _c.Step(x, _samples.Targets);
    }

    [Benchmark(Description = Implementations.Fann)]
    public void Fann()
    {
        if (Case.Call == TrainerCall.Fit)
        {
            for (int i = 0; i < _data.Rows; i++)
            {
                _fann.Step(Row(i), Numbers(i));
            }

            return;
        }

        _next = _next + 1 == _data.Rows ? 0 : _next + 1;
        _fann.Step(Row(_next), Numbers(_next));
    }

    [Benchmark(Description = Implementations.TorchSharp)]
    public double TorchSharp() => _torch.Step();

    [Benchmark(Description = Implementations.Naive)]
    public double Naive()
    {
        if (Case.Call == TrainerCall.Fit)
        {
            double sum = 0;
            for (int i = 0; i < _data.Rows; i++)
            {
                sum += Case.HasLabels ? _naive.Step(Row(i), _data.Labels.Span[i]) : _naive.Step(Row(i), _data.Targets.Span.Slice(i * Case.Spec.Outputs, Case.Spec.Outputs));
            }

            return LossOfEpoch(sum);
        }

        ReadOnlySpan<float> x = _samples.Next();
        return Case.HasLabels ? _naive.Step(x, _samples.Labels[0]) : _naive.Step(x, _samples.Targets);
    }

    /// <summary>As the history has it: the mean of the cross-entropies, the sum of the errors.</summary>
    private double LossOfEpoch(double sum) => Case.HasLabels ? sum / _data.Rows : sum;

    private void Fill()
    {
        int rows = Case.Call == TrainerCall.Fit ? Case.DataRows : Pool;
        _samples = new(Case.Spec, rows, batch: 1, Case.Zeros);
        _data = Case.HasLabels ? _samples.ToDataset() : _samples.ToDatasetWithTargets();
        _options = new() { Epochs = 1, BatchSize = 1, Shuffle = false };
    }

    private void Start(double rate) => _trainer = new(Case.Spec.Build<float>(), Case.HasLabels ? Loss.CrossEntropy : Loss.HalfSquaredError, new Sgd { LearningRate = rate }, new() { MaxBatch = 1, Threads = Threads });

    /// <summary>Checked at a rate that moves the parameters, so that wrong steps show in the losses, but learns without jumps, which would make rounding errors grow.</summary>
    private void SetUp(Func<double> peer, Action<double> start)
    {
        const double Rate = 0.001;
        Fill();
        Start(Rate);
        start(Rate);
        Agreement.Check<float>(LossesOf(SimdNet), LossesOf(peer), Case.Name);
        start(Samples.Rate);
        WarmUp.Run(() => peer());
    }

    private float[] LossesOf(Func<double> implementation)
    {
        float[] losses = new float[Case.Call == TrainerCall.Fit ? 2 : Pool];
        _samples.Restart();
        foreach (ref float loss in losses.AsSpan())
        {
            loss = (float)implementation();
        }

        return losses;
    }

    private ReadOnlySpan<float> Row(int index) => _data.Inputs.Span.Slice(index * Case.Spec.Inputs, Case.Spec.Inputs);

    private ReadOnlySpan<float> Numbers(int index) => _numbers.Span.Slice(index * Case.Spec.Outputs, Case.Spec.Outputs);
}
