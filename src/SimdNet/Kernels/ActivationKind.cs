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
}
