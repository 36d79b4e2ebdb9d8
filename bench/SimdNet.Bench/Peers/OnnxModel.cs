using System;
using System.Runtime.InteropServices;

namespace SimdNet.Bench.Peers;

/// <summary>A network as an ONNX model, for runtimes that read one: for each layer Gemm with its bias, then the activation. The numbers of the fields are those of onnx.proto3.</summary>
internal static class OnnxModel
{
    public const string Input = "x";
    public const string Output = "y";

    private const int FormatVersion = 8;
    private const int OperatorSet = 17;
    private const int Float = 1;

    /// <summary>The model, for batches of exactly that many rows, so that a runtime can plan for them.</summary>
    public static byte[] Write(Network<float> network, int rows)
    {
        ProtobufWriter graph = new();
        string previous = Input;
        int inputs = network.Inputs;
        for (int i = 0; i < network.Spec.Layers.Count; i++)
        {
            DenseSpec layer = (DenseSpec)network.Spec.Layers[i];
            string weights = $"W{i + 1}";
            string bias = $"b{i + 1}";
            string sums = $"z{i + 1}";
            string output = i + 1 == network.Spec.Layers.Count ? Output : $"a{i + 1}";
            graph.Write(1, Node("Gemm", sums, previous, weights, bias));
            graph.Write(1, Node(OperatorOf(layer.Activation.Kind), output, sums));
            graph.Write(5, Tensor(weights, network.GetParameter(weights), inputs, layer.Units));
            graph.Write(5, Tensor(bias, network.GetParameter(bias), layer.Units));
            previous = output;
            inputs = layer.Units;
        }

        graph.Write(2, "network");
        graph.Write(11, Value(Input, rows, network.Inputs));
        graph.Write(12, Value(Output, rows, network.Outputs));
        return new ProtobufWriter().Write(1, FormatVersion).Write(7, graph).Write(8, new ProtobufWriter().Write(2, OperatorSet)).Written.ToArray();
    }

    private static string OperatorOf(ActivationKind kind) => kind switch
    {
        ActivationKind.ReLU => "Relu",
        ActivationKind.Sigmoid => "Sigmoid",
        ActivationKind.Softmax => "Softmax",
        ActivationKind.Tanh => "Tanh",
        _ => throw new NotSupportedException($"{kind} is not written here."),
    };

    private static ProtobufWriter Node(string operation, string output, params ReadOnlySpan<string> inputs)
    {
        ProtobufWriter node = new();
        foreach (string input in inputs)
        {
            node.Write(1, input);
        }

        return node.Write(2, output).Write(4, operation);
    }

    private static ProtobufWriter Tensor(string name, ReadOnlySpan<float> values, params ReadOnlySpan<int> sides)
    {
        ProtobufWriter tensor = new();
        foreach (int side in sides)
        {
            tensor.Write(1, side);
        }

        return tensor.Write(2, Float).Write(8, name).Write(9, MemoryMarshal.AsBytes(values));
    }

    private static ProtobufWriter Value(string name, params ReadOnlySpan<int> sides)
    {
        ProtobufWriter shape = new();
        foreach (int side in sides)
        {
            shape.Write(1, new ProtobufWriter().Write(1, side));
        }

        ProtobufWriter type = new ProtobufWriter().Write(1, new ProtobufWriter().Write(1, Float).Write(2, shape));
        return new ProtobufWriter().Write(1, name).Write(2, type);
    }
}
