using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Bench.Training;
using SimdNet.Memory;

namespace SimdNet.Bench.Threading;

/// <summary>Batches predicted by a team of two and without one, in turn, and by ONNX Runtime with as many threads.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "BenchmarkDotNet derives from the class, and calls what cleans up.")]
public class TeamPrediction
{
    private Samples _samples = null!;
    private AlignedBuffer<float> _outputs = null!;
    private WorkerTeam? _team;
    private Predictor<float> _two = null!;
    private Predictor<float> _one = null!;
    private OnnxPredictor _onnx = null!;

    [ParamsSource(nameof(Cases))]
    public TeamPredictionCase Case { get; set; } = null!;

    public IEnumerable<TeamPredictionCase> Cases => TeamPredictionCase.All;

    [GlobalSetup(Targets = [nameof(SimdNet), nameof(OneThread)])]
    public void Setup()
    {
        Network<float> network = Fill();
        _team = new(2);
        _two = new(network, new() { Team = _team });
        SimdNet();
        float[] outputs = _outputs.Span.ToArray();
        _samples.Restart();
        OneThread();
        Agreement.Check<float>(_outputs.Span, outputs, Case.Name);
        WarmUp.Run(SimdNet, OneThread);
    }

    [GlobalSetup(Target = nameof(OnnxRuntime))]
    public void SetUpOnnxRuntime()
    {
        _onnx = new(Fill(), _samples.Inputs, Case.Row.Rows);
        OneThread();
        float[] outputs = _outputs.Span.ToArray();
        OnnxRuntime();
        Agreement.Check<float>(outputs, _onnx.Outputs.Span, Case.Name);
        WarmUp.Run(OnnxRuntime);
    }

    [GlobalCleanup]
    public void CleanUp() => _team?.Dispose();

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet() => _two.Predict(_samples.Next(), _outputs.Span);

    [Benchmark(Description = Implementations.OneThread)]
    public void OneThread() => _one.Predict(_samples.Next(), _outputs.Span);

    [Benchmark(Description = Implementations.OnnxRuntime)]
    public void OnnxRuntime() => _onnx.Predict();

    private Network<float> Fill()
    {
        Network<float> network = Case.Row.Spec.Build<float>();
        _samples = new(Case.Row.Spec, Case.Row.Pool, Case.Row.Rows);
        _outputs = new(Case.Row.Rows * Case.Row.Spec.Outputs);
        _one = new(network);
        return network;
    }
}
