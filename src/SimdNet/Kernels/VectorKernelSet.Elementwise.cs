using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Functions of each element.</content>
internal sealed unsafe partial class VectorKernelSet<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
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
    public override void Activate(ActivationKind kind, T parameter, ReadOnlySpan<T> x, Span<T> destination)
    {
        Debug.Assert(x.Length == destination.Length, "Shapes agree.");
        fixed (T* px = x, pd = destination)
        {
            if (ActivationKinds.IsFused(kind))
            {
                Activations<T, TPrecision, TVector, TWidth>.Activate(kind, parameter, px, pd, x.Length);
            }
            else
            {
                UnfusedActivations<T, TPrecision, TVector, TWidth>.Run(kind, parameter, px, pd, x.Length, isForward: true);
            }
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
    public override void ActivateGradient(ActivationKind kind, T parameter, ReadOnlySpan<T> x, ReadOnlySpan<T> output, Span<T> gradient)
    {
        if (ActivationKinds.IsFused(kind))
        {
            ActivateGradient(kind, parameter, output, gradient);
            return;
        }

        Debug.Assert(x.Length == gradient.Length, "Shapes agree.");
        fixed (T* px = x, pg = gradient)
        {
            UnfusedActivations<T, TPrecision, TVector, TWidth>.Run(kind, parameter, px, pg, gradient.Length, isForward: false);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void AddBias(ReadOnlySpan<T> bias, MatrixView<T> c)
    {
        Debug.Assert(bias.Length == c.Columns, "Shapes agree.");
        fixed (T* pb = bias, pc = &c.First)
        {
            for (nint i = 0; i < c.Rows && !bias.IsEmpty; i++)
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
}
