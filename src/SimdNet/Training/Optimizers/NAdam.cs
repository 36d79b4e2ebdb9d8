using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Adam with Nesterov's momentum (Dozat 2016), as PyTorch's <c>NAdam</c>: with μₜ = β₁·(1 − ½·0.96^(t·ψ)), the step is rate·((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ·μₜ₊₁)·m) / (√(v/(1 − β₂ᵗ)) + ε), where Πμ is the product of μ₁ … μₜ. Weight decay is L2, through the gradient.</summary>
/// <remarks>The formula is that of PyTorch 1.13, with μₜ twice in the second product; Dozat's, Keras' and that of PyTorch 2 have it once, which makes the first steps about a hundredth longer. Keras has ψ = 1, so that the momentum is whole after some hundred steps, the rate 0.001 and ε = 1e-7.</remarks>
public sealed record NAdam : AdaptiveMoments
{
    /// <summary>PyTorch's defaults: rate 0.002, β₁ 0.9, β₂ 0.999, ε 1e-8, momentum decay 0.004.</summary>
    public NAdam()
        : base(0.002)
    {
    }

    /// <summary>ψ, how fast the momentum grows from ½·β₁ to β₁; not negative. 0.004, as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double MomentumDecay
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(MomentumDecay));
    } = 0.004;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T>(NAdam options, KernelSet<T> kernels, int length) : MomentState<T>(options, nameof(NAdam), length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        /// <summary>Steps, β₂ᵗ, Πμ.</summary>
        private readonly double[] _scalars = [0, 1, 1];

        private T _gradientRate;

        public override Span<double> Scalars => _scalars;

        public override void Begin()
        {
            double step = ++_scalars[0];
            double momentum = Momentum(step);
            double next = Momentum(step + 1);
            _scalars[1] *= options.Beta2;
            _scalars[2] *= momentum;
            _gradientRate = T.CreateTruncating(LearningRate * (1 - momentum) / (1 - _scalars[2]));
            Set(LearningRate * next / (1 - (_scalars[2] * momentum * next)), options.WeightDecay, _scalars[1]);
        }

        protected override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings) =>
            kernels.UpdateNAdam(parameters, gradient, mean, variance, _gradientRate, settings);

        private double Momentum(double step) => options.Beta1 * (1 - (0.5 * Math.Pow(0.96, step * options.MomentumDecay)));
    }
}
