using System;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Categorical cross-entropy fused with a softmax output: ln Σ eᶻ − z[label], gradient (softmax(z) − onehot) / rows.</summary>
internal sealed record CrossEntropyLoss : Loss
{
    public CrossEntropyLoss()
        : base("cross-entropy")
    {
    }

    public override void CheckFits(NetworkSpec spec)
    {
        if (!Fits(spec))
        {
            throw Needs(spec, "softmax");
        }
    }

    internal override bool Fits(NetworkSpec spec) => spec.OutputActivation.Kind == ActivationKind.Softmax;

    internal override LossFunction<T> Bind<T>(Network<T> network) => new Function<T>(network.Kernels);

    private sealed class Function<T>(KernelSet<T> kernels) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TakesLogits => true;

        public override bool TakesLabels => true;

        public override SmallLoss Small => SmallLoss.SoftmaxCrossEntropy;

        public override double Divisor(int rows) => rows;

        public override T GradientScale(int rows) => T.CreateTruncating(1.0 / rows);

        public override string? Check(ReadOnlySpan<T> targets)
        {
            foreach (T target in targets)
            {
                if (!(target >= T.Zero))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"the target {target} is negative, and the loss cross-entropy needs class probabilities");
                }
            }

            return null;
        }

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient) =>
            kernels.SoftmaxCrossEntropy(output, target, scale, gradient);

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient) =>
            kernels.SoftmaxCrossEntropy(output, labels, scale, gradient);
    }
}
