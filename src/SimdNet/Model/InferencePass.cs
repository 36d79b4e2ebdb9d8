using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model.Layers;

namespace SimdNet.Model;

/// <summary>Forward through a network, tile by tile, in a workspace of its own. For one thread at a time.</summary>
internal sealed class InferencePass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly Workspace<T> _workspace;
    private readonly PackedWeights<T>? _packed;

    /// <param name="network">The network.</param>
    /// <param name="packed">Copies of its weights, where it has them: then it does not change any more, its scaler neither.</param>
    public InferencePass(Network<T> network, PackedWeights<T>? packed = null)
    {
        _packed = packed;
        _network = network;
        _workspace = Tiles.Workspace(network, int.MaxValue, training: false, holdsInput: packed is null || network.InputScaler is not null);
    }

    /// <summary>All rows of a call.</summary>
    /// <param name="inputs">[rows × inputs], raw.</param>
    /// <param name="outputs">[rows × outputs], raw.</param>
    [MethodImpl(Compiled.Entry)]
    public void Run(ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        if (inputs.Length > _network.Inputs)
        {
            RunRows(inputs, outputs);
            return;
        }

        RunSample(inputs).Elements.CopyTo(outputs);
        _network.TargetScaler?.Inverse(outputs, outputs);
    }

    /// <summary>Some of a call's several rows, tile by tile. Each has the bits that it has beside any others, which a row alone need not have.</summary>
    /// <param name="inputs">[rows × inputs], raw.</param>
    /// <param name="outputs">[rows × outputs], raw.</param>
    [MethodImpl(Compiled.Entry)]
    public void RunRows(ReadOnlySpan<T> inputs, Span<T> outputs)
    {
        int width = _network.Inputs;
        int rows = inputs.Length / width;
        int tile = Tiles.Balanced(rows, _workspace.Rows);
        for (int start = 0; start < rows; start += tile)
        {
            int count = Math.Min(tile, rows - start);
            Span<T> destination = outputs.Slice(start * _network.Outputs, count * _network.Outputs);
            RunTile(Scaled(inputs.Slice(start * width, count * width), count)).Elements.CopyTo(destination);
            _network.TargetScaler?.Inverse(destination, destination);
        }
    }

    /// <summary>The outputs for one sample where the network is small: by one kernel, in no workspace.</summary>
    /// <returns>False where the network is not small, the spans are not what one sample needs, or the outputs are not finite: the general way skips inputs that are 0 beside weights that are not finite.</returns>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Entry)]
    public static bool TryRunSmall(Network<T> network, ReadOnlySpan<T> input, Span<T> output)
    {
        if (network.Small is not { } small || input.Length != network.Inputs || output.Length != network.Outputs || input.Overlaps(output))
        {
            return false;
        }

        if (network.InputScaler is { } scaler)
        {
            Span<T> scaled = stackalloc T[SmallNetwork<T>.MaxWidth];
            scaled = scaled[..input.Length];
            scaler.Transform(input, scaled);
            network.Kernels.SmallPredict(small, network.ParameterBlock, scaled, output);
        }
        else
        {
            network.Kernels.SmallPredict(small, network.ParameterBlock, input, output);
        }

        T sum = T.Zero;
        foreach (T value in output)
        {
            sum += value * T.Zero;
        }

        if (sum != T.Zero)
        {
            return false;
        }

        network.TargetScaler?.Inverse(output, output);
        return true;
    }

    /// <inheritdoc cref="Network{T}.PredictClass"/>
    [MethodImpl(Compiled.Entry)]
    public int RunClass(ReadOnlySpan<T> sample)
    {
        if (_network.TargetScaler is not null)
        {
            throw new InvalidOperationException($"The targets of the network {_network.Spec.Short} were scaled: it predicts numbers, not a class. Use Predict.");
        }

        Span<T> output = _workspace.Output(_network.InferenceLayers.Length - 1, 1).Elements;
        if (!TryRunSmall(_network, sample, output))
        {
            output = RunSample(sample).Elements;
        }

        return output.Length > 1
            ? TensorPrimitives.IndexOfMax<T>(output)
            : _network.Spec.OutputActivation.Kind == ActivationKind.Sigmoid
            ? output[0] > T.CreateTruncating(0.5) ? 1 : 0
            : throw new InvalidOperationException($"The network {_network.Spec.Short} has one output that is not a sigmoid: it predicts a number, not a class. Use Predict.");
    }

    [MethodImpl(Compiled.Entry)]
    private MatrixView<T> RunSample(ReadOnlySpan<T> raw) => ForwardSample(_network, _workspace, Scaled(raw, 1).Row(0), linear: false, _packed);

    private ReadOnlyMatrixView<T> Scaled(ReadOnlySpan<T> raw, int rows)
    {
        if (_network.InputScaler is not { } scaler)
        {
            return new(raw, rows, _network.Inputs);
        }

        MatrixView<T> scaled = _workspace.Input(rows);
        scaler.Transform(raw, scaled.Elements);
        return scaled;
    }

    [MethodImpl(Compiled.Entry)]
    private MatrixView<T> RunTile(ReadOnlyMatrixView<T> input)
    {
        ReadOnlySpan<Layer<T>> layers = _network.InferenceLayers;
        ReadOnlySpan<T> parameters = _network.ParameterBlock;
        MatrixView<T> output = default;
        for (int i = 0; i < layers.Length; i++)
        {
            output = _workspace.Output(i, input.Rows);
            ReadOnlySpan<T> copy = _packed is null ? default : _packed.ForBatch(i);
            if (!copy.IsEmpty && layers[i] is DenseLayer<T> dense)
            {
                dense.ForwardPacked(parameters, copy, input, output, _workspace.Scratch);
            }
            else
            {
                layers[i].Forward(Pass(_workspace, i, parameters), input, output);
            }

            input = output;
        }

        return output;
    }

    /// <summary>Forward of one sample outside of training, or of a network whose layers are all dense.</summary>
    /// <param name="network">The network.</param>
    /// <param name="workspace">Where the outputs of its layers go.</param>
    /// <param name="input">[inputs], scaled.</param>
    /// <param name="linear">True leaves out the last layer's activation.</param>
    /// <param name="packed">Copies of its weights, where it has them: then with the activation.</param>
    /// <returns>[1 × outputs], in the workspace.</returns>
    [MethodImpl(Compiled.Entry)]
    public static MatrixView<T> ForwardSample(Network<T> network, Workspace<T> workspace, ReadOnlySpan<T> input, bool linear, PackedWeights<T>? packed = null)
    {
        ReadOnlySpan<Layer<T>> layers = network.InferenceLayers;
        ReadOnlySpan<T> parameters = network.ParameterBlock;
        MatrixView<T> output = default;
        for (int i = 0; i < layers.Length; i++)
        {
            output = workspace.Output(i, 1);
            ReadOnlySpan<T> copy = packed is null ? default : packed.ForSample(i);
            if (layers[i] is not DenseLayer<T> dense)
            {
                layers[i].Forward(Pass(workspace, i, parameters), new(input, 1, input.Length), output);
            }
            else if (copy.IsEmpty)
            {
                dense.ForwardSample(parameters, input, output.Row(0), linear && i == layers.Length - 1);
            }
            else
            {
                dense.ForwardSampleBFloat16(parameters, copy, input, output.Row(0));
            }

            input = output.Row(0);
        }

        return output;
    }

    [MethodImpl(Compiled.Entry)]
    private static LayerPass<T> Pass(Workspace<T> workspace, int layer, ReadOnlySpan<T> parameters) =>
        new(parameters, workspace.Held(layer), workspace.Scratch, default, isLinear: false, isFrozen: false, Share.All);
}
