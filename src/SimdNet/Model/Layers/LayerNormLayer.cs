using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>Each row becomes γ·x̂ + β with x̂ = (x − mean) / √(variance + ε) over its features.</summary>
/// <remarks>
/// Kept for the way back: x̂ of each row, then 1 / √(variance + ε). With g = γ·outputGradient,
/// <code>
/// inputGradient = (g − mean(g) − x̂·mean(g·x̂)) / √(variance + ε)
/// γ's gradient  = Σ outputGradient·x̂ over the rows      β's gradient = Σ outputGradient
/// </code>
/// </remarks>
internal sealed class LayerNormLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Epsilon = T.CreateTruncating(LayerNormSpec.Epsilon);

    private readonly ScaleAndShift<T> _affine;

    public LayerNormLayer(LayerList<T> list)
        : base(list.Kernels, list.Width, list.Width)
    {
        Number = list.NextNumber("normalization");
        _affine = new(list, Number);
    }

    public override IReadOnlyList<ParameterInfo> Parameters => _affine.Parameters;

    public override long Operations => 10L * Inputs;

    public override int HeldPerRow(bool isTraining) => isTraining ? Inputs + 1 : 0;

    public override void Initialize(Span<T> parameters, ulong seed, int firstTensor) => _affine.Initialize(parameters);

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        T count = T.CreateTruncating(Inputs);
        ReadOnlySpan<T> gamma = _affine.Gamma(pass.Parameters);
        ReadOnlySpan<T> beta = _affine.Beta(pass.Parameters);
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        for (int row = start; row < start + rows; row++)
        {
            ReadOnlySpan<T> x = input.Row(row);
            Span<T> y = output.Row(row);
            TensorPrimitives.Subtract(x, Kernels.Sum(x) / count, y);
            T factor = T.One / T.Sqrt((Kernels.Dot(y, y) / count) + Epsilon);
            TensorPrimitives.Multiply(y, factor, y);
            if (pass.Place.IsTraining)
            {
                Span<T> held = Held(pass, row);
                y.CopyTo(held);
                held[^1] = factor;
            }

            TensorPrimitives.MultiplyAdd(y, gamma, beta, y);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        T count = T.CreateTruncating(Inputs);
        ReadOnlySpan<T> gamma = _affine.Gamma(pass.Parameters);
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        for (int row = start; row < start + rows; row++)
        {
            ReadOnlySpan<T> held = Held(pass, row);
            ReadOnlySpan<T> normalized = held[..Inputs];
            Span<T> gradient = inputGradient.Row(row);
            TensorPrimitives.Multiply(outputGradient.Row(row), gamma, gradient);
            T mean = Kernels.Sum(gradient) / count;
            T slope = Kernels.Dot(gradient, normalized) / count;
            TensorPrimitives.Subtract(gradient, mean, gradient);
            TensorPrimitives.MultiplyAdd(normalized, -slope, gradient, gradient);
            TensorPrimitives.Multiply(gradient, held[^1], gradient);
        }

        Through(below, input.Slice(start, rows), inputGradient.Slice(start, rows));
    }

    [MethodImpl(Compiled.Entry)]
    public override void ParameterGradients(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate) =>
        _affine.Gradients(Kernels, pass.Share, outputGradient, new(pass.Held, input.Rows, Inputs, Inputs + 1), gradients, accumulate);

    private Span<T> Held(in LayerPass<T> pass, int row) => pass.Held.Slice(row * (Inputs + 1), Inputs + 1);
}
