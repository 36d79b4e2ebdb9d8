using System;

namespace SimdNet.Tests.Reference;

/// <summary>An element-wise activation with its value and its derivative in 256 bits, written from the formulas.</summary>
/// <param name="Activation">The function.</param>
/// <param name="Value">f(x).</param>
/// <param name="Derivative">f′(x).</param>
/// <param name="Ulps">What either may be off.</param>
internal sealed record ActivationFormula(Activation Activation, Func<double, BigFloat> Value, Func<double, BigFloat> Derivative, (double Value, double Derivative) Ulps)
{
    private static readonly BigFloat Half = BigFloat.From(0.5);

    private static readonly BigFloat Two = BigFloat.From(2);

    private static readonly BigFloat Zero = BigFloat.From(0);

    /// <summary>The numbers of PyTorch, as doubles.</summary>
    private static readonly BigFloat Lambda = BigFloat.From(1.0507009873554804934193349852946);

    private static readonly BigFloat LambdaAlpha = Lambda * BigFloat.From(1.6732632423543772848170429916717);

    private static readonly BigFloat RootHalf = BigFloat.Sqrt(Half);

    private static readonly BigFloat Cubic = BigFloat.From(44715) / BigFloat.From(1_000_000);

    /// <summary>2·√(2 / π).</summary>
    private static readonly BigFloat Scale = Two * BigFloat.Sqrt(Two / BigFloat.Pi);

    /// <summary>Every activation that is neither fused nor row-wise: a new one is entered here.</summary>
    public static ActivationFormula[] All { get; } =
    [
        ExponentialLinear(Activation.Elu(), BigFloat.One, BigFloat.One, (2, 1.5)),
        ExponentialLinear(Activation.Elu(0.75), BigFloat.One, BigFloat.From(0.75), (2, 1.5)),
        ExponentialLinear(Activation.Selu, Lambda, LambdaAlpha, (2.5, 2.5)),
        Gate(Activation.Gelu, Normal, x => Exp(-(Half * BigFloat.From(x) * BigFloat.From(x))) / BigFloat.Sqrt(Two * BigFloat.Pi), (8, 5)),
        Gate(Activation.GeluTanh, x => Logistic(Scale * Inner(x)), x => LogisticSlope(Scale * Inner(x)) * Scale * (BigFloat.One + (BigFloat.From(3) * Cubic * BigFloat.From(x) * BigFloat.From(x))), (4, 6)),
        Gate(Activation.Silu, x => Logistic(BigFloat.From(x)), x => LogisticSlope(BigFloat.From(x)), (4, 4)),
        Gate(Activation.Mish, TanhOfSoftplus, x => (BigFloat.One - (TanhOfSoftplus(x) * TanhOfSoftplus(x))) * Logistic(BigFloat.From(x)), (4, 4)),
        new(Activation.Softplus, x => x > 20 ? BigFloat.From(x) : LogOfOnePlus(Exp(BigFloat.From(x))), x => x > 20 ? BigFloat.One : Logistic(BigFloat.From(x)), (2.5, 3)),
        new(Activation.Softsign, x => BigFloat.From(x) / OnePlus(x), x => BigFloat.One / (OnePlus(x) * OnePlus(x)), (1.5, 5)),
        new(
            Activation.HardSigmoid,
            x => x <= -3 ? Zero : x >= 3 ? BigFloat.One : (BigFloat.From(x) + BigFloat.From(3)) / BigFloat.From(6),
            x => Math.Abs(x) < 3 ? BigFloat.One / BigFloat.From(6) : Zero,
            (1, 0.5)),
    ];

    public override string ToString() => Activation.ToString();

    private static ActivationFormula ExponentialLinear(Activation activation, BigFloat positive, BigFloat negative, (double Value, double Derivative) ulps) =>
        new(activation, x => x > 0 ? positive * BigFloat.From(x) : negative * ExpMinusOne(x), x => x > 0 ? positive : negative * Exp(BigFloat.From(x)), ulps);

    /// <summary>x·s(x), s + x·s′.</summary>
    private static ActivationFormula Gate(Activation activation, Func<double, BigFloat> s, Func<double, BigFloat> slope, (double Value, double Derivative) ulps) =>
        new(activation, x => BigFloat.From(x) * s(x), x => s(x) + (BigFloat.From(x) * slope(x)), ulps);

    private static BigFloat Normal(double x) => x < -100 ? Zero : x > 0 ? BigFloat.One - Normal(-x) : Half * BigFloat.Erfc(-(BigFloat.From(x) * RootHalf));

    private static BigFloat Inner(double x) => BigFloat.From(x) * (BigFloat.One + (Cubic * BigFloat.From(x) * BigFloat.From(x)));

    private static BigFloat OnePlus(double x) => BigFloat.One + BigFloat.From(Math.Abs(x));

    private static BigFloat Logistic(BigFloat x) => x.Mantissa.Sign < 0 ? Exp(x) / (BigFloat.One + Exp(x)) : BigFloat.One / (BigFloat.One + Exp(-x));

    private static BigFloat LogisticSlope(BigFloat x) => Logistic(x) * Logistic(-x);

    /// <summary>((1 + eˣ)² − 1) / ((1 + eˣ)² + 1).</summary>
    private static BigFloat TanhOfSoftplus(double x)
    {
        if (x > 1000)
        {
            return BigFloat.One;
        }

        BigFloat e = Exp(BigFloat.From(x));
        BigFloat numerator = e * (e + Two);
        return numerator / (numerator + Two);
    }

    /// <summary>eˣ for x ≤ 1000; 0 where it is far below the smallest number.</summary>
    private static BigFloat Exp(BigFloat x) => x.Magnitude > 11 ? Zero : BigFloat.Exp(x);

    /// <summary>eˣ − 1, a series where the difference would have few digits.</summary>
    private static BigFloat ExpMinusOne(double x) => Math.Abs(x) < 1e-20
        ? BigFloat.From(x) + (Half * BigFloat.From(x) * BigFloat.From(x))
        : Exp(BigFloat.From(x)) - BigFloat.One;

    private static BigFloat LogOfOnePlus(BigFloat x) => x.Magnitude < -60 ? x - (Half * x * x) : BigFloat.Log(BigFloat.One + x);
}
