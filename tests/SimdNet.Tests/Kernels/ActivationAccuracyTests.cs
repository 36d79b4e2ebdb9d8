using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Errors of the activations that are not fused, and of their derivatives, against 256-bit arithmetic; their special values and limits.</summary>
[Trait("Suite", "Isa")]
public class ActivationAccuracyTests
{
    /// <summary>Derivatives that pass through 0 are measured by the last place of ½ there.</summary>
    private const int DerivativeFloor = -1;

    private static readonly (double Lower, double Upper)[] Ranges = [(-12.5, 12.5), (-1.5, 1.5), (-1e-3, 1e-3), (-85, 25)];

    public static TheoryData<string> Names => [.. ActivationFormula.All.Select(formula => formula.ToString())];

    private static int Samples => Long.Count(400, 5_000);

    /// <summary>Without fused multiply-add every step of a polynomial rounds twice.</summary>
    private static double Allowance => FusedMultiplyAdd.IsSupported ? 0 : 4;

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_and_derivatives_are_within_their_bounds(string name)
    {
        ActivationFormula formula = Formula(name);
        foreach ((double lower, double upper) in Ranges)
        {
            Check(formula, Uniform<float>(lower, upper));
            Check(formula, Uniform<double>(lower, upper));
        }
    }

    /// <summary>Some numbers of every exponent, of either sign, from the smallest subnormal to the largest.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_exponent_is_within_the_bounds(string name)
    {
        ActivationFormula formula = Formula(name);
        Check(formula, OfEveryExponent<float>(-149, 127, 1));
        Check(formula, OfEveryExponent<double>(-1074, 1023, Long.Count(7, 1)));
    }

    /// <summary>Negative control: a value and a derivative that are off by a little more than the bound in one number must be refused.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void An_error_above_the_bound_is_noticed(string name)
    {
        ActivationFormula formula = Formula(name);
        float[] x = Uniform<float>(0.5, 2);
        Check(formula, x);
        foreach (bool isForward in (bool[])[true, false])
        {
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check(formula, x, (forward, y) =>
            {
                for (int i = 0; forward == isForward && i < 14 + (2 * Allowance); i++)
                {
                    y[17] = float.BitIncrement(y[17]);
                }
            }));
        }
    }

    [Fact]
    public void Special_values_are_exact()
    {
        SpecialValues<float>();
        SpecialValues<double>();
    }

    private static void SpecialValues<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T inf = T.PositiveInfinity;
        T nan = T.NaN;
        T max = T.BitDecrement(inf);
        T tiny = T.Epsilon;
        T zero = T.Zero;
        T one = T.One;
        T half = T.CreateTruncating(0.5);
        T lambda = T.CreateTruncating(1.0507009873554805);
        T lambdaAlpha = T.CreateTruncating(1.7580993408473768);
        Expect(Activation.Elu(0.5), (nan, nan), (inf, inf), (-inf, -half), (max, max), (-max, -half), (zero, zero), (-zero, -zero), (tiny, tiny), (one, one));
        Expect(Activation.Selu, (nan, nan), (inf, inf), (-inf, -lambdaAlpha), (-max, -lambdaAlpha), (zero, zero), (-zero, -zero), (one, lambda));
        foreach (Activation gate in (Activation[])[Activation.Gelu, Activation.GeluTanh, Activation.Silu, Activation.Mish])
        {
            Expect(gate, (nan, nan), (inf, inf), (-inf, -zero), (max, max), (-max, -zero), (zero, zero), (-zero, -zero));
            ExpectDerivative(gate, (nan, nan), (inf, one), (max, one));
            ExpectDerivativeOfNothing(gate, -inf, -max);
        }

        Expect(Activation.Softplus, (nan, nan), (inf, inf), (-inf, zero), (max, max), (-max, zero));
        Expect(Activation.Softsign, (nan, nan), (inf, one), (-inf, -one), (max, one), (-max, -one), (zero, zero), (-zero, -zero), (tiny, tiny), (-tiny, -tiny), (one, half));
        Expect(Activation.HardSigmoid, (nan, nan), (inf, one), (-inf, zero), (max, one), (-max, zero), (zero, half), (-zero, half), (T.CreateTruncating(-3), zero), (T.CreateTruncating(3), one));
        ExpectDerivative(Activation.Elu(0.5), (nan, nan), (inf, one), (-inf, zero), (max, one), (zero, half), (-zero, half), (tiny, one));
        ExpectDerivative(Activation.Selu, (nan, nan), (inf, lambda), (-inf, zero), (zero, lambdaAlpha));
        ExpectDerivative(Activation.Softplus, (nan, nan), (inf, one), (-inf, zero), (zero, half));
        ExpectDerivative(Activation.Softsign, (nan, nan), (inf, zero), (-inf, zero), (max, zero), (zero, one), (tiny, one));
        ExpectDerivative(Activation.HardSigmoid, (inf, zero), (-inf, zero), (T.CreateTruncating(3), zero), (T.CreateTruncating(-3), zero));

        void Expect(Activation activation, params ReadOnlySpan<(T X, T Y)> pairs) => Run(activation, isForward: true, pairs, (expected, actual) => Numbers.SameBits(expected, actual));

        void ExpectDerivative(Activation activation, params ReadOnlySpan<(T X, T Y)> pairs) => Run(activation, isForward: false, pairs, (expected, actual) => Numbers.SameBits(expected, actual));

        // 0 of either sign.
        void ExpectDerivativeOfNothing(Activation activation, T first, T second) => Run(activation, isForward: false, [(first, zero), (second, zero)], (_, actual) => T.IsZero(actual));

        void Run(Activation activation, bool isForward, ReadOnlySpan<(T X, T Y)> pairs, Func<T, T, bool> agrees)
        {
            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                // Behind each other, so that special values meet in a vector and in its partial end.
                T[] x = new T[pairs.Length * 5];
                for (int i = 0; i < x.Length; i++)
                {
                    x[i] = pairs[i % pairs.Length].X;
                }

                T[] y = Compute(set, activation, x, isForward);
                for (int i = 0; i < x.Length; i++)
                {
                    Assert.True(agrees(pairs[i % pairs.Length].Y, y[i]), $"{set.Name}: {activation}{(isForward ? "" : "′")}({x[i]}) = {y[i]}, expected {pairs[i % pairs.Length].Y}.");
                }
            }
        }
    }

    private static ActivationFormula Formula(string name) => ActivationFormula.All.Single(formula => formula.ToString() == name);

    private static T[] Uniform<T>(double lower, double upper)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[Samples];
        Numbers.Fill<T>(x, 1);
        return Array.ConvertAll(x, value => T.CreateTruncating(lower + ((upper - lower) * (double.CreateTruncating(value) + 1) / 2)));
    }

    private static T[] OfEveryExponent<T>(int first, int last, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        List<T> x = [];
        for (int exponent = first; exponent <= last; exponent += step)
        {
            foreach (double fraction in (double[])[1, 1.37, -1, -1.81])
            {
                x.Add(T.ScaleB(T.CreateTruncating(fraction), exponent));
            }
        }

        return [.. x];
    }

    private static T[] Compute<T>(KernelSet<T> set, Activation activation, T[] x, bool isForward)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] y = new T[x.Length];
        T parameter = T.CreateTruncating(activation.Parameter);
        if (isForward)
        {
            set.Activate(activation.Kind, parameter, x, y);
        }
        else
        {
            y.AsSpan().Fill(T.One);
            set.ActivateGradient(activation.Kind, parameter, x, [], y);
        }

        return y;
    }

    private static void Check<T>(ActivationFormula formula, T[] x, Action<bool, T[]>? spoil = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (bool isForward in (bool[])[true, false])
        {
            BigFloat[] expected = Array.ConvertAll(x, value => (isForward ? formula.Value : formula.Derivative)(double.CreateTruncating(value)));
            T[] first = [];
            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                T[] y = Compute(set, formula.Activation, x, isForward);
                spoil?.Invoke(isForward, y);
                if (first.Length > 0 && Numbers.FirstDifference<T>(first, y) < 0)
                {
                    continue;
                }

                first = y;
                double worst = 0;
                int at = 0;
                for (int i = 0; i < x.Length; i++)
                {
                    double error = Ulp.Error(y[i], expected[i], isForward ? int.MinValue : DerivativeFloor);
                    error -= FarLeft(formula.Activation.Kind, double.CreateTruncating(x[i]), expected[i], isForward, typeof(T) == typeof(float));
                    if (!(error <= worst))
                    {
                        worst = error;
                        at = i;
                    }
                }

                Assert.True(worst <= (isForward ? formula.Ulps.Value : formula.Ulps.Derivative) + Allowance, $"{set.Name}, {typeof(T).Name}: {formula}{(isForward ? "" : "′")}({x[at]}) = {y[at]} is {worst} ulp off.");
            }
        }
    }

    /// <summary>What the bounds allow beside: where the exponential of a gate is subnormal, half of its last place times x; and 2.5·|v| of GELU's tanh form.</summary>
    private static double FarLeft(ActivationKind kind, double x, BigFloat expected, bool isForward, bool isFloat)
    {
        if (!isForward || x >= 0 || kind is not (ActivationKind.Gelu or ActivationKind.GeluTanh or ActivationKind.Silu or ActivationKind.Mish))
        {
            return 0;
        }

        double v = kind == ActivationKind.GeluTanh ? 2.5 * 1.596 * -x * (1 + (0.0448 * x * x)) : 0;
        bool isSubnormal = !expected.Mantissa.IsZero && expected.Magnitude < (isFloat ? -118 : -1012);
        return v + (isSubnormal && kind != ActivationKind.Gelu ? -x / 2 : 0);
    }
}
