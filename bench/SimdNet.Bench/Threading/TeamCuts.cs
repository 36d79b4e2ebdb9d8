using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Training;
using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model.Layers;

namespace SimdNet.Bench.Threading;

/// <summary>Work in two parts by a team of two, and as a whole, call after call: what the sizes from which the library cuts work were chosen by.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "BenchmarkDotNet derives from the class, and calls what cleans up.")]
public class TeamCuts
{
    private const int PartCount = 2;

    /// <summary>Floats of a cache line, which parts are whole multiples of.</summary>
    private const int Line = AlignedBuffer<float>.Alignment / sizeof(float);

    private WorkerTeam _team = null!;
    private Action _two = null!;
    private Action _one = null!;

    [ParamsSource(nameof(Cases))]
    public TeamCutCase Case { get; set; } = null!;

    public IEnumerable<TeamCutCase> Cases => TeamCutCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _team = new(PartCount);
        if (Case.Kind == CutKind.Step)
        {
            _two = Step(_team);
            _one = Step(team: null);
        }
        else
        {
            Action<Share, int> work = Case.Kind switch
            {
                CutKind.Layer => LayerForward(),
                CutKind.Product => Product(),
                _ => Update(),
            };
            _two = () => RunParts(work);
            _one = () => work(Share.All, 0);
        }

        WarmUp.Run(SimdNet, OneThread);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _team.Dispose();
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet() => _two();

    [Benchmark(Description = Implementations.OneThread)]
    public void OneThread() => _one();

    /// <summary>Parts that are this method's own: what a lambda captures lies in an object, which the garbage collector may move while the team works on it.</summary>
    private void RunParts(Action<Share, int> work)
    {
        Parts parts = new(work);
        _team.Run(ref parts, PartCount);
    }

    private Action<Share, int> LayerForward()
    {
        Network<float> network = NetworkSpec.Input(TeamCutCase.Inputs).Dense(Case.Size, Activation.ReLU).Build<float>();
        Layer<float> layer = network.Layers[0];
        AlignedBuffer<float> x = RandomData.Uniform<float>(TeamCutCase.LayerRows * TeamCutCase.Inputs, seed: 1);
        AlignedBuffer<float> y = new(TeamCutCase.LayerRows * Case.Size);
        int length = int.Max(network.Kernels.ScratchLength, network.Kernels.ScratchLengthFor(TeamCutCase.LayerRows, TeamCutCase.Inputs, Case.Size));
        AlignedBuffer<float>[] scratch = [new(length), new(length)];
        return (share, worker) => layer.Forward(
            new(network.ParameterBlock, default, scratch[worker].Span, default, isLinear: false, isFrozen: false, share), new(x.Span, TeamCutCase.LayerRows, TeamCutCase.Inputs), new(y.Span, TeamCutCase.LayerRows, Case.Size));
    }

    private Action<Share, int> Product()
    {
        int n = Case.Size;
        AlignedBuffer<float> a = RandomData.Uniform<float>(TeamCutCase.ProductRows * TeamCutCase.Inputs, seed: 1);
        AlignedBuffer<float> b = RandomData.Uniform<float>(TeamCutCase.Inputs * n, seed: 2);
        AlignedBuffer<float> c = new(TeamCutCase.ProductRows * n);
        return (share, _) =>
        {
            (int start, int count) = share.Of(n, Line);
            Numerics.MatrixPrimitives.Multiply(TeamCutCase.ProductRows, count, TeamCutCase.Inputs, a.Span, TeamCutCase.Inputs, b.Span[start..], n, c.Span[start..], n, accumulate: false);
        };
    }

    private Action<Share, int> Update()
    {
        KernelSet<float> kernels = KernelSets.Active<float>();
        AlignedBuffer<float> parameters = RandomData.Uniform<float>(Case.Size, seed: 1);
        AlignedBuffer<float> gradient = RandomData.Uniform<float>(Case.Size, seed: 2);
        AlignedBuffer<float> mean = new(Case.Size);
        AlignedBuffer<float> variance = new(Case.Size);
        AdamScalars<float> settings = new((float)Samples.Rate, 0, 0.9f, 0.1f, 0.999f, 0.001f, 1, 1e-8f);
        return (share, _) =>
        {
            (int start, int count) = share.Of(Case.Size, Line);
            kernels.UpdateAdam(parameters.Span.Slice(start, count), gradient.Span.Slice(start, count), mean.Span.Slice(start, count), variance.Span.Slice(start, count), settings);
        };
    }

    private Action Step(WorkerTeam? team)
    {
        Samples samples = new(Case.Spec!, Case.Size, Case.Size);
        Trainer<float> trainer = new(Case.Spec!.Build<float>(), Loss.HalfSquaredError, new Sgd { LearningRate = Samples.Rate }, new() { MaxBatch = Case.Size, Team = team });
        return () => trainer.Step(samples.Next(), samples.Targets);
    }

    private readonly struct Parts(Action<Share, int> work) : IPartedWork
    {
        public void Run(int part, int worker) => work(new(part, PartCount), worker);
    }
}
