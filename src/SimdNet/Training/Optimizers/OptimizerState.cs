using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Training.Optimizers;

/// <summary>An optimizer's moments, blocks of the parameters' layout, and its step.</summary>
/// <remarks>A step is <see cref="Begin"/>, then <see cref="Update"/> of all parameters, in any parts and on any threads.</remarks>
internal abstract class OptimizerState<T>(double learningRate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Step size; schedules set it between steps.</summary>
    public double LearningRate { get; set; } = learningRate;

    /// <summary>True where a step is p −= rate · g and nothing else: then a parameter with a zero gradient does not move, and the step can be fused with the backward pass.</summary>
    public virtual bool IsPlain => false;

    /// <summary>The moments, each a block of the parameters' layout.</summary>
    public virtual IReadOnlyList<AlignedBuffer<T>> Moments => [];

    /// <summary>Whether a moment has no values below 0, as means of squares and step sizes have none.</summary>
    /// <param name="moment">Its place in <see cref="Moments"/>.</param>
    public virtual bool IsNeverNegative(int moment) => false;

    /// <summary>What the state has beside its moments: numbers that change from step to step. With the moments they are the whole state: to put both back is to go on from there.</summary>
    public virtual Span<double> Scalars => [];

    /// <summary>Whether <see cref="Scalars"/> could have such values: a file may say anything.</summary>
    /// <param name="scalars">As many as there are.</param>
    public virtual bool Accepts(ReadOnlySpan<double> scalars)
    {
        foreach (double scalar in scalars)
        {
            if (!(scalar >= 0 && double.IsFinite(scalar)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Starts a step.</summary>
    public virtual void Begin()
    {
    }

    /// <summary>The step of some parameters.</summary>
    /// <param name="parameters">Those of the network's block from <paramref name="start"/> on.</param>
    /// <param name="gradient">The same part of the gradient.</param>
    /// <param name="start">Where in the block they are.</param>
    public abstract void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start);
}
