using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Products.</content>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[k × n].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">False (β = 0): C is overwritten without being read. True (β = 1): added to.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void Multiply(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch);

    /// <summary>C = A·Bᵀ, or C += A·Bᵀ. Backward through a dense layer: inputGradient [batch × inputs] = outputGradient [batch × units] · weights [inputs × units]ᵀ.</summary>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[n × k].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void MultiplyTransposedB(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch);

    /// <summary>C = Aᵀ·B, or C += Aᵀ·B. Weight gradient: [inputs × units] = input [batch × inputs]ᵀ · outputGradient [batch × units].</summary>
    /// <param name="a">[k × m].</param>
    /// <param name="b">[k × n].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void MultiplyTransposedA(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch);

    /// <summary>C = Aᵀ·Bᵀ, or C += Aᵀ·Bᵀ: what a product of transposed views comes to.</summary>
    /// <param name="a">[k × m].</param>
    /// <param name="b">[n × k].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void MultiplyTransposed(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch);

    /// <summary>output = f(input·weights + bias), with the bits of <see cref="Multiply"/>, <see cref="AddBias"/> and <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/> one after the other: forward through a dense layer.</summary>
    /// <param name="input">[m × k].</param>
    /// <param name="weights">[k × n].</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="kind">f, element-wise: not softmax.</param>
    /// <param name="slope">As in <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/>.</param>
    /// <param name="output">[m × n], overwritten.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void Forward(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> bias, ActivationKind kind, T slope, MatrixView<T> output, Span<T> scratch);

    /// <summary>True where <see cref="ForwardPacked"/> on weights that were packed once is faster than <see cref="Forward"/>: where L2 does not hold them.</summary>
    /// <param name="inputs">Rows of the weights.</param>
    /// <param name="units">Columns of the weights.</param>
    public abstract bool PackingPays(int inputs, int units);

    /// <summary>Elements of packed weights [k × n]: with what fills them up, more than a span can hold for some that a span holds.</summary>
    /// <param name="k">Rows of the weights.</param>
    /// <param name="n">Columns of the weights.</param>
    public abstract long PackedLength(int k, int n);

    /// <summary>Copies weights into the order that <see cref="ForwardPacked"/> and <see cref="MultiplyPacked"/> of the same kernel set read them in.</summary>
    /// <param name="weights">[k × n], or [n × k] where it is their transpose.</param>
    /// <param name="isTransposed">True where it is.</param>
    /// <param name="packed">At least <see cref="PackedLength"/> elements; best on a cache line. Up to <see cref="KBlock"/> rows of weights, those of the first columns come first: <see cref="PackedLength"/> of them, as long as they are whole panels of <see cref="ProductPlan.PanelBytes"/>.</param>
    public abstract void Pack(ReadOnlyMatrixView<T> weights, bool isTransposed, Span<T> packed);

    /// <summary><see cref="Multiply"/> or <see cref="MultiplyTransposedA"/>, and what follows, with a B that <see cref="Pack"/> left, and with the same bits: for products in which A is worth a copy, too.</summary>
    /// <param name="a">[m × k], or [k × m] where it is its transpose.</param>
    /// <param name="isTransposedA">True where it is.</param>
    /// <param name="packed">As <see cref="Pack"/> left it.</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="epilogue">What follows, with the bits of <see cref="Forward"/> or <see cref="InputGradient"/>.</param>
    /// <param name="scratch">At least <see cref="PackedScratchLength"/> elements.</param>
    public abstract void MultiplyPacked(ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlySpan<T> packed, MatrixView<T> c, bool accumulate, in ProductEpilogue<T> epilogue, Span<T> scratch);

    /// <summary>Elements of scratch that <see cref="MultiplyPacked"/> needs for m rows and k terms, whatever n.</summary>
    /// <param name="m">Rows of C.</param>
    /// <param name="k">Terms.</param>
    public abstract int PackedScratchLength(int m, int k);

    /// <summary><see cref="Forward"/> with weights that <see cref="Pack"/> left, and with the same bits.</summary>
    /// <param name="input">[m × k].</param>
    /// <param name="packed">As <see cref="Pack"/> left it.</param>
    /// <param name="bias">[n], or empty for none.</param>
    /// <param name="kind">f, element-wise: not softmax.</param>
    /// <param name="slope">As in <see cref="Activate(ActivationKind, T, Span{T})"/>.</param>
    /// <param name="output">[m × n], overwritten.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void ForwardPacked(ReadOnlyMatrixView<T> input, ReadOnlySpan<T> packed, ReadOnlySpan<T> bias, ActivationKind kind, T slope, MatrixView<T> output, Span<T> scratch);

    /// <summary>inputGradient = (outputGradient·weightsᵀ) ⊙ f′(input), with the bits of <see cref="MultiplyTransposedB"/> and <see cref="ActivateGradient(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/> one after the other: backward through a dense layer and the function that made its input.</summary>
    /// <param name="outputGradient">With respect to the layer's pre-activation, [m × n].</param>
    /// <param name="weights">[k × n].</param>
    /// <param name="kind">f, element-wise: not softmax. For <see cref="ActivationKind.Identity"/> input is not read.</param>
    /// <param name="slope">As in <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/>.</param>
    /// <param name="input">The output of f, which is the layer's input, [m × k].</param>
    /// <param name="inputGradient">With respect to what f was applied to, [m × k], overwritten.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void InputGradient(ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> weights, ActivationKind kind, T slope, ReadOnlyMatrixView<T> input, MatrixView<T> inputGradient, Span<T> scratch);

    /// <summary>weightsGradient = inputᵀ·outputGradient and biasGradient = the column sums of outputGradient, or += them, with the bits of <see cref="MultiplyTransposedA"/> and <see cref="ColumnSums"/>.</summary>
    /// <param name="input">[m × k].</param>
    /// <param name="outputGradient">With respect to the layer's pre-activation, [m × n].</param>
    /// <param name="weightsGradient">[k × n].</param>
    /// <param name="biasGradient">[n], or empty for none.</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void WeightsGradient(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> weightsGradient, Span<T> biasGradient, bool accumulate, Span<T> scratch);

    /// <summary>Elements of scratch with which any product of any shape can be computed.</summary>
    public abstract int ScratchLength { get; }

    /// <summary>Elements of scratch with which the three products of a dense layer run fastest: <see cref="ScratchLength"/> or, where both operands are packed, more. It changes no bit.</summary>
    /// <param name="batch">Rows.</param>
    /// <param name="inputs">The layer's inputs.</param>
    /// <param name="units">The layer's outputs.</param>
    public abstract int ScratchLengthFor(int batch, int inputs, int units);
}
