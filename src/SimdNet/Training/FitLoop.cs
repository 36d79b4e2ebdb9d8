using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Numerics;
using System.Threading;

using SimdNet.Data;
using SimdNet.Training.Callbacks;

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
    private TimeSpan _lastReport;
    private TimeSpan _reporting;

    /// <param name="trainer">Who makes the steps.</param>
    /// <param name="rows">What is trained on.</param>
    /// <param name="held">What is evaluated after each epoch; null for nothing.</param>
    /// <param name="options">As they were given.</param>
    /// <param name="batch">Rows a step, at most the rows there are.</param>
    public FitLoop(Trainer<T> trainer, ScaledRows<T> rows, ScaledRows<T>? held, FitOptions<T> options, int batch)
    {
        _trainer = trainer;
        _rows = rows;
        _held = held;
        _options = options;
        _batch = batch;
        _order = options.Shuffle && batch < rows.Count ? new(rows.Count) : null;
        _history = new(options.Epochs) { Rows = rows.Count };
        _metrics = [.. options.Metrics];
        _callbacks = options.Callbacks.Count > 0 ? new(new(trainer, options, _history, rows.Count, batch, held is not null)) : null;
    }

    /// <summary>All epochs, or as many as callbacks let it make.</summary>
    public History Run(CancellationToken cancellationToken)
    {
        try
        {
            _callbacks?.TrainBegin();
            int epoch = 1;
            while (epoch <= _options.Epochs && _callbacks?.IsStopping != true && !(epoch > 1 && _trainer.HasConverged))
            {
                epoch += RunEpoch(epoch, cancellationToken) ? 1 : 0;
            }

            if (epoch <= _options.Epochs)
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
    private bool RunEpoch(int epoch, CancellationToken cancellationToken)
    {
        Progress progress = new() { Epoch = epoch };
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

            return policy == NonFinitePolicy.Stop;
        }

        _history.Add(result);
        Report(progress, completed: true, result);
        _callbacks?.EpochEnd(result);
        return true;
    }

    /// <summary>The steps of an epoch, and what is measured after them.</summary>
    private EpochResult Run(ref Progress progress, CancellationToken cancellationToken)
    {
        int epoch = progress.Epoch;
        _callbacks?.EpochBegin(epoch);
        RowSource<T> source = _rows.InOrder(Order(epoch));
        double right = 0;
        int nextReport = _options.Progress is null ? int.MaxValue : RowsBetweenReports;
        TimeSpan began = _clock.Elapsed;
        _reporting = TimeSpan.Zero;
        _trainer.BeginEpoch();
        bool tellsBatches = _callbacks?.WantsBatches == true;
        int most = tellsBatches ? _batch : _trainer.RowsAtATime(source, _batch);
        for (; progress.Done < _rows.Count; progress.Done += progress.Count)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress.Start = progress.Done;
            progress.Count = Math.Min(most, _rows.Count - progress.Start);
            progress.Batch = progress.Start / _batch;
            double terms = _trainer.StepRows(source, progress.Start, progress.Count, _batch, _rows.Accuracy, ref right);
            double weight = source.Weight(progress.Start, progress.Count);
            progress.Sum += terms;
            progress.Weight += weight;
            progress.Right = right;
            if (progress.Start + progress.Count >= nextReport)
            {
                nextReport = progress.Start + progress.Count + RowsBetweenReports;
                Report(progress, completed: false, default);
            }

            if (tellsBatches && _callbacks!.BatchEnd(progress.Batch + 1, progress.Count, _trainer.Mean(terms, weight)))
            {
                progress.Done += progress.Count;
                break;
            }
        }

        _trainer.CheckState(epoch);
        _history.TrainingTime += _clock.Elapsed - began - _reporting;
        EpochResult result = new(epoch, _trainer.Mean(progress.Sum, progress.Weight), _rows.Share(right, progress.Done), null, null) { LearningRate = _trainer.LearningRate };
        if (_held is not null)
        {
            RowSource<T> held = _held.InOrder(default);
            foreach (Metric metric in _metrics)
            {
                metric.Reset();
            }

            (double heldSum, double heldRight) = _trainer.Sums(held, _held.Accuracy, _metrics);
            result = result with { ValidationLoss = _trainer.Mean(heldSum, held.Weight(0, _held.Count)) + _trainer.Penalty, ValidationAccuracy = _held.Share(heldRight, _held.Count), Metrics = _metrics.Length > 0 ? Measured() : null };
        }

        _trainer.EndEpoch(result.ValidationLoss ?? result.Loss);
        return result;
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

    private void Report(in Progress progress, bool completed, in EpochResult result)
    {
        if (_options.Progress is { } report && (completed || _clock.Elapsed - _lastReport >= ReportInterval))
        {
            _lastReport = _clock.Elapsed;
            int done = completed ? progress.Done : progress.Start + progress.Count;
            report(new(progress.Epoch, _options.Epochs, done, _rows.Count, _trainer.Mean(progress.Sum, progress.Weight), _rows.Share(progress.Right, done), result.ValidationLoss, result.ValidationAccuracy, _lastReport, completed));
            _reporting += completed ? TimeSpan.Zero : _clock.Elapsed - _lastReport;
        }
    }

    /// <summary>How far an epoch has come.</summary>
    private struct Progress
    {
        public int Epoch;

        /// <summary>Rows that were trained on.</summary>
        public int Done;

        /// <summary>The last batch that was begun, from 0, and its rows; of single steps that are made in one call, the first.</summary>
        public int Batch;
        public int Start;
        public int Count;

        /// <summary>Of the loss' terms, and of the weights of their rows.</summary>
        public double Sum;
        public double Weight;

        public double Right;
    }
}
