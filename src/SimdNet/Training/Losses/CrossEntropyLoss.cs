using System;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Categorical cross-entropy fused with a softmax: ln Σ eᶻ − z[label], gradient (softmax(z) − onehot) / rows. An identity output is taken as its logits.</summary>
internal sealed record CrossEntropyLoss : Loss
{
    private readonly double _smoothing;

    /// <param name="smoothing">Share of each target that is spread over all classes.</param>
    public CrossEntropyLoss(double smoothing)
        : base("cross-entropy") => _smoothing = smoothing;

    private protected override string Text => _smoothing == 0 ? Name : string.Create(CultureInfo.InvariantCulture, $"{Name}({_smoothing:R})");

    internal override string Needed => "softmax, log-softmax or identity";

    internal override bool Fits(NetworkSpec spec) => OutputRange.IsDistribution(spec.OutputActivation.Kind) || spec.OutputActivation.Kind == ActivationKind.Identity;

    internal override LossFunction<T> Bind<T>(Network<T> network) => new Function<T>(network.Kernels, Name, _smoothing, network.Outputs) { ClassWeights = ClassWeights?.In<T>() };

    private sealed class Function<T>(KernelSet<T> kernels, string name, double smoothing, int classes) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        private readonly T _kept = T.CreateTruncating(1 - smoothing);
        private readonly T _spread = T.CreateTruncating(smoothing / classes);

        public override bool TakesLogits => true;

        public override bool TakesLabels => !ReshapesTargets;

        public override bool IsCategorical => true;

        public override bool WeighsTargets => true;

        public override bool ReshapesTargets => smoothing > 0 || ClassWeights is not null;

        public override SmallLoss? Small => ReshapesTargets ? null : SmallLoss.SoftmaxCrossEntropy;

        public override TargetDomain Domain => TargetDomain.NonNegative;

        public override double Divisor(double weight) => weight;

        public override string? Check(ReadOnlySpan<T> targets)
        {
            foreach (T target in targets)
            {
                if (!(target >= T.Zero))
                {
                    return TargetDomains.Check(TargetDomain.NonNegative, targets, name);
                }
            }

            return null;
        }

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient) =>
            kernels.SoftmaxCrossEntropy(output, target, scale, gradient);

        /// <summary>Each target becomes weight·((1 − s)·y + s / classes), with the weights of its row and its class.</summary>
        [MethodImpl(Compiled.Entry)]
        public override double WeightedSum(MatrixView<T> output, MatrixView<T> target, ReadOnlySpan<T> weights, T scale, MatrixView<T> gradient)
        {
            for (int row = 0; row < target.Rows; row++)
            {
                T weight = weights.IsEmpty ? T.One : weights[row];
                Span<T> targets = target.Row(row);
                for (int c = 0; c < targets.Length; c++)
                {
                    T smoothed = (_kept * targets[c]) + _spread;
                    targets[c] = ClassWeights is null ? weight * smoothed : weight * ClassWeights[c] * smoothed;
                }
            }

            return double.CreateTruncating(Sum(output, target, scale, gradient));
        }

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient) =>
            kernels.SoftmaxCrossEntropy(output, labels, scale, gradient);
    }
}
