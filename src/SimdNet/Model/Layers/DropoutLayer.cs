using System;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>output = input ⊙ mask / (1 − p) in training, else the input. The factors are kept: a random word takes longer to draw than a number to read.</summary>
internal sealed class DropoutLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double _probability;

    public DropoutLayer(double probability, LayerList<T> list)
        : base(list.Kernels, list.Width, list.Width)
    {
        _probability = probability;
        Number = list.NextNumber("dropout");
    }

    public override bool IsTrainingOnly => true;

    /// <remarks>Ten rounds of two products for four words.</remarks>
    public override long Operations => 10L * Inputs;

    public override int HeldPerRow(bool isTraining) => isTraining ? Inputs : 0;

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        ReadOnlySpan<T> x = input.Slice(start, rows).Elements;
        Span<T> y = output.Slice(start, rows).Elements;
        if (!pass.Place.IsTraining)
        {
            x.CopyTo(y);
            return;
        }

        Span<T> factors = pass.Held.Slice(start * Inputs, rows * Inputs);
        DropoutMask.Fill(pass.Place.Seed, pass.Place.Step, Number, pass.Place.FirstRow + start, _probability, Inputs, factors);
        TensorPrimitives.Multiply(x, factors, y);
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        MatrixView<T> gradient = inputGradient.Slice(start, rows);
        TensorPrimitives.Multiply<T>(outputGradient.Slice(start, rows).Elements, pass.Held.Slice(start * Inputs, rows * Inputs), gradient.Elements);
        Through(below, input.Slice(start, rows), gradient);
    }
}
