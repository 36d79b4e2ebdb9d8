using System.Collections.Generic;
using System.Numerics;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Python;
using SimdNet.Memory;

namespace SimdNet.Bench.Training;

/// <summary>Gradients and steps on all rows of a small problem.</summary>
public class SimpleChainsShapes<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private AlignedBuffer<T> _inputs = null!;
    private AlignedBuffer<T> _targets = null!;
    private Dataset<T> _data = null!;
    private Trainer<T> _trainer = null!;

    [ParamsSource(nameof(Cases))]
    public SimpleChainsCase Case { get; set; } = null!;

    /// <summary>SimdNet's; more than one make a team.</summary>
    public int Threads { get; init; } = 1;

    public IEnumerable<SimpleChainsCase> Cases => SimpleChainsCase.All(typeof(T));

    [GlobalSetup]
    public void Setup()
    {
        _inputs = RandomData.Uniform<T>(Case.Rows * Case.Spec.Inputs, seed: 11);
        _targets = RandomData.Uniform<T>(Case.Rows * Case.Spec.Outputs, seed: 12);
        _data = new(_inputs.Memory, Case.Spec.Inputs, _targets.Memory, Case.Spec.Outputs);
        _trainer = new(Case.Spec.Build<T>(), Loss.HalfSquaredError, Case.Optimizer, new() { Threads = Threads });
        WarmUp.Run(() => SimdNet());
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public double SimdNet() => Case.Call == NetworkWork.Gradient ? _trainer.LossAndGradient(_data) : double.CreateTruncating(_trainer.Step(_inputs.Span, _targets.Span));
}
