using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Training.Losses;

/// <summary>A loss bound to a network's precision and kernels.</summary>
internal abstract class LossFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>True where the loss takes the logits of the last layer and applies its activation itself.</summary>
    public abstract bool TakesLogits { get; }

    /// <summary>The loss as the kernels of small networks know it; null where they do not.</summary>
    public virtual SmallLoss? Small => null;

    /// <summary>True where class labels are used as they are; false where they must become rows of targets first.</summary>
    public virtual bool TakesLabels => false;

    /// <summary>True where a row of targets is a distribution over classes, whatever is done to it before it is used.</summary>
    public virtual bool IsCategorical => TakesLabels;

    /// <summary>How much each class counts; null for all alike.</summary>
    public T[]? ClassWeights { get; init; }

    /// <summary>True where class weights belong to the terms of a row's targets, false where they belong to the row.</summary>
    public virtual bool WeighsTargets => false;

    /// <summary>True where targets are changed before they are used, whether or not rows have weights.</summary>
    public virtual bool ReshapesTargets => false;

    /// <summary>Whether it calls code of the user's, which may call anything.</summary>
    public virtual bool IsCustom => false;

    /// <summary>Where targets lie.</summary>
    public abstract TargetDomain Domain { get; }

    /// <summary>What the summed terms are divided by for the loss of rows that weigh so much together: as many rows, where each weighs 1.</summary>
    public abstract double Divisor(double weight);

    /// <summary>Factor of a term's derivative that <see cref="Sum(MatrixView{T}, ReadOnlyMatrixView{T}, T, MatrixView{T})"/> leaves to the scale: 2 for a square.</summary>
    protected virtual double Factor => 1;

    /// <summary>The loss of rows that weigh so much together. 0 where they weigh nothing.</summary>
    public double Mean(double sum, double weight) => weight > 0 ? sum / Divisor(weight) : 0;

    /// <summary>The same with a penalty, which counts once however many rows there are.</summary>
    public double Mean(double sum, double weight, double penalty) => Mean(sum + (penalty * Divisor(weight)), weight);

    /// <summary>Factor of the gradient for a batch of rows that weigh so much together, so that it is that of the loss over the batch. 0 where they weigh nothing.</summary>
    public T GradientScale(double weight) => weight > 0 ? T.CreateTruncating(Factor / Divisor(weight)) : T.Zero;

    /// <summary>Says whether the targets are in the loss' domain.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public abstract string? Check(ReadOnlySpan<T> targets);

    /// <summary>The sum of the loss' terms over a tile.</summary>
    /// <param name="output">[rows × outputs]: logits that become outputs, or outputs that stay.</param>
    /// <param name="target">[rows × outputs].</param>
    /// <param name="scale">From <see cref="GradientScale"/>.</param>
    /// <param name="gradient">[rows × outputs], overwritten: with respect to the logits where the loss takes them, else to the outputs.</param>
    public abstract T Sum(MatrixView<T> output, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient);

    /// <summary>The sum of the loss' terms over a tile, each row's multiplied by its weight. A row of weight 0 does not count, even where its terms are infinite.</summary>
    /// <param name="output">As in <see cref="Sum(MatrixView{T}, ReadOnlyMatrixView{T}, T, MatrixView{T})"/>.</param>
    /// <param name="target">[rows × outputs], which may be overwritten.</param>
    /// <param name="weights">[rows]; empty where each is 1.</param>
    /// <param name="scale">As in <see cref="Sum(MatrixView{T}, ReadOnlyMatrixView{T}, T, MatrixView{T})"/>.</param>
    /// <param name="gradient">As in <see cref="Sum(MatrixView{T}, ReadOnlyMatrixView{T}, T, MatrixView{T})"/>.</param>
    [MethodImpl(Compiled.Entry)]
    public virtual double WeightedSum(MatrixView<T> output, MatrixView<T> target, ReadOnlySpan<T> weights, T scale, MatrixView<T> gradient)
    {
        double sum = 0;
        for (int row = 0; row < weights.Length; row++)
        {
            T weight = weights[row];
            T terms = Sum(output.Slice(row, 1), target.Slice(row, 1), scale * weight, gradient.Slice(row, 1));
            if (weight == T.Zero)
            {
                gradient.Row(row).Clear();
            }
            else
            {
                sum += double.CreateTruncating(weight) * double.CreateTruncating(terms);
            }
        }

        return sum;
    }

    /// <summary>The same with class labels, [rows]. Only where <see cref="TakesLabels"/>.</summary>
    public virtual T Sum(MatrixView<T> output, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient) => throw new NotSupportedException();
}
