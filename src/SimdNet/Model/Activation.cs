using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

using SimdNet.Model;

namespace SimdNet;

/// <summary>A layer's activation: which function, and its slope where it has one. The default is the identity.</summary>
public readonly record struct Activation
{
    private static readonly (ActivationKind Kind, string Name)[] Names =
    [
        (ActivationKind.Identity, "identity"),
        (ActivationKind.Sigmoid, "sigmoid"),
        (ActivationKind.Tanh, "tanh"),
        (ActivationKind.ReLU, "relu"),
        (ActivationKind.LeakyReLU, "leaky-relu"),
        (ActivationKind.Softmax, "softmax"),
    ];

    private Activation(ActivationKind kind, double slope = 0)
    {
        Kind = kind;
        Slope = slope;
    }

    /// <summary>The function.</summary>
    public ActivationKind Kind { get; }

    /// <summary>Slope for negative x; 0 for every function but <see cref="ActivationKind.LeakyReLU"/>.</summary>
    public double Slope { get; }

    /// <summary>f(x) = x.</summary>
    public static Activation Identity => new(ActivationKind.Identity);

    /// <summary>f(x) = 1 / (1 + e⁻ˣ).</summary>
    public static Activation Sigmoid => new(ActivationKind.Sigmoid);

    /// <summary>f(x) = tanh x.</summary>
    public static Activation Tanh => new(ActivationKind.Tanh);

    /// <summary>f(x) = max(x, 0).</summary>
    public static Activation ReLU => new(ActivationKind.ReLU);

    /// <summary>f(x)ⱼ = eˣʲ / Σₖ eˣᵏ over the layer's units.</summary>
    public static Activation Softmax => new(ActivationKind.Softmax);

    /// <summary>f(x) = x where x &gt; 0, slope · x elsewhere.</summary>
    /// <param name="slope">Greater than 0, since the derivative is read off the output's sign; 0.01 as in PyTorch (Keras has 0.3).</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not a positive finite number.</exception>
    public static Activation LeakyReLU(double slope = 0.01) => slope > 0 && double.IsFinite(slope)
        ? new(ActivationKind.LeakyReLU, slope)
        : throw new ArgumentOutOfRangeException(nameof(slope), slope, "The slope of leaky ReLU is a positive finite number.");

    /// <summary>The activation that <see cref="ToString"/> wrote: a name such as <c>relu</c>, or <c>leaky-relu(0.01)</c>; <c>leaky-relu</c> alone has the slope 0.01.</summary>
    /// <exception cref="FormatException">The text names no activation.</exception>
    public static Activation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Activation activation)
            ? activation
            : throw new FormatException($"'{text}' is not an activation. Choose one of {string.Join(", ", Array.ConvertAll(Names, entry => entry.Name))}; leaky-relu takes a positive slope, as in leaky-relu(0.01).");
    }

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Activation activation)
    {
        if (text is not null && CallText.TryParse(text, out string name, out double[] arguments))
        {
            foreach ((ActivationKind kind, string known) in Names)
            {
                if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase))
                {
                    bool leaky = kind == ActivationKind.LeakyReLU;
                    double slope = arguments.Length == 1 ? arguments[0] : 0.01;
                    activation = new(kind, leaky ? slope : 0);
                    return arguments.Length == 0 || (leaky && arguments.Length == 1 && slope > 0);
                }
            }
        }

        activation = default;
        return false;
    }

    /// <summary>The name that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        foreach ((ActivationKind kind, string name) in Names)
        {
            if (kind == Kind)
            {
                return Kind == ActivationKind.LeakyReLU ? string.Create(CultureInfo.InvariantCulture, $"{name}({Slope:R})") : name;
            }
        }

        return Kind.ToString();
    }
}
