using System;
using System.Numerics;

namespace SimdNet.Training.Optimizers;

/// <summary>An optimizer's moments, blocks of the parameters' layout, and its step.</summary>
internal abstract class OptimizerState<T>(double learningRate)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Step size; schedules set it between steps.</summary>
    public double LearningRate { get; set; } = learningRate;

    /// <summary>True where a step is p −= rate · g and nothing else: then a parameter with a zero gradient does not move, and the step can be fused with the backward pass.</summary>
    public virtual bool IsPlain => false;

    /// <summary>One step.</summary>
    /// <param name="parameters">The network's block.</param>
    /// <param name="gradient">The same layout.</param>
    public abstract void Step(Span<T> parameters, ReadOnlySpan<T> gradient);
}
