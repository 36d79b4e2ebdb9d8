using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Errors of the functions against 256-bit arithmetic, and their special values.</summary>
/// <remarks>The bounds hold with fused multiply-add; without it a rounding more is allowed.</remarks>
[Trait("Suite", "Isa")]
public class FunctionAccuracyTests
{
    // In float, exp was tried for every number; in double there is room above the worst of millions of samples (2.1 for erf).
    private static readonly (double Float, double Double) ExpBound = (0.9, 1);
    private static readonly (double Float, double Double) LogBound = (1, 1);
    private static readonly (double Float, double Double) LogOfOnePlusBound = (1, 1);
    private static readonly (double Float, double Double) SigmoidBound = (2.5, 3);
    private static readonly (double Float, double Double) TanhBound = (2.5, 3);

    private static readonly (double Float, double Double) ErfBound = (1, 2.5);

    private static int Samples => Long.Count(6_000, 40_000);

    private static double Allowance => FusedMultiplyAdd.IsSupported ? 0 : 1;

    [Fact]
    public void Exp_is_within_its_bound()
    {
        Check<float>("exp", (set, x) => set.Exp(x, x), BigFloat.Exp, -104, 89, ExpBound);
        Check<double>("exp", (set, x) => set.Exp(x, x), BigFloat.Exp, -746, 710, ExpBound);
        Check<float>("exp", (set, x) => set.Exp(x, x), BigFloat.Exp, -1, 1, ExpBound);
        Check<double>("exp", (set, x) => set.Exp(x, x), BigFloat.Exp, -1, 1, ExpBound);
    }

    [Fact]
    public void Sigmoid_is_within_its_bound()
    {
        Check<float>("sigmoid", (set, x) => set.Activate(ActivationKind.Sigmoid, 0, x), BigFloat.Sigmoid, -104, 20, SigmoidBound);
        Check<double>("sigmoid", (set, x) => set.Activate(ActivationKind.Sigmoid, 0, x), BigFloat.Sigmoid, -746, 40, SigmoidBound);
        Check<float>("sigmoid", (set, x) => set.Activate(ActivationKind.Sigmoid, 0, x), BigFloat.Sigmoid, -4, 4, SigmoidBound);
        Check<double>("sigmoid", (set, x) => set.Activate(ActivationKind.Sigmoid, 0, x), BigFloat.Sigmoid, -4, 4, SigmoidBound);
    }

    [Fact]
    public void Tanh_is_within_its_bound()
    {
        foreach (double range in (double[])[1e-6, 0.2, 1, 3, 20])
        {
            Check<float>("tanh", (set, x) => set.Activate(ActivationKind.Tanh, 0, x), BigFloat.Tanh, -range, range, TanhBound);
            Check<double>("tanh", (set, x) => set.Activate(ActivationKind.Tanh, 0, x), BigFloat.Tanh, -range, range, TanhBound);
        }
    }

    [Fact]
    public void Log_is_within_its_bound()
    {
        foreach (double range in (double[])[2, 1e4, 1e38])
        {
            Check<float>("log", (set, x) => set.Log(x, x), x => BigFloat.Log(BigFloat.From(x)), range / 1e6, range, LogBound);
            Check<double>("log", (set, x) => set.Log(x, x), x => BigFloat.Log(BigFloat.From(x)), range / 1e6, range, LogBound);
        }

        // Subnormals: in steps of the smallest.
        Check<float>("log", (set, x) => set.Log(x, x), x => BigFloat.Log(BigFloat.From(x)), float.Epsilon, 1e-38, LogBound);
        Check<double>("log", (set, x) => set.Log(x, x), x => BigFloat.Log(BigFloat.From(x)), double.Epsilon, 1e-308, LogBound);
    }

    [Fact]
    public void Log_of_one_plus_is_within_its_bound()
    {
        foreach ((double lower, double upper) in ((double, double)[])[(-0.999, -0.5), (-0.5, 0), (-1e-3, 0), (-1e-7, 1e-7), (1e-18, 1e-12), (0, 0.1), (0, 1), (1, 10), (10, 1e6), (1e10, 1e38)])
        {
            Check<float>("log1p", (set, x) => set.Log1P(x, x), x => BigFloat.Log(BigFloat.One + BigFloat.From(x)), lower, upper, LogOfOnePlusBound);
            Check<double>("log1p", (set, x) => set.Log1P(x, x), x => BigFloat.Log(BigFloat.One + BigFloat.From(x)), lower, upper, LogOfOnePlusBound);
        }
    }

    [Fact]
    public void Erf_is_within_its_bound()
    {
        foreach ((double lower, double upper) in ((double, double)[])[(-6.5, 6.5), (-1.6, 1.6), (0.9, 1.1), (1.3, 1.7), (-1e-3, 1e-3), (1e-40, 1e-37)])
        {
            Check<float>("erf", (set, x) => set.Erf(x, x), BigFloat.Erf, lower, upper, ErfBound);
            Check<double>("erf", (set, x) => set.Erf(x, x), BigFloat.Erf, lower, upper, ErfBound);
        }
    }

    /// <summary>Negative control: each function, off by a little more than its bound in one number of thousands, must be refused in either precision.</summary>
    [Theory]
    [InlineData("exp")]
    [InlineData("log")]
    [InlineData("log1p")]
    [InlineData("erf")]
    [InlineData("sigmoid")]
    [InlineData("tanh")]
    public void An_error_above_the_bound_is_noticed(string function)
    {
        Refuses<float>();
        Refuses<double>();

        void Refuses<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            (KernelAction<T> run, Func<double, BigFloat> exact, (double Float, double Double) bounds) = Function<T>(function);
            int steps = (int)Math.Ceiling(typeof(T) == typeof(float) ? bounds.Float : bounds.Double) + 2 + (int)Allowance;
            Check<T>(function, run, exact, 0.25, 0.75, bounds);
            Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Check<T>(
                function,
                (set, x) =>
                {
                    run(set, x);
                    for (int i = 0; i < steps; i++)
                    {
                        x[17] = T.BitIncrement(x[17]);
                    }
                },
                exact,
                0.25,
                0.75,
                bounds));
        }
    }

    /// <summary>Every 2ᵏ-th float of the whole range where a function is neither 0 nor constant, against the framework's function in double, whose own error is a thousand-millionth of an ulp of float.</summary>
    [Theory]
    [InlineData("exp", -103f, 88.7f)]
    [InlineData("log", 1e-45f, float.MaxValue)]
    [InlineData("log1p", -0.99999994f, float.MaxValue)]
    [InlineData("sigmoid", -87f, 30f)]
    [InlineData("tanh", -30f, 30f)]
    public void Floats_of_the_whole_range_are_within_the_bound(string function, float lower, float upper)
    {
        Func<double, double> exact = function switch
        {
            "exp" => Math.Exp,
            "log" => Math.Log,

            // The framework's own log1p loses the digits of a small number.
            "log1p" => x => Math.Abs(x) < 1e-3 ? x * (1 - (x * (0.5 - (x * ((1.0 / 3) - (x / 4)))))) : Math.Log(1 + x),
            "sigmoid" => x => 1 / (1 + Math.Exp(-x)),
            _ => Math.Tanh,
        };
        (KernelAction<float> run, _, (double bound, _)) = Function<float>(function);
        uint stride = (uint)Long.Count(1 << 16, 1 << 8) | 1;
        (double worst, float at) = Worst(run);
        Assert.True(worst <= bound + Allowance, $"{function}({at}) is {worst} ulp off.");

        // The control: one number in a thousand is off.
        Assert.True(Worst((set, x) =>
        {
            run(set, x);
            x[^1] += 4 * (MathF.BitIncrement(MathF.Abs(x[^1])) - MathF.Abs(x[^1]));
        }).Ulps > bound + Allowance);

        (double Ulps, float At) Worst(KernelAction<float> compute)
        {
            KernelSet<float> set = KernelSets.Supported<float>()[0];
            float[] x = new float[1024];
            float[] y = new float[x.Length];
            (double Ulps, float At) result = (0, 0);
            int count = 0;
            for (ulong bits = 0; bits <= uint.MaxValue; bits += stride)
            {
                float value = BitConverter.UInt32BitsToSingle((uint)bits);
                if (value >= lower && value <= upper)
                {
                    x[count++] = value;
                }

                if (count == x.Length || (bits + stride > uint.MaxValue && count > 0))
                {
                    x.AsSpan(0, count).CopyTo(y);
                    compute(set, y.AsSpan(0, count));
                    for (int i = 0; i < count; i++)
                    {
                        double expected = exact(x[i]);
                        int last = expected == 0 ? -149 : Math.Max(Math.ILogB(expected) - 23, -149);
                        double error = Math.Abs(Math.ScaleB(y[i] - expected, -last));
                        result = error <= result.Ulps ? result : (error, x[i]);
                    }

                    count = 0;
                }
            }

            return result;
        }
    }

    private static (KernelAction<T> Run, Func<double, BigFloat> Exact, (double Float, double Double) Bounds) Function<T>(string name)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => name switch
        {
            "exp" => ((set, x) => set.Exp(x, x), BigFloat.Exp, ExpBound),
            "log" => ((set, x) => set.Log(x, x), x => BigFloat.Log(BigFloat.From(x)), LogBound),
            "log1p" => ((set, x) => set.Log1P(x, x), x => BigFloat.Log(BigFloat.One + BigFloat.From(x)), LogOfOnePlusBound),
            "erf" => ((set, x) => set.Erf(x, x), BigFloat.Erf, ErfBound),
            "sigmoid" => ((set, x) => set.Activate(ActivationKind.Sigmoid, T.Zero, x), BigFloat.Sigmoid, SigmoidBound),
            _ => ((set, x) => set.Activate(ActivationKind.Tanh, T.Zero, x), BigFloat.Tanh, TanhBound),
        };

    [Fact]
    public void Special_values_are_exact()
    {
        CheckSpecialValues<float>();
        CheckSpecialValues<double>();
    }

    private static void CheckSpecialValues<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T inf = T.PositiveInfinity;
        T nan = T.NaN;
        T max = T.BitDecrement(inf);
        T tiny = T.Epsilon;
        T one = T.One;
        T half = T.CreateTruncating(0.5);
        T slope = T.CreateTruncating(0.25);
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            void Expect(string name, KernelAction<T> run, params ReadOnlySpan<(T X, T Y)> pairs)
            {
                // Behind each other, so that special values meet in a vector and in its partial end.
                T[] values = new T[pairs.Length * 5];
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = pairs[i % pairs.Length].X;
                }

                run(set, values);
                for (int i = 0; i < values.Length; i++)
                {
                    (T x, T y) = pairs[i % pairs.Length];
                    Assert.True(Numbers.SameBits(y, values[i]), $"{set.Name}: {name}({x}) = {values[i]}, expected {y}.");
                }
            }

            Expect("exp", (s, x) => s.Exp(x, x), (nan, nan), (inf, inf), (-inf, T.Zero), (T.Zero, one), (T.NegativeZero, one), (tiny, one), (max, inf), (-max, T.Zero));
            Expect("log", (s, x) => s.Log(x, x), (nan, nan), (inf, inf), (-inf, nan), (-one, nan), (-tiny, nan), (one, T.Zero), (T.Zero, -inf), (T.NegativeZero, -inf));
            Expect("log1p", (s, x) => s.Log1P(x, x), (nan, nan), (inf, inf), (-inf, nan), (-max, nan), (-one, -inf), (T.Zero, T.Zero), (T.NegativeZero, T.NegativeZero), (tiny, tiny), (-tiny, -tiny));
            Expect("erf", (s, x) => s.Erf(x, x), (nan, nan), (inf, one), (-inf, -one), (max, one), (-max, -one), (T.Zero, T.Zero), (T.NegativeZero, T.NegativeZero), (tiny, tiny), (-tiny, -tiny));
            Expect("sigmoid", (s, x) => s.Activate(ActivationKind.Sigmoid, T.Zero, x), (nan, nan), (inf, one), (-inf, T.Zero), (T.Zero, half), (T.NegativeZero, half), (tiny, half), (-tiny, half));
            Expect("tanh", (s, x) => s.Activate(ActivationKind.Tanh, T.Zero, x), (nan, nan), (inf, one), (-inf, -one), (T.Zero, T.Zero), (T.NegativeZero, T.NegativeZero), (tiny, tiny), (-tiny, -tiny), (max, one));
            Expect("ReLU", (s, x) => s.Activate(ActivationKind.ReLU, T.Zero, x), (nan, nan), (inf, inf), (-inf, T.Zero), (T.Zero, T.Zero), (T.NegativeZero, T.NegativeZero), (tiny, tiny), (-tiny, T.Zero));
            Expect("LeakyReLU", (s, x) => s.Activate(ActivationKind.LeakyReLU, slope, x), (nan, nan), (inf, inf), (-inf, -inf), (T.NegativeZero, T.NegativeZero), (-one, -slope), (one, one));
            Expect("identity", (s, x) => s.Activate(ActivationKind.Identity, T.Zero, x), (nan, nan), (inf, inf), (T.NegativeZero, T.NegativeZero), (tiny, tiny));
        }
    }

    private static void Check<T>(string name, KernelAction<T> run, Func<double, BigFloat> exact, double lower, double upper, (double Float, double Double) bounds)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[Samples];
        Numbers.Fill<T>(x, 1);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] = T.CreateTruncating(lower + ((upper - lower) * (double.CreateTruncating(x[i]) + 1) / 2));
        }

        BigFloat[] expected = new BigFloat[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            expected[i] = exact(double.CreateTruncating(x[i]));
        }

        IReadOnlyList<KernelSet<T>> sets = KernelSets.Supported<T>();
        T[] first = [];
        foreach (KernelSet<T> set in sets)
        {
            T[] y = (T[])x.Clone();
            run(set, y);
            if (first.Length > 0 && Numbers.FirstDifference<T>(first, y) < 0)
            {
                continue;
            }

            first = y;
            double worst = 0;
            int at = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double error = Ulp.Error(y[i], expected[i]);
                if (!(error <= worst))
                {
                    worst = error;
                    at = i;
                }
            }

            double bound = typeof(T) == typeof(float) ? bounds.Float : bounds.Double;
            Assert.True(worst <= bound + Allowance, $"{set.Name}, {typeof(T).Name}: {name}({x[at]}) = {y[at]} is {worst} ulp off.");
        }
    }
}

/// <summary>A kernel that works in place.</summary>
internal delegate void KernelAction<T>(KernelSet<T> set, Span<T> values)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;
