using System;
using System.Globalization;

using SimdNet.Model.Layers;
using SimdNet.Training;
using SimdNet.Training.Callbacks;

namespace SimdNet;

/// <content>What the epochs of <see cref="Fit"/> are made of.</content>
public sealed partial class Trainer<T>
{
    /// <summary>What the layers' penalties add to a loss.</summary>
    internal double Penalty => _rules is null ? 0 : _rules.Penalty();

    /// <summary>What they add to the loss of the last step.</summary>
    internal double StepPenalty => _batchStep.Penalty;

    /// <summary>Sets the rate of an epoch, where a schedule goes by epochs.</summary>
    internal void BeginEpoch()
    {
        if (_scheduler is { PerStep: false })
        {
            SetRate(Epochs);
        }
    }

    /// <summary>Counts an epoch, and tells a schedule its loss.</summary>
    /// <param name="loss">Over the rows held out, where there are some.</param>
    internal void EndEpoch(double loss)
    {
        Epochs++;
        _scheduler?.EndEpoch(loss);
    }

    /// <summary>Rows that <see cref="StepRows"/> takes at a time where each batch has so many.</summary>
    internal int RowsAtATime(in RowSource<T> source, int batch) => batch == 1 && TakesSingleSteps(source) && _scheduler is not { PerStep: true } ? _singleSteps : batch;

    /// <summary>One step on some rows as a batch or, where batches are of one row, one on each. The inputs are known to be finite.</summary>
    /// <returns><paramref name="sum"/> with the loss' terms, without <see cref="StepPenalty"/>, each before its step, to the same bits in whatever parts rows are taken; the rows predicted right are added to <paramref name="right"/>.</returns>
    internal double StepRows(in RowSource<T> source, int start, int count, int batch, AccuracyKind accuracy, double sum, ref double right)
    {
        if (_scheduler is { PerStep: true })
        {
            SetRate(Steps);
        }

        // A last row that is left over is a single step too: a fit has the bits of the steps on its batches.
        bool single = TakesSingleSteps(source) && (batch == 1 || count == 1);
        using (HoldCallbacks())
        {
            sum = single
                ? SingleStepsOf(source, start, count, accuracy, sum, ref right)
                : sum + _batchStep.Step(source, start, count, accuracy, ref right, checksInputs: false);
        }

        Steps += single ? count : 1;
        return sum;
    }

    /// <summary>Finds out what led to a number that is not finite, and counts the steps that were made in the same call before it.</summary>
    /// <param name="error">What was noticed; it gets its report.</param>
    /// <param name="source">The rows.</param>
    /// <param name="epoch">The epoch, from 1; 0 for a pass that is none of several.</param>
    /// <param name="batch">The batch in it, from 1; of single steps in one call, the first.</param>
    /// <param name="start">Its first row.</param>
    /// <param name="count">Its rows.</param>
    internal NonFiniteReport Report(NonFiniteException error, in RowSource<T> source, int epoch, int batch, int start, int count)
    {
        Steps += Math.Max(0, error.Row - start);
        using (HoldCallbacks())
        {
            return error.Report = NonFiniteInquiry<T>.Of(_pass, NextPlace, source, (epoch, batch, LearningRate), start, count, error);
        }
    }

    /// <summary>Sums over rows that are not trained on: the loss' terms, and the rows predicted right. Metrics collect them.</summary>
    internal (double Sum, double Right) Sums(in RowSource<T> source, AccuracyKind accuracy, ReadOnlySpan<Metric> metrics)
    {
        using (HoldCallbacks())
        {
            (double sum, double right, _) = _shards.Evaluate(source, accuracy, withError: false, metrics);
            return (sum, right);
        }
    }

    /// <summary>The place of the next step's first row.</summary>
    internal PassPlace NextPlace => _steps.Next;

    /// <summary>The loss, from the sum of its terms, what their rows weigh together, and a penalty.</summary>
    internal double Mean(double sum, double weight, double penalty) => _pass.Loss.Mean(sum, weight, penalty);

    /// <summary>Finds what no loss has shown yet, such as an infinite weight whose input is always 0, or a moment that stops a parameter for good.</summary>
    /// <param name="epoch">The epoch that runs or has just ended; 0 for a pass that is none of several.</param>
    /// <param name="batch">The batch in it that was the last, from 1; 0 at its end.</param>
    /// <exception cref="NonFiniteException">A parameter or a moment is NaN or infinite.</exception>
    internal void CheckState(int epoch, int batch = 0)
    {
        for (int i = 0; i < StateBlocks; i++)
        {
            CheckBlock(StateBlock(i), i == 0 ? "" : "the optimizer's moment of ", epoch, batch);
        }
    }

    private bool TakesSingleSteps(in RowSource<T> source) => _sampleStep is not null && !source.IsWeighted;

    private void CheckBlock(ReadOnlySpan<T> block, string what, int epoch, int batch)
    {
        // A sum is finite where all its terms are, unless they are huge: then they are looked at one by one.
        if (T.IsFinite(Network.Kernels.Sum(block)))
        {
            return;
        }

        foreach (ParameterInfo parameter in Network.Parameters)
        {
            foreach (T value in block.Slice(parameter.Start, parameter.Length))
            {
                if (!T.IsFinite(value))
                {
                    throw new NonFiniteException(string.Create(CultureInfo.InvariantCulture, $"A value of {what}{parameter.Name} was {value} after {(batch > 0 ? $"batch {batch} of epoch {epoch}" : epoch > 0 ? $"epoch {epoch}" : "the pass")}. Lower the learning rate (now {LearningRate}), or scale the inputs."));
                }
            }
        }
    }
}
