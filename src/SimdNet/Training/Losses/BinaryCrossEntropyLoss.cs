using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Binary cross-entropy: of logits, those of a sigmoid or of an identity, max(z, 0) − z·y + ln(1 + e^−|z|) with the gradient (σ(z) − y) / count; of other probabilities by their logarithms.</summary>
internal sealed record BinaryCrossEntropyLoss : Loss
{
    private readonly bool _withLogits;

    /// <param name="name">Its name.</param>
    /// <param name="withLogits">Whether outputs are logits; else they are probabilities.</param>
    public BinaryCrossEntropyLoss(string name, bool withLogits)
        : base(name) => _withLogits = withLogits;

    internal override string Needed => _withLogits ? "identity" : "sigmoid, hard-sigmoid or softmax";

    internal override bool Fits(NetworkSpec spec) => _withLogits
        ? spec.OutputActivation.Kind == ActivationKind.Identity
        : OutputRange.IsUnit(spec.OutputActivation.Kind);

    internal override LossFunction<T> Bind<T>(Network<T> network) => network.Spec.OutputActivation.Kind is ActivationKind.Sigmoid or ActivationKind.Identity
        ? new OfLogits<T>(network.Kernels, network.Outputs, Name) { ClassWeights = ClassWeights?.In<T>() }
        : new ElementLossFunction<T>(network.Kernels, ElementLoss.ProbabilityCrossEntropy, 0, network.Outputs, TargetDomain.Unit, Name) { ClassWeights = ClassWeights?.In<T>() };

    private sealed class OfLogits<T>(KernelSet<T> kernels, int outputs, string name) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TakesLogits => true;

        public override SmallLoss? Small => SmallLoss.SigmoidCrossEntropy;

        public override TargetDomain Domain => TargetDomain.Unit;

        public override double Divisor(double weight) => weight * outputs;

        public override string? Check(ReadOnlySpan<T> targets)
        {
            foreach (T target in targets)
            {
                if (!(target >= T.Zero && target <= T.One))
                {
                    return TargetDomains.Check(TargetDomain.Unit, targets, name);
                }
            }

            return null;
        }

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient) =>
            kernels.SigmoidCrossEntropy(output.Elements, target.Elements, scale, gradient.Elements);
    }
}
