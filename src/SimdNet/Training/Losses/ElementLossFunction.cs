using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Training.Losses;

/// <summary>A loss of elements at work: its kernel on the outputs as they are.</summary>
/// <param name="kernels">The kernels.</param>
/// <param name="loss">The term.</param>
/// <param name="parameter">The term's, where it has one.</param>
/// <param name="perRow">What the terms of a row are divided by, besides the number of rows: the outputs for a mean over all, 1 for a mean over rows.</param>
/// <param name="domain">Where targets lie.</param>
/// <param name="name">The loss' name, for messages.</param>
internal sealed class ElementLossFunction<T>(KernelSet<T> kernels, ElementLoss loss, double parameter, int perRow, TargetDomain domain, string name) : LossFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _parameter = T.CreateTruncating(parameter);

    public override bool TakesLogits => false;

    public override TargetDomain Domain => domain;

    public override double Divisor(double weight) => weight * perRow;

    public override string? Check(ReadOnlySpan<T> targets) => TargetDomains.Check(domain, targets, name);

    [MethodImpl(Compiled.Entry)]
    public override T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient) =>
        kernels.LossOfElements(loss, _parameter, output.Elements, target.Elements, scale, gradient.Elements);
}
