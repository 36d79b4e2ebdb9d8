using System;
using System.Collections.Generic;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Training;

namespace SimdNet.Bench.Threading;

/// <summary>What the suites of training measure, by a trainer with a team of two and by one without, in turn.</summary>
public class TeamTraining
{
    private Func<double> _two = null!;
    private Func<double> _one = null!;

    [ParamsSource(nameof(Cases))]
    public TeamTrainingCase Case { get; set; } = null!;

    public IEnumerable<TeamTrainingCase> Cases => TeamTrainingCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _two = Start(threads: 2);
        _one = Start(threads: 1);
        Agreement.Check<double>([_one()], [_two()], Case.Name);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public double SimdNet() => _two();

    [Benchmark(Description = Implementations.OneThread)]
    public double OneThread() => _one();

    /// <summary>The row's own benchmark, set up and warm.</summary>
    private Func<double> Start(int threads)
    {
        switch (Case.Row)
        {
            case PerSampleStepCase row:
                PerSampleStep sample = new() { Case = row, Threads = threads };
                sample.SetUpSimdNet();
                return sample.SimdNet;
            case MinibatchStepCase row:
                MinibatchStep batch = new() { Case = row, Threads = threads };
                batch.SetUpSimdNet();
                return () => batch.SimdNet();
            case FullBatchEpochCase row:
                FullBatchEpoch epoch = new() { Case = row, Threads = threads };
                epoch.Setup();
                return epoch.SimdNet;
            case SimpleChainsCase row when row.Element == typeof(float):
                SimpleChainsShapes<float> single = new() { Case = row, Threads = threads };
                single.Setup();
                return single.SimdNet;
            case SimpleChainsCase row:
                SimpleChainsShapes<double> shapes = new() { Case = row, Threads = threads };
                shapes.Setup();
                return shapes.SimdNet;
            default:
                throw new NotSupportedException($"{Case.Row} has no benchmark here.");
        }
    }
}
