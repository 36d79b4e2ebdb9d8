using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <summary>Every kernel for one precision and one vector width. Members of one list (KernelSets) differ in speed, never in bits where the hardware fuses multiply and add.</summary>
/// <remarks>
/// Contract of all members: shapes agree (asserted, not checked), operands do not overlap unless the member says that it works in place,
/// nothing is allocated, nothing is thrown, any alignment is accepted, nothing outside the given spans is read or written. Any length and any side of a matrix may be 0.
/// <para>Order of arithmetic, which fixes the bits:
/// a product accumulates k in order by fused multiply-add in blocks of <see cref="KBlock"/>: each block starts from 0 and is added to C when it is complete (C = first block where C is overwritten);
/// a reduction gives element i to lane i mod <see cref="Lanes"/>, each lane runs in order, and the lanes are combined by halving: lane j with lane j + 16, then + 8, + 4, + 2, + 1.
/// Where several rows or samples have one result, their results are added in order. Formulas of the shape a·b + c are fused where the hardware can; their order of evaluation is stated beside each operator.</para>
/// <para>NaN and infinity go where the arithmetic takes them; a NaN is a NaN at every width, but which payload survives when two meet is not fixed. Subnormal numbers are exact inputs and results,
/// except that optimizers flush what they store.</para>
/// </remarks>
internal abstract class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Terms of a dot product that are summed before they are added to C. It bounds the rounding error of long sums and is the largest k-block that packing may use.</summary>
    public const int KBlock = 1024;

    /// <summary>Virtual lanes of a reduction: two Vector512 of float, so that every narrower width can imitate it with more registers or more passes.</summary>
    public const int Lanes = 32;

    /// <summary>The value of SIMDNET_ISA that selects this set: vector512, vector256, vector128, vectort or scalar.</summary>
    public abstract string Name { get; }

    // ---- Gemm -------------------------------------------------------------------------------------------------------------------

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

    // ---- Elementwise ------------------------------------------------------------------------------------------------------------

    /// <summary>destination = eˣ, within 0.9 ulp in float and 1 in double. In place where both are the same span. Overflow gives +∞, underflow is gradual.</summary>
    public abstract void Exp(ReadOnlySpan<T> x, Span<T> destination);

    /// <summary>destination = ln x, within 1 ulp. In place where both are the same span. −∞ for ±0, NaN below.</summary>
    public abstract void Log(ReadOnlySpan<T> x, Span<T> destination);

    /// <summary>destination = ln(1 + x), within 1 ulp. In place where both are the same span. −∞ for −1, NaN below.</summary>
    public abstract void Log1P(ReadOnlySpan<T> x, Span<T> destination);

    /// <summary>destination = erf x, within 1 ulp in float and 2.5 in double. In place where both are the same span.</summary>
    public abstract void Erf(ReadOnlySpan<T> x, Span<T> destination);

    /// <summary>destination = f(x), with the errors that stand beside each operator; NaN stays NaN. In place where both are the same span. Softmax and log-softmax are row-wise and not among these: see <see cref="SoftmaxRows"/> and <see cref="LogSoftmaxRows"/>.</summary>
    /// <param name="kind">The function.</param>
    /// <param name="parameter">The function's number; read by <see cref="ActivationKind.LeakyReLU"/> (its slope) and <see cref="ActivationKind.Elu"/> (its α) alone.</param>
    /// <param name="x">Pre-activations.</param>
    /// <param name="destination">Activations, the same length.</param>
    public abstract void Activate(ActivationKind kind, T parameter, ReadOnlySpan<T> x, Span<T> destination);

    /// <summary>values = f(values).</summary>
    /// <param name="kind">The function.</param>
    /// <param name="parameter">As out of place.</param>
    /// <param name="values">Pre-activations in, activations out.</param>
    [MethodImpl(Compiled.Entry)]
    public void Activate(ActivationKind kind, T parameter, Span<T> values) => Activate(kind, parameter, values, values);

    /// <summary>gradient = gradient · f′, with f′ expressed by the function's own output.</summary>
    /// <param name="kind">The function: one that is fused (<see cref="ActivationKinds.IsFused"/>), and element-wise.</param>
    /// <param name="slope">As in <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/>.</param>
    /// <param name="output">f(x), as <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/> left it.</param>
    /// <param name="gradient">With respect to the output on entry, to the input on return. The same length.</param>
    public abstract void ActivateGradient(ActivationKind kind, T slope, ReadOnlySpan<T> output, Span<T> gradient);

    /// <summary>gradient = gradient · f′ of any element-wise function: f′ is expressed by the output where the function is fused (<see cref="ActivationKinds.IsFused"/>), by the argument where it is not; the other operand is not read.</summary>
    /// <param name="kind">The function.</param>
    /// <param name="parameter">As in <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/>.</param>
    /// <param name="x">What the function was applied to.</param>
    /// <param name="output">f(x), as <see cref="Activate(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/> left it.</param>
    /// <param name="gradient">With respect to the output on entry, to the argument on return. The same length.</param>
    public abstract void ActivateGradient(ActivationKind kind, T parameter, ReadOnlySpan<T> x, ReadOnlySpan<T> output, Span<T> gradient);

    /// <summary>Every row of C += bias.</summary>
    /// <param name="bias">[n].</param>
    /// <param name="c">[m × n].</param>
    public abstract void AddBias(ReadOnlySpan<T> bias, MatrixView<T> c);

    /// <summary>y += α·x, fused.</summary>
    public abstract void AddScaled(T alpha, ReadOnlySpan<T> x, Span<T> y);

    // ---- Reduction --------------------------------------------------------------------------------------------------------------

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

    // ---- Loss: the sum over all elements is returned, the gradient is written into its own span ---------------------------------

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

    // ---- Small networks, whole ---------------------------------------------------------------------------------------------------

    /// <summary>The outputs of a small network for one sample, in one call.</summary>
    /// <remarks>
    /// Order of arithmetic: a layer's sum starts from its bias, or from 0, and adds inputᵢ·weightᵢ fused, i in order, up to two inputs; more inputs are four such chains by i mod 4, of which the first starts from the bias and the
    /// others from 0, combined (0 + 1) + (2 + 3). A layer of one unit is a <see cref="Dot"/>, to which the bias is added. Rows whose input is 0 are not skipped.
    /// </remarks>
    /// <param name="network">The layers.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs], overwritten.</param>
    public abstract void SmallPredict(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output);

    /// <summary>One step of plain gradient descent of a small network on one sample, in one call.</summary>
    /// <remarks>
    /// Order of arithmetic: forward as <see cref="SmallPredict"/>, loss and derivatives as the members for them; the gradient of a layer's input is a <see cref="MatrixVector"/>; each unit's step −rate·gradient is rounded, then the
    /// weight becomes input·step + weight, fused, and the bias bias + step.
    /// </remarks>
    /// <param name="network">The layers.</param>
    /// <param name="parameters">The block, updated.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="target">[outputs].</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">Factor of the loss' gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="output">[outputs], overwritten with the network's outputs before the step.</param>
    /// <returns>The loss' sum before the step. Where it is not finite, no parameter was changed.</returns>
    public abstract T SmallStep(SmallNetwork<T> network, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> target, SmallLoss loss, T scale, T rate, Span<T> output);

    /// <summary>Every layer's output for a batch, in one call, with the bits of <see cref="Forward"/> for each layer.</summary>
    /// <param name="network">The layers; see <see cref="SmallNetwork{T}.TakesBatches"/>.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="input">[rows × inputs], without gaps, at least one row.</param>
    /// <param name="most">Rows that <paramref name="outputs"/> has room for.</param>
    /// <param name="outputs">The layers' outputs, each [rows × units], one after the other, each with room for <paramref name="most"/> rows and a whole number of cache lines. Overwritten.</param>
    /// <param name="linear">True leaves the last activation out.</param>
    public abstract void SmallForward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, bool linear);

    /// <summary>The gradients of all parameters for a batch, in one call, with the bits of <see cref="ActivateGradient(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/> for the last layer where it is not linear, then of <see cref="InputGradient"/> and <see cref="WeightsGradient"/> for each.</summary>
    /// <param name="network">As in <see cref="SmallForward"/>.</param>
    /// <param name="parameters">The block.</param>
    /// <param name="gradients">A block of the same layout. It may be the parameters themselves, added to: inputs' gradients come from the parameters as they were.</param>
    /// <param name="input">As in <see cref="SmallForward"/>.</param>
    /// <param name="most">As in <see cref="SmallForward"/>.</param>
    /// <param name="outputs">As <see cref="SmallForward"/> left them.</param>
    /// <param name="gradient">With respect to the last layer's output, or its pre-activation where that is linear, [rows × units] at the beginning; room for the widest layer's output. Overwritten.</param>
    /// <param name="other">As much room, overwritten.</param>
    /// <param name="linear">True where the last activation was left out.</param>
    /// <param name="accumulate">As in <see cref="Multiply"/>.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> elements.</param>
    public abstract void SmallBackward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, Span<T> gradients, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, Span<T> gradient, Span<T> other, bool linear, bool accumulate, Span<T> scratch);

    /// <summary>One step of plain gradient descent on one sample of all layers above a first one, and of that one's bias: what lies between two passes over the first layer's weights.</summary>
    /// <remarks>
    /// Order of arithmetic: the first layer's function is applied to its sums, the layers above are <see cref="SmallStep"/>, and the gradient that it leaves goes through the first layer's function as in <see cref="ActivateGradient(ActivationKind, T, ReadOnlySpan{T}, Span{T})"/>; the
    /// first layer's bias makes its step by <see cref="AddScaled"/>.
    /// </remarks>
    /// <param name="network">The layers above, from <see cref="SmallNetwork{T}.Above"/>.</param>
    /// <param name="parameters">The block, updated but for the first layer's weights.</param>
    /// <param name="sums">[units of the first]: its weighted inputs and bias on entry; its bias after the step, or 0 where it has none, on return.</param>
    /// <param name="target">[outputs]; empty where there is a label.</param>
    /// <param name="label">The class, for the softmax cross-entropy alone; −1 where there is a target.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="scale">Factor of the loss' gradient.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="output">[outputs], overwritten with the network's outputs before the step.</param>
    /// <param name="gradient">With respect to the sums, overwritten.</param>
    /// <returns>The loss' sum before the step. Where it is not finite, neither a parameter nor a sum was changed.</returns>
    public abstract T SmallTail(SmallNetwork<T> network, Span<T> parameters, Span<T> sums, ReadOnlySpan<T> target, int label, SmallLoss loss, T scale, T rate, Span<T> output, Span<T> gradient);

    // ---- Update -----------------------------------------------------------------------------------------------------------------

    /// <summary>Plain gradient descent with L2: p −= rate·(g + decay·p). Here and in the other rules, a parameter below the normal range becomes 0.</summary>
    public abstract void UpdateSgd(Span<T> parameters, ReadOnlySpan<T> gradient, T rate, T decay);

    /// <summary>Momentum as PyTorch has it: g += decay·p; v = μ·v + g; p −= rate·(nesterov ? g + μ·v : v). A velocity below the normal range becomes 0.</summary>
    public abstract void UpdateSgdMomentum(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, T decay, T momentum, bool nesterov);

    /// <summary>Adam (Kingma and Ba 2015, algorithm 1): g += decay·p; m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= rate·m / (√v·correction + ε). A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="variance">v.</param>
    /// <param name="settings">The step's scalars.</param>
    public abstract void UpdateAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings);

    /// <summary>Adam with decoupled decay (Loshchilov and Hutter 2019): m and v as in <see cref="UpdateAdam"/>, without decay; p = p − decay·p − rate·m / (√v·correction + ε). A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="variance">v.</param>
    /// <param name="settings">The step's scalars; Decay is the share that a parameter loses, learning rate · decay.</param>
    public abstract void UpdateAdamW(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings);

    /// <summary>Adam with Nesterov's momentum (Dozat 2016): g, m and v as in <see cref="UpdateAdam"/>; p −= (gradientRate·g + rate·m) / (√v·correction + ε). A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="mean">m.</param>
    /// <param name="variance">v.</param>
    /// <param name="gradientRate">Factor of the gradient.</param>
    /// <param name="settings">The step's scalars; Rate is the factor of the mean.</param>
    public abstract void UpdateNAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, T gradientRate, in AdamScalars<T> settings);

    /// <summary>RMSprop as PyTorch has it: g += decay·p; v = ρ·v + (1 − ρ)·g²; b = μ·b + g / (√v + ε); p −= rate·b. Centered, the root is that of v − a², with a = ρ·a + (1 − ρ)·g. A moment below the normal range becomes 0.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="square">v.</param>
    /// <param name="velocity">b; empty where there is no momentum and no mean.</param>
    /// <param name="mean">a; empty where v is not centered.</param>
    /// <param name="settings">The step's scalars.</param>
    public abstract void UpdateRmsProp(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> square, Span<T> velocity, Span<T> mean, in RmsPropScalars<T> settings);

    /// <summary>Adagrad (Duchi, Hazan and Singer 2011): g += decay·p; s += g²; p −= rate·g / (√s + ε).</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="sum">s.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="decay">L2 penalty.</param>
    /// <param name="epsilon">Added to the root.</param>
    public abstract void UpdateAdagrad(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> sum, T rate, T decay, T epsilon);

    /// <summary>RPROP (Riedmiller and Braun 1993, without going back, as PyTorch has it): each parameter's step grows where its gradient keeps its sign and shrinks where that changes, and p −= sign(g)·step; after a change of sign g counts as 0 once.</summary>
    /// <param name="parameters">p.</param>
    /// <param name="gradient">g.</param>
    /// <param name="previous">The gradients of the step before, 0 where their sign had changed.</param>
    /// <param name="steps">The steps' sizes, positive.</param>
    /// <param name="settings">The step's scalars.</param>
    public abstract void UpdateRprop(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> previous, Span<T> steps, in RpropScalars<T> settings);
}

/// <summary>What <see cref="KernelSet{T}.UpdateAdam"/> reads once a step.</summary>
/// <param name="Rate">Learning rate / (1 − β₁ᵗ).</param>
/// <param name="Decay">L2 penalty.</param>
/// <param name="Beta1">Decay of the mean.</param>
/// <param name="Rest1">1 − β₁, rounded once.</param>
/// <param name="Beta2">Decay of the variance.</param>
/// <param name="Rest2">1 − β₂, rounded once: the difference of rounded numbers would be off by 5e-5 of it in float.</param>
/// <param name="Correction">1 / √(1 − β₂ᵗ).</param>
/// <param name="Epsilon">Added to the root.</param>
internal readonly record struct AdamScalars<T>(T Rate, T Decay, T Beta1, T Rest1, T Beta2, T Rest2, T Correction, T Epsilon);

/// <summary>What <see cref="KernelSet{T}.UpdateRmsProp"/> reads once a step.</summary>
/// <param name="Rate">Learning rate.</param>
/// <param name="Decay">L2 penalty.</param>
/// <param name="Rho">Decay of the means.</param>
/// <param name="Rest">1 − ρ, rounded once.</param>
/// <param name="Momentum">μ.</param>
/// <param name="Epsilon">Added to the root.</param>
internal readonly record struct RmsPropScalars<T>(T Rate, T Decay, T Rho, T Rest, T Momentum, T Epsilon);

/// <summary>What <see cref="KernelSet{T}.UpdateRprop"/> reads once a step.</summary>
/// <param name="Decay">L2 penalty.</param>
/// <param name="Shrink">η⁻, below 1.</param>
/// <param name="Grow">η⁺, above 1.</param>
/// <param name="Least">The smallest step.</param>
/// <param name="Most">The largest step.</param>
internal readonly record struct RpropScalars<T>(T Decay, T Shrink, T Grow, T Least, T Most);
