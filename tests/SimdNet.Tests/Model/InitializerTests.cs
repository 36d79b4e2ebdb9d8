using System;
using System.Linq;

using Xunit;

namespace SimdNet.Tests.Model;

/// <summary>Initial parameters have the distribution that was asked for, and the same bits for the same seed.</summary>
public sealed class InitializerTests
{
    public static TheoryData<Initializer, double, double> Distributions => new()
    {
        { Initializer.Normal(0.5), 0.5, double.PositiveInfinity },
        { Initializer.Uniform(-3, 3), 3 / Math.Sqrt(3), 3 },
        { Initializer.GlorotUniform, Math.Sqrt(2.0 / 500), Math.Sqrt(6.0 / 500) },
        { Initializer.GlorotNormal, Math.Sqrt(2.0 / 500), double.PositiveInfinity },
        { Initializer.HeUniform, Math.Sqrt(2.0 / 300), Math.Sqrt(6.0 / 300) },
        { Initializer.HeNormal, Math.Sqrt(2.0 / 300), double.PositiveInfinity },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Mean_deviation_and_range(Initializer initializer, double deviation, double bound)
    {
        double[] values = Weights(initializer, seed: 1);
        double mean = values.Average();
        double measured = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        // 60,000 numbers: five standard errors of the mean and of the deviation.
        Assert.True(Math.Abs(mean) < 5 * deviation / Math.Sqrt(values.Length), $"mean {mean}");
        Assert.True(Math.Abs(measured - deviation) < 5 * deviation / Math.Sqrt(2 * values.Length), $"deviation {measured}, expected {deviation}");
        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.True(values.Distinct().Count() > 0.99 * values.Length);
        if (double.IsFinite(bound))
        {
            Assert.True(values.Max() > 0.99 * bound && values.Min() < -0.99 * bound);
        }
    }

    [Fact]
    public void A_seed_decides_every_number_and_each_tensor_has_its_own()
    {
        Assert.Equal(Weights(Initializer.HeNormal, 1), Weights(Initializer.HeNormal, 1));
        Assert.NotEqual(Weights(Initializer.HeNormal, 1), Weights(Initializer.HeNormal, 2));
        Network<double> network = NetworkSpec.Input(3).Dense(3, kernelInitializer: Initializer.Normal(), biasInitializer: Initializer.Normal()).Dense(3, kernelInitializer: Initializer.Normal()).Build<double>();
        Assert.NotEqual(network.GetParameter("W1").ToArray(), network.GetParameter("W2").ToArray());
        Assert.NotEqual(network.GetParameter("W1")[..3].ToArray(), network.GetParameter("b1").ToArray());
        Assert.Equal([0.0, 0, 0], network.GetParameter("b2").ToArray());
    }

    [Fact]
    public void Precisions_start_from_the_same_numbers()
    {
        NetworkSpec spec = NetworkSpec.Input(30).Dense(20);
        Assert.Equal(spec.Build<double>(5).GetParameter("W1").ToArray().Select(value => (float)value), spec.Build<float>(5).GetParameter("W1").ToArray());
    }

    [Fact]
    public void Constants()
    {
        Assert.All(Weights(Initializer.Constant(0.25), 1), value => Assert.Equal(0.25, value));
        Assert.All(Weights(Initializer.Zeros, 1), value => Assert.Equal(0, value));
    }

    private static double[] Weights(Initializer initializer, ulong seed) => NetworkSpec.Input(300).Dense(200, kernelInitializer: initializer).Build<double>(seed).GetParameter("W1").ToArray();
}
