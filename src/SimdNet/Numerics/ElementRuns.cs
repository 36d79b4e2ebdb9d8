using System;
using System.Numerics;

using SimdNet.Kernels;

namespace SimdNet.Numerics;

/// <summary>A function of elements that follow each other, as the walk over a tensor calls it for every run of them.</summary>
internal interface IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>True where there is something to write.</summary>
    static abstract bool Writes { get; }

    /// <summary>True where the second operand is read; else it is the first once more.</summary>
    static abstract bool ReadsSecond { get; }

    /// <summary>True where the destination may be the first operand itself.</summary>
    static abstract bool WorksInPlace { get; }

    /// <param name="kernels">What computes.</param>
    /// <param name="x">First operand.</param>
    /// <param name="y">Second operand, the same length.</param>
    /// <param name="destination">The same length; it may be the second operand itself, and the first where <see cref="WorksInPlace"/> says so.</param>
    void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination);
}

/// <summary>eˣ.</summary>
internal readonly struct ExpRun<T> : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => false;

    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => kernels.Exp(x, destination);
}

/// <summary>ln x.</summary>
internal readonly struct LogRun<T> : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => false;

    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => kernels.Log(x, destination);
}

/// <summary>ln(1 + x).</summary>
internal readonly struct Log1PRun<T> : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => false;

    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => kernels.Log1P(x, destination);
}

/// <summary>erf x.</summary>
internal readonly struct ErfRun<T> : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => false;

    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => kernels.Erf(x, destination);
}

/// <summary>An activation.</summary>
internal readonly struct ActivationRun<T>(ActivationKind kind, T parameter) : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => false;

    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => kernels.Activate(kind, parameter, x, destination);
}

/// <summary>y · f′, with f′ from x: what f returned where the kernels read its derivative off that, else what it was applied to.</summary>
internal readonly struct ActivationGradientRun<T>(ActivationKind kind, T parameter) : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => true;

    public static bool WorksInPlace => false;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
    {
        y.CopyTo(destination);
        kernels.ActivateGradient(kind, parameter, x, x, destination);
    }
}

/// <summary>α·x + y where y is the destination.</summary>
internal readonly struct AddScaledRun<T>(T alpha) : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => true;

    public static bool ReadsSecond => true;

    public static bool WorksInPlace => true;

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination)
    {
        // In place the two are the same memory; a gathered run brings its own copy.
        y.CopyTo(destination);
        kernels.AddScaled(alpha, x, destination);
    }
}

/// <summary>Σ x, run after run.</summary>
internal struct SumRun<T> : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => false;

    public static bool ReadsSecond => false;

    public static bool WorksInPlace => false;

    public T Total { get; private set; }

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => Total += kernels.Sum(x);
}

/// <summary>Σ x·y, run after run.</summary>
internal struct DotRun<T> : IElementRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static bool Writes => false;

    public static bool ReadsSecond => true;

    public static bool WorksInPlace => false;

    public T Total { get; private set; }

    public void Invoke(KernelSet<T> kernels, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination) => Total += kernels.Dot(x, y);
}
