using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>output [batch × units] = activation(input [batch × inputs] · weights [inputs × units] + bias [units]).</summary>
internal sealed partial class DenseLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Parts of units are whole tiles of the widest products, and whole cache lines: two Vector512 of float, or four of double.</summary>
    private const int UnitStep = 32;

    private readonly DenseSpec _spec;
    private readonly ParameterInfo _weights;
    private readonly ParameterInfo? _bias;

    /// <param name="spec">What the layer is.</param>
    /// <param name="activation">What it applies itself: the spec's, or the identity where that is a layer of its own.</param>
    /// <param name="list">What it is added to.</param>
    public DenseLayer(DenseSpec spec, Activation activation, LayerList<T> list)
        : base(list.Kernels, list.Width, spec.Units, activation)
    {
        int inputs = Inputs;
        Number = list.NextNumber("dense");
        int start = list.End;
        _spec = spec;
        int length = checked(inputs * spec.Units);
        _weights = new(string.Create(CultureInfo.InvariantCulture, $"W{Number}"), [inputs, spec.Units]) { Start = start, Length = length, Layer = list.SpecLayer, Kind = ParameterKind.Weights };
        if (spec.UseBias)
        {
            _bias = new(string.Create(CultureInfo.InvariantCulture, $"b{Number}"), [spec.Units]) { Start = start + AlignedBuffer<T>.RoundUp(length), Length = spec.Units, Layer = list.SpecLayer, Kind = ParameterKind.Bias };
        }

        Parameters = _bias is null ? [_weights] : [_weights, _bias];
    }

    public override IReadOnlyList<ParameterInfo> Parameters { get; }

    public override WeightRule? WeightRule => _spec.L1 > 0 || _spec.L2 > 0 || _spec.MaxNorm > 0 ? new(_weights.Start, Inputs, Outputs, _spec.L1, _spec.L2, _spec.MaxNorm) : null;

    /// <summary>The layer as the kernels of small networks take it.</summary>
    public SmallLayer<T> Small => new(Inputs, Outputs, _weights.Start, _bias?.Start ?? -1, Activation.Kind, T.CreateTruncating(Activation.Slope));

    public override void Initialize(Span<T> parameters, ulong seed, int firstTensor)
    {
        _spec.KernelInitializer.Fill(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs, seed, firstTensor);
        if (_bias is not null)
        {
            _spec.BiasInitializer.Fill(parameters.Slice(_bias.Start, _bias.Length), Inputs, Outputs, seed, firstTensor + 1);
        }
    }

    /// <remarks>Of whole cache lines of units: a product of a few of them leaves lanes of its vectors empty, and is no faster for it.</remarks>
    public override long Operations => 2L * Inputs * AlignedBuffer<T>.RoundUp(Outputs);

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        Share share = pass.Share;
        ReadOnlySpan<T> parameters = pass.Parameters;
        bool appliesSoftmax = Activation.Kind == ActivationKind.Softmax && !pass.IsLinear;
        ActivationKind kind = pass.IsLinear || appliesSoftmax ? ActivationKind.Identity : Activation.Kind;
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
        Kernels.Forward(input.Slice(firstRow, rows), Weights(parameters).SliceColumns(firstUnit, units), Bias(parameters, firstUnit, units), kind, T.CreateTruncating(Activation.Slope), part, pass.Scratch);
        if (appliesSoftmax)
        {
            Kernels.SoftmaxRows(part);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        ReadOnlyMatrixView<T> partOfInput = input.Slice(start, rows);
        MatrixView<T> part = inputGradient.Slice(start, rows);
        bool isSoftmax = below.Kind == ActivationKind.Softmax;
        Kernels.InputGradient(outputGradient.Slice(start, rows), Weights(pass.Parameters), isSoftmax ? ActivationKind.Identity : below.Kind, T.CreateTruncating(below.Slope), partOfInput, part, pass.Scratch);
        if (isSoftmax)
        {
            Kernels.SoftmaxRowsGradient(partOfInput, part);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ParameterGradients(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate)
    {
        Share share = pass.Share;
        Span<T> scratch = pass.Scratch;
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

    private ReadOnlyMatrixView<T> Weights(ReadOnlySpan<T> parameters) => new(parameters.Slice(_weights.Start, _weights.Length), Inputs, Outputs);

    /// <summary>True where parts are ranges of units, so that a processor finds those of its weights that it needs forward where it left them when they were updated; false where there are too few units, and parts are ranges of rows.</summary>
    private bool CutsUnits(Share share) => Outputs >= share.Parts * UnitStep;

    private Span<T> Bias(Span<T> block, int start, int count) => _bias is null ? default : block.Slice(_bias.Start + start, count);

    private ReadOnlySpan<T> Bias(ReadOnlySpan<T> block, int start, int count) => _bias is null ? default : block.Slice(_bias.Start + start, count);

    private ReadOnlySpan<T> Bias(ReadOnlySpan<T> parameters) => _bias is null ? default : parameters.Slice(_bias.Start, _bias.Length);
}
