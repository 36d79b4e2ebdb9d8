using System;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Model;
using SimdNet.Training;

namespace SimdNet;

/// <content>What is checked of arguments, before anything is changed.</content>
public sealed partial class Trainer<T>
{
    private void CheckMetric(Metric metric, string name)
    {
        ArgumentNullException.ThrowIfNull(metric, name);
        if (metric.Outputs != Network.Outputs)
        {
            throw new ArgumentException($"The metric {metric} is for {metric.Outputs} outputs, and the network {Network.Spec.Short} has {Network.Outputs}.", name);
        }
    }

    /// <summary>The rows of a data set that fits, scaled tile by tile.</summary>
    private RowSource<T> Checked(Dataset<T> data)
    {
        ScaledRows<T>.Check(Network, data, _pass.Loss, nameof(data));
        return new(Network.Inputs, Network.Outputs, data.Inputs.Span, data.Targets.Span, data.Labels.Span, default, Network.InputScaler, Network.TargetScaler, new(data.Weights.Span, _pass.Loss));
    }

    /// <summary>The number of rows, once it is known that their values are finite: a loss can be finite where an input is not, and the step would spoil the weights.</summary>
    [MethodImpl(Compiled.Entry)]
    private int CheckedRows(ReadOnlySpan<T> x, string name)
    {
        int rows = Shapes.Rows(Network.Spec, x.Length, name);
        CheckRoom(rows, name);

        CheckApart(x, name);
        if (!ChecksAfterwards(rows))
        {
            _pass.CheckFinite(x, "Input");
        }

        return rows;
    }

    private void CheckTargets(ReadOnlySpan<T> y, int rows)
    {
        Shapes.CheckOutputs(Network.Spec, y.Length, rows, nameof(y));
        if (Network.TargetScaler is null && _pass.Loss.Check(y) is { } wrong)
        {
            throw new ArgumentException($"No step was made: {wrong}.", nameof(y));
        }

        ScaledRows<T>.CheckClasses(Network, _pass.Loss, y, nameof(y));
    }

    [MethodImpl(Compiled.Entry)]
    private void CheckLabels(ReadOnlySpan<int> labels, int rows)
    {
        if (labels.Length != rows)
        {
            throw new ArgumentException($"{labels.Length} labels do not fit {rows} samples: there is one for each.", nameof(labels));
        }

        int classes = ScaledRows<T>.Classes(Network, _pass.Loss);
        foreach (int label in labels)
        {
            if ((uint)label >= (uint)classes)
            {
                throw new ArgumentException($"The label {label} is not in 0..{classes - 1}, the classes of a network with {Network.Outputs} outputs. No step was made.", nameof(labels));
            }
        }
    }

    /// <summary>Whether steps on so many rows can be made in batches of a size.</summary>
    private void CheckBatch(int batch, int rows, string name)
    {
        CheckRoom(batch, name);
        if (_needsPairs && rows % batch == 1)
        {
            throw new ArgumentException($"The last batch of {rows} rows in batches of {batch} would have one row, which has no variance for the batch normalization of the network {Network.Spec.Short}. Choose another batch size.", name);
        }

        if (_takesFullBatches && batch < rows)
        {
            throw new ArgumentException($"L-BFGS compares losses over the same rows, and a batch of {batch} is not all {rows} of them. Set BatchSize to FitOptions.FullBatch.", name);
        }
    }

    /// <summary>Whether a batch has few enough rows, and enough.</summary>
    private void CheckRoom(int rows, string name)
    {
        if (rows > _maxBatch)
        {
            string reason = Network.TakesWholeBatches ? $" The batch normalization of the network {Network.Spec.Short} takes a batch as a whole, for which the trainer makes room from the start: set {nameof(TrainerOptions.MaxBatch)} to at least {rows}." : "";
            throw new ArgumentException($"A batch of {rows} rows exceeds the trainer's MaxBatch of {_maxBatch}.{reason}", name);
        }

        if (_needsPairs && rows == 1)
        {
            throw new ArgumentException($"A training batch of one row has no variance for the batch normalization of the network {Network.Spec.Short}. Give at least two rows.", name);
        }
    }

    private void CheckApart(ReadOnlySpan<T> x, string name)
    {
        if (x.Overlaps(Network.ParameterBlock))
        {
            throw new ArgumentException("The inputs are the network's own parameters, which the step changes. Pass a copy.", name);
        }
    }

    /// <summary>True where the step itself finds out whether an input is not finite, before it changes anything: once a tile has passed, whose rows are in L2 then, or, for a batch in tiles, by the gradient, with no need to read the data once more.</summary>
    private bool ChecksAfterwards(int rows) => Network.InputScaler is null && rows > 1;

    private static double CheckRate(double rate, string name) => rate >= 0 && T.IsFinite(T.CreateTruncating(rate))
        ? rate
        : throw new ArgumentOutOfRangeException(name, rate, $"The learning rate is not negative, and finite as {typeof(T).Name}.");
}
