using System;
using System.Globalization;

namespace SimdNet.Training.Schedules;

/// <summary>A schedule at work: from which rate, and what a plateau remembers.</summary>
internal sealed class Scheduler(LearningRateSchedule schedule, double initial)
{
    private const int Initial = 0;
    private const int Best = 1;
    private const int BadEpochs = 2;
    private const int Cooldown = 3;

    /// <summary>A difference of rates that is not worth a reduction: PyTorch's <c>eps</c>.</summary>
    private const double LeastReduction = 1e-8;

    private readonly PlateauSchedule? _plateau = schedule.Reduction;
    private readonly double[] _state = [initial, double.PositiveInfinity, 0, 0];

    /// <summary>True where the rate is set before each step, false where before each epoch.</summary>
    public bool PerStep { get; } = !schedule.PerEpoch;

    /// <summary>The whole state beside the numbers of steps and epochs: η, the best loss of an epoch, epochs since, epochs of cooldown that are left.</summary>
    public Span<double> State => _state;

    /// <summary>Whether <see cref="State"/> could have such values: a file may say anything.</summary>
    public static bool Accepts(ReadOnlySpan<double> state) => IsFromZero(state[Initial]) && !double.IsNaN(state[Best]) && IsFromZero(state[BadEpochs]) && IsFromZero(state[Cooldown]);

    /// <summary>The rate at a time.</summary>
    /// <exception cref="InvalidOperationException">It is negative or not finite.</exception>
    public double RateAt(long count)
    {
        double rate = schedule.RateAt(_state[Initial], count);
        return rate >= 0 && double.IsFinite(rate)
            ? rate
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The schedule {schedule} gave the rate {rate} for {count} {(PerStep ? "steps" : "epochs")}. A rate is not negative, and finite."));
    }

    /// <summary>A rate that was set by hand takes the place of the current one; those that follow keep their proportion to it.</summary>
    public void Rescale(double current, double wanted) => _state[Initial] = current > 0 ? _state[Initial] * (wanted / current) : wanted;

    /// <summary>Takes the loss of an epoch.</summary>
    public void EndEpoch(double loss)
    {
        if (_plateau is null)
        {
            return;
        }

        if (loss < _state[Best] * (1 - _plateau.Threshold))
        {
            _state[Best] = loss;
            _state[BadEpochs] = 0;
        }
        else
        {
            _state[BadEpochs]++;
        }

        if (_state[Cooldown] > 0)
        {
            _state[Cooldown]--;
            _state[BadEpochs] = 0;
        }

        if (_state[BadEpochs] > _plateau.Patience)
        {
            double reduced = Math.Max(_state[Initial] * _plateau.Factor, _plateau.Least);
            _state[Initial] = _state[Initial] - reduced > LeastReduction ? reduced : _state[Initial];
            _state[Cooldown] = _plateau.Cooldown;
            _state[BadEpochs] = 0;
        }
    }

    private static bool IsFromZero(double number) => number >= 0 && double.IsFinite(number);
}
