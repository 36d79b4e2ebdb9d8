using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <summary>The kernels at one width: pins the operands and hands their addresses to the loops.</summary>
/// <remarks>Addresses rather than references, because masked loads and stores take them; most operands lie in pinned blocks anyway, where pinning costs a store.</remarks>
internal sealed unsafe class VectorKernelSet<T, TPrecision, TVector, TWidth> : KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    public override string Name => TWidth.Name;

    public override int ScratchLength => Product<T, TPrecision, TVector, TWidth>.LeastScratchLength;

    [MethodImpl(Compiled.Entry)]
    public override int ScratchLengthFor(int batch, int inputs, int units)
    {
        long forward = Product<T, TPrecision, TVector, TWidth>.ScratchLength(ProductPlan.Of(batch, units, inputs, sizeof(T), isTransposedA: false), batch, units, inputs);
        long weightGradient = Product<T, TPrecision, TVector, TWidth>.ScratchLength(ProductPlan.Of(inputs, units, batch, sizeof(T), isTransposedA: true), inputs, units, batch);
        long inputGradient = Product<T, TPrecision, TVector, TWidth>.ScratchLength(ProductPlan.OfTransposedB(batch, inputs, units, sizeof(T)), batch, inputs, units);
        return (int)long.Max(ScratchLength, long.Max(forward, long.Max(weightGradient, inputGradient)));
    }

    [MethodImpl(Compiled.Entry)]
    public override void Multiply(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(a.Columns == b.Rows && c.Rows == a.Rows && c.Columns == b.Columns && scratch.Length >= ScratchLength, "Shapes agree.");
        fixed (T* pa = &a.First, pb = &b.First, pc = &c.First, ps = scratch)
        {
            Plain(c.Rows, c.Columns, a.Columns, new(pa, a.Stride, 1), new(pb, b.Stride, 1), new(pc, c.Stride, 1), accumulate, Epilogue<T>.None, ps, scratch.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Forward(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> bias, ActivationKind kind, T slope, MatrixView<T> output, Span<T> scratch)
    {
        Debug.Assert(input.Columns == weights.Rows && output.Rows == input.Rows && output.Columns == weights.Columns && scratch.Length >= ScratchLength, "Shapes agree.");
        Debug.Assert(bias.IsEmpty || bias.Length == output.Columns, "A bias has a number for each column.");
        fixed (T* pa = &input.First, pb = &weights.First, pc = &output.First, ps = scratch, pv = bias)
        {
            if (SmallDense<T, TPrecision, TVector, TWidth>.Fits(input.Columns, output.Columns) && input.IsContiguous && weights.IsContiguous && output.IsContiguous)
            {
                SmallDense<T, TPrecision, TVector, TWidth>.Forward(output.Rows, input.Columns, output.Columns, pa, pb, pv, kind, slope, pc);
                return;
            }

            Plain(output.Rows, output.Columns, input.Columns, new(pa, input.Stride, 1), new(pb, weights.Stride, 1), new(pc, output.Stride, 1), accumulate: false, Epilogue<T>.Forward(pv, kind, slope), ps, scratch.Length);
        }
    }

    public override bool PackingPays(int inputs, int units) => ProductPlan.PackingPays(units, inputs, sizeof(T));

    public override long PackedLength(int k, int n) => Product<T, TPrecision, TVector, TWidth>.PackedLength(n, k);

    [MethodImpl(Compiled.Entry)]
    public override void Pack(ReadOnlyMatrixView<T> weights, Span<T> packed)
    {
        Debug.Assert(packed.Length >= PackedLength(weights.Rows, weights.Columns), "There is room.");
        fixed (T* pb = &weights.First, pp = packed)
        {
            Product<T, TPrecision, TVector, TWidth>.Pack(weights.Columns, weights.Rows, pb, weights.Stride, pp);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ForwardPacked(ReadOnlyMatrixView<T> input, ReadOnlySpan<T> packed, ReadOnlySpan<T> bias, ActivationKind kind, T slope, MatrixView<T> output, Span<T> scratch)
    {
        Debug.Assert(packed.Length >= PackedLength(input.Columns, output.Columns) && output.Rows == input.Rows && scratch.Length >= ScratchLength, "Shapes agree.");
        Debug.Assert(bias.IsEmpty || bias.Length == output.Columns, "A bias has a number for each column.");
        fixed (T* pa = &input.First, pb = packed, pc = &output.First, ps = scratch, pv = bias)
        {
            Product<T, TPrecision, TVector, TWidth>.Run(ProductPlan.OfPackedB(sizeof(T)), output.Rows, output.Columns, input.Columns, new(pa, input.Stride, 1), new(pb, 0, 1), new(pc, output.Stride, 1), accumulate: false, Epilogue<T>.Forward(pv, kind, slope), ps);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void MultiplyTransposedB(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(a.Columns == b.Columns && c.Rows == a.Rows && c.Columns == b.Rows && scratch.Length >= ScratchLength, "Shapes agree.");
        fixed (T* pa = &a.First, pb = &b.First, pc = &c.First, ps = scratch)
        {
            TransposedB(c.Rows, c.Columns, a.Columns, new(pa, a.Stride, 1), new(pb, b.Stride, 1), new(pc, c.Stride, 1), accumulate, Epilogue<T>.None, ps, scratch.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> weights, ActivationKind kind, T slope, ReadOnlyMatrixView<T> input, MatrixView<T> inputGradient, Span<T> scratch)
    {
        Debug.Assert(outputGradient.Columns == weights.Columns && inputGradient.Rows == outputGradient.Rows && inputGradient.Columns == weights.Rows && scratch.Length >= ScratchLength, "Shapes agree.");
        Debug.Assert(kind == ActivationKind.Identity || (input.Rows == inputGradient.Rows && input.Columns == inputGradient.Columns), "Shapes agree.");
        fixed (T* pa = &outputGradient.First, pb = &weights.First, pc = &inputGradient.First, ps = scratch, pi = &input.First)
        {
            if (SmallDense<T, TPrecision, TVector, TWidth>.Fits(inputGradient.Columns, outputGradient.Columns) && outputGradient.IsContiguous && weights.IsContiguous && inputGradient.IsContiguous && input.IsContiguous)
            {
                SmallDense<T, TPrecision, TVector, TWidth>.InputGradient(inputGradient.Rows, inputGradient.Columns, outputGradient.Columns, pa, pb, kind, slope, pi, pc, ps);
                return;
            }

            TransposedB(inputGradient.Rows, inputGradient.Columns, outputGradient.Columns, new(pa, outputGradient.Stride, 1), new(pb, weights.Stride, 1), new(pc, inputGradient.Stride, 1), accumulate: false, Epilogue<T>.Gradient(pi, input.Stride, kind, slope), ps, scratch.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void MultiplyTransposedA(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(a.Rows == b.Rows && c.Rows == a.Columns && c.Columns == b.Columns && scratch.Length >= ScratchLength, "Shapes agree.");
        fixed (T* pa = &a.First, pb = &b.First, pc = &c.First, ps = scratch)
        {
            Plain(c.Rows, c.Columns, a.Rows, new(pa, 1, a.Stride), new(pb, b.Stride, 1), new(pc, c.Stride, 1), accumulate, Epilogue<T>.None, ps, scratch.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void MultiplyTransposed(ReadOnlyMatrixView<T> a, ReadOnlyMatrixView<T> b, MatrixView<T> c, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(a.Rows == b.Columns && c.Rows == a.Columns && c.Columns == b.Rows && scratch.Length >= ScratchLength, "Shapes agree.");
        fixed (T* pa = &a.First, pb = &b.First, pc = &c.First, ps = scratch)
        {
            TransposedB(c.Rows, c.Columns, a.Rows, new(pa, 1, a.Stride), new(pb, b.Stride, 1), new(pc, c.Stride, 1), accumulate, Epilogue<T>.None, ps, scratch.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void WeightsGradient(ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, MatrixView<T> weightsGradient, Span<T> biasGradient, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(input.Rows == outputGradient.Rows && weightsGradient.Rows == input.Columns && weightsGradient.Columns == outputGradient.Columns && scratch.Length >= ScratchLength, "Shapes agree.");
        Debug.Assert(biasGradient.IsEmpty || biasGradient.Length == outputGradient.Columns, "A bias has a number for each column.");
        if (SmallDense<T, TPrecision, TVector, TWidth>.Fits(input.Columns, outputGradient.Columns) && input.IsContiguous && outputGradient.IsContiguous && weightsGradient.IsContiguous && input.Rows > 0)
        {
            fixed (T* pa = &input.First, pb = &outputGradient.First, pc = &weightsGradient.First, pv = biasGradient)
            {
                SmallDense<T, TPrecision, TVector, TWidth>.WeightsGradient(input.Rows, input.Columns, outputGradient.Columns, pa, pb, pc, pv, accumulate);
            }

            return;
        }

        MultiplyTransposedA(input, outputGradient, weightsGradient, accumulate, scratch);
        if (!biasGradient.IsEmpty)
        {
            ColumnSums(outputGradient, biasGradient, accumulate);
        }
    }

    /// <summary>The planned way, or one that makes do with the scratch there is.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Plain(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch, int scratchLength)
    {
        if (Narrow(m, n, k, a, b, c, accumulate, epilogue, scratch))
        {
            return;
        }

        ProductPlan plan = ProductPlan.Of(m, n, k, sizeof(T), a.ColumnStride != 1);
        if (plan.PacksA && Product<T, TPrecision, TVector, TWidth>.ScratchLength(plan, m, n, k) > scratchLength)
        {
            plan = ProductPlan.Direct;
        }

        Product<T, TPrecision, TVector, TWidth>.Run(plan, m, n, k, a, b, c, accumulate, epilogue, scratch);
    }

    /// <summary>A product of few columns by the kernels for these, or false where it is none.</summary>
    [MethodImpl(Compiled.Entry)]
    private static bool Narrow(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch)
    {
        if (m == 0 || n == 0 || k == 0)
        {
            return false;
        }

        if (a.ColumnStride != 1 && ProductPlan.IsByColumnsOfC(m, n, k, sizeof(T)))
        {
            Product<T, TPrecision, TVector, TWidth>.Run(ProductPlan.ColumnsOfC, n, m, k, b.Transposed, a.Transposed, c.Transposed, accumulate, epilogue, scratch);
            return true;
        }

        // In halves, because such a product broadcasts a number for each vector of C: where 512 bits are worked on in halves, a broadcast of 512 bits takes longer than what it is multiplied for.
        if (typeof(TWidth) == typeof(Width512<T>))
        {
            if (n > NarrowProduct<T, TPrecision, Vector256<T>, Width256<T>>.MostColumns)
            {
                return false;
            }

            NarrowProduct<T, TPrecision, Vector256<T>, Width256<T>>.Run(m, n, k, a, b, c, accumulate, epilogue, scratch);
            return true;
        }

        if (n > NarrowProduct<T, TPrecision, TVector, TWidth>.MostColumns)
        {
            return false;
        }

        NarrowProduct<T, TPrecision, TVector, TWidth>.Run(m, n, k, a, b, c, accumulate, epilogue, scratch);
        return true;
    }

    /// <inheritdoc cref="Plain"/>
    [MethodImpl(Compiled.Entry)]
    private static void TransposedB(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch, int scratchLength)
    {
        ProductPlan plan = ProductPlan.OfTransposedB(m, n, k, sizeof(T));
        if (plan.TransposesC)
        {
            Product<T, TPrecision, TVector, TWidth>.Run(plan, n, m, k, b, a.Transposed, c.Transposed, accumulate, epilogue, scratch);
            return;
        }

        if ((plan.PacksA || plan.ColumnBlock > ProductPlan.PanelBytes / sizeof(T)) && Product<T, TPrecision, TVector, TWidth>.ScratchLength(plan, m, n, k) > scratchLength)
        {
            plan = ProductPlan.PanelByPanel(sizeof(T));
        }

        Product<T, TPrecision, TVector, TWidth>.Run(plan, m, n, k, a, b.Transposed, c, accumulate, epilogue, scratch);
    }

    [MethodImpl(Compiled.Entry)]
    public override void VectorMatrix(ReadOnlySpan<T> x, ReadOnlyMatrixView<T> weights, Span<T> y, bool accumulate)
    {
        Debug.Assert(x.Length == weights.Rows && y.Length == weights.Columns, "Shapes agree.");
        fixed (T* px = x, pw = &weights.First, py = y)
        {
            if (!accumulate)
            {
                y.Clear();
            }

            SamplePass<T, TVector, TWidth>.Forward(x.Length, y.Length, px, pw, weights.Stride, py);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void VectorBFloat16Matrix(ReadOnlySpan<T> x, ReadOnlySpan<T> words, Span<T> y)
    {
        Debug.Assert(typeof(T) == typeof(float) && words.Length == x.Length * BFloat16.Words(y.Length), "Shapes agree.");
        if (typeof(T) == typeof(float))
        {
            fixed (T* px = x, pw = words, py = y)
            {
                BFloat16Rows<T, TVector, TWidth>.Forward(x.Length, y.Length, px, pw, py);
            }
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void MatrixVector(ReadOnlyMatrixView<T> weights, ReadOnlySpan<T> x, Span<T> y)
    {
        Debug.Assert(y.Length == weights.Rows && x.Length == weights.Columns, "Shapes agree.");
        fixed (T* pw = &weights.First, px = x, py = y)
        {
            RankOne<T, TVector, TWidth>.MatrixVector(y.Length, x.Length, pw, weights.Stride, px, py);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void RankOneUpdate(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, MatrixView<T> a)
    {
        Debug.Assert(x.Length == a.Rows && y.Length == a.Columns, "Shapes agree.");
        fixed (T* px = x, py = y, pa = &a.First)
        {
            SamplePass<T, TVector, TWidth>.Update(alpha, x.Length, y.Length, px, py, pa, a.Stride);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void RankOneUpdateAndVectorMatrix(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> g, ReadOnlySpan<T> next, MatrixView<T> weights, Span<T> y)
    {
        Debug.Assert(x.Length == weights.Rows && next.Length == weights.Rows && g.Length == weights.Columns && y.Length == weights.Columns, "Shapes agree.");
        fixed (T* px = x, pg = g, pn = next, pw = &weights.First, py = y)
        {
            SamplePass<T, TVector, TWidth>.UpdateAndForward(alpha, x.Length, y.Length, px, pg, pn, pw, weights.Stride, py);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void RankOneUpdateWithInputGradient(T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, MatrixView<T> weights, Span<T> inputGradient)
    {
        Debug.Assert(x.Length == weights.Rows && y.Length == weights.Columns && inputGradient.Length == x.Length, "Shapes agree.");
        fixed (T* px = x, py = y, pw = &weights.First, pg = inputGradient)
        {
            // One pass over both would have a branch for each row, and with ReLU half of them are 0, in no order: a wrong guess takes as long as a row.
            RankOne<T, TVector, TWidth>.MatrixVector(x.Length, y.Length, pw, weights.Stride, py, pg);
            SamplePass<T, TVector, TWidth>.Update(alpha, x.Length, y.Length, px, py, pw, weights.Stride);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Prefetch(ReadOnlySpan<T> x)
    {
        if (Sse.IsSupported)
        {
            fixed (T* px = x)
            {
                // Into L2: by the time that it is read, the weights have gone through L1.
                for (int i = 0; i < x.Length; i += AlignedBuffer<T>.Alignment / sizeof(T))
                {
                    Sse.Prefetch1(px + i);
                }
            }
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Exp(ReadOnlySpan<T> x, Span<T> destination)
    {
        Debug.Assert(x.Length == destination.Length, "Shapes agree.");
        fixed (T* px = x, pd = destination)
        {
            ElementwiseLoop<T, TVector, TWidth>.Unary(default(Exponential<T, TPrecision>), px, pd, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Log(ReadOnlySpan<T> x, Span<T> destination)
    {
        Debug.Assert(x.Length == destination.Length, "Shapes agree.");
        fixed (T* px = x, pd = destination)
        {
            ElementwiseLoop<T, TVector, TWidth>.Unary(default(Logarithm<T, TPrecision>), px, pd, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Log1P(ReadOnlySpan<T> x, Span<T> destination)
    {
        Debug.Assert(x.Length == destination.Length, "Shapes agree.");
        fixed (T* px = x, pd = destination)
        {
            ElementwiseLoop<T, TVector, TWidth>.Unary(default(LogarithmOfOnePlus<T, TPrecision>), px, pd, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Erf(ReadOnlySpan<T> x, Span<T> destination)
    {
        Debug.Assert(x.Length == destination.Length, "Shapes agree.");
        fixed (T* px = x, pd = destination)
        {
            ElementwiseLoop<T, TVector, TWidth>.Unary(default(ErrorFunction<T, TPrecision>), px, pd, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void Activate(ActivationKind kind, T slope, ReadOnlySpan<T> x, Span<T> destination)
    {
        Debug.Assert(x.Length == destination.Length, "Shapes agree.");
        fixed (T* px = x, pd = destination)
        {
            Activations<T, TPrecision, TVector, TWidth>.Activate(kind, slope, px, pd, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ActivateGradient(ActivationKind kind, T slope, ReadOnlySpan<T> output, Span<T> gradient)
    {
        Debug.Assert(output.Length == gradient.Length, "Shapes agree.");
        fixed (T* po = output, pg = gradient)
        {
            Activations<T, TPrecision, TVector, TWidth>.ActivateGradient(kind, slope, po, pg, gradient.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void AddBias(ReadOnlySpan<T> bias, MatrixView<T> c)
    {
        Debug.Assert(bias.Length == c.Columns, "Shapes agree.");
        fixed (T* pb = bias, pc = &c.First)
        {
            for (nint i = 0; i < c.Rows; i++)
            {
                T* row = pc + (i * c.Stride);
                ElementwiseLoop<T, TVector, TWidth>.Binary(default(Sum<T>), row, pb, row, bias.Length);
            }
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void AddScaled(T alpha, ReadOnlySpan<T> x, Span<T> y)
    {
        Debug.Assert(x.Length == y.Length, "Shapes agree.");
        fixed (T* px = x, py = y)
        {
            ElementwiseLoop<T, TVector, TWidth>.Binary(new ScaledSum<T>(alpha), px, py, py, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T Sum(ReadOnlySpan<T> x)
    {
        fixed (T* px = x)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<SumReduction<T>, SumFold<T>>(default, T.Zero, px, null, null, null, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        Debug.Assert(x.Length == y.Length, "Shapes agree.");
        fixed (T* px = x, py = y)
        {
            return RankOne<T, TVector, TWidth>.Dot(px, py, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ColumnSums(ReadOnlyMatrixView<T> a, Span<T> sums, bool accumulate)
    {
        Debug.Assert(sums.Length == a.Columns, "Shapes agree.");
        fixed (T* pa = &a.First, ps = sums)
        {
            ColumnSums<T, TVector, TWidth>.Run(pa, a.Stride, a.Rows, a.Columns, ps, accumulate);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SoftmaxRows(MatrixView<T> rows)
    {
        fixed (T* p = &rows.First)
        {
            Softmax<T, TPrecision, TVector, TWidth>.Rows(p, rows.Stride, rows.Rows, rows.Columns);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SoftmaxRowsGradient(ReadOnlyMatrixView<T> output, MatrixView<T> gradient)
    {
        Debug.Assert(output.Rows == gradient.Rows && output.Columns == gradient.Columns, "Shapes agree.");
        fixed (T* po = &output.First, pg = &gradient.First)
        {
            Softmax<T, TPrecision, TVector, TWidth>.RowsGradient(po, output.Stride, output.Rows, output.Columns, pg, gradient.Stride);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void LogSumExpRows(ReadOnlyMatrixView<T> rows, Span<T> destination)
    {
        Debug.Assert(destination.Length == rows.Rows, "Shapes agree.");
        fixed (T* p = &rows.First, pd = destination)
        {
            Softmax<T, TPrecision, TVector, TWidth>.RowsLogSumExp(p, rows.Stride, rows.Rows, rows.Columns, pd);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SquaredError(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, T scale, Span<T> gradient)
    {
        Debug.Assert(prediction.Length == target.Length && gradient.Length == target.Length, "Shapes agree.");
        fixed (T* pp = prediction, pt = target, pg = gradient)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<SquaredErrorReduction<T>, SumFold<T>>(new(scale), T.Zero, pp, pt, pg, null, target.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T AbsoluteError(ReadOnlySpan<T> prediction, ReadOnlySpan<T> target)
    {
        Debug.Assert(prediction.Length == target.Length, "Shapes agree.");
        fixed (T* pp = prediction, pt = target)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<AbsoluteErrorReduction<T>, SumFold<T>>(default, T.Zero, pp, pt, null, null, target.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SigmoidCrossEntropy(Span<T> logits, ReadOnlySpan<T> target, T scale, Span<T> gradient)
    {
        Debug.Assert(logits.Length == target.Length && gradient.Length == target.Length, "Shapes agree.");
        fixed (T* pl = logits, pt = target, pg = gradient)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<SigmoidCrossEntropyReduction<T, TPrecision>, SumFold<T>>(new(scale), T.Zero, pl, pt, pl, pg, target.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SoftmaxCrossEntropy(MatrixView<T> logits, ReadOnlySpan<int> labels, T scale, MatrixView<T> gradient)
    {
        Debug.Assert(labels.Length == logits.Rows && gradient.Rows == logits.Rows && gradient.Columns == logits.Columns, "Shapes agree.");
        Debug.Assert(labels.IndexOfAnyExceptInRange(0, logits.Columns - 1) < 0, "A label is a column.");
        fixed (T* pl = &logits.First, pg = &gradient.First)
        fixed (int* py = labels)
        {
            return SoftmaxCrossEntropy<T, TPrecision, TVector, TWidth>.Rows(pl, logits.Stride, logits.Rows, logits.Columns, py, scale, pg, gradient.Stride);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SoftmaxCrossEntropy(MatrixView<T> logits, ReadOnlyMatrixView<T> target, T scale, MatrixView<T> gradient)
    {
        Debug.Assert(target.Rows == logits.Rows && target.Columns == logits.Columns, "Shapes agree.");
        Debug.Assert(gradient.Rows == logits.Rows && gradient.Columns == logits.Columns, "Shapes agree.");
        fixed (T* pl = &logits.First, pt = &target.First, pg = &gradient.First)
        {
            return SoftmaxCrossEntropy<T, TPrecision, TVector, TWidth>.Rows(pl, logits.Stride, logits.Rows, logits.Columns, pt, target.Stride, scale, pg, gradient.Stride);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SmallPredict(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlySpan<T> input, Span<T> output)
    {
        Debug.Assert(input.Length == network.Layers[0].Inputs && output.Length == network.Outputs, "Shapes agree.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), px = &MemoryMarshal.GetReference(input), po = &MemoryMarshal.GetReference(output))
        {
            _ = RunSmall<SmallPrediction>(network, pp, px, po, default);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SmallStep(SmallNetwork<T> network, Span<T> parameters, ReadOnlySpan<T> input, ReadOnlySpan<T> target, SmallLoss loss, T scale, T rate, Span<T> output)
    {
        Debug.Assert(input.Length == network.Layers[0].Inputs && target.Length == network.Outputs && output.Length == network.Outputs, "Shapes agree.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), px = &MemoryMarshal.GetReference(input), pt = &MemoryMarshal.GetReference(target), po = &MemoryMarshal.GetReference(output))
        {
            return RunSmall<SmallTraining>(network, pp, px, po, new(pt, -1, loss, scale, -rate, null, null));
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T SmallTail(SmallNetwork<T> network, Span<T> parameters, Span<T> sums, ReadOnlySpan<T> target, int label, SmallLoss loss, T scale, T rate, Span<T> output, Span<T> gradient)
    {
        Debug.Assert(network.Below is not null && sums.Length == network.Below->Units && gradient.Length == sums.Length && output.Length == network.Outputs, "Shapes agree.");
        Debug.Assert(label < 0 ? target.Length == network.Outputs : label < network.Outputs && loss == SmallLoss.SoftmaxCrossEntropy, "A target, or a label where the loss takes one.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), ps = &MemoryMarshal.GetReference(sums), pt = &MemoryMarshal.GetReference(target), po = &MemoryMarshal.GetReference(output), pg = &MemoryMarshal.GetReference(gradient))
        {
            return RunSmall<Kernels.SmallTail>(network, pp, ps, po, new(pt, label, loss, scale, -rate, network.Below, pg));
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SmallForward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, bool linear)
    {
        Debug.Assert(network.TakesBatches(linear) && input.Columns == network.Layers[0].Inputs && input.IsContiguous && input.Rows > 0 && input.Rows <= most, "Shapes agree.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), px = &input.First, po = &MemoryMarshal.GetReference(outputs))
        {
            SmallBatch<T, TPrecision, TVector, TWidth>.Forward(network.First, network.Depth, pp, input.Rows, px, po, most, linear);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void SmallBackward(SmallNetwork<T> network, ReadOnlySpan<T> parameters, Span<T> gradients, ReadOnlyMatrixView<T> input, int most, Span<T> outputs, Span<T> gradient, Span<T> other, bool linear, bool accumulate, Span<T> scratch)
    {
        Debug.Assert(network.TakesBatches(linear) && input.Columns == network.Layers[0].Inputs && input.IsContiguous && input.Rows > 0 && input.Rows <= most, "Shapes agree.");
        Debug.Assert(gradients.Length == parameters.Length && scratch.Length >= ScratchLength, "There is room.");
        fixed (T* pp = &MemoryMarshal.GetReference(parameters), pd = &MemoryMarshal.GetReference(gradients), px = &input.First, po = &MemoryMarshal.GetReference(outputs), pg = &MemoryMarshal.GetReference(gradient), pr = &MemoryMarshal.GetReference(other), ps = &MemoryMarshal.GetReference(scratch))
        {
            SmallBatch<T, TPrecision, TVector, TWidth>.Backward(network.First, network.Depth, pp, pd, input.Rows, px, po, most, pg, pr, linear, accumulate, ps);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateSgd(Span<T> parameters, ReadOnlySpan<T> gradient, T rate, T decay)
    {
        Debug.Assert(parameters.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new SgdUpdate<T, TPrecision, TVector, TWidth>(rate, decay), pp, pg, null, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateSgdMomentum(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> velocity, T rate, T decay, T momentum, bool nesterov)
    {
        Debug.Assert(parameters.Length == gradient.Length && velocity.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pv = velocity)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new MomentumUpdate<T, TPrecision, TVector, TWidth>(rate, decay, momentum, nesterov), pp, pg, pv, null, parameters.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void UpdateAdam(Span<T> parameters, ReadOnlySpan<T> gradient, Span<T> mean, Span<T> variance, in AdamScalars<T> settings)
    {
        Debug.Assert(parameters.Length == gradient.Length && mean.Length == gradient.Length && variance.Length == gradient.Length, "Shapes agree.");
        fixed (T* pp = parameters, pg = gradient, pm = mean, pv = variance)
        {
            UpdateLoop<T, TVector, TWidth>.Run(new AdamUpdate<T, TPrecision, TVector, TWidth>(settings), pp, pg, pm, pv, parameters.Length);
        }
    }

    /// <summary>Chooses the body for a small network's widest row: the narrowest vectors that hold it take the least time from a store to the load that waits for it, and to be summed across.</summary>
    [MethodImpl(Compiled.Entry)]
    private static T RunSmall<TPass>(SmallNetwork<T> network, T* parameters, T* input, T* output, in SmallStep<T> step)
        where TPass : struct, ISmallPass
    {
        int widest = network.Widest;
        if (Vector128.IsHardwareAccelerated && Vector128<T>.Count <= TWidth.Count && widest <= Vector128<T>.Count)
        {
            return network.IsEven && widest == Vector128<T>.Count
                ? NarrowSample<T, TPrecision, Vector128<T>, Width128<T>>.Run<TPass, WholeRows>(network.First, network.Depth, parameters, input, output, step)
                : NarrowSample<T, TPrecision, Vector128<T>, Width128<T>>.Run<TPass, PartialRows>(network.First, network.Depth, parameters, input, output, step);
        }

        if (Vector256.IsHardwareAccelerated && Vector256<T>.Count <= TWidth.Count && widest <= Vector256<T>.Count)
        {
            return network.IsEven && widest == Vector256<T>.Count
                ? NarrowSample<T, TPrecision, Vector256<T>, Width256<T>>.Run<TPass, WholeRows>(network.First, network.Depth, parameters, input, output, step)
                : NarrowSample<T, TPrecision, Vector256<T>, Width256<T>>.Run<TPass, PartialRows>(network.First, network.Depth, parameters, input, output, step);
        }

        if (TWidth.Count == 1 || widest > TWidth.Count)
        {
            return SmallSample<T, TPrecision, TVector, TWidth>.Run<TPass>(network.First, network.Depth, parameters, input, output, step);
        }

        return network.IsEven && widest == TWidth.Count
            ? NarrowSample<T, TPrecision, TVector, TWidth>.Run<TPass, WholeRows>(network.First, network.Depth, parameters, input, output, step)
            : NarrowSample<T, TPrecision, TVector, TWidth>.Run<TPass, PartialRows>(network.First, network.Depth, parameters, input, output, step);
    }
}
