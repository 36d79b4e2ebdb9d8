using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Adam with Nesterov's momentum (Dozat 2016), as PyTorch's <c>NAdam</c>: with μₜ = β₁·(1 − ½·0.96^(t·ψ)), the step is rate·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ·μₜ₊₁)·m) / (√(v/(1 − β₂ᵗ)) + ε), where Πμ is the product of μ₁ … μₜ. Weight decay is L2, through the gradient.</summary>
/// <remarks>The formula is that of PyTorch 1.13, with μₜ twice in the second product; Dozat's, Keras' and that of PyTorch 2 have it once, which makes the first steps about a hundredth longer. Keras has ψ = 1, so that the momentum is whole after some hundred steps, the rate 0.001 and ε = 1e-7.</remarks>
public sealed record NAdam : Optimizer
{
    /// <summary>PyTorch's defaults: rate 0.002, β₁ 0.9, β₂ 0.999, ε 1e-8, momentum decay 0.004.</summary>
    public NAdam()
        : base(0.002)
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

    /// <summary>ψ, how fast the momentum grows from ½·β₁ to β₁; not negative. 0.004, as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double MomentumDecay
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(MomentumDecay));
    } = 0.004;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T>(NAdam options, KernelSet<T> kernels, int length) : OptimizerState<T>(options.LearningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _mean = new(length);
        private readonly AlignedBuffer<T> _variance = new(length);
        private readonly T _epsilon = EpsilonAs<T>(options.Epsilon, nameof(NAdam));

        /// <summary>Steps, β₂ᵗ, Πμ.</summary>
        private readonly double[] _scalars = [0, 1, 1];

        private T _gradientRate;
        private AdamScalars<T> _settings;

        public override IReadOnlyList<AlignedBuffer<T>> Moments => [_mean, _variance];

        public override Span<double> Scalars => _scalars;

        public override void Begin()
        {
            double step = ++_scalars[0];
            double momentum = Momentum(step);
            double next = Momentum(step + 1);
            _scalars[1] *= options.Beta2;
            _scalars[2] *= momentum;
            _gradientRate = T.CreateTruncating(LearningRate * (1 - momentum) / (1 - _scalars[2]));
            _settings = new(
                T.CreateTruncating(LearningRate * next / (1 - (_scalars[2] * momentum * next))),
                T.CreateTruncating(options.WeightDecay),
                T.CreateTruncating(options.Beta1),
                T.CreateTruncating(1 - options.Beta1),
                T.CreateTruncating(options.Beta2),
                T.CreateTruncating(1 - options.Beta2),
                T.CreateTruncating(1 / Math.Sqrt(1 - _scalars[1])),
                _epsilon);
        }

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            kernels.UpdateNAdam(parameters, gradient, _mean.Span.Slice(start, parameters.Length), _variance.Span.Slice(start, parameters.Length), _gradientRate, _settings);

        private double Momentum(double step) => options.Beta1 * (1 - (0.5 * Math.Pow(0.96, step * options.MomentumDecay)));
    }
}
