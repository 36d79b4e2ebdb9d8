using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Training.Optimizers;

namespace SimdNet;

/// <summary>Adam (Kingma and Ba 2015, algorithm 1), as PyTorch's: ε is added to the root after the bias correction. Weight decay is L2, through the gradient.</summary>
/// <remarks>Keras adds ε before the correction ("epsilon hat") and has ε = 1e-7: its steps are shorter, most of all the first ones, and where gradients are small.</remarks>
public sealed record Adam : AdaptiveMoments
{
    /// <summary>The paper's defaults: rate 0.001, β₁ 0.9, β₂ 0.999, ε 1e-8.</summary>
    public Adam()
        : base(0.001)
    {
    }

    internal override OptimizerState<T> Bind<T>(KernelSet<T> kernels, int length) => new State<T>(this, kernels, length);

    private sealed class State<T>(Adam options, KernelSet<T> kernels, int length) : MomentState<T>(options, nameof(Adam), length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly double[] _powers = [1, 1];

        public override Span<double> Scalars => _powers;

        public override void Begin()
        {
            _powers[0] *= options.Beta1;
            _powers[1] *= options.Beta2;
            Set(LearningRate / (1 - _powers[0]), options.WeightDecay, _powers[1]);
        }

        protected override void Update(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings) =>
            kernels.UpdateAdam(parameters, gradient, mean, variance, settings);
    }
}
