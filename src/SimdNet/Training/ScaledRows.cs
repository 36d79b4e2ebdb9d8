using System;
using System.Numerics;

using SimdNet.Data;
using SimdNet.Training.Losses;

namespace SimdNet.Training;

/// <summary>A data set that was checked against a network and scaled once, so that every epoch reads it as it is.</summary>
internal sealed class ScaledRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly Dataset<T> _data;
    private readonly LossFunction<T> _loss;
    private readonly ReadOnlyMemory<T> _inputs;
    private readonly ReadOnlyMemory<T> _targets;

    public ScaledRows(Network<T> network, Dataset<T> data, LossFunction<T> loss, string name)
    {
        Check(network, data, loss, name);
        _network = network;
        _data = data;
        _loss = loss;
        _inputs = Scale(network.InputScaler, data.Inputs, name);
        _targets = Scale(network.TargetScaler, data.Targets, name);
        if (loss.Check(_targets.Span) is { } wrong)
        {
            throw new ArgumentException($"The data does not fit the loss: {wrong}.", name);
        }

        Accuracy = Training.Accuracy.For(network.Spec, data, loss);
    }

    /// <summary>Number of rows.</summary>
    public int Count => _data.Rows;

    /// <summary>What counts as a right prediction.</summary>
    public AccuracyKind Accuracy { get; }

    /// <summary>Whether the data can be trained on or evaluated by the network.</summary>
    /// <exception cref="ArgumentException">It cannot; the message names both shapes.</exception>
    public static void Check(Network<T> network, Dataset<T> data, LossFunction<T> loss, string name)
    {
        if (data.Features != network.Inputs)
        {
            throw new ArgumentException($"The data has {data.Features} features a row, and the network {network.Spec.Short} takes {network.Inputs} inputs.", name);
        }

        if (!data.HasLabels)
        {
            if (data.Outputs != network.Outputs)
            {
                throw new ArgumentException($"The data has {data.Outputs} target columns, and the network {network.Spec.Short} has {network.Outputs} outputs.", name);
            }

            if (network.TargetScaler is null && loss.Check(data.Targets.Span) is { } wrong)
            {
                throw new ArgumentException($"The data does not fit the loss: {wrong}.", name);
            }

            CheckClasses(network, loss, data.Targets.Span, name);
            return;
        }

        int classes = Classes(network, loss);
        if (data.ClassCount > classes)
        {
            throw new ArgumentException($"The data has the label {data.ClassCount - 1}, and the network {network.Spec.Short} tells the classes 0..{classes - 1} apart. End it in {data.ClassCount}:softmax.", name);
        }

        for (int i = 0; network.ClassNames is { } known && data.ClassNames is { } given && i < Math.Min(known.Count, given.Count); i++)
        {
            if (known[i] != given[i])
            {
                throw new ArgumentException($"Class {i} is '{given[i]}' in the data and '{known[i]}' in the network. Read the data with the network's class names.", name);
            }
        }
    }

    /// <summary>Whether each row of targets has a class, where classes have weights.</summary>
    /// <exception cref="ArgumentException">It has not.</exception>
    public static void CheckClasses(Network<T> network, LossFunction<T> loss, ReadOnlySpan<T> targets, string name)
    {
        if (loss.ClassWeights is null || loss.WeighsTargets)
        {
            return;
        }

        if (network.TargetScaler is not null)
        {
            throw new ArgumentException("Class weights need rows with a class each, and the network scales its targets, which makes numbers of them. Leave either out.", name);
        }

        for (int row = 0; row * network.Outputs < targets.Length; row++)
        {
            if (RowWeights<T>.ClassOf(targets.Slice(row * network.Outputs, network.Outputs)) < 0)
            {
                throw new ArgumentException($"Class weights need rows with a class each: labels, one-hot rows, or one target that is 0 or 1. The targets of row {row} are none.", name);
            }
        }
    }

    /// <summary>The rows in a given order; in their own where it is empty.</summary>
    public RowSource<T> InOrder(ReadOnlySpan<int> order) =>
        new(_network.Inputs, _network.Outputs, _inputs.Span, _targets.Span, _data.Labels.Span, order, null, _data.HasLabels ? _network.TargetScaler : null, new(_data.Weights.Span, _loss));

    /// <summary>The share of right predictions among so many rows; null where the data has no classes.</summary>
    public double? Share(double right, int rows) => Accuracy == AccuracyKind.None ? null : right / rows;

    /// <summary>How many classes a network tells apart; where its one output is a number, labels are numbers and any will do.</summary>
    public static int Classes(Network<T> network, LossFunction<T> loss) => loss.ClassWeights is { } weights
        ? weights.Length
        : network.Outputs > 1 || loss.TakesLabels
        ? network.Outputs
        : network.Spec.OutputActivation.Kind == ActivationKind.Sigmoid || loss.Domain is TargetDomain.Unit or TargetDomain.Signs ? 2 : int.MaxValue;

    private static ReadOnlyMemory<T> Scale(Scaler<T>? scaler, ReadOnlyMemory<T> values, string name)
    {
        if (scaler is null || values.IsEmpty)
        {
            return values;
        }

        T[] scaled = new T[values.Length];
        scaler.Transform(values.Span, scaled);
        int bad = FiniteValues.IndexOfOther<T>(scaled);
        return bad < 0
            ? scaled
            : throw new ArgumentException($"Scaled, {FiniteValues.Describe<T>(scaled, bad, scaler.Columns)}.", name);
    }
}
