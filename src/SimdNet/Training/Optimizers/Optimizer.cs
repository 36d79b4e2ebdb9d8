using System;
using System.Globalization;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>How a gradient moves the parameters. A record of hyperparameters, immutable and shared freely by trainers and threads: its state belongs to the trainer.</summary>
public abstract record Optimizer
{
    private protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>Step size, finite and not negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double LearningRate
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(LearningRate));
    }

    /// <summary>L2 penalty: decay · parameter is added to the gradient of every parameter, biases included, as PyTorch's <c>weight_decay</c> does; <see cref="AdamW"/> decays by it instead, as Keras does with every optimizer. 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double WeightDecay
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(WeightDecay));
    }

    /// <summary>False where the learning rate is nothing but a start, so that a schedule would have no effect.</summary>
    internal virtual bool HasRate => true;

    /// <summary>True where a step compares losses and gradients of several points, so that they must be those of the same rows, as they are.</summary>
    internal virtual bool TakesFullBatches => false;

    /// <summary>The optimizer at work on one block of parameters. Called once, so that a step makes no generic virtual call.</summary>
    internal abstract OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>;

    /// <summary>ε in a precision, where it is not 0 there.</summary>
    private protected static T EpsilonAs<T>(double epsilon, string optimizer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => T.CreateTruncating(epsilon) > T.Zero
        ? T.CreateTruncating(epsilon)
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{optimizer}'s Epsilon {epsilon} is 0 as {typeof(T).Name}, and a parameter without a gradient would become NaN. Use at least 1e-37 with float."));

    private protected static double InRange(double value, double least, double most, string name) => value >= least && value <= most
        ? value
        : throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"{name} lies between {least} and {most}."));
}
