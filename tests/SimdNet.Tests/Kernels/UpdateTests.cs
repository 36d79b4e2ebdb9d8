using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>The optimizers' rules against the formulas in double precision.</summary>
[Trait("Suite", "Isa")]
public class UpdateTests
{
    private const int Length = 77;
    private const double Rate = 0.05;
    private const double Decay = 0.25;
    private const double Momentum = 0.9;

    [Fact]
    public void Rules_follow_their_formulas()
    {
        Rules<float>();
        Rules<double>();
    }

    [Fact]
    public void Nothing_that_decays_becomes_subnormal()
    {
        Decays<float>();
        Decays<double>();
    }

    /// <summary>A gradient that is not finite is not swallowed by the flush of small numbers.</summary>
    [Fact]
    public void NaN_reaches_the_parameters()
    {
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            foreach (float bad in (float[])[float.NaN, float.PositiveInfinity])
            {
                float[] p = [1, 1, 1];
                float[] g = [0, bad, 0];
                set.UpdateSgd(p, g, 0.1f, 0);
                Assert.False(float.IsFinite(p[1]));
                p = [1, 1, 1];
                set.UpdateSgdMomentum(p, g, new float[3], 0.1f, 0, 0.9f, nesterov: true);
                Assert.False(float.IsFinite(p[1]));
                p = [1, 1, 1];
                set.UpdateAdam(p, g, new float[3], new float[3], new(0.1f, 0, 0.9f, 0.1f, 0.999f, 0.001f, 1, 1e-8f));
                Assert.False(float.IsFinite(p[1]));
                Assert.Equal([1f, 1f], [p[0], p[2]]);
                Reaches(p => set.UpdateAdamW(p, g, new float[3], new float[3], new(0.1f, 0, 0.9f, 0.1f, 0.999f, 0.001f, 1, 1e-8f)));
                Reaches(p => set.UpdateNAdam(p, g, new float[3], new float[3], 0.1f, new(0.1f, 0, 0.9f, 0.1f, 0.999f, 0.001f, 1, 1e-8f)));
                Reaches(p => set.UpdateRmsProp(p, g, new float[3], default, default, new(0.1f, 0, 0.9f, 0.1f, 0, 1e-8f)));
                Reaches(p => set.UpdateRmsProp(p, g, new float[3], new float[3], default, new(0.1f, 0, 0.9f, 0.1f, 0.5f, 1e-8f)));
                Reaches(p => set.UpdateRmsProp(p, g, new float[3], new float[3], new float[3], new(0.1f, 0, 0.9f, 0.1f, 0.5f, 1e-8f)));
                Reaches(p => set.UpdateAdagrad(p, g, new float[3], 0.1f, 0, 1e-8f));
                if (float.IsNaN(bad))
                {
                    Reaches(p => set.UpdateRprop(p, g, new float[3], [1, 1, 1], new(0, 0.5f, 1.2f, 0.1f, 10)));
                }
            }
        }
    }

    [Fact]
    public void Adaptive_rules_follow_their_formulas()
    {
        AdaptiveRules<float>();
        AdaptiveRules<double>();
    }

    [Fact]
    public void Rprop_follows_its_formula()
    {
        Rprop<float>();
        Rprop<double>();
    }

    private static void Reaches(Action<float[]> update)
    {
        float[] p = [1, 1, 1];
        update(p);
        Assert.False(float.IsFinite(p[1]));
        Assert.Equal([1f, 1f], [p[0], p[2]]);
    }

    private static void AdaptiveRules<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const double Rho = 0.875;
        const double Rest = 0.125;
        const double Epsilon = 0.0625;
        T[] parameters = new T[Length];
        T[] gradient = new T[Length];
        T[] first = new T[Length];
        T[] second = new T[Length];
        Numbers.Fill<T>(parameters, 1);
        Numbers.Fill<T>(gradient, 2);
        Numbers.Fill<T>(first, 3);
        Numbers.Fill<T>(second, 4);
        T[] squares = Array.ConvertAll(second, value => T.Abs(value) + Of<T>(0.5));
        AdamScalars<T> adam = new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.875), Of<T>(0.125), Of<T>(0.9375), Of<T>(0.0625), Of<T>(1.5), Of<T>(Epsilon));
        RmsPropScalars<T> rms = new(Of<T>(Rate), Of<T>(Decay), Of<T>(Rho), Of<T>(Rest), Of<T>(Momentum), Of<T>(Epsilon));
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            T[] decoupled = (T[])parameters.Clone();
            T[] mean = (T[])first.Clone();
            T[] variance = (T[])squares.Clone();
            set.UpdateAdamW(decoupled, gradient, mean, variance, adam);
            T[] nesterov = (T[])parameters.Clone();
            T[] nesterovMean = (T[])first.Clone();
            T[] nesterovVariance = (T[])squares.Clone();
            set.UpdateNAdam(nesterov, gradient, nesterovMean, nesterovVariance, Of<T>(0.25), adam);
            T[] plain = (T[])parameters.Clone();
            T[] plainSquares = (T[])squares.Clone();
            set.UpdateRmsProp(plain, gradient, plainSquares, default, default, rms);
            T[] moved = (T[])parameters.Clone();
            T[] velocity = (T[])first.Clone();
            set.UpdateRmsProp(moved, gradient, (T[])squares.Clone(), velocity, default, rms);
            T[] centered = (T[])parameters.Clone();
            T[] centeredVelocity = (T[])first.Clone();
            T[] average = (T[])second.Clone();
            set.UpdateRmsProp(centered, gradient, (T[])squares.Clone(), centeredVelocity, average, rms);
            T[] ada = (T[])parameters.Clone();
            T[] sums = (T[])squares.Clone();
            set.UpdateAdagrad(ada, gradient, sums, Of<T>(Rate), Of<T>(Decay), Of<T>(Epsilon));
            for (int i = 0; i < Length; i++)
            {
                double p = double.CreateTruncating(parameters[i]);
                double alone = double.CreateTruncating(gradient[i]);
                double m = double.CreateTruncating(first[i]);
                double s = double.CreateTruncating(squares[i]);
                double newMean = (0.875 * m) + (0.125 * alone);
                double newVariance = (0.9375 * s) + (0.0625 * alone * alone);
                Close(newMean, mean[i]);
                Close(newVariance, variance[i]);
                Close((p * (1 - Decay)) - (Rate * newMean / ((Math.Sqrt(newVariance) * 1.5) + Epsilon)), decoupled[i]);

                double g = alone + (Decay * p);
                newMean = (0.875 * m) + (0.125 * g);
                newVariance = (0.9375 * s) + (0.0625 * g * g);
                Close(newMean, nesterovMean[i]);
                Close(newVariance, nesterovVariance[i]);
                Close(p - (((0.25 * g) + (Rate * newMean)) / ((Math.Sqrt(newVariance) * 1.5) + Epsilon)), nesterov[i]);

                double v = (Rho * s) + (Rest * g * g);
                Close(v, plainSquares[i]);
                Close(p - (Rate * g / (Math.Sqrt(v) + Epsilon)), plain[i]);
                double b = (Momentum * m) + (g / (Math.Sqrt(v) + Epsilon));
                Close(b, velocity[i], 4);
                Close(p - (Rate * b), moved[i]);
                double a = (Rho * double.CreateTruncating(second[i])) + (Rest * g);
                Close(a, average[i]);
                double root = Math.Sqrt(Math.Max(v - (a * a), 0));
                b = (Momentum * m) + (g / (root + Epsilon));

                // The difference may lose what both have in common: a few digits where it is small, and the quotient with it.
                Close(b, centeredVelocity[i], 1 / (Epsilon * Epsilon * Epsilon));
                Close(p - (Rate * b), centered[i], 1 / (Epsilon * Epsilon * Epsilon));
                Close(s + (g * g), sums[i], 4);
                Close(p - (Rate * g / (Math.Sqrt(s + (g * g)) + Epsilon)), ada[i]);
            }
        }
    }

    /// <summary>Every sign of the gradient beside every sign of the one before, steps at both limits and between.</summary>
    private static void Rprop<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T tiny = Of<T>(typeof(T) == typeof(float) ? 1e-30 : 1e-300);
        T[] signs = [-T.One, -tiny, T.Zero, tiny, T.One];
        double[] starts = [0.1, 0.11, 1, 1.9, 2];
        T[] gradient = new T[125];
        T[] previous = new T[125];
        T[] steps = new T[125];
        for (int i = 0; i < 125; i++)
        {
            (gradient[i], previous[i], steps[i]) = (signs[i % 5], signs[i / 5 % 5], Of<T>(starts[i / 25]));
        }

        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            T[] p = new T[125];
            T[] before = (T[])previous.Clone();
            T[] size = (T[])steps.Clone();
            set.UpdateRprop(p, gradient, before, size, new(T.Zero, Of<T>(0.5), Of<T>(1.25), Of<T>(0.1), Of<T>(2)));
            for (int i = 0; i < 125; i++)
            {
                int sign = T.Sign(gradient[i]) * T.Sign(previous[i]);
                double step = Math.Clamp(double.CreateTruncating(steps[i]) * (sign > 0 ? 1.25 : sign < 0 ? 0.5 : 1), double.CreateTruncating(Of<T>(0.1)), 2);
                Close(step, size[i], 2);
                Assert.Equal(sign < 0 ? T.Zero : gradient[i], before[i]);
                Close(sign < 0 ? 0 : -T.Sign(gradient[i]) * step, p[i], 2);
            }
        }
    }

    private static void Rules<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] parameters = new T[Length];
        T[] gradient = new T[Length];
        T[] first = new T[Length];
        T[] second = new T[Length];
        Numbers.Fill<T>(parameters, 1);
        Numbers.Fill<T>(gradient, 2);
        Numbers.Fill<T>(first, 3);
        Numbers.Fill<T>(second, 4);
        AdamScalars<T> adam = new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.875), Of<T>(0.125), Of<T>(0.9375), Of<T>(0.0625), Of<T>(1.5), Of<T>(0.001));
        for (int i = 0; i < Length; i++)
        {
            second[i] = T.Abs(second[i]);
        }

        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            T[] sgd = (T[])parameters.Clone();
            set.UpdateSgd(sgd, gradient, Of<T>(Rate), Of<T>(Decay));
            T[] plain = (T[])parameters.Clone();
            T[] velocity = (T[])first.Clone();
            set.UpdateSgdMomentum(plain, gradient, velocity, Of<T>(Rate), Of<T>(Decay), Of<T>(Momentum), nesterov: false);
            T[] nesterov = (T[])parameters.Clone();
            T[] velocityAgain = (T[])first.Clone();
            set.UpdateSgdMomentum(nesterov, gradient, velocityAgain, Of<T>(Rate), Of<T>(Decay), Of<T>(Momentum), nesterov: true);
            T[] adamParameters = (T[])parameters.Clone();
            T[] mean = (T[])first.Clone();
            T[] variance = (T[])second.Clone();
            set.UpdateAdam(adamParameters, gradient, mean, variance, adam);

            Assert.Equal(velocity, velocityAgain);
            for (int i = 0; i < Length; i++)
            {
                double p = double.CreateTruncating(parameters[i]);
                double g = double.CreateTruncating(gradient[i]) + (Decay * p);
                double v = (Momentum * double.CreateTruncating(first[i])) + g;
                Close(p - (Rate * g), sgd[i]);
                Close(v, velocity[i]);
                Close(p - (Rate * v), plain[i]);
                Close(p - (Rate * (g + (Momentum * v))), nesterov[i]);
                double m = (0.875 * double.CreateTruncating(first[i])) + (0.125 * g);
                double s = (0.9375 * double.CreateTruncating(second[i])) + (0.0625 * g * g);
                Close(m, mean[i]);
                Close(s, variance[i]);
                Close(p - (Rate * m / ((Math.Sqrt(s) * 1.5) + 0.001)), adamParameters[i]);
            }
        }
    }

    private static void Decays<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // Past the smallest normal number within a few steps, and then on: what is flushed stays 0.
        T start = T.CreateTruncating(typeof(T) == typeof(float) ? 1e-37 : 1e-307);
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            T[] zero = new T[Length];
            T[][] blocks = new T[26][];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = new T[Length];
                Array.Fill(blocks[i], i % 2 == 0 ? start : -start);
            }

            foreach (int square in (int[])[5, 8, 11, 13, 17, 19, 22, 25])
            {
                Array.Fill(blocks[square], start);
            }

            for (int step = 0; step < 100; step++)
            {
                set.UpdateSgd(blocks[0], zero, T.One, Of<T>(Decay));
                set.UpdateSgdMomentum(blocks[1], zero, blocks[2], Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), nesterov: step % 2 == 0);
                set.UpdateAdam(blocks[3], zero, blocks[4], blocks[5], new(T.Zero, T.Zero, Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), T.One, Of<T>(1e-8)));
                set.UpdateAdamW(blocks[6], zero, blocks[7], blocks[8], new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), T.One, Of<T>(1e-8)));
                set.UpdateNAdam(blocks[9], zero, blocks[10], blocks[11], Of<T>(Rate), new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), T.One, Of<T>(1e-8)));
                set.UpdateRmsProp(blocks[12], zero, blocks[13], blocks[14], blocks[15], new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(1e-8)));
                set.UpdateRmsProp(blocks[16], zero, blocks[17], default, default, new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(1e-8)));
                set.UpdateRmsProp(blocks[18], zero, blocks[19], blocks[20], default, new(Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(1e-8)));
                set.UpdateAdagrad(blocks[21], zero, blocks[22], Of<T>(Rate), Of<T>(Decay), Of<T>(1e-8));
                set.UpdateRprop(blocks[23], zero, blocks[24], blocks[25], new(Of<T>(Decay), Of<T>(0.5), Of<T>(1.2), Of<T>(1e-6), Of<T>(50)));
                foreach (T[] block in blocks)
                {
                    Assert.DoesNotContain(block, T.IsSubnormal);
                }
            }

            Assert.All(blocks[0], value => Assert.Equal(T.Zero, value));
            Assert.All(blocks[4], value => Assert.Equal(T.Zero, value));
            Assert.All(blocks[5], value => Assert.Equal(T.Zero, value));
        }
    }

    private static T Of<T>(double value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => T.CreateTruncating(value);

    private static void Close<T>(double expected, T computed, double magnitude = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Assert.Equal(expected, double.CreateTruncating(computed), Tolerance.ForFormula<T>(magnitude));
}
