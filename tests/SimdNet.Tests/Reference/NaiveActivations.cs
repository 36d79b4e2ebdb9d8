using System;

namespace SimdNet.Tests.Reference;

/// <summary>The activations that are not fused in double precision, written from the formulas with System.Math.</summary>
internal static class NaiveActivations
{
    private const double Lambda = 1.0507009873554804934193349852946;
    private const double LambdaAlpha = Lambda * 1.6732632423543772848170429916717;

    private static readonly double RootOfTwoOverPi = Math.Sqrt(2 / Math.PI);

    /// <summary>f(x).</summary>
    public static double Value(Activation activation, double x) => activation.Kind switch
    {
        ActivationKind.Elu => x > 0 ? x : activation.Parameter * (Math.Exp(x) - 1),
        ActivationKind.Selu => x > 0 ? Lambda * x : LambdaAlpha * (Math.Exp(x) - 1),
        ActivationKind.Gelu => x * 0.5 * (1 + Erf(x / Math.Sqrt(2))),
        ActivationKind.GeluTanh => x * 0.5 * (1 + Math.Tanh(Inner(x))),
        ActivationKind.Silu => x * Sigmoid(x),
        ActivationKind.Mish => x * Math.Tanh(Math.Log(1 + Math.Exp(x))),
        ActivationKind.Softplus => x > 20 ? x : Math.Log(1 + Math.Exp(x)),
        ActivationKind.Softsign => x / (1 + Math.Abs(x)),
        ActivationKind.HardSigmoid => Math.Clamp(x + 3, 0, 6) / 6,
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>f′(x).</summary>
    public static double Derivative(Activation activation, double x)
    {
        switch (activation.Kind)
        {
            case ActivationKind.Elu: return x > 0 ? 1 : activation.Parameter * Math.Exp(x);
            case ActivationKind.Selu: return x > 0 ? Lambda : LambdaAlpha * Math.Exp(x);
            case ActivationKind.Gelu: return (0.5 * (1 + Erf(x / Math.Sqrt(2)))) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
            case ActivationKind.Silu: return Sigmoid(x) * (1 + (x * (1 - Sigmoid(x))));
            case ActivationKind.Softplus: return x > 20 ? 1 : Sigmoid(x);
            case ActivationKind.Softsign: return 1 / ((1 + Math.Abs(x)) * (1 + Math.Abs(x)));
            case ActivationKind.HardSigmoid: return Math.Abs(x) < 3 ? 1.0 / 6 : 0;
            case ActivationKind.GeluTanh:
                double u = Math.Tanh(Inner(x));
                return (0.5 * (1 + u)) + (x * 0.5 * (1 - (u * u)) * RootOfTwoOverPi * (1 + (3 * 0.044715 * x * x)));
            case ActivationKind.Mish:
                double t = Math.Tanh(Math.Log(1 + Math.Exp(x)));
                return t + (x * (1 - (t * t)) * Sigmoid(x));
            default: throw new ArgumentOutOfRangeException(nameof(activation));
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double Inner(double x) => RootOfTwoOverPi * (x + (0.044715 * x * x * x));

    /// <summary>2 / √π · e^−x² · Σ 2ⁱ·x²ⁱ⁺¹ / (2i + 1)!!, whose terms are all of one sign.</summary>
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x;
        double sum = x;
        for (int i = 3; Math.Abs(term) > Math.Abs(sum) * 1e-18; i += 2)
        {
            term *= 2 * x * x / i;
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
