using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;

namespace SimdNet.Kernels;

/// <content>Functions of each element.</content>
internal abstract partial class KernelSet<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
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
}
