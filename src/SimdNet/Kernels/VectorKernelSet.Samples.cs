using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Passes of a single sample over the weights of a layer.</content>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
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
}
