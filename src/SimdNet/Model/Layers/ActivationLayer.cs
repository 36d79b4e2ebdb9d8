using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>output = f(input), [batch × units], where f's derivative takes its input or is no function of the kernels of dense layers, or where no dense layer precedes it.</summary>
/// <remarks>As the last layer of a pass that is linear it hands its input on, and the gradient back.</remarks>
internal sealed class ActivationLayer<T>(Activation activation, LayerList<T> list) : Layer<T>(list.Kernels, list.Width, list.Width)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ActivationKind _kind = activation.Kind;
    private readonly T _parameter = T.CreateTruncating(activation.Parameter);
    private readonly CustomActivation? _custom = activation.Function;

    /// <remarks>About ten for each element: exponentials and quotients. A user's own is never cut, since what it computes of an element may depend on where in a call the element is.</remarks>
    public override long Operations => _custom is null ? 10L * Inputs : 0;

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        ReadOnlyMatrixView<T> x = input.Slice(start, rows);
        MatrixView<T> y = output.Slice(start, rows);
        if (_custom is not null && !pass.IsLinear)
        {
            _custom.Forward(x.Elements, y.Elements, Outputs);
        }
        else if (ActivationKinds.IsRowWise(_kind) || pass.IsLinear)
        {
            x.Elements.CopyTo(y.Elements);
            if (pass.IsLinear)
            {
                return;
            }

            if (_kind == ActivationKind.Softmax)
            {
                Kernels.SoftmaxRows(y);
            }
            else
            {
                Kernels.LogSoftmaxRows(y);
            }
        }
        else
        {
            Kernels.Activate(_kind, _parameter, x.Elements, y.Elements);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        (int start, int rows) = pass.Share.Of(input.Rows, RowStep);
        ReadOnlyMatrixView<T> x = input.Slice(start, rows);
        ReadOnlyMatrixView<T> y = output.Slice(start, rows);
        MatrixView<T> gradient = inputGradient.Slice(start, rows);
        outputGradient.Slice(start, rows).Elements.CopyTo(gradient.Elements);
        if (!pass.IsLinear)
        {
            if (_custom is not null)
            {
                _custom.Backward(x.Elements, y.Elements, gradient.Elements, Outputs);
            }
            else if (_kind == ActivationKind.Softmax)
            {
                Kernels.SoftmaxRowsGradient(y, gradient);
            }
            else if (_kind == ActivationKind.LogSoftmax)
            {
                Kernels.LogSoftmaxRowsGradient(y, gradient);
            }
            else
            {
                Kernels.ActivateGradient(_kind, _parameter, x.Elements, y.Elements, gradient.Elements);
            }
        }

        Through(below, x, gradient);
    }
}
