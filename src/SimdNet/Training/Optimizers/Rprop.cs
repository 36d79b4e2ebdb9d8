using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>
/// RPROP (Riedmiller and Braun 1993), as PyTorch's <c>Rprop</c>: each parameter has a step of its own, which grows by η⁺ where its gradient keeps its sign and shrinks by η⁻ where that changes; p −= sign(g)·step. After a change of sign the
/// parameter rests once. Weight decay is L2, through the gradient.
/// </summary>
/// <remarks>For full batches: with others the signs are noise. The learning rate is where the steps start, and nothing after that; a schedule has nothing to set. Keras has no RPROP.</remarks>
public sealed record Rprop : Optimizer
{
    /// <summary>PyTorch's defaults: steps from 0.01, η⁻ 0.5, η⁺ 1.2, steps within 1e-6 and 50.</summary>
    public Rprop()
        : base(0.01)
    {
    }

    /// <summary>η⁻ in (0, 1). 0.5, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside (0, 1).</exception>
    public double Shrink
    {
        get;
        init => field = InRange(value, double.Epsilon, double.BitDecrement(1), nameof(Shrink));
    } = 0.5;

    /// <summary>η⁺ above 1. 1.2, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 1, or not finite.</exception>
    public double Grow
    {
        get;
        init => field = InRange(value, double.BitIncrement(1), double.MaxValue, nameof(Grow));
    } = 1.2;

    /// <summary>The smallest step, not negative. 1e-6, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double LeastStep
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(LeastStep));
    } = 1e-6;

    /// <summary>The largest step, at least <see cref="LeastStep"/>. 50, as in the paper.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double MostStep
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(MostStep));
    } = 50;

    internal override bool HasRate => false;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => LeastStep <= MostStep
        ? new State<T>(this, kernels, length)
        : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Rprop's LeastStep {LeastStep} is above its MostStep {MostStep}."));

    private sealed class State<T> : OptimizerState<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly KernelSet<T> _kernels;
        private readonly AlignedBuffer<T> _previous;
        private readonly AlignedBuffer<T> _steps;
        private readonly RpropScalars<T> _scalars;

        public State(Rprop options, KernelSet<T> kernels, int length)
            : base(options.LearningRate)
        {
            _kernels = kernels;
            _previous = new(length);
            _steps = new(length);
            _steps.Span.Fill(T.CreateTruncating(options.LearningRate));
            _scalars = new(
                T.CreateTruncating(options.WeightDecay),
                T.CreateTruncating(options.Shrink),
                T.CreateTruncating(options.Grow),
                T.CreateTruncating(options.LeastStep),
                T.CreateTruncating(options.MostStep));
        }

        public override IReadOnlyList<AlignedBuffer<T>> Moments => [_previous, _steps];

        public override bool IsNeverNegative(int moment) => moment == 1;

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            _kernels.UpdateRprop(parameters, gradient, _previous.Span.Slice(start, parameters.Length), _steps.Span.Slice(start, parameters.Length), _scalars);
    }
}
