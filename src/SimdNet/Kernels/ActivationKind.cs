namespace SimdNet;

/// <summary>The element-wise functions, and the one row-wise function, that a layer can end in.</summary>
public enum ActivationKind
{
    /// <summary>f(x) = x.</summary>
    Identity,

    /// <summary>f(x) = 1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>f(x) = tanh x.</summary>
    Tanh,

    /// <summary>f(x) = max(x, 0).</summary>
    ReLU,

    /// <summary>f(x) = x where x &gt; 0, slope · x elsewhere.</summary>
    LeakyReLU,

    /// <summary>f(x)ⱼ = eˣʲ / Σₖ eˣᵏ over a row.</summary>
    Softmax,

    // What is above is applied by the kernels of products and small networks themselves (ActivationKinds.IsFused); what is below is a pass of its own.

    /// <summary>f(x) = x where x &gt; 0, α·(eˣ − 1) elsewhere.</summary>
    Elu,

    /// <summary>f(x) = λ·x where x &gt; 0, λα·(eˣ − 1) elsewhere, with the λ and α that keep mean 0 and variance 1.</summary>
    Selu,

    /// <summary>f(x) = x·Φ(x), Φ the normal distribution: x·½·(1 + erf(x / √2)).</summary>
    Gelu,

    /// <summary>f(x) = x·½·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    GeluTanh,

    /// <summary>f(x) = x / (1 + e⁻ˣ).</summary>
    Silu,

    /// <summary>f(x) = x·tanh(ln(1 + eˣ)).</summary>
    Mish,

    /// <summary>f(x) = ln(1 + eˣ).</summary>
    Softplus,

    /// <summary>f(x) = x / (1 + |x|).</summary>
    Softsign,

    /// <summary>f(x) = min(max(x + 3, 0), 6) / 6.</summary>
    HardSigmoid,

    /// <summary>f(x)ⱼ = xⱼ − ln Σₖ eˣᵏ over a row.</summary>
    LogSoftmax,

    /// <summary>A user's own function.</summary>
    Custom,
}
