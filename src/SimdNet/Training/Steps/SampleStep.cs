using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Model.Layers;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>Steps of plain gradient descent on one sample each.</summary>
/// <remarks>
/// A single step reads every weight once forward, and once more backward while it is updated. In a run of steps the first layer, which has nearly all the weights of a network with wide inputs,
/// is gone through once: its update by one sample and its forward of the next are one pass. Both leave the same bits.
/// <code>
/// step      forward 0 | forward 1, 2, … | loss | backward and update …, 2, 1 | update 0
/// steps     forward 0 | forward 1, 2, … | loss | backward and update …, 2, 1 | update 0 and forward 0 of the next | forward 1, 2, … | loss | …
/// </code>
/// </remarks>
internal sealed class SampleStep<T>(LossPass<T> pass, OptimizerState<T> optimizer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossPass<T> _pass = pass;
    private readonly OptimizerState<T> _optimizer = optimizer;

    /// <summary>One step on each of the rows start to start + count − 1, in their order.</summary>
    /// <param name="source">The rows; the inputs of several are scaled already.</param>
    /// <param name="start">The first.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="right">The rows predicted right are added to it.</param>
    /// <returns>The sum of the loss' terms, each before its step.</returns>
    /// <exception cref="NonFiniteException">A scaled input or a loss is NaN or infinite; the parameters are those after the step before.</exception>
    [MethodImpl(Compiled.Entry)]
    public double Steps(in RowSource<T> source, int start, int count, AccuracyKind accuracy, ref double right)
    {
        Debug.Assert(count == 1 || (count > 1 && !source.ScalesInputs), "Two rows of inputs are read at a time, where they lie.");
        Layer<T> first = _pass.Network.Layers[0];
        Span<T> parameters = _pass.Network.ParameterBlock;
        T rate = T.CreateTruncating(_optimizer.LearningRate);
        T scale = _pass.Loss.GradientScale(1);
        bool isLinear = IsLinear(0);
        MatrixView<T> output = _pass.Workspace.Output(0, 1);
        MatrixView<T> gradient = _pass.Workspace.OutputGradient(0, 1);
        ReadOnlySpan<T> input = _pass.Inputs(source, start, 1).Row(0);
        first.ForwardSample(parameters, input, output.Row(0), isLinear);
        double sum = 0;
        for (int row = start; ; row++)
        {
            double loss = _pass.Terms(source, row, ForwardFromSecond(output), scale, accuracy, ref right);
            _pass.CheckLoss(loss, _optimizer.LearningRate);
            sum += loss;
            BackwardToSecond(rate);
            if (row == start + count - 1)
            {
                first.BackwardSampleAndStep(rate, parameters, input, output.Row(0), gradient.Row(0), default, isLinear);
                return sum;
            }

            ReadOnlySpan<T> next = source.Inputs(row + 1, 1, _pass.Workspace).Row(0);
            if (row + 2 < start + count)
            {
                // Rows are taken in random order: what the processor foresees ends with the row.
                _pass.Network.Kernels.Prefetch(source.Inputs(row + 2, 1, _pass.Workspace).Row(0));
            }

            first.BackwardSampleAndStepAndForward(rate, parameters, input, next, output.Row(0), gradient.Row(0), isLinear);
            input = next;
        }
    }

    private bool IsLinear(int layer) => _pass.Loss.TakesLogits && layer == _pass.Network.Layers.Length - 1;

    /// <summary>Forward through all layers but the first.</summary>
    /// <param name="output">Of the first, [1 × units].</param>
    [MethodImpl(Compiled.Entry)]
    private MatrixView<T> ForwardFromSecond(MatrixView<T> output)
    {
        ReadOnlySpan<Layer<T>> layers = _pass.Network.Layers;
        ReadOnlySpan<T> parameters = _pass.Network.ParameterBlock;
        for (int i = 1; i < layers.Length; i++)
        {
            MatrixView<T> next = _pass.Workspace.Output(i, 1);
            layers[i].ForwardSample(parameters, output.Row(0), next.Row(0), IsLinear(i));
            output = next;
        }

        return output;
    }

    /// <summary>Backward through all layers but the first, each updated on the way.</summary>
    [MethodImpl(Compiled.Entry)]
    private void BackwardToSecond(T rate)
    {
        ReadOnlySpan<Layer<T>> layers = _pass.Network.Layers;
        Span<T> parameters = _pass.Network.ParameterBlock;
        for (int i = layers.Length - 1; i > 0; i--)
        {
            layers[i].BackwardSampleAndStep(
                rate,
                parameters,
                _pass.Workspace.Output(i - 1, 1).Row(0),
                _pass.Workspace.Output(i, 1).Row(0),
                _pass.Workspace.OutputGradient(i, 1).Row(0),
                _pass.Workspace.OutputGradient(i - 1, 1).Row(0),
                IsLinear(i));
        }
    }
}
