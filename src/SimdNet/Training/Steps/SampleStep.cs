using System;
using System.Numerics;

using SimdNet.Memory;
using SimdNet.Model.Layers;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>Steps of plain gradient descent on one sample each: every weight is read once forward, and once more backward while it is updated.</summary>
internal sealed class SampleStep<T>(LossPass<T> pass, OptimizerState<T> optimizer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossPass<T> _pass = pass;
    private readonly OptimizerState<T> _optimizer = optimizer;

    /// <summary>One step on each of the rows start to start + count − 1, in their order.</summary>
    /// <returns>The sum of the loss' terms, each before its step; the rows predicted right are added to <paramref name="right"/>.</returns>
    public double Steps(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        double sum = 0;
        for (int row = start; row < start + count; row++)
        {
            sum += Step(source, row, accuracy, ref right);
        }

        return sum;
    }

    /// <summary>One step on one row; the parameters are current when it returns.</summary>
    public double Step(in RowSource<T> source, int row, AccuracyKind accuracy, ref double right)
    {
        ReadOnlySpan<Layer<T>> layers = _pass.Network.Layers;
        ReadOnlyMatrixView<T> input = _pass.Inputs(source, row, 1);
        double loss = _pass.Run(source, row, input, _pass.Loss.GradientScale(1), accuracy, ref right);
        _pass.CheckLoss(loss, _optimizer.LearningRate);
        T rate = T.CreateTruncating(_optimizer.LearningRate);
        for (int i = layers.Length - 1; i >= 0; i--)
        {
            layers[i].BackwardSampleAndStep(
                rate,
                _pass.Network.ParameterBlock,
                i == 0 ? input.Row(0) : _pass.Workspace.Output(i - 1, 1).Row(0),
                _pass.Workspace.Output(i, 1).Row(0),
                _pass.Workspace.OutputGradient(i, 1).Row(0),
                i == 0 ? default : _pass.Workspace.OutputGradient(i - 1, 1).Row(0),
                linear: _pass.Loss.TakesLogits && i == layers.Length - 1);
        }

        return loss;
    }
}
