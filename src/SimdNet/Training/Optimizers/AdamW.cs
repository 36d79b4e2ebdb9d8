using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2), as PyTorch's: p −= rate·decay·p, then <see cref="Adam"/>'s step by the gradient alone.</summary>
/// <remarks>Keras' AdamW decays by rate·decay too, with the decay 0.004 by default, and has Adam's ε = 1e-7 before the correction.</remarks>
public sealed record AdamW : AdaptiveMoments
{
    /// <summary>PyTorch's defaults: rate 0.001, β₁ 0.9, β₂ 0.999, ε 1e-8, decay 0.01. Here <see cref="Optimizer.WeightDecay"/> is no penalty: it takes the share rate·decay off every parameter, whatever its gradient.</summary>
    public AdamW()
        : base(0.001) => WeightDecay = 0.01;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T>(AdamW options, KernelSet<T> kernels, int length) : MomentState<T>(options, nameof(AdamW), length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly double[] _powers = [1, 1];

        public override Span<double> Scalars => _powers;

        public override void Begin()
        {
            _powers[0] *= options.Beta1;
            _powers[1] *= options.Beta2;
            Set(LearningRate / (1 - _powers[0]), LearningRate * options.WeightDecay, _powers[1]);
        }

        protected override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings) =>
            kernels.UpdateAdamW(parameters, gradient, mean, variance, settings);
    }
}
