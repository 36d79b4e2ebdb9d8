using System;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Runtime.InteropServices;

using SimdNet.Memory;

namespace SimdNet.Bench.Peers;

/// <summary>Gradient descent in plain C, native/step.c, on a copy of a network's parameters.</summary>
internal sealed unsafe class CNetwork
{
    private static delegate* unmanaged[Cdecl, SuppressGCTransition]<Layer*, int, float*, float*, int, float, float> StepFunction;
    private static delegate* unmanaged[Cdecl, SuppressGCTransition]<Layer*, int, float*, float*, int*, int, float, double> EpochFunction;

    private readonly AlignedBuffer<Layer> _layers;

    /// <summary>The blocks that the layers point into, which nothing else keeps from being collected.</summary>
    private readonly AlignedBuffer<float>[] _blocks;
    private readonly float _rate;

    public CNetwork(Network<float> network, double rate)
    {
        DenseSpec[] specs = [.. network.Spec.Layers.Cast<DenseSpec>()];
        _layers = new(specs.Length);
        _blocks = new AlignedBuffer<float>[4 * specs.Length];
        _rate = (float)rate;
        int inputs = network.Inputs;
        for (int i = 0; i < specs.Length; i++)
        {
            int units = specs[i].Units;
            _layers.Span[i] = new(inputs, units, CodeOf(specs[i].Activation.Kind), Block(4 * i, network.GetParameter($"W{i + 1}")), Block((4 * i) + 1, network.GetParameter($"b{i + 1}")),
                Block((4 * i) + 2, new float[units]), Block((4 * i) + 3, new float[units]));
            inputs = units;
        }
    }

    [field: MaybeNull]
    public static Presence Presence => field ??= Load();

    /// <summary>One step on half the squared error.</summary>
    /// <returns>The loss before the step.</returns>
    public float Step(ReadOnlySpan<float> x, ReadOnlySpan<float> target)
    {
        fixed (float* input = x, wanted = target)
        {
            return StepFunction(Address(_layers), _layers.Length, input, wanted, 0, _rate);
        }
    }

    /// <summary>One step on the cross-entropy of a softmax.</summary>
    /// <returns>The loss before the step.</returns>
    public float Step(ReadOnlySpan<float> x, int label)
    {
        fixed (float* input = x)
        {
            return StepFunction(Address(_layers), _layers.Length, input, null, label, _rate);
        }
    }

    /// <summary>A step on each row in order, on labels or, where there are none, on targets.</summary>
    /// <returns>The sum of the losses.</returns>
    public double Epoch(Dataset<float> data)
    {
        fixed (float* inputs = data.Inputs.Span, targets = data.Targets.Span)
        {
            fixed (int* labels = data.Labels.Span)
            {
                return EpochFunction(Address(_layers), _layers.Length, inputs, data.HasLabels ? null : targets, labels, data.Rows, _rate);
            }
        }
    }

    private static Presence Load()
    {
        Presence compiled = CCompiler.TryCompile("step.c", out string path);
        if (!compiled.IsPresent)
        {
            return compiled;
        }

        if (!NativeLibrary.TryLoad(path, out nint library) || !NativeCode.TryFind(library, out nint[]? functions, "train_step", "train_epoch"))
        {
            return Presence.Absent($"{path} does not load");
        }

        StepFunction = (delegate* unmanaged[Cdecl, SuppressGCTransition]<Layer*, int, float*, float*, int, float, float>)functions[0];
        EpochFunction = (delegate* unmanaged[Cdecl, SuppressGCTransition]<Layer*, int, float*, float*, int*, int, float, double>)functions[1];
        return compiled;
    }

    private static int CodeOf(ActivationKind kind) => kind switch
    {
        ActivationKind.Sigmoid => 0,
        ActivationKind.Tanh => 1,
        ActivationKind.ReLU => 2,
        ActivationKind.Softmax => 3,
        _ => throw new NotSupportedException($"{kind} is not written in C."),
    };

    /// <summary>A block never moves.</summary>
    private static T* Address<T>(AlignedBuffer<T> block)
        where T : unmanaged
        => (T*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(block.Span));

    private float* Block(int index, ReadOnlySpan<float> values)
    {
        _blocks[index] = new(values.Length);
        values.CopyTo(_blocks[index].Span);
        return Address(_blocks[index]);
    }

    /// <summary>As in the source.</summary>
    private readonly struct Layer(int inputs, int units, int activation, float* weights, float* bias, float* output, float* gradient)
    {
        public readonly int Inputs = inputs;
        public readonly int Units = units;
        public readonly int Activation = activation;
        public readonly float* Weights = weights;
        public readonly float* Bias = bias;
        public readonly float* Output = output;
        public readonly float* Gradient = gradient;
    }
}
