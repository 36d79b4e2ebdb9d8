using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Training;

/// <summary>The rows of a step, an epoch or an evaluation: raw data, the order they are taken in, and how they become what the network and its loss take.</summary>
internal readonly ref struct RowSource<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int _features;
    private readonly int _outputs;
    private readonly ReadOnlySpan<T> _inputs;
    private readonly ReadOnlySpan<T> _targets;
    private readonly ReadOnlySpan<int> _labels;
    private readonly ReadOnlySpan<int> _order;
    private readonly Scaler<T>? _inputScaler;
    private readonly Scaler<T>? _targetScaler;
    private readonly RowWeights<T> _weights;

    /// <param name="features">Columns of the inputs.</param>
    /// <param name="outputs">Columns of the targets.</param>
    /// <param name="inputs">[rows × features].</param>
    /// <param name="targets">[rows × outputs]; empty where there are labels.</param>
    /// <param name="labels">[rows]; empty where there are targets.</param>
    /// <param name="order">The rows in the order that they are taken; empty for the order they have.</param>
    /// <param name="inputScaler">Applied to inputs; null where they are scaled already.</param>
    /// <param name="targetScaler">Applied to targets; null where they are scaled already.</param>
    /// <param name="weights">How much the rows count.</param>
    public RowSource(int features, int outputs, ReadOnlySpan<T> inputs, ReadOnlySpan<T> targets, ReadOnlySpan<int> labels, ReadOnlySpan<int> order, Scaler<T>? inputScaler, Scaler<T>? targetScaler, RowWeights<T> weights)
    {
        _features = features;
        _outputs = outputs;
        _inputs = inputs;
        _targets = targets;
        _labels = labels;
        _order = order;
        _inputScaler = inputScaler;
        _targetScaler = targetScaler;
        _weights = weights;
        Rows = inputs.Length / features;
    }

    public int Rows { get; }

    /// <summary>True where rows come with class labels, not targets.</summary>
    public bool HasLabels => !_labels.IsEmpty;

    /// <summary>True where inputs are scaled when they are taken.</summary>
    public bool ScalesInputs => _inputScaler is not null;

    /// <summary>True where targets are scaled when they are taken.</summary>
    public bool ScalesTargets => _targetScaler is not null;

    /// <summary>True where a row of inputs and a row of targets are what the data holds.</summary>
    public bool IsPlain => _inputScaler is null && _targetScaler is null && _labels.IsEmpty;

    /// <summary>Inputs of one row where they are not scaled when they are taken.</summary>
    public ReadOnlySpan<T> PlainInput(int row) => _inputs.Slice(RowAt(row) * _features, _features);

    /// <summary>Targets of one row where the source is plain.</summary>
    public ReadOnlySpan<T> PlainTarget(int row) => _targets.Slice(RowAt(row) * _outputs, _outputs);

    /// <summary>The inputs as they were given, [rows × features].</summary>
    public ReadOnlySpan<T> AllInputs => _inputs;

    /// <summary>Inputs of the rows from <paramref name="start"/> on, scaled: where possible a view of the data, else a copy in the workspace.</summary>
    [MethodImpl(Compiled.Entry)]
    public ReadOnlyMatrixView<T> Inputs(int start, int count, Workspace<T> workspace) =>
        Take(_inputs, _features, start, _inputScaler, count, workspace.Input(count));

    /// <summary>True where <see cref="Inputs"/> is a view of the data.</summary>
    public bool InputsAreInOrder => _order.IsEmpty && _inputScaler is null;

    /// <summary>Copies the inputs of some rows, scaled.</summary>
    [MethodImpl(Compiled.Entry)]
    public void CopyInputs(int start, MatrixView<T> copy) => Copy(_inputs, _features, start, _inputScaler, copy);

    /// <summary>Targets of the same rows, scaled. Labels become one-hot rows, or 0 and 1 for a single output.</summary>
    [MethodImpl(Compiled.Entry)]
    public ReadOnlyMatrixView<T> Targets(int start, int count, Workspace<T> workspace)
    {
        MatrixView<T> copy = workspace.Target(count);
        if (!HasLabels)
        {
            return Take(_targets, _outputs, start, _targetScaler, count, copy);
        }

        for (int i = 0; i < count; i++)
        {
            Span<T> row = copy.Row(i);
            int label = _labels[RowAt(start + i)];
            if (_outputs == 1)
            {
                row[0] = T.CreateTruncating(label);
            }
            else
            {
                row.Clear();
                row[label] = T.One;
            }
        }

        _targetScaler?.Transform(copy.Elements, copy.Elements);
        return copy;
    }

    /// <summary>Class labels of the same rows.</summary>
    [MethodImpl(Compiled.Entry)]
    public ReadOnlySpan<int> Labels(int start, int count, Workspace<T> workspace)
    {
        if (_order.IsEmpty || count == 1)
        {
            return _labels.Slice(RowAt(start), count);
        }

        Span<int> copy = workspace.Labels(count);
        for (int i = 0; i < count; i++)
        {
            copy[i] = _labels[_order[start + i]];
        }

        return copy;
    }

    /// <summary>Class label of one row.</summary>
    public int Label(int row) => _labels[RowAt(row)];

    /// <summary>True where rows do not all count alike.</summary>
    public bool IsWeighted => _weights.AreGiven;

    /// <summary>What some rows weigh together, for the mean of a loss: as many as they are, where each weighs 1.</summary>
    [MethodImpl(Compiled.Entry)]
    public double Weight(int start, int count)
    {
        if (!IsWeighted)
        {
            return count;
        }

        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            int row = RowAt(start + i);
            sum += double.CreateTruncating(_weights.OfMean(row, HasLabels ? _labels[row] : -1, Given(row)));
        }

        return sum;
    }

    /// <summary>The factors of the terms of the rows from <paramref name="start"/> on.</summary>
    [MethodImpl(Compiled.Entry)]
    public void Weights(int start, Span<T> weights)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            int row = RowAt(start + i);
            weights[i] = _weights.OfTerms(row, HasLabels ? _labels[row] : -1, Given(row));
        }
    }

    private ReadOnlySpan<T> Given(int row) => HasLabels ? default : _targets.Slice(row * _outputs, _outputs);

    /// <summary>Which row of the data comes at a place of the order.</summary>
    public int RowAt(int index) => _order.IsEmpty ? index : _order[index];

    [MethodImpl(Compiled.Entry)]
    private ReadOnlyMatrixView<T> Take(ReadOnlySpan<T> data, int columns, int start, Scaler<T>? scaler, int count, MatrixView<T> copy)
    {
        if (_order.IsEmpty || count == 1)
        {
            ReadOnlySpan<T> rows = data.Slice(RowAt(start) * columns, count * columns);
            if (scaler is null)
            {
                return new(rows, count, columns);
            }

            scaler.Transform(rows, copy.Elements);
            return copy;
        }

        Copy(data, columns, start, scaler, copy);
        return copy;
    }

    [MethodImpl(Compiled.Entry)]
    private void Copy(ReadOnlySpan<T> data, int columns, int start, Scaler<T>? scaler, MatrixView<T> copy)
    {
        for (int i = 0; i < copy.Rows; i++)
        {
            data.Slice(RowAt(start + i) * columns, columns).CopyTo(copy.Row(i));
        }

        scaler?.Transform(copy.Elements, copy.Elements);
    }
}
