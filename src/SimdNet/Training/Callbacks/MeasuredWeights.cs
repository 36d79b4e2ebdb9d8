using System;
using System.Numerics;

namespace SimdNet.Training.Callbacks;

/// <summary>The weights that an epoch's value was measured on.</summary>
/// <remarks>
/// A validation is measured after the epoch. The training's loss is measured before each step: where an epoch is one batch, it is the loss of the weights that the epoch began with, and those after it have another.
/// Where an epoch has several batches, its loss is a mean over weights that move, of which the last stand for all.
/// </remarks>
internal sealed class MeasuredWeights<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[]? _before;

    public MeasuredWeights(FitContext<T> context, MonitoredValue monitor) =>
        _before = monitor.IsMeasuredInTraining && context.Batches == 1 ? new T[context.Network.ParameterBlock.Length] : null;

    /// <summary>To be called before each epoch.</summary>
    public void EpochBegin(Network<T> network)
    {
        if (_before is not null)
        {
            network.ParameterBlock.CopyTo(_before);
        }
    }

    /// <summary>After an epoch: a block of the parameters' layout.</summary>
    public ReadOnlySpan<T> Of(Network<T> network) => _before is null ? network.ParameterBlock : _before;
}
