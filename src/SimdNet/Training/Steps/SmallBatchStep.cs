using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Steps;

/// <summary>Steps of plain gradient descent of a small network on a batch of one tile: the bits of <see cref="BatchStep{T}"/>.</summary>
/// <remarks>
/// What leads to the kernels there takes as long as they do on 8 rows. So a batch that needs nothing done to it has a way of its own, as a sample has in <see cref="SmallNetworkStep{T}"/>: where a condition fails, or a number is not finite, no
/// step is made, and the general way knows what to say.
/// </remarks>
internal sealed class SmallBatchStep<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly OptimizerState<T> _optimizer;
    private readonly Network<T> _network;
    private readonly SmallNetwork<T> _small;
    private readonly KernelSet<T> _kernels;
    private readonly LossFunction<T> _loss;
    private readonly Workspace<T> _workspace;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _last;
    private int _rows;
    private T _scale;
    private double _divisor;

    /// <param name="pass">See <see cref="Of"/>.</param>
    /// <param name="optimizer">Plain gradient descent.</param>
    private SmallBatchStep(LossPass<T> pass, OptimizerState<T> optimizer)
    {
        _optimizer = optimizer;
        _network = pass.Network;
        _small = pass.SmallBatches!;
        _kernels = _network.Kernels;
        _loss = pass.Loss;
        _workspace = pass.Workspace;
        _inputs = _network.Inputs;
        _outputs = _network.Outputs;
        _last = _network.Layers.Length - 1;
    }

    /// <summary>The way of a network's batches; null where its kernels for small networks do not take them, or its loss changes targets, weighs rows or is the user's.</summary>
    public static SmallBatchStep<T>? Of(LossPass<T> pass, OptimizerState<T> optimizer) =>
        pass.SmallBatches is not null && pass.Loss is { ClassWeights: null, ReshapesTargets: false, IsCustom: false } ? new(pass, optimizer) : null;

    /// <summary>One step on several samples where nothing about them is out of the ordinary.</summary>
    /// <param name="x">[rows × inputs], raw.</param>
    /// <param name="y">[rows × outputs], raw.</param>
    /// <param name="loss">The loss before the step.</param>
    /// <returns>False where no step was made.</returns>
    [MethodImpl(Compiled.Entry)]
    public bool TryStep(ReadOnlySpan<T> x, ReadOnlySpan<T> y, out T loss)
    {
        int rows = Rows(x);
        if (rows < 2 || y.Length != rows * _outputs || _network.TargetScaler is not null || _loss.Check(y) is not null)
        {
            loss = default;
            return false;
        }

        ReadOnlyMatrixView<T> input = new(x, rows, _inputs);
        MatrixView<T> output = Forward(input);
        T sum = _loss.Sum(output, new ReadOnlyMatrixView<T>(y, rows, _outputs), Scale(rows), _workspace.OutputGradient(_last, rows));
        return TryEnd(input, sum, out loss);
    }

    /// <summary>The same on samples of classes.</summary>
    /// <param name="x">[rows × inputs], raw.</param>
    /// <param name="labels">[rows].</param>
    /// <param name="loss">The loss before the step.</param>
    /// <returns>False where no step was made.</returns>
    [MethodImpl(Compiled.Entry)]
    public bool TryStep(ReadOnlySpan<T> x, ReadOnlySpan<int> labels, out T loss)
    {
        int rows = Rows(x);
        if (rows < 2 || labels.Length != rows || !_loss.TakesLabels || !AreClasses(labels, _outputs))
        {
            loss = default;
            return false;
        }

        ReadOnlyMatrixView<T> input = new(x, rows, _inputs);
        MatrixView<T> output = Forward(input);
        T sum = _loss.Sum(output, labels, Scale(rows), _workspace.OutputGradient(_last, rows));
        return TryEnd(input, sum, out loss);
    }

    /// <summary>How many rows of inputs there are; 0 where they need something done to them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Rows(ReadOnlySpan<T> x)
    {
        // Batches are alike: the division is made once.
        int rows = x.Length == _rows * _inputs ? _rows : x.Length / _inputs;
        return x.Length == rows * _inputs && rows <= _workspace.Rows && _network.InputScaler is null && !x.Overlaps(_network.ParameterBlock) ? rows : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MatrixView<T> Forward(ReadOnlyMatrixView<T> input)
    {
        _kernels.SmallForward(_small, _network.ParameterBlock, input, _workspace.Rows, _workspace.Outputs, _loss.TakesLogits);
        return _workspace.Output(_last, input.Rows);
    }

    /// <summary>Factor of the loss' gradient that makes of it a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Scale(int rows)
    {
        if (rows != _rows)
        {
            _rows = rows;
            _scale = _loss.GradientScale(rows);
            _divisor = _loss.Divisor(rows);
        }

        return -T.CreateTruncating(_optimizer.LearningRate) * _scale;
    }

    /// <summary>Makes the step, unless a number is not finite.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryEnd(ReadOnlyMatrixView<T> input, T sum, out T loss)
    {
        loss = T.CreateTruncating(double.CreateTruncating(sum) / _divisor);
        if (!T.IsFinite(sum) || !T.IsFinite(_kernels.Sum(input.Elements)))
        {
            return false;
        }

        Span<T> parameters = _network.ParameterBlock;
        _kernels.SmallBackward(_small, parameters, parameters, input, _workspace.Rows, _workspace.Outputs, _workspace.Gradients(_last), _workspace.Gradients(_last + 1), _loss.TakesLogits, accumulate: true, _workspace.Scratch);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreClasses(ReadOnlySpan<int> labels, int classes)
    {
        foreach (int label in labels)
        {
            if ((uint)label >= (uint)classes)
            {
                return false;
            }
        }

        return true;
    }
}
