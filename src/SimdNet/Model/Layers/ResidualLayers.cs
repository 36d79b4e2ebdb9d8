using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>Where a residual block begins: the input goes on, and is held for the <see cref="AddLayer{T}"/> at its end.</summary>
/// <remarks>
/// Both share [batch × features], which holds the input on the way up and the output's gradient on the way back:
/// <code>
/// input ── Split ── layers ── Add ── output = layers(input) + held
///            └───── held ─────┘
/// </code>
/// </remarks>
internal sealed class SplitLayer<T>(LayerList<T> list) : Layer<T>(list.Kernels, list.Width, list.Width)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override long Operations => 2L * Inputs;

    public override int HeldPerRow(bool isTraining) => Inputs;

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        ReadOnlySpan<T> x = input.Slice(start, rows).Elements;
        x.CopyTo(output.Slice(start, rows).Elements);
        x.CopyTo(pass.Held.Slice(start * Inputs, rows * Inputs));
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        MatrixView<T> gradient = inputGradient.Slice(start, rows);
        TensorPrimitives.Add<T>(outputGradient.Slice(start, rows).Elements, pass.Held.Slice(start * Inputs, rows * Inputs), gradient.Elements);
        Through(below, input.Slice(start, rows), gradient);
    }
}

/// <summary>Where a residual block ends: output = input + what its <see cref="SplitLayer{T}"/> holds.</summary>
internal sealed class AddLayer<T>(SplitLayer<T> split, LayerList<T> list) : Layer<T>(list.Kernels, list.Width, list.Width)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override long Operations => 2L * Inputs;

    public override Layer<T> Holder => split;

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        TensorPrimitives.Add<T>(input.Slice(start, rows).Elements, pass.Held.Slice(start * Inputs, rows * Inputs), output.Slice(start, rows).Elements);
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        ReadOnlySpan<T> skipped = outputGradient.Slice(start, rows).Elements;
        skipped.CopyTo(pass.Held.Slice(start * Inputs, rows * Inputs));
        MatrixView<T> gradient = inputGradient.Slice(start, rows);
        skipped.CopyTo(gradient.Elements);
        Through(below, input.Slice(start, rows), gradient);
    }
}
