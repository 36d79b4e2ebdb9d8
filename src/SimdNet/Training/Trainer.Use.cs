using System;
using System.Threading;

namespace SimdNet;

/// <content>Who uses the trainer: one call at a time, of one thread.</content>
/// <remarks>
/// While <see cref="Fit"/>, <see cref="PartialFit(Dataset{T}, int)"/>, an evaluation, the writing of a checkpoint or a step of several rows runs, everybody else is refused before anything is written.
/// A step of one row, or of a batch of a small network, looks whether it may, and does not note itself, which would take a part of its time.
/// </remarks>
public sealed partial class Trainer<T>
{
    private const int Free = 0;
    private const int Computing = 1;
    private const int Fitting = 2;

    private int _use;

    /// <summary>The thread of the fit that runs, whose callbacks may evaluate; 0 where none does.</summary>
    private int _fitThread;

    /// <summary>For a step.</summary>
    /// <exception cref="InvalidOperationException">Another call has not ended.</exception>
    private void CheckFree()
    {
        if (Volatile.Read(ref _use) != Free)
        {
            throw InUse();
        }
    }

    /// <summary>Begins a call that trains.</summary>
    /// <param name="use"><see cref="Computing"/> or <see cref="Fitting"/>.</param>
    /// <exception cref="InvalidOperationException">Another call has not ended.</exception>
    private void Begin(int use)
    {
        if (Interlocked.CompareExchange(ref _use, use, Free) != Free)
        {
            throw InUse();
        }

        _fitThread = use == Fitting ? Environment.CurrentManagedThreadId : 0;

        // The quick ways of a step ask for their kernel alone: without one they take the way that looks who is at work.
        _quickStep = null;
        _quickBatch = null;
    }

    /// <summary>Begins a call that changes nothing, which a callback of a fit may make.</summary>
    /// <returns>What <see cref="End"/> is to leave.</returns>
    /// <exception cref="InvalidOperationException">Another call has not ended.</exception>
    private int BeginReading()
    {
        if (IsInFit)
        {
            _fitThread = 0;
            return Fitting;
        }

        Begin(Computing);
        return Free;
    }

    /// <summary>Begins what is computed between the callbacks of a fit, or for one of them: whom it calls there, such as a loss of the user's, is none of them.</summary>
    /// <returns>What lets callbacks in again when it is disposed.</returns>
    private HeldCallbacks HoldCallbacks() => new(this);

    private void End(int use = Free)
    {
        _fitThread = use == Fitting ? Environment.CurrentManagedThreadId : 0;
        if (use == Free)
        {
            TakeQuickWays();
        }

        Volatile.Write(ref _use, use);
    }

    /// <summary>The ways of a step that check and compute in one; none under a rate that changes from step to step, which is set on the general way.</summary>
    private void TakeQuickWays()
    {
        bool isSet = _scheduler is { PerStep: true };
        _quickStep = isSet ? null : _smallStep;
        _quickBatch = isSet ? null : _smallBatch;
    }

    /// <summary>Whether this thread is in a callback of a fit.</summary>
    private bool IsInFit => Volatile.Read(ref _use) == Fitting && _fitThread == Environment.CurrentManagedThreadId;

    /// <summary>On the stack: two assignments at either end.</summary>
    private readonly ref struct HeldCallbacks
    {
        private readonly Trainer<T> _trainer;
        private readonly int _thread;

        public HeldCallbacks(Trainer<T> trainer)
        {
            (_trainer, _thread) = (trainer, trainer._fitThread);
            trainer._fitThread = 0;
        }

        public void Dispose() => _trainer._fitThread = _thread;
    }

    private InvalidOperationException InUse() => new(
        IsInFit
            ? "A callback of Fit may evaluate, predict and save, but not train by the same trainer: the fit's order, its schedule and its checkpoints would not know of these steps. Stop it by FitContext.Stop, and train after it."
            : "The trainer is in use: another thread, or a call that this one is part of, has not ended. A trainer and its network are for one thread at a time: wait for it, or make a trainer with a network of its own for each thread. Nothing was changed.");
}
