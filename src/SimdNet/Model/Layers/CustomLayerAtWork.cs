using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>A user's own layer between those of the library: never cut into parts, since what it computes of a row may depend on where in a call the row is.</summary>
internal sealed class CustomLayerAtWork<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CustomLayer _layer;
    private readonly IReadOnlyList<CustomParameter> _declared;
    private readonly int _kept;

    public CustomLayerAtWork(CustomLayer layer, LayerList<T> list)
        : base(list.Kernels, list.Width, layer.OutputsFor(list.Width))
    {
        _layer = layer;
        _declared = layer.ParametersFor(Inputs);
        _kept = layer.KeptPerRow(Inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(_kept, nameof(layer));
        Number = list.NextNumber(layer.Name);
        int start = list.End;
        List<ParameterInfo> parameters = [];
        foreach (CustomParameter parameter in _declared)
        {
            int length = (int)CustomLayerSpec.Length(parameter);
            string name = string.Create(CultureInfo.InvariantCulture, $"{layer.Name}{Number}_{parameter.Name}");
            parameters.Add(new(name, parameter.Shape) { Start = start, Length = length, Layer = list.SpecLayer, Kind = ParameterKind.Custom });
            start += AlignedBuffer<T>.RoundUp(length);
        }

        Parameters = parameters;
    }

    public override IReadOnlyList<ParameterInfo> Parameters { get; }

    public override long Operations => 0;

    public override int HeldPerRow(bool isTraining) => isTraining ? _kept : 0;

    public override void Initialize(Span<T> parameters, ulong seed, int firstTensor)
    {
        for (int i = 0; i < _declared.Count; i++)
        {
            IReadOnlyList<int> shape = _declared[i].Shape;
            (int inputs, int units) = shape.Count == 0 ? (1, 1) : (shape[0], shape[^1]);
            _declared[i].Initializer.Fill(parameters.Slice(Parameters[i].Start, Parameters[i].Length), inputs, units, seed, firstTensor + i);
        }
    }

    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output) =>
        _layer.Forward(Context(pass, input.Rows, default), input.Elements, output.Elements);

    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        _layer.InputGradient(Context(pass, input.Rows, default), input.Elements, output.Elements, outputGradient.Elements, inputGradient.Elements);
        Through(below, input, inputGradient);
    }

    public override void ParameterGradients(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate)
    {
        foreach (ParameterInfo parameter in Parameters)
        {
            if (!accumulate)
            {
                gradients.Slice(parameter.Start, parameter.Length).Clear();
            }
        }

        _layer.ParameterGradients(Context(pass, input.Rows, gradients), input.Elements, outputGradient.Elements);
    }

    private LayerContext<T> Context(in LayerPass<T> pass, int rows, Span<T> gradients) =>
        new(Inputs, Outputs, pass.Place.IsTraining, pass.Place.IsTraining ? pass.Held[..(rows * _kept)] : default, Parameters, pass.Parameters, gradients);
}
