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
            T[][] blocks = new T[6][];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = new T[Length];
                Array.Fill(blocks[i], i % 2 == 0 ? start : -start);
            }

            Array.Fill(blocks[5], start);
            for (int step = 0; step < 100; step++)
            {
                set.UpdateSgd(blocks[0], zero, T.One, Of<T>(Decay));
                set.UpdateSgdMomentum(blocks[1], zero, blocks[2], Of<T>(Rate), Of<T>(Decay), Of<T>(0.5), nesterov: step % 2 == 0);
                set.UpdateAdam(blocks[3], zero, blocks[4], blocks[5], new(T.Zero, T.Zero, Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), Of<T>(0.5), T.One, Of<T>(1e-8)));
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

    private static void Close<T>(double expected, T computed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => Assert.Equal(expected, double.CreateTruncating(computed), Tolerance.ForFormula<T>(1));
}
