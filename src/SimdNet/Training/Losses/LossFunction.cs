using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Training.Losses;

/// <summary>A loss bound to a network's precision and kernels.</summary>
internal abstract class LossFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>True where the loss takes the logits of the last layer and applies its activation itself.</summary>
    public abstract bool TakesLogits { get; }

    /// <summary>The loss as the kernels of small networks know it.</summary>
    public abstract SmallLoss Small { get; }

    /// <summary>True where class labels are used as they are; false where they must become rows of targets first.</summary>
    public virtual bool TakesLabels => false;

    /// <summary>What the summed terms are divided by for the loss of so many rows.</summary>
    public abstract double Divisor(int rows);

    /// <summary>Factor of the gradient for a batch of so many rows, so that it is that of the loss over the batch.</summary>
    public abstract T GradientScale(int rows);

    /// <summary>Says whether the targets are in the loss' domain.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public virtual string? Check(ReadOnlySpan<T> targets) => null;

    /// <summary>The sum of the loss' terms over a tile.</summary>
    /// <param name="output">[rows × outputs]: logits that become outputs, or outputs that stay.</param>
    /// <param name="target">[rows × outputs].</param>
    /// <param name="scale">From <see cref="GradientScale"/>.</param>
    /// <param name="gradient">[rows × outputs], overwritten: with respect to the logits where the loss takes them, else to the outputs.</param>
    public abstract T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient);

    /// <summary>The same with class labels, [rows]. Only where <see cref="TakesLabels"/>.</summary>
    public virtual T Sum(MatrixView<T> output, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient) => throw new NotSupportedException();
}
