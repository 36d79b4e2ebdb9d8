using System;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Binary cross-entropy fused with a sigmoid output: max(z, 0) − z·y + ln(1 + e^−|z|), gradient (σ(z) − y) / count.</summary>
internal sealed record BinaryCrossEntropyLoss : Loss
{
    public BinaryCrossEntropyLoss()
        : base("bce")
    {
    }

    public override void CheckFits(NetworkSpec spec)
    {
        if (!Fits(spec))
        {
            throw Needs(spec, "sigmoid");
        }
    }

    internal override bool Fits(NetworkSpec spec) => spec.OutputActivation.Kind == ActivationKind.Sigmoid;

    internal override LossFunction<T> Bind<T>(Network<T> network) => new Function<T>(network.Kernels, network.Outputs);

    private sealed class Function<T>(KernelSet<T> kernels, int outputs) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TakesLogits => true;

        public override SmallLoss Small => SmallLoss.SigmoidCrossEntropy;

        public override double Divisor(int rows) => (double)rows * outputs;

        public override T GradientScale(int rows) => T.CreateTruncating(1 / ((double)rows * outputs));

        public override string? Check(ReadOnlySpan<T> targets)
        {
            foreach (T target in targets)
            {
                if (!(target >= T.Zero && target <= T.One))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"the target {target} is not in [0, 1], where the loss bce needs it");
                }
            }

            return null;
        }

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient) =>
            kernels.SigmoidCrossEntropy(output.Elements, target.Elements, scale, gradient.Elements);
    }
}
