using System;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

using SimdNet.Data;
using SimdNet.IO;
using SimdNet.Kernels;
using SimdNet.Model;

namespace SimdNet;

/// <summary>How parameters start: a distribution with its one or two numbers. The default is zeros.</summary>
/// <remarks>The numbers come from a counter-based generator keyed by the seed and the tensor's place in the network, so they do not depend on the order in which tensors are filled, and are the same on every machine.</remarks>
public readonly record struct Initializer
{
    private static readonly (Scheme Scheme, string Name, int Arguments)[] Names =
    [
        (Scheme.Zeros, "zeros", 0),
        (Scheme.Constant, "constant", 1),
        (Scheme.Normal, "normal", 1),
        (Scheme.Uniform, "uniform", 2),
        (Scheme.GlorotUniform, "glorot-uniform", 0),
        (Scheme.GlorotNormal, "glorot-normal", 0),
        (Scheme.HeUniform, "he-uniform", 0),
        (Scheme.HeNormal, "he-normal", 0),
    ];

    private readonly Scheme _scheme;
    private readonly double _first;
    private readonly double _second;

    private Initializer(Scheme scheme, double first = 0, double second = 0)
    {
        _scheme = scheme;
        _first = first;
        _second = second;
    }

    private enum Scheme
    {
        Zeros,
        Constant,
        Normal,
        Uniform,
        GlorotUniform,
        GlorotNormal,
        HeUniform,
        HeNormal,
    }

    /// <summary>All 0.</summary>
    public static Initializer Zeros => default;

    /// <summary>Uniform in ±√(6 / (inputs + units)) (Glorot and Bengio 2010, equation 16). Keras' default for dense layers.</summary>
    public static Initializer GlorotUniform => new(Scheme.GlorotUniform);

    /// <summary>Normal with σ = √(2 / (inputs + units)), not truncated: PyTorch's <c>xavier_normal_</c> (Keras truncates at 2σ and widens to match).</summary>
    public static Initializer GlorotNormal => new(Scheme.GlorotNormal);

    /// <summary>Uniform in ±√(6 / inputs) (He et al. 2015).</summary>
    public static Initializer HeUniform => new(Scheme.HeUniform);

    /// <summary>Normal with σ = √(2 / inputs), not truncated: PyTorch's <c>kaiming_normal_</c> (Keras truncates at 2σ and widens to match).</summary>
    public static Initializer HeNormal => new(Scheme.HeNormal);

    /// <summary>All <paramref name="value"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite.</exception>
    public static Initializer Constant(double value) => new(Scheme.Constant, Finite(value, nameof(value)));

    /// <summary>Normal with mean 0: numpy's <c>randn</c> times <paramref name="standardDeviation"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is negative or not finite.</exception>
    public static Initializer Normal(double standardDeviation = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(standardDeviation);
        return new(Scheme.Normal, Finite(standardDeviation, nameof(standardDeviation)));
    }

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not finite, or low is above high.</exception>
    public static Initializer Uniform(double low, double high)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Finite(low, nameof(low)), Finite(high, nameof(high)));
        return new(Scheme.Uniform, low, high);
    }

    /// <summary>The initializer that <see cref="ToString"/> wrote, <c>he-normal</c>, <c>normal(0.1)</c>, <c>uniform(-1,1)</c>; <c>normal:0.1</c> and <c>uniform:-1,1</c> mean the same.</summary>
    /// <exception cref="FormatException">The text names no initializer.</exception>
    public static Initializer Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out Initializer initializer)
            ? initializer
            : throw new FormatException($"{Quoted.Of(text)} is not an initializer. Choose one of zeros, constant(c), normal(σ), uniform(a,b), glorot-uniform, glorot-normal, he-uniform, he-normal.");
    }

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Initializer initializer)
    {
        if (text is not null && CallText.TryParse(text, out string name, out double[] arguments))
        {
            foreach ((Scheme scheme, string known, int count) in Names)
            {
                if (string.Equals(known, name, StringComparison.OrdinalIgnoreCase) && arguments.Length == count)
                {
                    bool fits = (scheme != Scheme.Normal || arguments[0] >= 0) && (scheme != Scheme.Uniform || arguments[0] <= arguments[1]);
                    initializer = fits ? new(scheme, count > 0 ? arguments[0] : 0, count > 1 ? arguments[1] : 0) : default;
                    return fits;
                }
            }
        }

        initializer = default;
        return false;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        (_, string name, int arguments) = Names[(int)_scheme];
        return arguments switch
        {
            0 => name,
            1 => string.Create(CultureInfo.InvariantCulture, $"{name}({_first:R})"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{name}({_first:R},{_second:R})"),
        };
    }

    /// <summary>Fills a tensor.</summary>
    /// <param name="values">The tensor's elements, in the order that files show.</param>
    /// <param name="inputs">Fan-in of the layer.</param>
    /// <param name="units">Fan-out of the layer.</param>
    /// <param name="seed">The network's seed.</param>
    /// <param name="tensor">The tensor's place in the network.</param>
    internal void Fill<T>(Span<T> values, int inputs, int units, ulong seed, int tensor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Debug.Assert(inputs > 0 && units > 0, "A layer has a shape.");
        Philox random = new(seed, RandomPurpose.Initialization, (ulong)tensor);
        double glorot = inputs + (double)units;
        switch (_scheme)
        {
            case Scheme.Normal:
                FillNormal(values, ref random, _first);
                break;
            case Scheme.GlorotNormal:
                FillNormal(values, ref random, Math.Sqrt(2 / glorot));
                break;
            case Scheme.HeNormal:
                FillNormal(values, ref random, Math.Sqrt(2.0 / inputs));
                break;
            case Scheme.Uniform:
                FillUniform(values, ref random, _first, _second);
                break;
            case Scheme.GlorotUniform:
                FillUniform(values, ref random, -Math.Sqrt(6 / glorot), Math.Sqrt(6 / glorot));
                break;
            case Scheme.HeUniform:
                FillUniform(values, ref random, -Math.Sqrt(6.0 / inputs), Math.Sqrt(6.0 / inputs));
                break;
            default:
                values.Fill(T.CreateTruncating(_first));
                break;
        }

        int bad = FiniteValues.IndexOfOther<T>(values);
        if (bad >= 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The initializer {this} gives {values[bad]}: its numbers are beyond the range of {typeof(T).Name}."));
        }
    }

    private static void FillNormal<T>(Span<T> values, ref Philox random, double standardDeviation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref T value in values)
        {
            value = T.CreateTruncating(standardDeviation * random.NextNormal());
        }
    }

    private static void FillUniform<T>(Span<T> values, ref Philox random, double low, double high)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ref T value in values)
        {
            value = T.CreateTruncating(low + ((high - low) * random.NextUniform()));
        }
    }

    private static double Finite(double value, string name) => double.IsFinite(value)
        ? value
        : throw new ArgumentOutOfRangeException(name, value, "An initializer's numbers are finite.");
}
