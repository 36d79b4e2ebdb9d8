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
    /// <summary>Parts of units are whole tiles of the widest products, and whole cache lines: two Vector512 of float, or four of double.</summary>
    private const int UnitStep = 32;

    /// <summary>Parts of rows, of a batch or of weights, are of whole cache lines where rows are short.</summary>
    private const int RowStep = 8;

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

    public override WeightRule? WeightRule => _spec.L1 > 0 || _spec.L2 > 0 || _spec.MaxNorm > 0 ? new(_weights.Start, Inputs, Outputs, _spec.L1, _spec.L2, _spec.MaxNorm) : null;

    public override SmallLayer<T> Small => new(Inputs, Outputs, _weights.Start, _bias?.Start ?? -1, Activation.Kind, T.CreateTruncating(Activation.Slope));

    public override void Initialize(Span<T> parameters, ulong seed, int firstTensor)
    {
        _spec.KernelInitializer.Fill(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs, seed, firstTensor);
        if (_bias is not null)
        {
            _spec.BiasInitializer.Fill(parameters.Slice(_bias.Start, _bias.Length), Inputs, Outputs, seed, firstTensor + 1);
        }
    }

    public override long Operations => 2L * Inputs * Outputs;

    [MethodImpl(Compiled.Entry)]
    public override void Forward(ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, MatrixView<T> output, bool linear, Span<T> scratch, Share share)
    {
        bool appliesSoftmax = Activation.Kind == ActivationKind.Softmax && !linear;
        ActivationKind kind = linear || appliesSoftmax ? ActivationKind.Identity : Activation.Kind;
        (int firstRow, int rows) = (0, input.Rows);
        (int firstUnit, int units) = (0, Outputs);
        if (CutsUnits(share) && !appliesSoftmax)
        {
            (firstUnit, units) = share.Of(Outputs, UnitStep);
        }
        else
        {
            (firstRow, rows) = share.Of(input.Rows, RowStep);
        }

        MatrixView<T> part = output.Slice(firstRow, rows).SliceColumns(firstUnit, units);
        Kernels.Forward(input.Slice(firstRow, rows), Weights(parameters).SliceColumns(firstUnit, units), Bias(parameters, firstUnit, units), kind, T.CreateTruncating(Activation.Slope), part, scratch);
        if (appliesSoftmax)
        {
            Kernels.SoftmaxRows(part);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, MatrixView<T> inputGradient, Activation below, Span<T> scratch, Share share)
    {
        (int start, int rows) = share.Of(input.Rows, RowStep);
        ReadOnlyMatrixView<T> partOfInput = input.Slice(start, rows);
        MatrixView<T> part = inputGradient.Slice(start, rows);
        bool isSoftmax = below.Kind == ActivationKind.Softmax;
        Kernels.InputGradient(outputGradient.Slice(start, rows), Weights(parameters), isSoftmax ? ActivationKind.Identity : below.Kind, T.CreateTruncating(below.Slope), partOfInput, part, scratch);
        if (isSoftmax)
        {
            Kernels.SoftmaxRowsGradient(partOfInput, part);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ParameterGradients(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate, Span<T> scratch, Share share)
    {
        MatrixView<T> weightsGradient = new(gradients.Slice(_weights.Start, _weights.Length), Inputs, Outputs);
        if (CutsUnits(share))
        {
            (int unit, int units) = share.Of(Outputs, UnitStep);
            Kernels.WeightsGradient(input, outputGradient.SliceColumns(unit, units), weightsGradient.SliceColumns(unit, units), Bias(gradients, unit, units), accumulate, scratch);
            return;
        }

        (int start, int inputs) = share.Of(Inputs, RowStep);
        Kernels.WeightsGradient(input.SliceColumns(start, inputs), outputGradient, weightsGradient.Slice(start, inputs), share.Part == 0 ? Bias(gradients, 0, Outputs) : default, accumulate, scratch);
    }

    public override long PackedLength => Kernels.PackingPays(Inputs, Outputs) ? Kernels.PackedLength(Inputs, Outputs) : 0;

    public override void Pack(ReadOnlySpan<T> parameters, Span<T> packed) => Kernels.Pack(Weights(parameters), isTransposed: false, packed);

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
    public override void StepBias(T rate, Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> sums)
    {
        if (_bias is null)
        {
            sums.Clear();
            return;
        }

        Span<T> bias = parameters.Slice(_bias.Start, _bias.Length);
        Kernels.AddScaled(-rate, gradient, bias);
        bias.CopyTo(sums);
    }

    [MethodImpl(Compiled.Entry)]
    public override void StepWeights(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> gradient) =>
        Kernels.RankOneUpdate(-rate, input, gradient, new MatrixView<T>(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs));

    [MethodImpl(Compiled.Entry)]
    public override void StepWeightsAndForward(T rate, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> gradient, ReadOnlySpan<T> next, Span<T> sums) =>
        Kernels.RankOneUpdateAndVectorMatrix(-rate, input, gradient, next, new MatrixView<T>(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs), sums);

    private ReadOnlyMatrixView<T> Weights(ReadOnlySpan<T> parameters) => new(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs);

    /// <summary>True where parts are ranges of units, so that a processor finds those of its weights that it needs forward where it left them when they were updated; false where there are too few units, and parts are ranges of rows.</summary>
    private bool CutsUnits(Share share) => Outputs >= share.Parts * UnitStep;

    private Span<T> Bias(Span<T> block, int start, int count) => _bias is null ? default : block.Slice(_bias.Start + start, count);

    private ReadOnlySpan<T> Bias(ReadOnlySpan<T> block, int start, int count) => _bias is null ? default : block.Slice(_bias.Start + start, count);

    private ReadOnlySpan<T> Bias(ReadOnlySpan<T> parameters) => _bias is null ? default : parameters.Slice(_bias.Start, _bias.Length);
}
