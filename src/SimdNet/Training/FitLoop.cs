using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Threading;

using SimdNet.Data;
using SimdNet.Training.Callbacks;
using SimdNet.Training.Checkpoints;

namespace SimdNet.Training;

/// <summary>The epochs of one call of <see cref="Trainer{T}.Fit"/>: their order, what is measured, and who is told.</summary>
/// <remarks>Everything is allocated by the constructor and by callbacks: between the first and the last sample of an epoch nothing is.</remarks>
internal sealed class FitLoop<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows between looks at the clock within an epoch, where progress is wanted: a look costs about as much as one tiny step.</summary>
    private const int RowsBetweenReports = 1024;

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly Trainer<T> _trainer;
    private readonly ScaledRows<T> _rows;
    private readonly ScaledRows<T>? _held;
    private readonly FitOptions<T> _options;
    private readonly int _batch;
    private readonly BatchOrder? _order;
    private readonly History _history;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CallbackCalls<T>? _callbacks;
    private readonly Metric[] _metrics;
    private readonly FitStart<T> _start;

    /// <summary>True where a callback decides about a loss of the validation rows that is not finite.</summary>
    private readonly bool _watchesValidation;
    private TimeSpan _lastReport;

    /// <summary>When the epoch began, and what of the time since was not training.</summary>
    private TimeSpan _began;
    private TimeSpan _reporting;

    /// <summary>True where the newest checkpoint is of where the training is, and where there shall be none.</summary>
    private bool _isWritten;

    /// <param name="trainer">Who makes the steps.</param>
    /// <param name="rows">What is trained on.</param>
    /// <param name="held">What is evaluated after each epoch; null for nothing.</param>
    /// <param name="options">As they were given.</param>
    /// <param name="batch">Rows a step, at most the rows there are.</param>
    /// <param name="start">What it goes on with, and the checkpoints that it writes.</param>
    public FitLoop(Trainer<T> trainer, ScaledRows<T> rows, ScaledRows<T>? held, FitOptions<T> options, int batch, in FitStart<T> start)
    {
        _trainer = trainer;
        _rows = rows;
        _held = held;
        _options = options;
        _batch = batch;
        _order = options.Shuffle && batch < rows.Count ? new(rows.Count) : null;
        _history = new(options.Epochs) { Rows = rows.Count };
        _metrics = [.. options.Metrics];
        _callbacks = options.Callbacks.Count > 0 ? new(new(trainer, options, _history, rows.Count, batch, held is not null) { IsResumed = start.Interrupted is not null }) : null;
        foreach (Callback<T> callback in options.Callbacks)
        {
            _watchesValidation |= callback is TerminateOnNaN<T>;
        }

        _start = start;
        if (start.Interrupted is { } interrupted)
        {
            _history.Add(interrupted.Epochs);
            _history.TrainingTime = interrupted.TrainingTime;

            // Of what it goes on from, another folder has no checkpoint yet.
            _isWritten = start.Checkpoints?.HasOwn != false;
        }
    }

    /// <summary>All epochs, or as many as callbacks let it make.</summary>
    public History Run(CancellationToken cancellationToken)
    {
        try
        {
            _callbacks?.TrainBegin();
            EpochProgress next = new() { Epoch = 1 };
            if (_start.Interrupted is { } interrupted)
            {
                _callbacks?.Restore(interrupted);
                next = interrupted.Progress;
            }

            while (next.Epoch <= _options.Epochs && _callbacks?.IsStopping != true && !(next.Epoch > 1 && _trainer.HasConverged))
            {
                next = new() { Epoch = next.Epoch + (RunEpoch(next, cancellationToken) ? 1 : 0) };
                if (_start.Checkpoints?.IsDueAfter(next.Epoch - 1) == true)
                {
                    WriteCheckpoint(next);
                }
            }

            WriteCheckpoint(next);
            _trainer.GoOn();
            if (next.Epoch <= _options.Epochs)
            {
                _history.StopReason ??= "The optimizer finds nothing more to improve.";
            }
        }
        catch (Exception error) when (_callbacks is not null)
        {
            _callbacks.TrainEnd(error);
            throw;
        }

        _callbacks?.TrainEnd(null);
        return _history;
    }

    /// <summary>One epoch, in which numbers may go bad.</summary>
    /// <returns>False where it is to be run again.</returns>
    private bool RunEpoch(EpochProgress progress, CancellationToken cancellationToken)
    {
        int epoch = progress.Epoch;
        EpochResult result;
        try
        {
            result = Run(ref progress, cancellationToken);
        }
        catch (NonFiniteException error)
        {
            NonFiniteReport report = _trainer.Report(error, _rows.InOrder(Order(epoch)), epoch, progress.Batch + 1, progress.Start, progress.Count);
            NonFinitePolicy policy = _callbacks?.NonFinite(report) ?? NonFinitePolicy.Throw;
            if (policy == NonFinitePolicy.Throw)
            {
                throw;
            }

            // A state that led to such a number must not take the place of a good one.
            _isWritten = policy == NonFinitePolicy.Stop;
            return policy == NonFinitePolicy.Stop;
        }

        _history.Add(result);
        Report(progress, completed: true, result);
        _callbacks?.EpochEnd(result);
        return true;
    }

    /// <summary>The steps of an epoch, and what is measured after them.</summary>
    private EpochResult Run(ref EpochProgress progress, CancellationToken cancellationToken)
    {
        int epoch = progress.Epoch;
        StopWhereCancelled(progress, cancellationToken);
        bool begins = progress.Done == 0;
        if (begins)
        {
            _callbacks?.EpochBegin(epoch);
        }

        RowSource<T> source = _rows.InOrder(Order(epoch));
        double right = progress.Right;
        int nextReport = _options.Progress is null ? int.MaxValue : RowsBetweenReports;
        _began = _clock.Elapsed;
        _reporting = TimeSpan.Zero;
        _trainer.GoOn();
        if (begins)
        {
            _trainer.BeginEpoch();
        }

        bool tellsBatches = _callbacks?.WantsBatches == true;
        int most = tellsBatches ? _batch : _trainer.RowsAtATime(source, _batch);
        FitCheckpoints<T>? checkpoints = _start.Checkpoints;
        for (; progress.Done < _rows.Count; progress.Done += progress.Count)
        {
            if (progress.Done > 0)
            {
                StopWhereCancelled(progress, cancellationToken);
                if (checkpoints?.IsDue == true)
                {
                    WriteCheckpoint(progress);
                }
            }

            progress.Start = progress.Done;
            progress.Count = Math.Min(most, _rows.Count - progress.Start);
            if (checkpoints is not null && _batch == 1)
            {
                // Single steps that are made in one call end where a checkpoint is due.
                progress.Count = (int)Math.Min(progress.Count, checkpoints.StepsUntilDue);
            }

            progress.Batch = progress.Start / _batch;
            double terms = _trainer.StepRows(source, progress.Start, progress.Count, _batch, _rows.Accuracy, tellsBatches ? 0 : progress.Sum, ref right);
            double weight = source.Weight(progress.Start, progress.Count);
            progress.Sum = tellsBatches ? progress.Sum + terms : terms;
            _isWritten = false;
            progress.Weight += weight;
            progress.Penalty += _trainer.StepPenalty * weight;
            progress.Right = right;
            if (progress.Start + progress.Count >= nextReport)
            {
                nextReport = progress.Start + progress.Count + RowsBetweenReports;
                Report(progress, completed: false, default);
            }

            if (tellsBatches && _callbacks!.BatchEnd(progress.Batch + 1, progress.Count, _trainer.Mean(terms, weight, _trainer.StepPenalty)))
            {
                progress.Done += progress.Count;
                break;
            }
        }

        _trainer.CheckState(epoch);
        _history.TrainingTime += _clock.Elapsed - _began - _reporting;
        EpochResult result = new(epoch, Loss(progress), _rows.Share(right, progress.Done), null, null) { LearningRate = _trainer.LearningRate };
        if (_held is not null)
        {
            RowSource<T> held = _held.InOrder(default);
            foreach (Metric metric in _metrics)
            {
                metric.Reset();
            }

            (double heldSum, double heldRight) = _trainer.Sums(held, _held.Accuracy, _metrics);
            result = result with { ValidationLoss = _trainer.Mean(heldSum, held.Weight(0, _held.Count), 0) + _trainer.Penalty, ValidationAccuracy = _held.Share(heldRight, _held.Count), Metrics = _metrics.Length > 0 ? Measured() : null };
            if (_watchesValidation && result.ValidationLoss is { } loss && !double.IsFinite(loss))
            {
                throw new NonFiniteException(string.Create(CultureInfo.InvariantCulture, $"The validation loss {_trainer.Loss} became {(double.IsNaN(loss) ? "NaN" : "infinite")} after epoch {epoch}. Lower the learning rate (now {_trainer.LearningRate}), or look at the validation rows."));
            }
        }

        _trainer.EndEpoch(result.ValidationLoss ?? result.Loss);
        return result;
    }

    /// <summary>The loss of the rows that are done, with the mean of the penalties that their steps had.</summary>
    private double Loss(in EpochProgress progress) => _trainer.Mean(progress.Sum, progress.Weight, progress.Penalty / progress.Weight);

    /// <summary>Between two steps, or before the first of an epoch.</summary>
    private void StopWhereCancelled(in EpochProgress progress, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            WriteCheckpoint(progress);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Writes where the training is, where that is wanted and not done yet.</summary>
    /// <param name="next">The epoch that comes or, with rows done, that runs.</param>
    private void WriteCheckpoint(in EpochProgress next)
    {
        if (_start.Checkpoints is null || _isWritten)
        {
            return;
        }

        TimeSpan began = _clock.Elapsed;
        _start.Checkpoints.Write(new()
        {
            Identity = _start.Identity!,
            Progress = next,
            Epochs = _history.Epochs,
            TrainingTime = _history.TrainingTime + (next.Done > 0 && _began > TimeSpan.Zero ? began - _began - _reporting : default),
            StopReason = _callbacks?.IsStopping == true ? _history.StopReason : null,
            Callbacks = _callbacks?.Save() ?? [],
        });
        _isWritten = true;
        _reporting += _clock.Elapsed - began;
    }

    private Dictionary<string, double> Measured()
    {
        Dictionary<string, double> measured = [];
        foreach (Metric metric in _metrics)
        {
            measured[$"val_{metric.Name}"] = metric.Result;
        }

        return measured;
    }

    /// <summary>The rows of an epoch in their order, the same however often it is asked for.</summary>
    private ReadOnlySpan<int> Order(int epoch) => _order is null ? default : _order.Shuffle(_options.Seed, (ulong)epoch);

    private void Report(in EpochProgress progress, bool completed, in EpochResult result)
    {
        if (_options.Progress is { } report && (completed || _clock.Elapsed - _lastReport >= ReportInterval))
        {
            _lastReport = _clock.Elapsed;
            int done = completed ? progress.Done : progress.Start + progress.Count;
            report(new(progress.Epoch, _options.Epochs, done, _rows.Count, Loss(progress), _rows.Share(progress.Right, done), result.ValidationLoss, result.ValidationAccuracy, _lastReport, completed));
            _reporting += completed ? TimeSpan.Zero : _clock.Elapsed - _lastReport;
        }
    }
}
