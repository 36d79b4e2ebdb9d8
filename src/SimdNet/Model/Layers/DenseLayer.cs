using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>output [batch × units] = activation(input [batch × inputs] · weights [inputs × units] + bias [units]).</summary>
internal sealed class DenseLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseSpec _spec;
    private readonly ParameterInfo _weights;
    private readonly ParameterInfo? _bias;

    /// <param name="spec">What the layer is.</param>
    /// <param name="kernels">What it computes with.</param>
    /// <param name="inputs">Width of its input.</param>
    /// <param name="number">Its place among the layers, from 1.</param>
    /// <param name="start">Where its parameters begin in the block: on a cache line.</param>
    public DenseLayer(DenseSpec spec, KernelSet<T> kernels, int inputs, int number, int start)
        : base(kernels, inputs, spec.Units, spec.Activation)
    {
        _spec = spec;
        int length = checked(inputs * spec.Units);
        _weights = new(string.Create(CultureInfo.InvariantCulture, $"W{number}"), [inputs, spec.Units]) { Start = start, Length = length };
        if (spec.UseBias)
        {
            _bias = new(string.Create(CultureInfo.InvariantCulture, $"b{number}"), [spec.Units]) { Start = start + AlignedBuffer<T>.RoundUp(length), Length = spec.Units };
        }

        Parameters = _bias is null ? [_weights] : [_weights, _bias];
    }

    public override IReadOnlyList<ParameterInfo> Parameters { get; }

    public override SmallLayer<T> Small => new(Inputs, Outputs, _weights.Start, _bias?.Start ?? -1, Activation.Kind, T.CreateTruncating(Activation.Slope));

    public override void Initialize(Span<T> parameters, ulong seed, int firstTensor)
    {
        _spec.KernelInitializer.Fill(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs, seed, firstTensor);
        if (_bias is not null)
        {
            _spec.BiasInitializer.Fill(parameters.Slice(_bias.Start, _bias.Length), Inputs, Outputs, seed, firstTensor + 1);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Forward(ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, MatrixView<T> output, bool linear, Span<T> scratch)
    {
        bool isSoftmax = Activation.Kind == ActivationKind.Softmax;
        Kernels.Forward(input, Weights(parameters), Bias(parameters), linear || isSoftmax ? ActivationKind.Identity : Activation.Kind, T.CreateTruncating(Activation.Slope), output, scratch);
        if (isSoftmax && !linear)
        {
            Kernels.SoftmaxRows(output);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Backward(ReadOnlySpan<T> parameters, Span<T> gradients, ReadOnlyMatrixView<T> input, MatrixView<T> outputGradient, MatrixView<T> inputGradient, Activation below, bool accumulate, Span<T> scratch)
    {
        if (inputGradient.Rows > 0)
        {
            bool isSoftmax = below.Kind == ActivationKind.Softmax;
            Kernels.InputGradient(outputGradient, Weights(parameters), isSoftmax ? ActivationKind.Identity : below.Kind, T.CreateTruncating(below.Slope), input, inputGradient, scratch);
            if (isSoftmax)
            {
                Kernels.SoftmaxRowsGradient(input, inputGradient);
            }
        }

        Kernels.WeightsGradient(
            input,
            outputGradient,
            new MatrixView<T>(gradients.Slice(_weights.Start, _weights.Length), Inputs, Outputs),
            _bias is null ? default : gradients.Slice(_bias.Start, _bias.Length),
            accumulate,
            scratch);
    }

    public override long PackedLength => Kernels.PackingPays(Inputs, Outputs) ? Kernels.PackedLength(Inputs, Outputs) : 0;

    public override void Pack(ReadOnlySpan<T> parameters, Span<T> packed) => Kernels.Pack(Weights(parameters), packed);

    [MethodImpl(Compiled.Entry)]
    public override void ForwardPacked(ReadOnlySpan<T> parameters, ReadOnlySpan<T> packed, ReadOnlyMatrixView<T> input, MatrixView<T> output, Span<T> scratch)
    {
        bool isSoftmax = Activation.Kind == ActivationKind.Softmax;
        Kernels.ForwardPacked(input, packed, Bias(parameters), isSoftmax ? ActivationKind.Identity : Activation.Kind, T.CreateTruncating(Activation.Slope), output, scratch);
        if (isSoftmax)
        {
            Kernels.SoftmaxRows(output);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ForwardSample(ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output, bool linear)
    {
        if (_bias is not null)
        {
            parameters.Slice(_bias.Start, _bias.Length).CopyTo(output);
        }

        Kernels.VectorMatrix(input, Weights(parameters), output, accumulate: _bias is not null);
        if (!linear)
        {
            Activate(new MatrixView<T>(output, 1, Outputs));
        }
    }

    /// <remarks>A narrower layer would be filled up with zeros to a block of columns.</remarks>
    public override long BFloat16Length => Outputs < BFloat16.Columns ? 0 : (long)Inputs * BFloat16.Words(Outputs);

    public override void PackBFloat16(Span<T> parameters, Span<T> packed) =>
        BFloat16.Pack(MemoryMarshal.Cast<T, float>(parameters.Slice(_weights.Start, _weights.Length)), Outputs, MemoryMarshal.Cast<T, float>(packed));

    [MethodImpl(Compiled.Entry)]
    public override void ForwardSampleBFloat16(ReadOnlySpan<T> parameters, ReadOnlySpan<T> packed, ReadOnlySpan<T> input, Span<T> output)
    {
        if (_bias is null)
        {
            output.Clear();
        }
        else
        {
            Bias(parameters).CopyTo(output);
        }

        Kernels.VectorBFloat16Matrix(input, packed, output);
        Activate(new MatrixView<T>(output, 1, Outputs));
    }

    [MethodImpl(Compiled.Entry)]
    public override void BackwardSampleAndStep(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> output, Span<T> outputGradient, Span<T> inputGradient, bool linear)
    {
        if (!linear)
        {
            ActivateGradient(new ReadOnlyMatrixView<T>(output, 1, Outputs), new MatrixView<T>(outputGradient, 1, Outputs));
        }

        MatrixView<T> weights = new(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs);
        if (inputGradient.IsEmpty)
        {
            Kernels.RankOneUpdate(-rate, input, outputGradient, weights);
        }
        else
        {
            Kernels.RankOneUpdateWithInputGradient(-rate, input, outputGradient, weights, inputGradient);
        }

        if (_bias is not null)
        {
            Kernels.AddScaled(-rate, outputGradient, parameters.Slice(_bias.Start, _bias.Length));
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void BackwardSampleAndStepAndForward(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> next, Span<T> output, Span<T> outputGradient, bool linear)
    {
        if (!linear)
        {
            ActivateGradient(new ReadOnlyMatrixView<T>(output, 1, Outputs), new MatrixView<T>(outputGradient, 1, Outputs));
        }

        if (_bias is null)
        {
            output.Clear();
        }
        else
        {
            Span<T> bias = parameters.Slice(_bias.Start, _bias.Length);
            Kernels.AddScaled(-rate, outputGradient, bias);
            bias.CopyTo(output);
        }

        Kernels.RankOneUpdateAndVectorMatrix(-rate, input, outputGradient, next, new MatrixView<T>(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs), output);
        if (!linear)
        {
            Activate(new MatrixView<T>(output, 1, Outputs));
        }
    }

    private ReadOnlyMatrixView<T> Weights(ReadOnlySpan<T> parameters) => new(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs);

    private ReadOnlySpan<T> Bias(ReadOnlySpan<T> parameters) => _bias is null ? default : parameters.Slice(_bias.Start, _bias.Length);
}
