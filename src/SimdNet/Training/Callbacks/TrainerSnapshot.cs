using System;
using System.Numerics;

using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet.Training.Callbacks;

/// <summary>A trainer's parameters and the state of its optimizer, kept to go back to. The memory is made once.</summary>
internal sealed class TrainerSnapshot<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Network<T> _network;
    private readonly OptimizerState<T> _optimizer;
    private readonly AlignedBuffer<T>[] _moments;
    private readonly T[] _keptParameters;
    private readonly T[][] _keptMoments;
    private readonly double[] _keptScalars;

    public TrainerSnapshot(Trainer<T> trainer)
    {
        _network = trainer.Network;
        _optimizer = trainer.Optimizer;
        _moments = [.. _optimizer.Moments];
        _keptParameters = new T[_network.ParameterBlock.Length];
        _keptMoments = Array.ConvertAll(_moments, moment => new T[moment.Length]);
        _keptScalars = new double[_optimizer.Scalars.Length];
        Take();
    }

    /// <summary>Keeps the state as it is now.</summary>
    public void Take()
    {
        _network.ParameterBlock.CopyTo(_keptParameters);
        for (int i = 0; i < _moments.Length; i++)
        {
            _moments[i].Span.CopyTo(_keptMoments[i]);
        }

        _optimizer.Scalars.CopyTo(_keptScalars);
    }

    /// <summary>Sets the state to what was kept. The learning rate stays.</summary>
    public void Restore()
    {
        _keptParameters.CopyTo(_network.ParameterBlock);
        for (int i = 0; i < _moments.Length; i++)
        {
            _keptMoments[i].CopyTo(_moments[i].Span);
        }

        _keptScalars.CopyTo(_optimizer.Scalars);
    }
}
