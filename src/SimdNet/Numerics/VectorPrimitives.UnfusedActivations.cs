using System;
using System.Numerics;
using System.Numerics.Tensors;

namespace SimdNet.Numerics;

/// <content>Activations whose gradients take what the function was applied to.</content>
public static partial class VectorPrimitives
{
    /// <summary>destinationᵢ = xᵢ &gt; 0 ? xᵢ : α·(e^xᵢ − 1), within 2 ulp.</summary>
    /// <remarks>α·(e^xᵢ − 1) is accurate where xᵢ is small. ±0 give themselves, −∞ gives −α; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <param name="x">Any numbers.</param>
    /// <param name="alpha">Any number.</param>
    /// <param name="destination">At least as long as <paramref name="x"/>; it may be <paramref name="x"/> itself.</param>
    public static void Elu<T>(ReadOnlySpan<T> x, T alpha, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Elu, alpha, x, destination);

    /// <inheritdoc cref="Elu{T}(ReadOnlySpan{T}, T, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Elu<T>(in ReadOnlyTensorSpan<T> x, T alpha, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Elu, alpha), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ &gt; 0 ? λ·xᵢ : λα·(e^xᵢ − 1) with λ = 1.0507009873554805 and α = 1.6732632423543772, within 2.5 ulp.</summary>
    /// <remarks>±0 give themselves, −∞ gives −λα; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Selu<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Selu, T.Zero, x, destination);

    /// <inheritdoc cref="Selu{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Selu<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Selu, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ·Φ(xᵢ), Φ the normal distribution, within 6 ulp in float and 8 in double.</summary>
    /// <remarks>No digits are lost left of 0; far left the function goes to −0 gradually, as e^(−x²/2) does. ±0 give themselves, −∞ gives −0; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Gelu<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Gelu, T.Zero, x, destination);

    /// <inheritdoc cref="Gelu{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Gelu<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Gelu, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ·½·(1 + tanh(√(2/π)·(xᵢ + 0.044715·xᵢ³))), within 4 ulp right of 0 and 4 + 2.5·|vᵢ| left of it, vᵢ twice the argument of tanh, and |xᵢ|/2 more where e^vᵢ is below the normal range.</summary>
    /// <remarks>The exponential of a cubic that is rounded: relative to a result that is small itself, its error grows with |v|. ±0 give themselves, −∞ gives −0; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void GeluTanh<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.GeluTanh, T.Zero, x, destination);

    /// <inheritdoc cref="GeluTanh{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void GeluTanh<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.GeluTanh, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ / (1 + e^−xᵢ), within 4 ulp, and |xᵢ|/2 more where e^xᵢ is below the normal range.</summary>
    /// <remarks>Far left the function goes to −0 gradually, as e^x does. ±0 give themselves, −∞ gives −0; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Silu<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Silu, T.Zero, x, destination);

    /// <inheritdoc cref="Silu{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Silu<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Silu, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ·tanh(ln(1 + e^xᵢ)), within 4 ulp, and |xᵢ|/2 more where e^xᵢ is below the normal range.</summary>
    /// <remarks>Far left the function goes to −0 gradually, as e^x does. ±0 give themselves, −∞ gives −0; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Mish<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Mish, T.Zero, x, destination);

    /// <inheritdoc cref="Mish{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Mish<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Mish, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = ln(1 + e^xᵢ), within 2.5 ulp, and xᵢ itself above 20, as in PyTorch.</summary>
    /// <remarks>Above 20 the two differ by less than 2.1e-9. −∞ gives 0, +∞ itself; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Softplus<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Softplus, T.Zero, x, destination);

    /// <inheritdoc cref="Softplus{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Softplus<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Softplus, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = xᵢ / (1 + |xᵢ|), within 1.5 ulp.</summary>
    /// <remarks>±0 give themselves, ±∞ give ±1; NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void Softsign<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.Softsign, T.Zero, x, destination);

    /// <inheritdoc cref="Softsign{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void Softsign<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.Softsign, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>destinationᵢ = min(max(xᵢ + 3, 0), 6) / 6, within 1 ulp.</summary>
    /// <remarks>NaN gives NaN.</remarks>
    /// <inheritdoc cref="Exp{T}(ReadOnlySpan{T}, Span{T})"/>
    public static void HardSigmoid<T>(ReadOnlySpan<T> x, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Activate(ActivationKind.HardSigmoid, T.Zero, x, destination);

    /// <inheritdoc cref="HardSigmoid{T}(ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="Exp{T}(in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void HardSigmoid<T>(in ReadOnlyTensorSpan<T> x, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => TensorElements.Apply(new ActivationRun<T>(ActivationKind.HardSigmoid, T.Zero), x, destination, nameof(x), nameof(destination));

    /// <summary>The gradient through an ELU: destinationᵢ = gradientᵢ·(xᵢ &gt; 0 ? 1 : α·e^xᵢ).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="x">What the function was applied to.</param>
    /// <param name="alpha">As the function had it.</param>
    /// <param name="gradient">With respect to what the function returned, the same length.</param>
    /// <param name="destination">With respect to <paramref name="x"/>. At least as long as <paramref name="x"/>; it may be <paramref name="gradient"/> itself.</param>
    public static void EluGradient<T>(ReadOnlySpan<T> x, T alpha, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Elu, alpha, x, gradient, destination);

    /// <inheritdoc cref="EluGradient{T}(ReadOnlySpan{T}, T, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void EluGradient<T>(in ReadOnlyTensorSpan<T> x, T alpha, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Elu, alpha, x, gradient, destination);

    /// <summary>The gradient through a SELU: destinationᵢ = gradientᵢ·(xᵢ &gt; 0 ? λ : λα·e^xᵢ).</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="x">What the function was applied to.</param>
    /// <param name="gradient">With respect to what the function returned, the same length.</param>
    /// <param name="destination">With respect to <paramref name="x"/>. At least as long as <paramref name="x"/>; it may be <paramref name="gradient"/> itself.</param>
    /// <remarks>NaN and infinity go where the arithmetic takes them; at ±∞ the derivative is its limit.</remarks>
    /// <exception cref="ArgumentException">The lengths differ, the destination is too short, or it overlaps <paramref name="x"/>, or <paramref name="gradient"/> in part.</exception>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public static void SeluGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Selu, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <param name="x">Any rank, any strides.</param>
    /// <param name="gradient">The shape of <paramref name="x"/>.</param>
    /// <param name="destination">The shape of <paramref name="x"/>; it may be <paramref name="gradient"/> itself.</param>
    /// <exception cref="ArgumentException">The shapes differ, the destination overlaps <paramref name="x"/>, or <paramref name="gradient"/> in part, or several indices share an element of the destination.</exception>
    public static void SeluGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Selu, T.Zero, x, gradient, destination);

    /// <summary>The gradient through a GELU: destinationᵢ = gradientᵢ·(Φ(xᵢ) + xᵢ·φ(xᵢ), φ the density).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void GeluGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Gelu, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="GeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void GeluGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Gelu, T.Zero, x, gradient, destination);

    /// <summary>The gradient through the tanh form of GELU: destinationᵢ = gradientᵢ·(σ(vᵢ)·(1 + xᵢ·v′ᵢ·(1 − σ(vᵢ)))).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void GeluTanhGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.GeluTanh, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="GeluTanhGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void GeluTanhGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.GeluTanh, T.Zero, x, gradient, destination);

    /// <summary>The gradient through a SiLU: destinationᵢ = gradientᵢ·(σ(xᵢ)·(1 + xᵢ·(1 − σ(xᵢ)))).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void SiluGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Silu, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="SiluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void SiluGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Silu, T.Zero, x, gradient, destination);

    /// <summary>The gradient through a Mish: destinationᵢ = gradientᵢ·(t + xᵢ·(1 − t²)·σ(xᵢ) with t = tanh(ln(1 + e^xᵢ))).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void MishGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Mish, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="MishGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void MishGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Mish, T.Zero, x, gradient, destination);

    /// <summary>The gradient through a softplus: destinationᵢ = gradientᵢ·(σ(xᵢ), and 1 above 20).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void SoftplusGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Softplus, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="SoftplusGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void SoftplusGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Softplus, T.Zero, x, gradient, destination);

    /// <summary>The gradient through a softsign: destinationᵢ = gradientᵢ·(1 / (1 + |xᵢ|)²).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void SoftsignGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Softsign, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="SoftsignGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void SoftsignGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.Softsign, T.Zero, x, gradient, destination);

    /// <summary>The gradient through a hard sigmoid: destinationᵢ = gradientᵢ·(−3 &lt; xᵢ &lt; 3 ? 1/6 : 0).</summary>
    /// <inheritdoc cref="SeluGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    public static void HardSigmoidGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gradient, Span<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.HardSigmoid, T.Zero, x, gradient, destination);

    /// <inheritdoc cref="HardSigmoidGradient{T}(ReadOnlySpan{T}, ReadOnlySpan{T}, Span{T})"/>
    /// <inheritdoc cref="SeluGradient{T}(in ReadOnlyTensorSpan{T}, in ReadOnlyTensorSpan{T}, in TensorSpan{T})"/>
    public static void HardSigmoidGradient<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> gradient, in TensorSpan<T> destination)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => ActivateGradient(ActivationKind.HardSigmoid, T.Zero, x, gradient, destination);
}
