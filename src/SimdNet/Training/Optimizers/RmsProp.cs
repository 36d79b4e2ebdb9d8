using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>
/// RMSprop (Tieleman and Hinton 2012), as PyTorch's: v = ρ·v + (1 − ρ)·g²; b = μ·b + g / (√v + ε); p −= rate·b. Centered (Graves 2013), the root is that of the variance v − a², with a = ρ·a + (1 − ρ)·g.
/// Weight decay is L2, through the gradient.
/// </summary>
/// <remarks>Keras has ρ = 0.9, ε = 1e-7 inside the root, the rate within the momentum, and the rate 0.001.</remarks>
public sealed record RmsProp : Optimizer
{
    /// <summary>PyTorch's defaults: rate 0.01, ρ 0.99, ε 1e-8, no momentum, not centered.</summary>
    public RmsProp()
        : base(0.01)
    {
    }

    /// <summary>Decay of the running mean of squares, PyTorch's <c>alpha</c>, in [0, 1). 0.99, as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1).</exception>
    public double Rho
    {
        get;
        init => field = InRange(value, 0, double.BitDecrement(1), nameof(Rho));
    } = 0.99;

    /// <summary>What keeps the quotient finite, above 0. 1e-8, as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double Epsilon
    {
        get;
        init => field = InRange(value, double.Epsilon, double.MaxValue, nameof(Epsilon));
    } = 1e-8;

    /// <summary>μ in [0, 1]; 0, the default, keeps no velocity.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside [0, 1].</exception>
    public double Momentum
    {
        get;
        init => field = InRange(value, 0, 1, nameof(Momentum));
    }

    /// <summary>Whether the gradient is divided by its standard deviation instead of its root mean square. False by default, as in PyTorch. What rounding leaves of a variance below 0 counts as 0; PyTorch's step is NaN there.</summary>
    public bool Centered { get; init; }

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T>(RmsProp options, KernelSet<T> kernels, int length) : OptimizerState<T>(options.LearningRate)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly AlignedBuffer<T> _square = new(length);
        private readonly AlignedBuffer<T>? _velocity = options.Momentum > 0 || options.Centered ? new(length) : null;
        private readonly AlignedBuffer<T>? _mean = options.Centered ? new(length) : null;
        private readonly T _epsilon = EpsilonAs<T>(options.Epsilon, nameof(RmsProp));
        private RmsPropScalars<T> _scalars;

        public override IReadOnlyList<AlignedBuffer<T>> Moments => _mean is not null ? [_square, _velocity!, _mean] : _velocity is not null ? [_square, _velocity] : [_square];

        public override bool IsNeverNegative(int moment) => moment == 0;

        public override void Begin() => _scalars = new(
            T.CreateTruncating(LearningRate),
            T.CreateTruncating(options.WeightDecay),
            T.CreateTruncating(options.Rho),
            T.CreateTruncating(1 - options.Rho),
            T.CreateTruncating(options.Momentum),
            _epsilon);

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            kernels.UpdateRmsProp(parameters, gradient, Part(_square, start, parameters.Length), Part(_velocity, start, parameters.Length), Part(_mean, start, parameters.Length), _scalars);

        private static Span<T> Part(AlignedBuffer<T>? moment, int start, int length) => moment is null ? default : moment.Span.Slice(start, length);
    }
}
