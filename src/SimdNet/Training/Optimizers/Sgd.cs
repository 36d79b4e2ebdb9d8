using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Gradient descent, plain or with momentum, as PyTorch's <c>SGD</c>: g += decay·p; v = μ·v + g; p −= rate·v, or with Nesterov's look-ahead p −= rate·(g + μ·v). The first v is the first g.</summary>
/// <remarks>Keras folds the rate into the velocity (v = μ·v − rate·g); with a constant rate the steps are the same.</remarks>
public sealed record Sgd : Optimizer
{
    /// <summary>Plain gradient descent with the rate 0.01, as in Keras.</summary>
    public Sgd()
        : base(0.01)
    {
    }

    /// <summary>μ in [0, 1]; 0, the default, keeps no velocity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1].</exception>
    public double Momentum
    {
        get;
        init => field = InRange(value, 0, 1, nameof(Momentum));
    }

    /// <summary>Whether the gradient looks ahead along the velocity (Nesterov 1983, as in Sutskever et al. 2013). It needs momentum.</summary>
    public bool Nesterov { get; init; }

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => Momentum > 0
        ? new WithMomentum<T>(this, kernels, length)
        : Nesterov
        ? throw new ArgumentException("Nesterov's look-ahead needs momentum. Set Momentum, for example to 0.9, or leave Nesterov out.")
        : new Plain<T>(this, kernels);

    private sealed class Plain<T>(Sgd options, KernelSet<T> kernels) : OptimizerState<T>(options.LearningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _decay = T.CreateTruncating(options.WeightDecay);

        public override bool IsPlain => _decay == T.Zero;

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            kernels.UpdateSgd(parameters, gradient, T.CreateTruncating(LearningRate), _decay);
    }

    private sealed class WithMomentum<T>(Sgd options, KernelSet<T> kernels, int length) : OptimizerState<T>(options.LearningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _velocity = new(length);
        private readonly T _decay = T.CreateTruncating(options.WeightDecay);
        private readonly T _momentum = T.CreateTruncating(options.Momentum);
        private readonly bool _nesterov = options.Nesterov;

        public override IReadOnlyList<AlignedBuffer<T>> Moments => [_velocity];

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            kernels.UpdateSgdMomentum(parameters, gradient, _velocity.Span.Slice(start, parameters.Length), T.CreateTruncating(LearningRate), _decay, _momentum, _nesterov);
    }
}
