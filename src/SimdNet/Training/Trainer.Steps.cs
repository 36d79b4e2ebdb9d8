using System;
using System.Runtime.CompilerServices;
using System.Threading;

using SimdNet.Kernels;
using SimdNet.Training;
using SimdNet.Training.Steps;

namespace SimdNet;

/// <content>Steps, one at a time.</content>
public sealed partial class Trainer<T>
{
    /// <summary>One step on one sample, or on several as one batch.</summary>
    /// <param name="x">Inputs, [rows × inputs].</param>
    /// <param name="y">Targets, [rows × outputs].</param>
    /// <returns>The loss of these rows before the step, with the layers' penalties.</returns>
    /// <exception cref="ArgumentException">A length does not fit, a target is outside the loss' domain, there are more rows than <see cref="TrainerOptions.MaxBatch"/>, or one row where a batch normalization trains, which needs two; or the inputs are the network's own parameters, which the step changes. Nothing was changed.</exception>
    /// <exception cref="NonFiniteException">An input or the loss is NaN or infinite; no parameter was changed.</exception>
    /// <exception cref="InvalidOperationException">Another call has not ended, of another thread or of this one, and nothing was changed; what is noticed is in the remarks on the class.</exception>
    [MethodImpl(Compiled.Entry)]
    public T Step(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        if (_quickStep is { } quick && quick.TryStep(x, y, out T loss))
        {
            Steps++;
            return loss;
        }

        return QuickBatch(x, y);
    }

    /// <summary>The quick way of a step on a batch; null where there is none, or while another call runs.</summary>
    internal SmallBatchStep<T>? QuickBatches => _quickBatch;

    [MethodImpl(Compiled.Loop)]
    private T QuickBatch(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        if (_quickBatch is { } quick && quick.TryStep(x, y, out T loss))
        {
            Steps++;
            return loss;
        }

        return GeneralStep(x, y, default);
    }

    /// <summary>A method of its own: what it clears on entry takes a part of the time of a small network's step.</summary>
    [MethodImpl(Compiled.Loop)]
    private T GeneralStep(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> weights)
    {
        CheckFree();
        CheckTargets(y, CheckedRows(x, nameof(x)));
        return Step(new RowSource<T>(Network.Inputs, Network.Outputs, x, y, default, default, Network.InputScaler, Network.TargetScaler, new(weights, _pass.Loss)));
    }

    /// <summary>One step on one sample of a class.</summary>
    /// <param name="x">Inputs, [inputs].</param>
    /// <param name="label">Its class: 0 to outputs − 1, or 0 and 1 where there is one output.</param>
    /// <returns>The loss of the sample before the step.</returns>
    /// <inheritdoc cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})" path="/exception"/>
    public T Step(ReadOnlySpan<T> x, int label) => Step(x, new ReadOnlySpan<int>(in label));

    /// <summary>One step on a batch of samples with classes.</summary>
    /// <param name="x">Inputs, [rows × inputs].</param>
    /// <param name="labels">Their classes, [rows]: 0 to outputs − 1, or 0 and 1 where there is one output.</param>
    /// <returns>The loss of these rows before the step.</returns>
    /// <inheritdoc cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})" path="/exception"/>
    [MethodImpl(Compiled.Entry)]
    public T Step(ReadOnlySpan<T> x, ReadOnlySpan<int> labels)
    {
        if (_quickBatch is { } quick && quick.TryStep(x, labels, out T loss))
        {
            Steps++;
            return loss;
        }

        return GeneralStep(x, labels, default);
    }

    /// <inheritdoc cref="GeneralStep(ReadOnlySpan{T}, ReadOnlySpan{T}, ReadOnlySpan{T})"/>
    [MethodImpl(Compiled.Loop)]
    private T GeneralStep(ReadOnlySpan<T> x, ReadOnlySpan<int> labels, ReadOnlySpan<T> weights)
    {
        CheckFree();
        CheckLabels(labels, CheckedRows(x, nameof(x)));
        return Step(new RowSource<T>(Network.Inputs, Network.Outputs, x, default, labels, default, Network.InputScaler, Network.TargetScaler, new(weights, _pass.Loss)));
    }

    /// <summary>One step on all rows of a data set as one batch.</summary>
    /// <returns>The loss of these rows before the step.</returns>
    /// <inheritdoc cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})" path="/exception"/>
    public T Step(Dataset<T> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.HasLabels
            ? GeneralStep(batch.Inputs.Span, batch.Labels.Span, batch.Weights.Span)
            : batch.HasWeights ? GeneralStep(batch.Inputs.Span, batch.Targets.Span, batch.Weights.Span) : Step(batch.Inputs.Span, batch.Targets.Span);
    }

    [MethodImpl(Compiled.Entry)]
    private T Step(in RowSource<T> source)
    {
        if (source.Rows == 1)
        {
            return StepAlone(source);
        }

        if (Interlocked.CompareExchange(ref _use, Computing, Free) != Free)
        {
            throw InUse();
        }

        try
        {
            return StepAlone(source);
        }
        finally
        {
            Volatile.Write(ref _use, Free);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private T StepAlone(in RowSource<T> source)
    {
        double right = 0;
        if (_scheduler is { PerStep: true })
        {
            SetRate(Steps);
        }

        double sum = source.Rows == 1 && _sampleStep is not null && !source.IsWeighted
            ? SingleStepsOf(source, 0, 1, AccuracyKind.None, 0, ref right)
            : _batchStep.Step(source, 0, source.Rows, AccuracyKind.None, ref right, ChecksAfterwards(source.Rows));
        Steps++;
        return T.CreateTruncating(Mean(sum, source.Weight(0, source.Rows), StepPenalty));
    }

    private void SetRate(long count) => _optimizer.LearningRate = _scheduler!.RateAt(count);

    /// <summary>Single steps of plain gradient descent.</summary>
    private double SingleStepsOf(in RowSource<T> source, int start, int count, AccuracyKind accuracy, double sum, ref double right) => _smallStep is null
        ? _sampleStep!.Steps(source, start, count, accuracy, sum, ref right)
        : _smallStep.Steps(source, start, count, accuracy, sum, ref right);
}
