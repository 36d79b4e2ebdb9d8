using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Threading;

using SimdNet.Kernels;

namespace SimdNet.Training;

/// <summary>Spoils an analytic gradient, a block of the parameters' layout.</summary>
internal delegate void GradientFault(Network<double> network, Span<double> gradient);

/// <summary>One gradient check, on a network that belongs to it.</summary>
internal sealed class GradientCheckRun
{
    /// <summary>The step of a central difference that balances truncation, h²·L‴/6, and rounding, ε·L/h: about the cube root of ε.</summary>
    private const double Step = 6e-6;

    /// <summary>Directions in each tensor where there are too many parameters.</summary>
    private const int DirectionsOfMany = 8;

    private readonly Network<double> _network;
    private readonly Trainer<double> _trainer;
    private readonly Dataset<double> _data;
    private readonly GradientCheckOptions _options;
    private readonly double[] _analytic;
    private readonly double _loss;
    private readonly bool _repeats;

    public GradientCheckRun(Network<double> network, Loss loss, Dataset<double> data, GradientCheckOptions options, GradientFault? fault)
    {
        _network = network;
        _data = data;
        _options = options;
        _trainer = TrainerOf(network, loss, data);
        _loss = _trainer.LossAndGradient(data);
        _analytic = _trainer.GradientBlock.ToArray();
        _repeats = _trainer.LossAndGradient(data) == _loss && _trainer.GradientBlock.SequenceEqual(_analytic);
        fault?.Invoke(network, _analytic);
        if (!double.IsFinite(_loss) || !double.IsFinite(Norm(_analytic)))
        {
            throw new NonFiniteException(string.Create(CultureInfo.InvariantCulture, $"The loss {loss} is {_loss} at the network's parameters, and the norm of its gradient {Norm(_analytic)}: there is nothing to compare. Scale the inputs, or start from smaller parameters."));
        }
    }

    /// <summary>How far the gradient of another precision is off this one, relative to the norms.</summary>
    /// <param name="network">The same network; a clone, since training may change what it keeps.</param>
    /// <param name="loss">The same loss.</param>
    /// <param name="data">The same rows.</param>
    public double ErrorOf<T>(Network<T> network, Loss loss, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Trainer<T> trainer = TrainerOf(network, loss, data);
        trainer.LossAndGradient(data);
        double difference = 0;
        double norm = 0;
        foreach ((ParameterInfo other, ParameterInfo own) in network.Parameters.Zip(_network.Parameters))
        {
            for (int i = 0; i < own.Length; i++)
            {
                double f = double.CreateTruncating(trainer.GradientBlock[other.Start + i]);
                difference += (f - _analytic[own.Start + i]) * (f - _analytic[own.Start + i]);
                norm += f * f;
            }
        }

        return Math.Sqrt(difference) / Math.Max(Math.Sqrt(norm) + Norm(_analytic), GradientCheckReport.LeastNorm);
    }

    public GradientCheckReport Run(double? singlePrecisionError, CancellationToken cancellationToken)
    {
        int directions = _options.Directions ?? (_network.ParameterCount <= GradientCheckOptions.MostOneByOne ? 0 : DirectionsOfMany);
        List<GradientCheckTensor> tensors = [];
        foreach (ParameterInfo parameter in _network.Parameters)
        {
            if (!parameter.IsTrainable || _network.IsFrozen(parameter.Layer))
            {
                continue;
            }

            GradientComparison[] comparisons = new GradientComparison[directions > 0 ? directions : parameter.Length];
            for (int i = 0; i < comparisons.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                comparisons[i] = directions > 0 ? AlongDirection(parameter, tensors.Count, i) : OfParameter(parameter, i);
            }

            tensors.Add(new(parameter.Name, parameter.Shape, comparisons));
        }

        return new(_loss, directions, _repeats, singlePrecisionError, tensors, _options.MostSkipped);
    }

    private GradientComparison OfParameter(ParameterInfo parameter, int index)
    {
        int place = parameter.Start + index;
        double x = _network.ParameterBlock[place];
        GradientComparison comparison = Compare(index, _analytic[place], Step * Math.Max(1, Math.Abs(x)), (double offset, out double moved) =>
        {
            // What was added is what rounding left of it.
            _network.ParameterBlock[place] = x + offset;
            moved = x + offset - x;
            return _trainer.LossAndGradient(_data);
        });
        _network.ParameterBlock[place] = x;
        return comparison;
    }

    /// <summary>The slope along ±1/√n in each of a tensor's n parameters.</summary>
    private GradientComparison AlongDirection(ParameterInfo parameter, int tensor, int direction)
    {
        double[] x = _network.ParameterBlock.Slice(parameter.Start, parameter.Length).ToArray();
        double[] d = new double[x.Length];
        Philox random = new(_options.Seed, RandomPurpose.Directions, ((ulong)tensor << 32) | (uint)direction);
        double analytic = 0;
        double largest = 1;
        for (int i = 0; i < d.Length; i++)
        {
            d[i] = (random.NextUInt32() >> 31 == 0 ? 1 : -1) / Math.Sqrt(d.Length);
            analytic += d[i] * _analytic[parameter.Start + i];
            largest = Math.Max(largest, Math.Abs(x[i]));
        }

        GradientComparison comparison = Compare(direction, analytic, Step * largest, (double offset, out double moved) =>
        {
            Span<double> block = _network.ParameterBlock.Slice(parameter.Start, parameter.Length);
            for (int i = 0; i < d.Length; i++)
            {
                block[i] = x[i] + (offset * d[i]);
            }

            moved = offset;
            return _trainer.LossAndGradient(_data);
        });
        x.CopyTo(_network.ParameterBlock[parameter.Start..]);
        return comparison;
    }

    private GradientComparison Compare(int index, double analytic, double h, LossAt lossAt)
    {
        Pair one = new(lossAt, h);
        Pair two = new(lossAt, 2 * h);
        double numeric = ((4 * one.Slope) - two.Slope) / 3;
        double floor = _options.AbsoluteTolerance * Math.Max(1, Math.Abs(_loss));
        double distance = Math.Abs(analytic - numeric);
        double error = distance / ((_options.RelativeTolerance * Math.Max(Math.Abs(analytic), Math.Abs(numeric))) + floor);

        // What a kink leaves, or a corner of the slope such as Huber's, may be within the tolerance of one number, and not within that of the norm of all.
        GradientVerdict verdict = _options.SkipsKinks && !(distance <= floor) && IsNearKink(one, two, h, Math.Min(distance, (_options.RelativeTolerance * Math.Abs(numeric)) + floor), lossAt)
            ? GradientVerdict.NearKink
            : error <= 1 ? GradientVerdict.Agrees : GradientVerdict.Disagrees;
        return new(index, analytic, numeric, error, verdict);
    }

    /// <summary>The rule of <see cref="GradientCheck"/>'s remarks. A kink that shifts the extrapolated slope by δ shows by at least 2·δ in the second differences, or by 1.5·δ in the first; half of it is asked for, since several kinks may take from each other.</summary>
    private bool IsNearKink(in Pair one, in Pair two, double h, double tolerance, LossAt lossAt)
    {
        if (Math.Abs(two.Bend(_loss) - (4 * one.Bend(_loss))) > tolerance * h)
        {
            return true;
        }

        double change = two.Slope - one.Slope;
        if (!(Math.Abs(change) > tolerance / 2))
        {
            return false;
        }

        double next = new Pair(lossAt, 4 * h).Slope - two.Slope;
        return Math.Abs(next - (4 * change)) > Math.Abs(next) / 4;
    }

    /// <summary>A trainer that forms gradients, and has room for all rows where a batch normalization takes them as a whole. No step is ever made.</summary>
    private static Trainer<T> TrainerOf<T>(Network<T> network, Loss loss, Dataset<T> data)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(network, loss, new Sgd { Momentum = 0.9 }, network.TakesWholeBatches ? new() { MaxBatch = data.Rows } : null, notesLoss: false);

    private static double Norm(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return Math.Sqrt(sum);
    }

    /// <summary>The loss at an offset, and how far that was in fact.</summary>
    private delegate double LossAt(double offset, out double moved);

    /// <summary>The losses on both sides.</summary>
    private readonly struct Pair
    {
        private readonly double _above;
        private readonly double _below;
        private readonly double _distance;

        public Pair(LossAt lossAt, double h)
        {
            _above = lossAt(h, out double up);
            _below = lossAt(-h, out double down);
            _distance = up - down;
        }

        public double Slope => (_above - _below) / _distance;

        public double Bend(double middle) => _above - (2 * middle) + _below;
    }
}
