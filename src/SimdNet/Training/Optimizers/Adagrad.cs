using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Adagrad (Duchi, Hazan and Singer 2011), as PyTorch's: s += g²; p −= rate / (1 + (t − 1)·rate decay) · g / (√s + ε) in step t. Weight decay is L2, through the gradient.</summary>
/// <remarks>Keras starts the sums at 0.1, and has ε = 1e-7 inside the root and the rate 0.001.</remarks>
public sealed record Adagrad : Optimizer
{
    /// <summary>PyTorch's defaults: rate 0.01, no rate decay, sums from 0, ε 1e-10.</summary>
    public Adagrad()
        : base(0.01)
    {
    }

    /// <summary>How fast the rate falls with the number of steps, PyTorch's <c>lr_decay</c>; not negative. 0 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double RateDecay
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(RateDecay));
    }

    /// <summary>Where the sums of squares start, PyTorch's <c>initial_accumulator_value</c>; not negative. 0 by default, as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or not finite.</exception>
    public double InitialSum
    {
        get;
        init => field = InRange(value, 0, double.MaxValue, nameof(InitialSum));
    }

    /// <summary>What keeps the quotient finite, above 0. 1e-10, as in PyTorch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive and finite.</exception>
    public double Epsilon
    {
        get;
        init => field = InRange(value, double.Epsilon, double.MaxValue, nameof(Epsilon));
    } = 1e-10;

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T> : OptimizerState<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly Adagrad _options;
        private readonly KernelSet<T> _kernels;
        private readonly AlignedBuffer<T> _sum;
        private readonly T _epsilon;
        private readonly T _decay;
        private readonly double[] _steps = [0];
        private T _rate;

        public State(Adagrad options, KernelSet<T> kernels, int length)
            : base(options.LearningRate)
        {
            _options = options;
            _kernels = kernels;
            _epsilon = EpsilonAs<T>(options.Epsilon, nameof(Adagrad));
            _decay = T.CreateTruncating(options.WeightDecay);
            _sum = new(length);
            _sum.Span.Fill(T.CreateTruncating(options.InitialSum));
        }

        public override IReadOnlyList<AlignedBuffer<T>> Moments => [_sum];

        public override bool IsNeverNegative(int moment) => true;

        public override Span<double> Scalars => _steps;

        public override void Begin() => _rate = T.CreateTruncating(LearningRate / (1 + (_steps[0]++ * _options.RateDecay)));

        public override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, int start) =>
            _kernels.UpdateAdagrad(parameters, gradient, _sum.Span.Slice(start, parameters.Length), _rate, _decay, _epsilon);
    }
}
