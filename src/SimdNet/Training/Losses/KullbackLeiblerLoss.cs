using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Σ y·(ln y − ln p) of a softmax: the cross-entropy of its logits without the targets' own entropy.</summary>
internal sealed record KullbackLeiblerLoss : Loss
{
    public KullbackLeiblerLoss()
        : base("kl")
    {
    }

    internal override string Needed => "softmax or log-softmax";

    internal override bool Fits(NetworkSpec spec) => OutputRange.IsDistribution(spec.OutputActivation.Kind);

    internal override LossFunction<T> Bind<T>(Network<T> network) => new Function<T>(network.Kernels, Name) { ClassWeights = ClassWeights?.In<T>() };

    private sealed class Function<T>(KernelSet<T> kernels, string name) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TakesLogits => true;

        public override bool TakesLabels => true;

        public override TargetDomain Domain => TargetDomain.NonNegative;

        public override double Divisor(double weight) => weight;

        public override string? Check(ReadOnlySpan<T> targets) => TargetDomains.Check(TargetDomain.NonNegative, targets, name);

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient)
        {
            T entropy = kernels.NegativeEntropy(target.Elements);
            return kernels.SoftmaxCrossEntropy(output, target, scale, gradient) + entropy;
        }

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient) =>
            kernels.SoftmaxCrossEntropy(output, labels, scale, gradient);
    }
}
