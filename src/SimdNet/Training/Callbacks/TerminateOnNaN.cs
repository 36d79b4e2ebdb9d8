using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Training.Callbacks;

namespace SimdNet;

/// <summary>Decides what happens when numbers go bad, and looks for it after every step. Keras' <c>TerminateOnNaN</c>, which stops, with two more answers.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// <para>Without it, <see cref="Trainer{T}.Fit"/> throws a <see cref="NonFiniteException"/> in the step whose loss is NaN or infinite, and at the end of the epoch for what no loss shows: a parameter whose input is 0, an infinite one behind an
/// activation that is flat there, a moment that became infinite and so stops its parameter. With it, parameters and moments are looked at after every step, which takes a good part of the time of single steps of a wide network: too much for those
/// who did not ask.</para>
/// <para>The loss of validation rows is looked at too, after each epoch: where it is not finite, the epoch fails as by its last step. Keras, and Fit without this callback, note it and go on.</para>
/// <para>To roll back is to set parameters and moments to what they were after the epoch with the lowest training loss so far (before it, where an epoch is one batch: its loss is that of the weights that it began with), or before the first, multiply the learning rate (and those that a schedule makes of it) by <see cref="RateFactor"/>, and run the epoch that failed once more, on
/// the same rows in the same order, with the count of steps that it began with. An epoch that fails again starts from the parameters of the training's beginning: numbers explode before they overflow, so that even the lowest loss can be that of weights that are lost.</para>
/// </remarks>
public sealed class TerminateOnNaN<T> : Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<NonFiniteReport> _reports = [];
    private TrainerSnapshot<T>? _start;
    private TrainerSnapshot<T>? _good;

    /// <summary>What an epoch of one batch began with; null where epochs have several.</summary>
    private TrainerSnapshot<T>? _before;
    private double _lowest;
    private long _steps;
    private bool _failsAgain;
    private int _rollBacks;

    /// <summary>A callback of a policy.</summary>
    /// <param name="policy">What is done; to stop, as Keras does, by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such policy.</exception>
    public TerminateOnNaN(NonFinitePolicy policy = NonFinitePolicy.Stop) =>
        Policy = policy is NonFinitePolicy.Throw or NonFinitePolicy.Stop or NonFinitePolicy.RollBack ? policy : throw new ArgumentOutOfRangeException(nameof(policy), policy, "The policy is Throw, Stop or RollBack.");

    /// <summary>What is done.</summary>
    public NonFinitePolicy Policy { get; }

    /// <summary>What a roll-back multiplies the learning rate by, above 0 and below 1. 0.5 by default: a rate that is too high is seldom so by much.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside (0, 1).</exception>
    public double RateFactor
    {
        get;
        init => field = value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(RateFactor), value, "RateFactor lies between 0 and 1.");
    } = 0.5;

    /// <summary>Roll-backs in one training, at least 1; after that many, the next bad number throws. 10 by default, which lowers the rate by a thousand.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int MaxRollBacks
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>What led to each bad number of the training, in order; of one that goes on from a checkpoint, since then.</summary>
    public IReadOnlyList<NonFiniteReport> Reports => _reports;

    /// <inheritdoc/>
    public override bool WantsBatches => true;

    /// <inheritdoc/>
    public override void OnTrainBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _reports.Clear();
        _rollBacks = 0;
        _failsAgain = false;
        _lowest = double.PositiveInfinity;
        _start = Policy == NonFinitePolicy.RollBack ? new(context.Trainer) : null;
        _good = _start is null ? null : new(context.Trainer);
        _before = _start is not null && context.Batches == 1 ? new(context.Trainer) : null;
    }

    /// <inheritdoc/>
    public override void SaveState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("lowest", _lowest);
        state.Set("steps", _steps);
        state.Set("fails_again", _failsAgain ? 1 : 0);
        state.Set("roll_backs", _rollBacks);
        _start?.Save(state, "start");
        _good?.Save(state, "good");
    }

    /// <inheritdoc/>
    public override void RestoreState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _lowest = state.Number("lowest");
        _steps = state.Count("steps");
        _failsAgain = state.Count("fails_again", 1) == 1;
        _rollBacks = (int)state.Count("roll_backs", int.MaxValue);
        _start?.Load(state, "start");
        _good?.Load(state, "good");
    }

    internal override string Identity => string.Create(CultureInfo.InvariantCulture, $"{base.Identity}({Policy}, {RateFactor}, {MaxRollBacks})");

    /// <inheritdoc/>
    public override void OnEpochBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _steps = context.Trainer.Steps;
        _before?.Take();
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _failsAgain = false;
        if (context.Result.Loss < _lowest)
        {
            _lowest = context.Result.Loss;
            if (_before is null)
            {
                _good?.Take();
            }
            else
            {
                (_good, _before) = (_before, _good);
            }
        }
    }

    /// <inheritdoc/>
    public override void OnBatchEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Trainer.CheckState(context.Epoch, context.Batch);
    }

    /// <inheritdoc/>
    public override NonFinitePolicy OnNonFinite(FitContext<T> context, NonFiniteReport report)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(report);
        _reports.Add(report);
        if (Policy != NonFinitePolicy.RollBack)
        {
            return Policy;
        }

        if (_rollBacks >= MaxRollBacks)
        {
            return NonFinitePolicy.Throw;
        }

        if (_failsAgain)
        {
            _start!.Restore();
            _good!.Take();
            _lowest = double.PositiveInfinity;
        }
        else
        {
            _good!.Restore();
        }

        _rollBacks++;
        _failsAgain = true;
        context.Trainer.Steps = _steps;
        context.Trainer.LearningRate *= RateFactor;
        return NonFinitePolicy.RollBack;
    }
}
