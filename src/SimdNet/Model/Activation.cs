using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

using SimdNet.IO;
using SimdNet.Model;

namespace SimdNet;

/// <summary>A layer's activation: which function, and its number where it has one. The default is the identity.</summary>
public readonly record struct Activation
{
    /// <summary>Every function with its name and, where it has a number, that number's default; 0 where it has none.</summary>
    private static readonly (ActivationKind Kind, string Name, double Parameter)[] Table =
    [
        (ActivationKind.Identity, "identity", 0),
        (ActivationKind.Sigmoid, "sigmoid", 0),
        (ActivationKind.Tanh, "tanh", 0),
        (ActivationKind.ReLU, "relu", 0),
        (ActivationKind.LeakyReLU, "leaky-relu", 0.01),
        (ActivationKind.Elu, "elu", 1),
        (ActivationKind.Selu, "selu", 0),
        (ActivationKind.Gelu, "gelu", 0),
        (ActivationKind.GeluTanh, "gelu-tanh", 0),
        (ActivationKind.Silu, "silu", 0),
        (ActivationKind.Mish, "mish", 0),
        (ActivationKind.Softplus, "softplus", 0),
        (ActivationKind.Softsign, "softsign", 0),
        (ActivationKind.HardSigmoid, "hard-sigmoid", 0),
        (ActivationKind.Softmax, "softmax", 0),
        (ActivationKind.LogSoftmax, "log-softmax", 0),
    ];

    private Activation(ActivationKind kind, double parameter = 0, CustomActivation? function = null)
    {
        Kind = kind;
        Parameter = parameter;
        Function = function;
    }

    /// <summary>The function.</summary>
    public ActivationKind Kind { get; }

    /// <summary>The function's number: the slope of <see cref="ActivationKind.LeakyReLU"/>, the α of <see cref="ActivationKind.Elu"/>; 0 for every other.</summary>
    public double Parameter { get; }

    /// <summary>Slope for negative x; 0 for every function but <see cref="ActivationKind.LeakyReLU"/>.</summary>
    public double Slope => Kind == ActivationKind.LeakyReLU ? Parameter : 0;

    /// <summary>The function itself where it is a user's own, else null.</summary>
    public CustomActivation? Function { get; }

    /// <summary>f(x) = x.</summary>
    public static Activation Identity => new(ActivationKind.Identity);

    /// <summary>f(x) = 1 / (1 + e⁻ˣ).</summary>
    public static Activation Sigmoid => new(ActivationKind.Sigmoid);

    /// <summary>f(x) = tanh x.</summary>
    public static Activation Tanh => new(ActivationKind.Tanh);

    /// <summary>f(x) = max(x, 0).</summary>
    public static Activation ReLU => new(ActivationKind.ReLU);

    /// <summary>f(x) = λ·x where x &gt; 0, λα·(eˣ − 1) elsewhere, λ = 1.0507… and α = 1.6732…: layers with it keep mean 0 and variance 1 (Klambauer et al., 2017). It wants weights that start with a variance of 1 / inputs: <see cref="Initializer.Normal"/> with the deviation 1 / √inputs.</summary>
    public static Activation Selu => new(ActivationKind.Selu);

    /// <summary>f(x) = x·Φ(x), Φ the normal distribution (Hendrycks and Gimpel, 2016): the exact form, PyTorch's default. Keras has the same default.</summary>
    public static Activation Gelu => new(ActivationKind.Gelu);

    /// <summary>f(x) = x·½·(1 + tanh(√(2/π)·(x + 0.044715·x³))): PyTorch's approximate='tanh', within 5e-4 of <see cref="Gelu"/>.</summary>
    public static Activation GeluTanh => new(ActivationKind.GeluTanh);

    /// <summary>f(x) = x / (1 + e⁻ˣ) (Elfwing, Uchibe and Doya, 2018), also known as swish.</summary>
    public static Activation Silu => new(ActivationKind.Silu);

    /// <summary>f(x) = x·tanh(ln(1 + eˣ)) (Misra, 2019).</summary>
    public static Activation Mish => new(ActivationKind.Mish);

    /// <summary>f(x) = ln(1 + eˣ), and x itself above 20, as in PyTorch; Keras has no such threshold. The two differ by less than 2.1e-9.</summary>
    public static Activation Softplus => new(ActivationKind.Softplus);

    /// <summary>f(x) = x / (1 + |x|).</summary>
    public static Activation Softsign => new(ActivationKind.Softsign);

    /// <summary>f(x) = min(max(x + 3, 0), 6) / 6, as in PyTorch and Keras 3; Keras 2 had x / 5 + ½ between 0 and 1.</summary>
    public static Activation HardSigmoid => new(ActivationKind.HardSigmoid);

    /// <summary>f(x)ⱼ = eˣʲ / Σₖ eˣᵏ over the layer's units.</summary>
    public static Activation Softmax => new(ActivationKind.Softmax);

    /// <summary>f(x)ⱼ = xⱼ − ln Σₖ eˣᵏ over the layer's units.</summary>
    public static Activation LogSoftmax => new(ActivationKind.LogSoftmax);

    /// <summary>f(x) = x where x &gt; 0, slope · x elsewhere.</summary>
    /// <param name="slope">Greater than 0, since the derivative is read off the output's sign; 0.01 as in PyTorch (Keras has 0.3).</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not a positive finite number.</exception>
    public static Activation LeakyReLU(double slope = 0.01) => IsParameter(slope)
        ? new(ActivationKind.LeakyReLU, slope)
        : throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope of leaky ReLU is a positive finite number.");

    /// <summary>f(x) = x where x &gt; 0, α·(eˣ − 1) elsewhere (Clevert, Unterthiner and Hochreiter, 2016); f′(0) = α.</summary>
    /// <param name="alpha">Greater than 0: what f goes down to is −α. 1 as in PyTorch and Keras: the one value for which f′ has no jump.</param>
    /// <exception cref="ArgumentOutOfRangeException">Alpha is not a positive finite number.</exception>
    public static Activation Elu(double alpha = 1) => IsParameter(alpha)
        ? new(ActivationKind.Elu, alpha)
        : throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The alpha of ELU is a positive finite number.");

    /// <summary>The names that <see cref="Parse"/> knows.</summary>
    internal static string Names => string.Join(", ", Array.ConvertAll(Table, entry => entry.Name));

    /// <summary>A user's own function.</summary>
    public static Activation Custom(CustomActivation function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new(ActivationKind.Custom, 0, function);
    }

    /// <summary>The activation that <see cref="ToString"/> wrote: a name such as <c>relu</c>, or <c>leaky-relu(0.01)</c> and <c>elu(1)</c>; without the number they have these.</summary>
    /// <param name="text">The text.</param>
    /// <param name="registry">Makes users' own functions; null where there are none.</param>
    /// <exception cref="FormatException">The text names no activation.</exception>
    public static Activation Parse(string text, LayerRegistry? registry = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Activation activation)
            ? activation
            : registry?.FindActivation(text) is { } function
            ? Custom(function)
            : throw new FormatException($"{Quoted.Of(text)} is not an activation. Choose one of {Names}; leaky-relu and elu take a positive number, as in leaky-relu(0.01) and elu(1).");
    }

    /// <summary>As <see cref="Parse"/> of the library's own functions, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Activation activation)
    {
        if (text is not null && CallText.TryParse(text, out string name, out double[] arguments))
        {
            foreach ((ActivationKind kind, string known, double parameter) in Table)
            {
                if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
                {
                    bool fits = arguments.Length == 0 || (parameter > 0 && arguments.Length == 1 && IsParameter(arguments[0]));
                    activation = fits ? new(kind, arguments.Length == 1 ? arguments[0] : parameter) : default;
                    return fits;
                }
            }
        }

        activation = default;
        return false;
    }

    /// <summary>Whether both are the same function with the same numbers; users' own are compared by name and numbers.</summary>
    public bool Equals(Activation other) => Kind == other.Kind && Parameter.Equals(other.Parameter) && Function?.ToString() == other.Function?.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, Parameter, Function?.ToString());

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        if (Function is not null)
        {
            return Function.ToString();
        }

        foreach ((ActivationKind kind, string name, double parameter) in Table)
        {
            if (kind == Kind)
            {
                return parameter > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name}({Parameter:R})") : name;
            }
        }

        return Kind.ToString();
    }

    private static bool IsParameter(double value) => value > 0 && double.IsFinite(value);
}
