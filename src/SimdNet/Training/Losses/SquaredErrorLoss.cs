using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;
using SimdNet.Training.Losses;

namespace SimdNet;

/// <summary>Half the sum, or the mean, of (p − y)².</summary>
internal sealed record SquaredErrorLoss : Loss
{
    private readonly bool _isMean;

    public SquaredErrorLoss(string name, bool isMean)
        : base(name) => _isMean = isMean;

    internal override LossFunction<T> Bind<T>(Network<T> network) => new Function<T>(network.Kernels, network.Outputs, _isMean) { ClassWeights = ClassWeights?.In<T>() };

    private sealed class Function<T>(KernelSet<T> kernels, int outputs, bool isMean) : LossFunction<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public override bool TakesLogits => false;

        public override SmallLoss? Small => SmallLoss.SquaredError;

        public override TargetDomain Domain => TargetDomain.Any;

        protected override double Factor => 2;

        public override double Divisor(double weight) => isMean ? weight * outputs : 2;

        public override string? Check(ReadOnlySpan<T> targets) => null;

        [MethodImpl(Compiled.Entry)]
        public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient) =>
            kernels.SquaredError(output.Elements, target.Elements, scale, gradient.Elements);
    }
}
