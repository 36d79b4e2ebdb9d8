using System;
using System.Globalization;
using System.Numerics;

using SimdNet.Training.Callbacks;

namespace SimdNet;

/// <summary>Stops a training whose monitored value no longer gets better, and can restore the best weights. In the manner of Keras' <c>EarlyStopping</c>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <remarks>
/// <para>With <see cref="RestoreBestWeights"/> the network ends in its best weights however the training ends: stopped by this callback or another, after its last epoch, cancelled, or by an exception; but for a call that fails before the first step that goes on from a checkpoint, which can be made again. Batch norm's running statistics are among them;
/// the optimizer's state is not.</para>
/// <para>The best epoch is that of the best value, whatever <see cref="MinDelta"/>, which decides about stopping alone; in Keras a gain within min_delta is none. The restored weights are those that the value was measured on: of the training's own loss or
/// accuracy with one batch an epoch, those that the epoch began with, and else those after the epoch.</para>
/// <para>To stop a stream of <c>PartialFit</c>, call <see cref="Observe"/> after each part.</para>
/// <para>For one training at a time. The next one that it is given to begins anew, whatever came before; only one that is resumed takes back what the checkpoint holds.</para>
/// </remarks>
/// <example>
/// <code>
/// EarlyStopping&lt;float&gt; stopping = new(patience: 5) { RestoreBestWeights = true };
/// trainer.Fit(train, new() { Epochs = 200, Validation = test, Callbacks = [stopping] });
/// </code>
/// </example>
public sealed class EarlyStopping<T> : Callback<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private MonitoredValue _monitor;
    private MeasuredWeights<T>? _measured;
    private T[] _best = [];
    private double? _reference;
    private int _seen;
    private int _waited;

    /// <summary>Stops after so many epochs in a row without improvement.</summary>
    /// <param name="patience">At least 0; 0 is as 1 and the first epoch never stops, as in Keras. int.MaxValue never stops, and still restores.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public EarlyStopping(int patience)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(patience);
        Patience = patience;
    }

    /// <summary>Epochs in a row without improvement after which the training stops.</summary>
    public int Patience { get; }

    /// <summary>What is watched: loss, accuracy, val_loss, val_accuracy or a metric's name. Null, the default: val_loss, or loss where there is no validation data.</summary>
    public string? Monitor { get; init; }

    /// <summary>Whether small or large values are good; by default the name decides.</summary>
    public MonitorMode Mode { get; init; }

    /// <summary>By how much a value must be better than the last one that was an improvement, to be one. 0 by default: any gain counts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double MinDelta
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(MinDelta), value, "MinDelta is not negative, and finite.");
    }

    /// <summary>The first epoch that is looked at, from 1: what came before is neither best nor waited for. 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public int StartFromEpoch
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>A value to beat: until one does, every epoch counts as one without improvement. Null, the default, for none.</summary>
    public double? Baseline { get; init; }

    /// <summary>Whether the network ends in the weights of <see cref="BestEpoch"/>. False by default, as in Keras.</summary>
    public bool RestoreBestWeights { get; init; }

    /// <summary>The best value so far; null before the first that is finite.</summary>
    public double? BestValue { get; private set; }

    /// <summary>Its epoch, from 1: the first of several with the same value.</summary>
    public int? BestEpoch { get; private set; }

    /// <summary>The epoch after which this callback stopped the training; null where it did not.</summary>
    public int? StoppedEpoch { get; private set; }

    /// <inheritdoc/>
    public override void OnTrainBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Reset(Monitor ?? MonitoredValue.Default(context.HasValidation));
        if (!context.HasValidation && _monitor.Name is EpochResult.ValidationLossName or EpochResult.ValidationAccuracyName)
        {
            throw new ArgumentException($"Early stopping monitors {_monitor.Name}, and there is no validation data. Set Validation or ValidationSplit, or monitor loss.", nameof(context));
        }

        _measured = RestoreBestWeights ? new(context, _monitor) : null;
    }

    /// <inheritdoc/>
    public override void OnEpochBegin(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _measured?.EpochBegin(context.Network);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (Look(_monitor.Of(context.Result), _measured is null ? context.Network.ParameterBlock : _measured.Of(context.Network)))
        {
            context.Stop($"{_monitor.Name} has not improved for {_waited} {(_waited == 1 ? "epoch" : "epochs")}.");
        }
    }

    /// <inheritdoc/>
    public override void OnTrainEnd(FitContext<T> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // A call that fails before it has gone on from a checkpoint can be made again, from the weights that it had.
        if (RestoreBestWeights && !context.Trainer.IsInterrupted)
        {
            Restore(context.Network);
        }
    }

    /// <inheritdoc/>
    public override void SaveState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.Set("reference", _reference);
        state.Set("best_value", BestValue);
        state.Set("best_epoch", BestEpoch);
        state.Set("stopped_epoch", StoppedEpoch);
        state.Set("seen", _seen);
        state.Set("waited", _waited);
        if (_best.Length > 0)
        {
            state.SetBlock("best", _best);
        }
    }

    /// <inheritdoc/>
    public override void RestoreState(FitContext<T> context, CallbackState<T> state)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(state);
        _reference = state.Find("reference");
        BestValue = state.Find("best_value");
        BestEpoch = (int?)state.FindCount("best_epoch", int.MaxValue);
        StoppedEpoch = (int?)state.FindCount("stopped_epoch", int.MaxValue);
        _seen = (int)state.Count("seen", int.MaxValue);
        _waited = (int)state.Count("waited", int.MaxValue);
        if (RestoreBestWeights && BestEpoch is not null)
        {
            // Only once it is known to be sound: what is kept becomes the network's, however the training ends.
            T[] best = new T[context.Network.ParameterBlock.Length];
            state.GetBlock("best", best);
            _best = best;
        }
    }

    internal override string Identity => string.Create(CultureInfo.InvariantCulture, $"{base.Identity}(patience {Patience}, {Monitor ?? "default"}, {Mode}, min delta {MinDelta}, from epoch {StartFromEpoch}, baseline {Baseline?.ToString(CultureInfo.InvariantCulture) ?? "none"}{(RestoreBestWeights ? ", restoring" : "")})");

    /// <summary>Looks at a value that was measured after an epoch, or after a part of a stream, that ended in these weights.</summary>
    /// <param name="network">What was measured; its weights are kept where they are the best so far and <see cref="RestoreBestWeights"/> is set.</param>
    /// <param name="value">What was measured, such as a loss over rows held out.</param>
    /// <returns>Whether to stop.</returns>
    public bool Observe(Network<T> network, double value)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (_seen == 0)
        {
            Reset(Monitor ?? EpochResult.ValidationLossName);
        }

        return Look(value, network.ParameterBlock);
    }

    /// <summary>Sets the weights to the best that were seen; where none were kept, does nothing.</summary>
    /// <param name="network">The network that was observed.</param>
    /// <exception cref="ArgumentException">It is another one, with other parameters.</exception>
    public void Restore(Network<T> network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (_best.Length == 0)
        {
            return;
        }

        if (_best.Length != network.ParameterBlock.Length)
        {
            throw new ArgumentException("The weights that were kept are those of another network.", nameof(network));
        }

        _best.CopyTo(network.ParameterBlock);
    }

    private bool Look(double value, ReadOnlySpan<T> weights)
    {
        _seen++;
        if (_seen < StartFromEpoch)
        {
            return false;
        }

        if (_monitor.IsBetter(value, BestValue))
        {
            (BestValue, BestEpoch) = (value, _seen);
            if (RestoreBestWeights)
            {
                _best = _best.Length == weights.Length ? _best : new T[weights.Length];
                weights.CopyTo(_best);
            }
        }

        bool isImprovement = _monitor.IsBetter(value, _reference, MinDelta);
        _reference = isImprovement ? value : _reference;
        _waited = isImprovement && (Baseline is null || _monitor.IsBetter(value, Baseline, MinDelta)) ? 0 : _waited + 1;
        if (_waited == 0 || _waited < Patience || _seen == 1)
        {
            return false;
        }

        StoppedEpoch ??= _seen;
        return true;
    }

    private void Reset(string monitor)
    {
        _monitor = new(monitor, Mode);
        _best = [];
        _reference = BestValue = null;
        BestEpoch = StoppedEpoch = null;
        _seen = _waited = 0;
    }
}
