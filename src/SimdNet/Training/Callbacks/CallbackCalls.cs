using System;
using System.Numerics;
using System.Runtime.ExceptionServices;

using SimdNet.Training.Checkpoints;

namespace SimdNet.Training.Callbacks;

/// <summary>The callbacks of one training, called in their order.</summary>
internal sealed class CallbackCalls<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FitContext<T> _context;
    private readonly Callback<T>[] _callbacks;
    private int _begun;

    public CallbackCalls(FitContext<T> context)
    {
        _context = context;
        _callbacks = [.. context.Options.Callbacks];
        foreach (Callback<T> callback in _callbacks)
        {
            if (callback is null)
            {
                throw new ArgumentException("A callback is null.", nameof(context));
            }

            WantsBatches |= callback.WantsBatches;
        }
    }

    public bool WantsBatches { get; }

    public bool IsStopping => _context.IsStopping;

    public void TrainBegin()
    {
        foreach (Callback<T> callback in _callbacks)
        {
            _begun++;
            callback.OnTrainBegin(_context);
        }
    }

    /// <summary>After <see cref="TrainBegin"/>: each takes back what it wrote down.</summary>
    public void Restore(FitState<T> state)
    {
        _context.Epoch = state.Progress.Epoch - (state.Progress.Done > 0 ? 0 : 1);
        _context.Result = state.Epochs is [.., EpochResult last] ? last : default;
        if (state.StopReason is { } reason)
        {
            _context.Stop(reason);
        }

        for (int i = 0; i < _callbacks.Length; i++)
        {
            _callbacks[i].RestoreState(_context, state.Callbacks[i]);
        }
    }

    /// <summary>What each writes down.</summary>
    public CallbackState<T>[] Save()
    {
        CallbackState<T>[] states = new CallbackState<T>[_callbacks.Length];
        for (int i = 0; i < states.Length; i++)
        {
            states[i] = new(_context.Network.Parameters);
            _callbacks[i].SaveState(_context, states[i]);
        }

        return states;
    }

    public void EpochBegin(int epoch)
    {
        _context.Epoch = epoch;
        foreach (Callback<T> callback in _callbacks)
        {
            callback.OnEpochBegin(_context);
        }
    }

    /// <returns>Whether the training is to stop.</returns>
    public bool BatchEnd(int batch, int rows, double loss)
    {
        (_context.Batch, _context.BatchRows, _context.BatchLoss) = (batch, rows, loss);
        foreach (Callback<T> callback in _callbacks)
        {
            if (callback.WantsBatches)
            {
                callback.OnBatchEnd(_context);
            }
        }

        return _context.IsStopping;
    }

    public void EpochEnd(in EpochResult result)
    {
        _context.Result = result;
        foreach (Callback<T> callback in _callbacks)
        {
            callback.OnEpochEnd(_context);
        }
    }

    public NonFinitePolicy NonFinite(NonFiniteReport report)
    {
        foreach (Callback<T> callback in _callbacks)
        {
            NonFinitePolicy policy = callback.OnNonFinite(_context, report);
            if (policy != NonFinitePolicy.Throw)
            {
                if (policy == NonFinitePolicy.Stop)
                {
                    _context.Stop(report.Message);
                }

                return policy;
            }
        }

        return NonFinitePolicy.Throw;
    }

    /// <summary>Those that were told of the beginning are told of the end, whatever the others do.</summary>
    /// <param name="error">What ended the training, and is thrown by the caller; else what a callback throws is thrown here, after the last.</param>
    public void TrainEnd(Exception? error)
    {
        _context.Error = error;
        ExceptionDispatchInfo? first = null;
        foreach (Callback<T> callback in _callbacks.AsSpan(0, _begun))
        {
            try
            {
                callback.OnTrainEnd(_context);
            }
            catch (Exception thrown)
            {
                first ??= ExceptionDispatchInfo.Capture(thrown);
            }
        }

        if (error is null)
        {
            first?.Throw();
        }
    }
}
