using System;
using System.Numerics;

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
    /// <returns>The sum of the loss' terms before the step; the rows predicted right are added to <paramref name="right"/>.</returns>
    public double Step(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        double sum = LossAndGradient(source, start, count, accuracy, ref right);
        _pass.CheckLoss(sum, _optimizer.LearningRate);
        _optimizer.Step(_pass.Network.ParameterBlock, _gradient.Span);
        return sum;
    }

    /// <summary>The loss' sum over a batch, tile by tile, and its gradient.</summary>
    public double LossAndGradient(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        ReadOnlySpan<Layer<T>> layers = _pass.Network.Layers;
        ReadOnlySpan<T> parameters = _pass.Network.ParameterBlock;
        Span<T> gradients = _gradient.Span;
        gradients.Clear();
        T scale = _pass.Loss.GradientScale(count);
        int tile = Tiles.Balanced(count, _pass.Workspace.Rows);
        double sum = 0;
        for (int end = start + count; start < end; start += tile)
        {
            int rows = Math.Min(tile, end - start);
            ReadOnlyMatrixView<T> input = _pass.Inputs(source, start, rows);
            sum += _pass.Run(source, start, input, scale, accuracy, ref right);
            for (int i = layers.Length - 1; i >= 0; i--)
            {
                layers[i].Backward(
                    parameters,
                    gradients,
                    i == 0 ? input : _pass.Workspace.Output(i - 1, rows),
                    _pass.Workspace.Output(i, rows),
                    _pass.Workspace.OutputGradient(i, rows),
                    i == 0 ? default : _pass.Workspace.OutputGradient(i - 1, rows),
                    linear: _pass.Loss.TakesLogits && i == layers.Length - 1,
                    _pass.Workspace.Scratch);
            }
        }

        return sum;
    }
}
