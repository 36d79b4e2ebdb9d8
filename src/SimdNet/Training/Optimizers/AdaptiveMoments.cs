using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>What <see cref="Adam"/>, <see cref="AdamW"/> and <see cref="NAdam"/> have in common: running means of the gradient, m = β₁·m + (1 − β₁)·g, and of its square, v = β₂·v + (1 − β₂)·g² (Kingma and Ba 2015).</summary>
public abstract record AdaptiveMoments : Optimizer
{
    private protected AdaptiveMoments(double learningRate)
        : base(learningRate)
    {
    }

    /// <summary>β₁, decay of the running mean, in [0, 1). 0.9, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public double Beta1
    {
        get;
        init => field = InRange(value, 0, double.BitDecrement(1), nameof(Beta1));
    } = 0.9;

    /// <summary>β₂, decay of the running variance, in [0, 1). 0.999, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public double Beta2
    {
        get;
        init => field = InRange(value, 0, double.BitDecrement(1), nameof(Beta2));
    } = 0.999;

    /// <summary>ε, what keeps the quotient finite, above 0. 1e-8, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double Epsilon
    {
        get;
        init => field = InRange(value, double.Epsilon, double.MaxValue, nameof(Epsilon));
    } = 1e-8;

    /// <summary>The two means, and the scalars of a step.</summary>
    private protected abstract class MomentState<T>(AdaptiveMoments options, string name, int length) : OptimizerState<T>(options.LearningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _mean = new(length);
        private readonly AlignedBuffer<T> _variance = new(length);
        private readonly T _epsilon = EpsilonAs<T>(options.Epsilon, name);
        private AdamScalars<T> _settings;

        public override IReadOnlyList<AlignedBuffer<T>> Moments => [_mean, _variance];

        public sealed override bool IsNeverNegative(int moment) => moment == 1;

        /// <remarks>The last two are products of what lies in [0, 1].</remarks>
        public sealed override bool Accepts(ReadOnlySpan<double> scalars) => base.Accepts(scalars) && scalars[^1] <= 1 && scalars[^2] <= 1;

        /// <param name="rate">Factor of the mean.</param>
        /// <param name="decay">Of the weights.</param>
        /// <param name="power">β₂ᵗ.</param>
        protected void Set(double rate, double decay, double power) => _settings = new(
            T.CreateTruncating(rate),
            T.CreateTruncating(decay),
            T.CreateTruncating(options.Beta1),
            T.CreateTruncating(1 - options.Beta1),
            T.CreateTruncating(options.Beta2),
            T.CreateTruncating(1 - options.Beta2),
            T.CreateTruncating(1 / Math.Sqrt(1 - power)),
            _epsilon);

        public sealed override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            Update(parameters, gradient, _mean.Span.Slice(start, parameters.Length), _variance.Span.Slice(start, parameters.Length), _settings);

        protected abstract void Update(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings);
    }
}
