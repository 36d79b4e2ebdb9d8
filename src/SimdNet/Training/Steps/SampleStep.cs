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
/// forward 0 | tail | update 0 and forward 0 of the next | tail | … | update 0
/// tail      activation 0 | forward 1, 2, … | loss | backward and update …, 2, 1 | derivative and bias 0
/// </code>
/// Where the layers of the tail are small, it is one kernel. Where that finds a loss that is not finite it has changed nothing, and the tail is made layer by layer, which skips inputs that are 0 beside weights that are not finite.
/// </remarks>
internal sealed class SampleStep<T>(LossPass<T> pass, OptimizerState<T> optimizer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossPass<T> _pass = pass;
    private readonly OptimizerState<T> _optimizer = optimizer;
    private readonly DenseLayer<T>[] _layers = Array.ConvertAll(pass.Network.Layers.ToArray(), layer => (DenseLayer<T>)layer);
    private readonly SmallNetwork<T>? _tail = pass.Loss.Small is null ? null : pass.Network.Tail;
    private readonly SmallLoss _loss = pass.Loss.Small ?? default;
    private readonly T _scale = pass.Loss.GradientScale(1);
    private readonly bool _takesLabels = pass.Loss.TakesLabels;

    /// <summary>One step on each of the rows start to start + count − 1, in their order.</summary>
    /// <param name="source">The rows; where they are several, their inputs are scaled already.</param>
    /// <param name="start">The first.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="sum">What the terms are added to, one after the other, so that a sum over several calls has the bits of one call.</param>
    /// <param name="right">The rows predicted right are added to it.</param>
    /// <returns><paramref name="sum"/> with the loss' terms, each before its step.</returns>
    /// <exception cref="NonFiniteException">A scaled input or a loss is NaN or infinite; the parameters are those after the step before.</exception>
    [MethodImpl(Compiled.Entry)]
    public double Steps(in RowSource<T> source, int start, int count, AccuracyKind accuracy, double sum, ref double right)
    {
        Debug.Assert(count == 1 || (count > 0 && !source.ScalesInputs), "Two rows of inputs are read at a time, where they lie.");
        Span<T> parameters = _pass.Network.ParameterBlock;
        T rate = T.CreateTruncating(_optimizer.LearningRate);
        Span<T> sums = _pass.Workspace.Output(0, 1).Row(0);
        Span<T> gradient = _pass.Workspace.OutputGradient(0, 1).Row(0);
        ReadOnlySpan<T> input = source.ScalesInputs ? _pass.Inputs(source, start, 1).Row(0) : source.PlainInput(start);
        DenseLayer<T> first = _layers[0];
        first.ForwardSample(parameters, input, sums, linear: true);
        for (int row = start; ; row++)
        {
            sum += Tail(source, row, parameters, sums, gradient, rate, accuracy, ref right);
            if (row == start + count - 1)
            {
                first.StepWeights(rate, parameters, input, gradient);
                return sum;
            }

            ReadOnlySpan<T> next = source.PlainInput(row + 1);
            if (row + 2 < start + count)
            {
                // Rows are taken in random order: what the processor foresees ends with the row.
                _pass.Network.Kernels.Prefetch(source.PlainInput(row + 2));
            }

            first.StepWeightsAndForward(rate, parameters, input, gradient, next, sums);
            input = next;
        }
    }

    /// <summary>From the sums of the first layer to their gradient, with the steps of all parameters but the first layer's weights.</summary>
    /// <param name="source">The rows.</param>
    /// <param name="row">Which.</param>
    /// <param name="parameters">The block, updated.</param>
    /// <param name="sums">[units of the first], on return where the sums of the next sample start.</param>
    /// <param name="gradient">Of the sums, overwritten.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="accuracy">What counts as right.</param>
    /// <param name="right">1 or a share is added to it where the row is predicted right.</param>
    /// <returns>The sum of the loss' terms before the step.</returns>
    [MethodImpl(Compiled.Entry)]
    private double Tail(in RowSource<T> source, int row, Span<T> parameters, Span<T> sums, Span<T> gradient, T rate, AccuracyKind accuracy, ref double right)
    {
        if (_tail is null)
        {
            return TailByLayers(source, row, parameters, gradient, rate, accuracy, ref right);
        }

        bool hasLabel = _takesLabels && source.HasLabels;
        int label = hasLabel ? source.Label(row) : -1;
        ReadOnlySpan<T> target = hasLabel ? default : source.IsPlain ? source.PlainTarget(row) : _pass.Targets(source, row, 1).Row(0);
        MatrixView<T> output = _pass.Workspace.Output(_pass.Network.Layers.Length - 1, 1);
        T sum = _pass.Network.Kernels.SmallTail(_tail, parameters, sums, target, label, _loss, _scale, rate, output.Row(0), gradient);
        if (!T.IsFinite(sum))
        {
            return TailByLayers(source, row, parameters, gradient, rate, accuracy, ref right);
        }

        if (accuracy != AccuracyKind.None)
        {
            right += hasLabel ? Accuracy.Count<T>(output, new ReadOnlySpan<int>(in label)) : Accuracy.Count<T>(accuracy, output, new ReadOnlyMatrixView<T>(target, 1, target.Length));
        }

        return double.CreateTruncating(sum);
    }

    /// <summary><see cref="Tail"/> by a call for each layer and step.</summary>
    [MethodImpl(Compiled.Loop)]
    private double TailByLayers(in RowSource<T> source, int row, Span<T> parameters, Span<T> gradient, T rate, AccuracyKind accuracy, ref double right)
    {
        MatrixView<T> output = _pass.Workspace.Output(0, 1);
        bool isLinear = IsLinear(0);
        if (!isLinear)
        {
            _layers[0].Activate(output);
        }

        double loss = _pass.Terms(source, row, ForwardFromSecond(output), _scale, accuracy, ref right);
        _pass.CheckLoss(loss, _optimizer.LearningRate, row);
        BackwardToSecond(rate);
        if (!isLinear)
        {
            _layers[0].ActivateGradient(output, new MatrixView<T>(gradient, 1, gradient.Length));
        }

        _layers[0].StepBias(rate, parameters, gradient, output.Row(0));
        return loss;
    }

    private bool IsLinear(int layer) => _pass.Loss.TakesLogits && layer == _pass.Network.Layers.Length - 1;

    /// <summary>Forward through all layers but the first.</summary>
    /// <param name="output">Of the first, [1 × units].</param>
    [MethodImpl(Compiled.Entry)]
    private MatrixView<T> ForwardFromSecond(MatrixView<T> output)
    {
        DenseLayer<T>[] layers = _layers;
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
        DenseLayer<T>[] layers = _layers;
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
