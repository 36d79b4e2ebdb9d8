using System;

using SimdNet.Model;
using SimdNet.Training;

namespace SimdNet;

/// <content>Training on a stream of data, a part at a time.</content>
public sealed partial class Trainer<T>
{
    /// <summary>One pass over samples in their order, for a stream of data. scikit-learn's <c>partial_fit</c>.</summary>
    /// <param name="x">Inputs, [rows × inputs].</param>
    /// <param name="y">Targets, [rows × outputs].</param>
    /// <param name="batchSize">Rows a step, at least 1; the last step may have fewer. 1 by default: the bits are then those of <see cref="Step(ReadOnlySpan{T}, ReadOnlySpan{T})"/> on each sample, and of a <see cref="Fit"/> of one epoch with batches of 1 and without shuffling.</param>
    /// <returns>The loss of these rows, each measured before the step that used it.</returns>
    /// <remarks>Allocates nothing. Everything is checked before the first step. Classes are the network's outputs: one may appear for the first time at any time. A schedule in epochs follows <see cref="Fit"/> alone. To stop early, ask <see cref="EarlyStopping{T}.Observe"/> after each pass.</remarks>
    /// <exception cref="ArgumentException">A length does not fit, there are no rows, a target is outside the loss' domain, scaled where the network scales targets, or a batch exceeds <see cref="TrainerOptions.MaxBatch"/>. No step was made.</exception>
    /// <exception cref="NonFiniteException">An input is NaN or infinite, or becomes so when it is scaled, and no step was made; or a loss or a parameter became so, and the parameters are those after the last step whose loss was finite.</exception>
    /// <exception cref="InvalidOperationException">Another call has not ended, of another thread or of this one; nothing was changed.</exception>
    public T PartialFit(ReadOnlySpan<T> x, ReadOnlySpan<T> y, int batchSize = 1) =>
        PassOver(x, y, default, batchSize);

    /// <summary>One pass over samples with classes.</summary>
    /// <param name="x">Inputs, [rows × inputs].</param>
    /// <param name="labels">Their classes, [rows]: 0 to outputs − 1, or 0 and 1 where there is one output.</param>
    /// <param name="batchSize">As in <see cref="PartialFit(ReadOnlySpan{T}, ReadOnlySpan{T}, int)"/>.</param>
    /// <inheritdoc cref="PartialFit(ReadOnlySpan{T}, ReadOnlySpan{T}, int)" path="/*[not(self::summary or self::param)]"/>
    public T PartialFit(ReadOnlySpan<T> x, ReadOnlySpan<int> labels, int batchSize = 1) =>
        PassOver(x, labels, default, batchSize);

    /// <summary>One pass over a data set in its order.</summary>
    /// <param name="data">The rows, raw.</param>
    /// <param name="batchSize">As in <see cref="PartialFit(ReadOnlySpan{T}, ReadOnlySpan{T}, int)"/>.</param>
    /// <inheritdoc cref="PartialFit(ReadOnlySpan{T}, ReadOnlySpan{T}, int)" path="/*[not(self::summary or self::param)]"/>
    public T PartialFit(Dataset<T> data, int batchSize = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ScaledRows<T>.Check(Network, data, _pass.Loss, nameof(data));
        return data.HasLabels
            ? PassOver(data.Inputs.Span, data.Labels.Span, data.Weights.Span, batchSize)
            : PassOver(data.Inputs.Span, data.Targets.Span, data.Weights.Span, batchSize);
    }

    private T PassOver(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> weights, int batchSize)
    {
        Begin(Computing);
        try
        {
            CheckTargets(y, CheckedStream(x, batchSize));
            return PassOver(new RowSource<T>(Network.Inputs, Network.Outputs, x, y, default, default, Network.InputScaler, Network.TargetScaler, new(weights, _pass.Loss)), batchSize);
        }
        finally
        {
            End();
        }
    }

    private T PassOver(ReadOnlySpan<T> x, ReadOnlySpan<int> labels, ReadOnlySpan<T> weights, int batchSize)
    {
        Begin(Computing);
        try
        {
            CheckLabels(labels, CheckedStream(x, batchSize));
            return PassOver(new RowSource<T>(Network.Inputs, Network.Outputs, x, default, labels, default, Network.InputScaler, Network.TargetScaler, new(weights, _pass.Loss)), batchSize);
        }
        finally
        {
            End();
        }
    }

    /// <summary>The number of rows of a pass whose inputs are finite.</summary>
    private int CheckedStream(ReadOnlySpan<T> x, int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        int rows = Shapes.Rows(Network.Spec, x.Length, nameof(x));
        CheckBatch(Math.Min(batchSize, rows), rows, nameof(batchSize));
        CheckApart(x, nameof(x));
        _pass.CheckFinite(x, "Input");
        return rows;
    }

    private T PassOver(in RowSource<T> source, int batchSize)
    {
        _pass.CheckScaled(source);
        int batch = Math.Min(batchSize, source.Rows);

        // Inputs that are scaled as they are taken come a step at a time.
        int most = source.ScalesInputs ? batch : RowsAtATime(source, batch);
        double sum = 0;
        double penalty = 0;
        double right = 0;
        int start = 0;
        int count = 0;
        try
        {
            for (; start < source.Rows; start += count)
            {
                count = Math.Min(most, source.Rows - start);
                sum = StepRows(source, start, count, batch, AccuracyKind.None, sum, ref right);
                penalty += StepPenalty * source.Weight(start, count);
            }

            CheckState(epoch: 0);
        }
        catch (NonFiniteException error)
        {
            // After the pass, the last batch is the one to look at.
            start = Math.Min(start, source.Rows - count);
            Report(error, source, epoch: 0, (start / batch) + 1, start, count);
            throw;
        }

        double weight = source.Weight(0, source.Rows);
        return T.CreateTruncating(Mean(sum, weight, penalty / weight));
    }
}
