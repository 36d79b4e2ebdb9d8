using System;
using System.Linq;
using System.Numerics;

using SimdNet.Numerics;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Element-wise functions of the public face over spans: the values of their formulas, in place and not, and nothing beyond what was asked for.</summary>
[Trait("Suite", "Isa")]
public sealed class FunctionTests
{
    /// <summary>What the ulp of a rounded reference may add, and the bounds without fused multiply-add, which are not promised.</summary>
    private static readonly double Allowance = SimdNet.Kernels.FusedMultiplyAdd.IsSupported ? 0.01 : 4;

    [Fact]
    public void Values_are_those_of_the_formulas()
    {
        Values<float>();
        Values<double>();
    }

    /// <summary>Negative control: a value that is a little off must be refused.</summary>
    [Fact]
    public void A_value_that_is_off_is_noticed()
    {
        FunctionCase<float> exp = FunctionCases<float>.All[0];
        (float[] x, float[] y) = Apply(exp, 50);
        y[17] *= 1.000001f;
        Assert.True(Worst(exp, x, y) > exp.Bound + Allowance);
    }

    [Fact]
    public void The_destination_may_be_the_operand_and_may_be_longer()
    {
        InPlace<float>();
        InPlace<double>();
    }

    [Fact]
    public void Gradients_are_those_of_the_formulas()
    {
        Gradients<float>();
        Gradients<double>();
    }

    [Fact]
    public void AddScaled_is_fused()
    {
        for (int n = 0; n < 70; n++)
        {
            double[] x = Random<double>(n, n);
            double[] y = Random<double>(n, n + 1);
            double[] expected = new double[n];
            for (int i = 0; i < n; i++)
            {
                expected[i] = SimdNet.Kernels.FusedMultiplyAdd.Of(0.7, x[i], y[i]);
            }

            VectorPrimitives.AddScaled<double>(0.7, x, y);
            Assert.Equal(expected, y);
        }

        float[] both = [1, 2, 3];
        VectorPrimitives.AddScaled<float>(2, both, both);
        Assert.Equal([3, 6, 9], both);
    }

    internal static T[] Random<T>(int length, int seed, double lower = -1, double upper = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = new T[length];
        Numbers.Fill<T>(x, seed);
        for (int i = 0; i < length; i++)
        {
            x[i] = T.CreateTruncating(lower + ((upper - lower) * (double.CreateTruncating(x[i]) + 1) / 2));
        }

        return x;
    }

    private static void Values<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (FunctionCase<T> function in FunctionCases<T>.All)
        {
            (T[] x, T[] y) = Apply(function, 300);
            double worst = Worst(function, x, y);
            Assert.True(worst <= function.Bound + Allowance, $"{function.Name} in {typeof(T).Name} is {worst} ulp off.");
        }
    }

    private static (T[] X, T[] Y) Apply<T>(FunctionCase<T> function, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] x = Random<T>(length, 3, function.Lower, function.Upper);
        T[] y = new T[length];
        function.OnSpans(x, y);
        return (x, y);
    }

    private static double Worst<T>(FunctionCase<T> function, T[] x, T[] y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double worst = 0;
        for (int i = 0; i < x.Length; i++)
        {
            worst = Math.Max(worst, Ulp.Error(y[i], function.Exact(double.CreateTruncating(x[i]))));
        }

        return worst;
    }

    private static void InPlace<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (FunctionCase<T> function in FunctionCases<T>.All)
        {
            for (int n = 0; n < 70; n++)
            {
                T[] x = Random<T>(n, n, function.Lower, function.Upper);
                T[] apart = new T[n + 3];
                apart.AsSpan(n).Fill(T.NaN);
                function.OnSpans(x, apart);
                Assert.All(apart.Skip(n), value => Assert.True(T.IsNaN(value)));

                function.OnSpans(x, x);
                Assert.True(Numbers.FirstDifference<T>(x, apart.AsSpan(0, n)) < 0, $"{function.Name} of {n}.");
            }
        }
    }

    private static void Gradients<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T slope = FunctionCases<T>.Slope;
        T[] output = Random<T>(75, 1);
        T[] gradient = Random<T>(75, 2);
        Check((o, g, d) => VectorPrimitives.SigmoidGradient(o, g, d), (y, g) => g * y * (1 - y));
        Check((o, g, d) => VectorPrimitives.TanhGradient(o, g, d), (y, g) => g * (1 - (y * y)));
        Check((o, g, d) => VectorPrimitives.ReLUGradient(o, g, d), (y, g) => y > 0 ? g : 0);
        Check((o, g, d) => VectorPrimitives.LeakyReLUGradient(o, slope, g, d), (y, g) => y > 0 ? g : g / 8);

        foreach (GradientCase<T> function in FunctionCases<T>.Gradients)
        {
            Check(function.OnSpans, (x, g) => g * function.Exact(x).ToDouble());
        }

        void Check(GradientFunction<T> function, Func<double, double, double> formula)
        {
            T[] result = new T[output.Length];
            function(output, gradient, result);
            for (int i = 0; i < result.Length; i++)
            {
                double expected = formula(double.CreateTruncating(output[i]), double.CreateTruncating(gradient[i]));
                Assert.InRange(double.CreateTruncating(result[i]), expected - Tolerance.ForFormula<T>(1), expected + Tolerance.ForFormula<T>(1));
            }

            T[] inPlace = [.. gradient];
            function(output, inPlace, inPlace);
            Assert.Equal(result, inPlace);
        }
    }
}
