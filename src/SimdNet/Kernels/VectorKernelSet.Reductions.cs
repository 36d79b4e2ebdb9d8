using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Sums, softmax and losses.</content>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
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
    public override T Penalty(ReadOnlySpan<T> weights, T l1, T l2)
    {
        fixed (T* pw = weights)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<PenaltyReduction<T>, SumFold<T>>(new(l1, l2), T.Zero, pw, null, null, null, weights.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T AddPenalty(ReadOnlySpan<T> weights, T l1, T l2, Span<T> gradient)
    {
        Debug.Assert(weights.Length == gradient.Length, "Shapes agree.");
        fixed (T* pw = weights, pg = gradient)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<PenaltyGradientReduction<T>, SumFold<T>>(new(l1, l2), T.Zero, pw, pg, pg, null, weights.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void LimitColumnNorms(MatrixView<T> weights, T most, Span<T> factors)
    {
        Debug.Assert(factors.Length == weights.Columns, "Shapes agree.");
        fixed (T* pw = &weights.First, pf = factors)
        {
            ColumnNorms<T, TPrecision, TVector, TWidth>.Limit(pw, weights.Stride, weights.Rows, weights.Columns, most, pf);
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
    public override void LogSoftmaxRows(MatrixView<T> rows)
    {
        fixed (T* p = &rows.First)
        {
            LogSoftmax<T, TPrecision, TVector, TWidth>.Rows(p, rows.Stride, rows.Rows, rows.Columns);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void LogSoftmaxRowsGradient(ReadOnlyMatrixView<T> output, MatrixView<T> gradient)
    {
        Debug.Assert(output.Rows == gradient.Rows && output.Columns == gradient.Columns, "Shapes agree.");
        fixed (T* po = &output.First, pg = &gradient.First)
        {
            LogSoftmax<T, TPrecision, TVector, TWidth>.RowsGradient(po, output.Stride, output.Rows, output.Columns, pg, gradient.Stride);
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
    public override T LossOfElements(ElementLoss loss, T parameter, ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, T scale, Span<T> gradient)
    {
        Debug.Assert(prediction.Length == target.Length && gradient.Length == target.Length, "Shapes agree.");
        fixed (T* px = prediction, py = target, pg = gradient)
        {
            return loss switch
            {
                ElementLoss.Absolute => Terms(new AbsoluteLossReduction<T, TPrecision>(scale), px, py, pg, target.Length),
                ElementLoss.Huber => Terms(new HuberReduction<T>(scale, parameter), px, py, pg, target.Length),
                ElementLoss.ProbabilityCrossEntropy => Terms(new ProbabilityCrossEntropyReduction<T, TPrecision>(scale), px, py, pg, target.Length),
                ElementLoss.Hinge => Terms(new HingeReduction<T>(scale), px, py, pg, target.Length),
                ElementLoss.PoissonOfLog => Terms(new PoissonOfLogReduction<T, TPrecision>(scale), px, py, pg, target.Length),
                _ => Terms(new PoissonOfRateReduction<T, TPrecision>(scale), px, py, pg, target.Length),
            };
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override T NegativeEntropy(ReadOnlySpan<T> x)
    {
        fixed (T* px = x)
        {
            return ReductionLoop<T, TVector, TWidth>.Run<NegativeEntropyReduction<T, TPrecision>, SumFold<T>>(default, T.Zero, px, null, null, null, x.Length);
        }
    }

    [MethodImpl(Compiled.Entry)]
    private static T Terms<TReduction>(TReduction reduction, T* prediction, T* target, T* gradient, nint length)
        where TReduction : struct, IReduction<T>
        => ReductionLoop<T, TVector, TWidth>.Run<TReduction, SumFold<T>>(reduction, T.Zero, prediction, target, gradient, null, length);

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
}
