using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), as PyTorch's: ε is added to the root after the bias correction. Weight decay is L2, through the gradient.</summary>
/// <remarks>Keras adds ε before the correction ("epsilon hat") and has ε = 1e-7; the steps differ in the first few digits of the first steps only.</remarks>
public sealed record Adam : Optimizer
{
    /// <summary>The paper's defaults: rate 0.001, β₁ 0.9, β₂ 0.999, ε 1e-8.</summary>
    public Adam()
        : base(0.001)
    {
    }

    /// <summary>Decay of the running mean, in [0, 1). 0.9, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public double Beta1
    {
        get;
        init => field = InRange(value, 0, double.BitDecrement(1), nameof(Beta1));
    } = 0.9;

    /// <summary>Decay of the running variance, in [0, 1). 0.999, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public double Beta2
    {
        get;
        init => field = InRange(value, 0, double.BitDecrement(1), nameof(Beta2));
    } = 0.999;

    /// <summary>What keeps the quotient finite, above 0. 1e-8, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double Epsilon
    {
        get;
        init => field = InRange(value, double.Epsilon, double.MaxValue, nameof(Epsilon));
    } = 1e-8;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T>(Adam options, KernelSet<T> kernels, int length) : OptimizerState<T>(options.LearningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _mean = new(length);
        private readonly AlignedBuffer<T> _variance = new(length);
        private readonly T _epsilon = EpsilonAs<T>(options.Epsilon, nameof(Adam));
        private readonly double[] _powers = [1, 1];
        private AdamScalars<T> _scalars;

        public override IReadOnlyList<AlignedBuffer<T>> Moments => [_mean, _variance];

        public override Span<double> Scalars => _powers;

        public override void Begin()
        {
            _powers[0] *= options.Beta1;
            _powers[1] *= options.Beta2;
            _scalars = new(
                T.CreateTruncating(LearningRate / (1 - _powers[0])),
                T.CreateTruncating(options.WeightDecay),
                T.CreateTruncating(options.Beta1),
                T.CreateTruncating(1 - options.Beta1),
                T.CreateTruncating(options.Beta2),
                T.CreateTruncating(1 - options.Beta2),
                T.CreateTruncating(1 / Math.Sqrt(1 - _powers[1])),
                _epsilon);
        }

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            kernels.UpdateAdam(parameters, gradient, _mean.Span.Slice(start, parameters.Length), _variance.Span.Slice(start, parameters.Length), _scalars);
    }
}
