using System;
using System.Numerics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Passes of a single sample over the weights of a layer.</content>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>y = Wᵀ·x, or y += Wᵀ·x: the forward of one sample. Rows of W whose x is exactly 0 are not read, so that 0 · w counts as 0 even where w is not finite.</summary>
    /// <remarks>
    /// The rows that are read are a chain in their order, which starts from y or from 0. Where n ≤ 32 they are two, in blocks of 1,024 rows of W: those of a block are dealt in turn to the first chain,
    /// which starts from y or from 0, and to the second, which starts from 0, and y = first + second.
    /// </remarks>
    /// <param name="x">[k].</param>
    /// <param name="weights">[k × n].</param>
    /// <param name="y">[n].</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    public abstract void VectorMatrix(ReadOnlySpan<T> x, ReadOnlyMatrixView<T> weights, Span<T> y, bool accumulate);

    /// <summary>y += Wᵀ·x with weights that were rounded to 16 bits, in float alone. Rows of W whose x is exactly 0 are not read; the others are one chain in their order that starts from y.</summary>
    /// <param name="x">[k].</param>
    /// <param name="words">[k × <see cref="BFloat16.Words"/> of n], from <see cref="BFloat16.Pack"/>.</param>
    /// <param name="y">[n], added to.</param>
    public abstract void VectorBFloat16Matrix(ReadOnlySpan<T> x, ReadOnlySpan<T> words, Span<T> y);

    /// <summary>y = W·x: the dot product of each row of W with x, each a reduction over <see cref="Lanes"/>.</summary>
    /// <param name="weights">[m × n].</param>
    /// <param name="x">[n].</param>
    /// <param name="y">[m], overwritten.</param>
    public abstract void MatrixVector(ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> x, Span<T> y);

    /// <summary>A += (α·x)·yᵀ, where each row's factor α·xᵢ is rounded first. Rows whose x is exactly 0 are neither read nor written.</summary>
    /// <param name="alpha">Factor.</param>
    /// <param name="x">[m].</param>
    /// <param name="y">[n].</param>
    /// <param name="a">[m × n].</param>
    public abstract void RankOneUpdate(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, MatrixView<T> a);

    /// <summary>In one pass over W: W += (α·x)·gᵀ, then y += Wᵀ·next. The step of one sample and the forward of the next, with the bits of <see cref="RankOneUpdate"/> followed by <see cref="VectorMatrix"/>.</summary>
    /// <param name="alpha">Minus the learning rate.</param>
    /// <param name="x">The layer's input, [m].</param>
    /// <param name="g">Gradient of the layer's pre-activation, [n].</param>
    /// <param name="next">The layer's input for the next sample, [m].</param>
    /// <param name="weights">[m × n], updated.</param>
    /// <param name="y">[n], added to.</param>
    public abstract void RankOneUpdateAndVectorMatrix(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> g, ReadOnlySpan<T> next, MatrixView<T> weights, Span<T> y);

    /// <summary>g = W·y from the rows as they are, then W += (α·x)·yᵀ. The backward of one sample under plain gradient descent, with the bits of <see cref="MatrixVector"/> followed by <see cref="RankOneUpdate"/>.</summary>
    /// <param name="alpha">Minus the learning rate.</param>
    /// <param name="x">The layer's input, [m].</param>
    /// <param name="y">Gradient of the layer's pre-activation, [n].</param>
    /// <param name="weights">[m × n], updated.</param>
    /// <param name="inputGradient">[m], overwritten.</param>
    public abstract void RankOneUpdateWithInputGradient(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, MatrixView<T> weights, Span<T> inputGradient);

    /// <summary>Asks for memory that will be read in some microseconds. It changes nothing else, and does nothing where the processor has no such instruction.</summary>
    public abstract void Prefetch(ReadOnlySpan<T> x);
}
