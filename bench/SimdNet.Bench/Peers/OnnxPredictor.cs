using System;
#if ONNX_RUNTIME
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

using Microsoft.ML.OnnxRuntime;

using SimdNet.Memory;
#endif

namespace SimdNet.Bench.Peers;

#if ONNX_RUNTIME
/// <summary>Predictions by ONNX Runtime on as many threads as the suite has, of a network written as a model.</summary>
/// <remarks>Each batch has a binding of its own to memory that neither side copies, made before anything is measured: a call is a run of the session and nothing else.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A benchmark makes one, which lives as long as its process.")]
internal sealed class OnnxPredictor
{
    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding[] _bindings;

    /// <summary>What the bindings point to, kept from being collected.</summary>
    private readonly List<OrtValue> _values = [];
    private int _next;

    /// <param name="network">Whose parameters are copied.</param>
    /// <param name="inputs">Rows in blocks that never move, some batches of them.</param>
    /// <param name="rows">Rows in a batch.</param>
    public OnnxPredictor(Network<float> network, Memory<float> inputs, int rows)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = ThreadCount.Current,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new(OnnxModel.Write(network, rows), options);
        AlignedBuffer<float> outputs = new(rows * network.Outputs);
        Outputs = outputs.Memory;
        OrtValue output = Value(outputs.Memory, rows, network.Outputs);
        int length = rows * network.Inputs;
        _bindings = [.. Enumerable.Range(0, inputs.Length / length).Select(batch => Bind(Value(inputs.Slice(batch * length, length), rows, network.Inputs), output))];
    }

    [field: MaybeNull]
    public static Presence Presence => field ??= Load();

    /// <summary>Those of the last batch.</summary>
    public Memory<float> Outputs { get; }

    /// <summary>Predicts the next batch, the first again after the last.</summary>
    public void Predict()
    {
        _next = _next + 1 == _bindings.Length ? 0 : _next + 1;
        _session.RunWithBinding(_options, _bindings[_next]);
    }

    private static Presence Load()
    {
        NativeEnvironment.Prepare();
        try
        {
            return Presence.Here(OrtEnv.Instance().GetVersionString());
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return Presence.DoesNotLoad(exception);
        }
    }

    private OrtValue Value(Memory<float> memory, int rows, int columns)
    {
        OrtValue value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, [rows, columns]);
        _values.Add(value);
        return value;
    }

    private OrtIoBinding Bind(OrtValue input, OrtValue output)
    {
        OrtIoBinding binding = _session.CreateIoBinding();
        binding.BindInput(OnnxModel.Input, input);
        binding.BindOutput(OnnxModel.Output, output);
        return binding;
    }
}
#else
/// <summary>Stands for ONNX Runtime in a build without it.</summary>
internal sealed class OnnxPredictor
{
    public OnnxPredictor(Network<float> network, Memory<float> inputs, int rows) => throw new NotSupportedException($"{Presence.Text}: {network.Spec}, {inputs.Length}, {rows}");

    public static Presence Presence => Presence.NotBuilt;

    public Memory<float> Outputs => throw new NotSupportedException();

    public void Predict() => throw new NotSupportedException();
}
#endif
