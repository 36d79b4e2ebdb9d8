using System;
#if TORCH_SHARP
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

using TorchSharp;

using static TorchSharp.torch;
#endif

namespace SimdNet.Bench.Peers;

#if TORCH_SHARP
/// <summary>Training by TorchSharp, as one writes it: a module, a loss and an optimizer, each step in a scope that frees its tensors.</summary>
/// <remarks>Batches are tensors of their own, made before anything is measured.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "A benchmark makes one, which lives as long as its process.")]
internal sealed class TorchNetwork
{
    private readonly nn.Module<Tensor, Tensor> _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor[] _inputs;
    private readonly Tensor[] _targets;
    private readonly bool _hasLabels;
    private int _next;

    /// <param name="network">Whose parameters are copied.</param>
    /// <param name="optimizer">Plain gradient descent or Adam.</param>
    /// <param name="data">Some batches.</param>
    /// <param name="rows">Rows in a batch.</param>
    public TorchNetwork(Network<float> network, Optimizer optimizer, Dataset<float> data, int rows)
    {
        set_num_threads(ThreadCount.Current);
        _hasLabels = data.HasLabels;
        _model = Model(network);
        _optimizer = optimizer switch
        {
            Sgd => optim.SGD(_model.parameters(), optimizer.LearningRate),
            Adam => optim.Adam(_model.parameters(), optimizer.LearningRate),
            _ => throw new NotSupportedException($"{optimizer} is not written here."),
        };
        int batches = data.Rows / rows;
        _inputs = [.. Enumerable.Range(0, batches).Select(batch => Rows(data.Inputs, batch, rows, data.Features))];
        _targets = [.. Enumerable.Range(0, batches).Select(batch => _hasLabels
            ? tensor([.. data.Labels.Slice(batch * rows, rows).ToArray().Select(label => (long)label)], [rows])
            : Rows(data.Targets, batch, rows, data.Outputs))];
    }

    [field: MaybeNull]
    public static Presence Presence => field ??= Load();

    /// <summary>One step on the next batch, on the mean cross-entropy of classes or half the squared error of targets.</summary>
    /// <returns>The loss before the step.</returns>
    public float Step()
    {
        _next = _next + 1 == _inputs.Length ? 0 : _next + 1;
        using DisposeScope scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor output = _model.forward(_inputs[_next]);
        Tensor loss = _hasLabels ? nn.functional.cross_entropy(output, _targets[_next]) : (output - _targets[_next]).square().sum() * 0.5f;
        loss.backward();
        _optimizer.step();
        return loss.item<float>();
    }

    /// <summary>Its native library may want a newer C++ library than the system's. It is loaded here, since TorchSharp's own search does not tell what is missing, and copies the library where it finds none that loads.</summary>
    private static Presence Load()
    {
        NativeEnvironment.Prepare();
        string system = OperatingSystem.IsWindows() ? "win-x64/native/LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "osx-arm64/native/libLibTorchSharp.dylib" : "linux-x64/native/libLibTorchSharp.so";
        try
        {
            NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, "runtimes", system));
            set_num_threads(ThreadCount.Current);
            return Presence.Of(typeof(torch));
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or NotSupportedException)
        {
            return Presence.DoesNotLoad(exception);
        }
    }

    /// <summary>Without the softmax, which the cross-entropy has in it.</summary>
    private static nn.Module<Tensor, Tensor> Model(Network<float> network)
    {
        List<(string, nn.Module<Tensor, Tensor>)> modules = [];
        int inputs = network.Inputs;
        foreach ((int i, DenseSpec layer) in network.Spec.Layers.Cast<DenseSpec>().Index())
        {
            TorchSharp.Modules.Linear linear = nn.Linear(inputs, layer.Units);
            using (no_grad())
            {
                linear.weight!.copy_(tensor(network.GetParameter($"W{i + 1}").ToArray(), [inputs, layer.Units]).t());
                linear.bias!.copy_(tensor(network.GetParameter($"b{i + 1}").ToArray(), [layer.Units]));
            }

            modules.Add(($"dense{i}", linear));
            switch (layer.Activation.Kind)
            {
                case ActivationKind.Softmax: break;
                case ActivationKind.ReLU: modules.Add(($"activation{i}", nn.ReLU())); break;
                case ActivationKind.Sigmoid: modules.Add(($"activation{i}", nn.Sigmoid())); break;
                case ActivationKind.Tanh: modules.Add(($"activation{i}", nn.Tanh())); break;
                default: throw new NotSupportedException($"{layer.Activation} is not written here.");
            }

            inputs = layer.Units;
        }

        return nn.Sequential(modules);
    }

    private static Tensor Rows(ReadOnlyMemory<float> values, int batch, int rows, int columns) => tensor(values.Slice(batch * rows * columns, rows * columns).ToArray(), [rows, columns]);
}
#else
/// <summary>Stands for TorchSharp in a build without it.</summary>
internal sealed class TorchNetwork
{
    public TorchNetwork(Network<float> network, Optimizer optimizer, Dataset<float> data, int rows) => throw new NotSupportedException($"{Presence.Text}: {network.Spec}, {optimizer}, {data.Rows}, {rows}");

    public static Presence Presence => Presence.NotBuilt;

    public float Step() => throw new NotSupportedException();
}
#endif
