using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model;
using SimdNet.Model.Layers;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>Steps on batches of any size, made of matrix products, tile by tile.</summary>
internal sealed class BatchStep<T>(LossPass<T> pass, OptimizerState<T> optimizer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossPass<T> _pass = pass;
    private readonly OptimizerState<T> _optimizer = optimizer;
    private readonly AlignedBuffer<T> _gradient = new(pass.Network.ParameterBlock.Length);

    /// <summary>The gradient of the last step that formed one, a block of the parameters' layout.</summary>
    public Span<T> Gradient => _gradient.Span;

    /// <summary>One step on rows start to start + count − 1 as a batch.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="start">The first of the batch.</param>
    /// <param name="count">Rows of the batch.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="right">The rows predicted right are added to it.</param>
    /// <param name="checksInputs">True where nobody has looked whether the inputs are finite; they are all of the source's.</param>
    /// <returns>The sum of the loss' terms before the step.</returns>
    [MethodImpl(Compiled.Entry)]
    public double Step(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right, bool checksInputs)
    {
        T scale = _pass.Loss.GradientScale(count);
        if (_optimizer.IsPlain && count <= _pass.Workspace.Rows)
        {
            // The whole batch's loss is known before any weight changes, and no later tile needs the weights as they were: the step is made by the products themselves.
            ReadOnlyMatrixView<T> input = _pass.Inputs(source, start, count);
            double loss = _pass.Run(source, start, input, -T.CreateTruncating(_optimizer.LearningRate) * scale, accuracy, ref right);
            if (checksInputs)
            {
                // Only now: forward has brought them into L2, where they are read in a third of the time.
                _pass.CheckFinite(source.AllInputs, "Input");
            }

            _pass.CheckLoss(loss, _optimizer.LearningRate);
            Backward(input, _pass.Network.ParameterBlock, accumulate: true);
            return loss;
        }

        double sum = LossAndGradient(source, start, count, accuracy, ref right);

        // A weight's gradient is a sum of inputs times something, and is not finite where one of these inputs is not, even if what it is multiplied by is 0.
        if (checksInputs && !(double.IsFinite(sum) && T.IsFinite(_pass.Network.Kernels.Sum(_gradient.Span))))
        {
            _pass.CheckFinite(source.AllInputs, "Input");
        }

        _pass.CheckLoss(sum, _optimizer.LearningRate);
        _optimizer.Step(_pass.Network.ParameterBlock, _gradient.Span);
        return sum;
    }

    /// <summary>The loss' sum over a batch, tile by tile, and its gradient.</summary>
    [MethodImpl(Compiled.Entry)]
    public double LossAndGradient(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        T scale = _pass.Loss.GradientScale(count);
        int tile = Tiles.Balanced(count, _pass.Workspace.Rows);
        double sum = 0;
        for (int row = start, end = start + count; row < end; row += tile)
        {
            ReadOnlyMatrixView<T> input = _pass.Inputs(source, row, Math.Min(tile, end - row));
            sum += _pass.Run(source, row, input, scale, accuracy, ref right);
            Backward(input, _gradient.Span, accumulate: row > start);
        }

        return sum;
    }

    /// <summary>Backward of a tile whose forward and loss are in the workspace.</summary>
    [MethodImpl(Compiled.Entry)]
    private void Backward(ReadOnlyMatrixView<T> input, Span<T> gradients, bool accumulate)
    {
        Workspace<T> workspace = _pass.Workspace;
        ReadOnlySpan<Layer<T>> layers = _pass.Network.Layers;
        int last = layers.Length - 1;
        int rows = input.Rows;
        if (!_pass.Loss.TakesLogits)
        {
            layers[last].ActivateGradient(workspace.Output(last, rows), workspace.OutputGradient(last, rows));
        }

        for (int i = last; i >= 0; i--)
        {
            layers[i].Backward(
                _pass.Network.ParameterBlock,
                gradients,
                i == 0 ? input : workspace.Output(i - 1, rows),
                workspace.OutputGradient(i, rows),
                i == 0 ? default : workspace.OutputGradient(i - 1, rows),
                i == 0 ? Activation.Identity : layers[i - 1].Activation,
                accumulate,
                workspace.Scratch);
        }
    }
}
