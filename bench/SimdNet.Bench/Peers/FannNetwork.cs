using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Runtime.InteropServices;

namespace SimdNet.Bench.Peers;

/// <summary>A network of the Fast Artificial Neural Network library in float, trained sample by sample.</summary>
/// <remarks>
/// It knows neither ReLU nor softmax: where a network has them, this one of the same widths has sigmoids, and numbers as targets. Its error and its derivatives are clipped, so that its steps are not SimdNet's; its outputs are. It is never freed: a benchmark makes one in the life of its process.
/// </remarks>
internal sealed unsafe class FannNetwork
{
    private const int Sigmoid = 3;
    private const int Tanh = 5;
    private const int Incremental = 0;
    private const int LinearError = 0;

    private static Functions Fann = null!;

    private readonly nint _network;
    private readonly int _outputs;

    public FannNetwork(NetworkSpec spec, double rate)
    {
        DenseSpec[] layers = [.. spec.Layers.Cast<DenseSpec>()];
        uint[] widths = [(uint)spec.Inputs, .. layers.Select(layer => (uint)layer.Units)];
        fixed (uint* address = widths)
        {
            _network = Fann.Create((uint)widths.Length, address);
        }

        _outputs = spec.Outputs;
        bool isTanh = layers[0].Activation == Activation.Tanh;

        // It computes tanh(s·x) and 1 / (1 + e^−2sx).
        float steepness = isTanh ? 1 : 0.5f;
        Fann.SetHiddenActivation(_network, isTanh ? Tanh : Sigmoid);
        Fann.SetOutputActivation(_network, isTanh ? Tanh : Sigmoid);
        Fann.SetHiddenSteepness(_network, steepness);
        Fann.SetOutputSteepness(_network, steepness);
        Fann.SetAlgorithm(_network, Incremental);
        Fann.SetErrorFunction(_network, LinearError);
        Fann.SetRate(_network, (float)rate);
    }

    [field: MaybeNull]
    public static Presence Presence => field ??= Load();

    public void Step(ReadOnlySpan<float> x, ReadOnlySpan<float> target)
    {
        fixed (float* input = x, wanted = target)
        {
            Fann.Train(_network, input, wanted);
        }
    }

    public void Predict(ReadOnlySpan<float> x, Span<float> output)
    {
        fixed (float* input = x)
        {
            new ReadOnlySpan<float>(Fann.Run(_network, input), _outputs).CopyTo(output);
        }
    }

    /// <summary>A network of SimdNet's with the same widths, activations and parameters.</summary>
    public Network<float> ToNetwork(NetworkSpec widths)
    {
        Activation activation = ((DenseSpec)widths.Layers[0]).Activation == Activation.Tanh ? Activation.Tanh : Activation.Sigmoid;
        NetworkSpec spec = NetworkSpec.Input(widths.Inputs);
        foreach (DenseSpec layer in widths.Layers.Cast<DenseSpec>())
        {
            spec = spec.Dense(layer.Units, activation);
        }

        Network<float> network = spec.Build<float>();
        Connection[] connections = new Connection[Fann.CountConnections(_network)];
        fixed (Connection* address = connections)
        {
            Fann.GetConnections(_network, address);
        }

        int layerStart = 0;
        int inputs = widths.Inputs;
        for (int i = 0; i < widths.Layers.Count; i++)
        {
            // Neurons are numbered layer by layer, each layer's bias after its others.
            int units = ((DenseSpec)widths.Layers[i]).Units;
            int next = layerStart + inputs + 1;
            Span<float> weights = network.GetParameter($"W{i + 1}");
            Span<float> bias = network.GetParameter($"b{i + 1}");
            foreach (Connection connection in connections.Where(connection => connection.To >= next && connection.To < next + units))
            {
                int unit = (int)connection.To - next;
                int input = (int)connection.From - layerStart;
                (input == inputs ? ref bias[unit] : ref weights[(input * units) + unit]) = connection.Weight;
            }

            layerStart = next;
            inputs = units;
        }

        return network;
    }

    private static Presence Load()
    {
        if (!NativeCode.TryLoad(["libfloatfann.so.2", "libfann.so.2", "libfloatfann", "libfann"], out nint library))
        {
            return Presence.Absent("not installed; Debian's package is libfann2");
        }

        if (!NativeCode.TryFind(library, out nint[]? found, "fann_create_standard_array", "fann_train", "fann_run", "fann_set_activation_function_hidden", "fann_set_activation_function_output",
            "fann_set_activation_steepness_hidden", "fann_set_activation_steepness_output", "fann_set_training_algorithm", "fann_set_train_error_function", "fann_set_learning_rate", "fann_get_total_connections", "fann_get_connection_array"))
        {
            return Presence.Absent("without a function that is used");
        }

        Fann = new(found);
        return Presence.Here(NativeCode.VersionOf("libfloatfann.so.2"));
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Connection
    {
        public readonly uint From;
        public readonly uint To;
        public readonly float Weight;
    }

    /// <summary>The library's functions, in the order of their names above.</summary>
    private sealed class Functions(nint[] found)
    {
        public readonly delegate* unmanaged[Cdecl]<uint, uint*, nint> Create = (delegate* unmanaged[Cdecl]<uint, uint*, nint>)found[0];
        public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, float*, float*, void> Train = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, float*, float*, void>)found[1];
        public readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, float*, float*> Run = (delegate* unmanaged[Cdecl, SuppressGCTransition]<nint, float*, float*>)found[2];
        public readonly delegate* unmanaged[Cdecl]<nint, int, void> SetHiddenActivation = (delegate* unmanaged[Cdecl]<nint, int, void>)found[3];
        public readonly delegate* unmanaged[Cdecl]<nint, int, void> SetOutputActivation = (delegate* unmanaged[Cdecl]<nint, int, void>)found[4];
        public readonly delegate* unmanaged[Cdecl]<nint, float, void> SetHiddenSteepness = (delegate* unmanaged[Cdecl]<nint, float, void>)found[5];
        public readonly delegate* unmanaged[Cdecl]<nint, float, void> SetOutputSteepness = (delegate* unmanaged[Cdecl]<nint, float, void>)found[6];
        public readonly delegate* unmanaged[Cdecl]<nint, int, void> SetAlgorithm = (delegate* unmanaged[Cdecl]<nint, int, void>)found[7];
        public readonly delegate* unmanaged[Cdecl]<nint, int, void> SetErrorFunction = (delegate* unmanaged[Cdecl]<nint, int, void>)found[8];
        public readonly delegate* unmanaged[Cdecl]<nint, float, void> SetRate = (delegate* unmanaged[Cdecl]<nint, float, void>)found[9];
        public readonly delegate* unmanaged[Cdecl]<nint, uint> CountConnections = (delegate* unmanaged[Cdecl]<nint, uint>)found[10];
        public readonly delegate* unmanaged[Cdecl]<nint, Connection*, void> GetConnections = (delegate* unmanaged[Cdecl]<nint, Connection*, void>)found[11];
    }
}
