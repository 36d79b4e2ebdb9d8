using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Sums, softmax and losses. A loss returns the sum over all elements, and writes the gradient into a span of its own.</content>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Σ xᵢ.</summary>
    public abstract T Sum(ReadOnlySpan<T> x);

    /// <summary>Σ xᵢ·yᵢ.</summary>
    public abstract T Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y);

    /// <summary>sums = the sum of each column, or sums += it. Rows are added in order, one chain a column that starts from sums or from 0.</summary>
    /// <param name="a">[m × n].</param>
    /// <param name="sums">[n].</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    public abstract void ColumnSums(ReadOnlyMatrixView<T> a, Span<T> sums, bool accumulate);

    /// <summary>Each row becomes its softmax, eˣ⁻ᵐᵃˣ · (1 / Σ eˣ⁻ᵐᵃˣ), where the reciprocal is rounded first: no overflow for any finite input. A row that holds a NaN or +∞, or nothing but −∞, becomes NaN.</summary>
    /// <param name="rows">[m × n], in place.</param>
    public abstract void SoftmaxRows(MatrixView<T> rows);

    /// <summary>The gradient through a softmax: each row g becomes p·(g − Σ g·p).</summary>
    /// <param name="output">p, [m × n], as <see cref="SoftmaxRows"/> left it.</param>
    /// <param name="gradient">[m × n]: with respect to p on entry, to the logits on return.</param>
    public abstract void SoftmaxRowsGradient(ReadOnlyMatrixView<T> output, MatrixView<T> gradient);

    /// <summary>Each row becomes its log-softmax, (x − max) − ln Σ eˣ⁻ᵐᵃˣ: what is far below the largest keeps its digits. A row that holds a NaN or +∞, or nothing but −∞, becomes NaN.</summary>
    /// <param name="rows">[m × n], in place.</param>
    public abstract void LogSoftmaxRows(MatrixView<T> rows);

    /// <summary>The gradient through a log-softmax: each row g becomes g − eʸ·Σ g, fused.</summary>
    /// <param name="output">y, [m × n], as <see cref="LogSoftmaxRows"/> left it.</param>
    /// <param name="gradient">[m × n]: with respect to y on entry, to the logits on return.</param>
    public abstract void LogSoftmaxRowsGradient(ReadOnlyMatrixView<T> output, MatrixView<T> gradient);

    /// <summary>ln Σ eˣ of each row as max + ln Σ eˣ⁻ᵐᵃˣ. −∞ for a row of −∞ or of no elements, +∞ for a row that holds +∞, NaN for one that holds NaN.</summary>
    /// <param name="rows">[m × n].</param>
    /// <param name="destination">[m].</param>
    public abstract void LogSumExpRows(ReadOnlyMatrixView<T> rows, Span<T> destination);

    /// <summary>Σ l1·|w| + l2·w².</summary>
    public abstract T Penalty(ReadOnlySpan<T> weights, T l1, T l2);

    /// <summary>The same sum; gradient += l1·sign(w) + 2·l2·w, where 0 has no sign.</summary>
    public abstract T AddPenalty(ReadOnlySpan<T> weights, T l1, T l2, Span<T> gradient);

    /// <summary>Columns whose norm √Σw² is above a limit are multiplied by limit / norm; the squares of a column are one chain of rows. A weight that falls below the normal range becomes 0.</summary>
    /// <param name="weights">[m × n], in place.</param>
    /// <param name="most">The limit, positive.</param>
    /// <param name="factors">[n], overwritten.</param>
    public abstract void LimitColumnNorms(MatrixView<T> weights, T most, Span<T> factors);

    /// <summary>Returns Σ (p − y)²; gradient = scale·(p − y).</summary>
    /// <param name="prediction">p.</param>
    /// <param name="target">y, the same length.</param>
    /// <param name="scale">2 / count for the mean, 1 for half the sum.</param>
    /// <param name="gradient">The same length.</param>
    public abstract T SquaredError(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, T scale, Span<T> gradient);

    /// <summary>Returns Σ |p − y|.</summary>
    public abstract T AbsoluteError(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target);

    /// <summary>Returns Σ f(x, y) of a loss of elements; gradient = scale·∂f/∂x. Infinities and NaN of an operand reach the sum.</summary>
    /// <param name="loss">f.</param>
    /// <param name="parameter">c, where f has it.</param>
    /// <param name="prediction">x.</param>
    /// <param name="target">y, the same length.</param>
    /// <param name="scale">1 / count for the mean.</param>
    /// <param name="gradient">The same length.</param>
    public abstract T LossOfElements(ElementLoss loss, T parameter, ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, T scale, Span<T> gradient);

    /// <summary>Returns Σ x·ln x, where 0·ln 0 is 0.</summary>
    public abstract T NegativeEntropy(ReadOnlySpan<T> x);

    /// <summary>Binary cross-entropy on logits z: returns Σ max(z, 0) − z·y + ln(1 + e^−|z|); gradient = scale·(σ(z) − y), and logits become probabilities.</summary>
    /// <param name="logits">z on entry, σ(z) on return.</param>
    /// <param name="target">y in [0, 1], the same length.</param>
    /// <param name="scale">1 / count for the mean.</param>
    /// <param name="gradient">With respect to the logits.</param>
    public abstract T SigmoidCrossEntropy(Span<T> logits, ReadOnlySpan<T> target, T scale, Span<T> gradient);

    /// <summary>Categorical cross-entropy on logits z with class indices: returns Σ over rows of ln Σ eᶻ − z[label]; gradient = scale·(softmax(z) − onehot), and logits become probabilities.</summary>
    /// <param name="logits">[m × n]: z on entry, softmax on return.</param>
    /// <param name="labels">[m], each in 0..n − 1.</param>
    /// <param name="scale">1 / rows for the mean.</param>
    /// <param name="gradient">[m × n].</param>
    public abstract T SoftmaxCrossEntropy(MatrixView<T> logits, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient);

    /// <summary>The same with a target row y of any non-negative weights: returns Σ y·(ln Σ eᶻ − z); gradient = scale·(softmax(z)·Σy − y). A weight of exactly 0 contributes 0 to the loss, also where z is −∞.</summary>
    /// <param name="logits">[m × n]: z on entry, softmax on return.</param>
    /// <param name="target">[m × n].</param>
    /// <param name="scale">1 / rows for the mean.</param>
    /// <param name="gradient">[m × n].</param>
    public abstract T SoftmaxCrossEntropy(MatrixView<T> logits, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient);
}
