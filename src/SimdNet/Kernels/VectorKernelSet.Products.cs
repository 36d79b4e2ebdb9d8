using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Products, by the loops that their plan says.</content>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
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
    public override void Pack(ReadOnlyMatrixView<T> weights, bool isTransposed, Span<T> packed)
    {
        (int k, int n) = isTransposed ? (weights.Columns, weights.Rows) : (weights.Rows, weights.Columns);
        Debug.Assert(packed.Length >= PackedLength(k, n), "There is room.");
        fixed (T* pb = &weights.First, pp = packed)
        {
            Operand<T> b = new(pb, weights.Stride, 1);
            Product<T, TPrecision, TVector, TWidth>.Pack(n, k, isTransposed ? b.Transposed : b, pp);
        }
    }

    public override int PackedScratchLength(int m, int k) => (int)Product<T, TPrecision, TVector, TWidth>.ScratchLength(ProductPlan.OfTilesAndPackedB(sizeof(T)), m, 0, k);

    [MethodImpl(Compiled.Entry)]
    public override void MultiplyPacked(ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlySpan<T> packed, MatrixView<T> c, bool accumulate, in ProductEpilogue<T> epilogue, Span<T> scratch)
    {
        int k = isTransposedA ? a.Rows : a.Columns;
        Debug.Assert(c.Rows == (isTransposedA ? a.Columns : a.Rows) && packed.Length >= PackedLength(k, c.Columns) && scratch.Length >= PackedScratchLength(c.Rows, k), "Shapes agree.");
        fixed (T* pa = &a.First, pb = packed, pc = &c.First, ps = scratch, pv = epilogue.Bias, po = &epilogue.Outputs.First)
        {
            Operand<T> rows = new(pa, a.Stride, 1);
            Product<T, TPrecision, TVector, TWidth>.Run(ProductPlan.OfTilesAndPackedB(sizeof(T)), c.Rows, c.Columns, k, isTransposedA ? rows.Transposed : rows, new(pb, 0, 1), new(pc, c.Stride, 1), accumulate, epilogue.Pinned(pv, po), ps);
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
        if (SmallDense<T, TPrecision, TVector, TWidth>.Fits(input.Columns, outputGradient.Columns) && input.IsContiguous && outputGradient.IsContiguous && weightsGradient.IsContiguous && input.Rows > 0 && input.Columns > 0)
        {
            fixed (T* pa = &input.First, pb = &outputGradient.First, pc = &weightsGradient.First, pv = biasGradient, ps = scratch)
            {
                SmallDense<T, TPrecision, TVector, TWidth>.WeightsGradient(input.Rows, input.Columns, outputGradient.Columns, pa, pb, pc, pv, accumulate, ps);
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

        if (typeof(TWidth) == typeof(Width512<T>) && a.ColumnStride == 1 && ProductPlan.IsByOneVector(m, n, k, sizeof(T)))
        {
            return false;
        }

        return FewColumns(m, n, k, a, b, c, accumulate, epilogue, scratch);
    }

    /// <summary>A product of few columns by the kernel for these, or false where there are more.</summary>
    [MethodImpl(Compiled.Entry)]
    internal static bool FewColumns(int m, int n, int k, in Operand<T> a, in Operand<T> b, in Operand<T> c, bool accumulate, in Epilogue<T> epilogue, T* scratch)
    {
        // In halves, because such a product broadcasts a number for each vector of C: where 512 bits are worked on in halves, a broadcast of 512 bits takes longer than what it is multiplied for.
        if (typeof(TWidth) == typeof(Width512<T>))
        {
            if (n <= NarrowProduct<T, TPrecision, Vector256<T>, Width256<T>>.MostColumns)
            {
                NarrowProduct<T, TPrecision, Vector256<T>, Width256<T>>.Run(m, n, k, a, b, c, accumulate, epilogue, scratch);
                return true;
            }

            if (!ProductPlan.IsByWholeVectors(m, n, k, sizeof(T)))
            {
                return false;
            }
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
}
