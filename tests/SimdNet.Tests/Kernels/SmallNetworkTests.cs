using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Small networks as a whole: what is not asked of every kernel alike.</summary>
[Trait("Suite", "Isa")]
public class SmallNetworkTests
{
    /// <summary>What saturates hides an infinite number from the layers above, and lanes beyond a row's end, 0 times infinity, must not show it to them.</summary>
    [Fact]
    public void An_infinite_input_that_saturates_the_first_layer_leaves_the_bits_of_the_scalar_form()
    {
        Saturated<float>();
        Saturated<double>();
    }

    private static void Saturated<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int units = 2; units <= SmallNetwork<T>.MaxWidth; units++)
        {
            foreach (int outputs in (int[])[1, 2])
            {
                int second = 4 * units;
                SmallNetwork<T> network = new(
                [
                    new(3, units, 0, 3 * units, ActivationKind.Tanh, T.Zero),
                    new(units, outputs, second, -1, ActivationKind.Identity, T.Zero),
                ]);
                T[] parameters = new T[second + (units * outputs)];
                Numbers.Fill<T>(parameters, units);
                T[] expected = new T[outputs];
                T[] output = new T[outputs];
                Predict(KernelSets.Supported<T>()[^1], T.PositiveInfinity, expected);
                Assert.All(expected, value => Assert.True(T.IsFinite(value)));
                foreach (KernelSet<T> set in KernelSets.Supported<T>())
                {
                    Predict(set, T.PositiveInfinity, output);
                    Assert.True(Numbers.FirstDifference<T>(expected, output) < 0, $"3-{units}-{outputs} on {set.Name}, {typeof(T).Name}: {output[0]} instead of {expected[0]}.");

                    // The control: what does not saturate shows.
                    Predict(set, T.NaN, output);
                    Assert.All(output, value => Assert.True(T.IsNaN(value)));
                }

                void Predict(KernelSet<T> set, T input, T[] results) => set.SmallPredict(network, parameters, [T.CreateTruncating(0.5), input, T.CreateTruncating(-0.25)], results);
            }
        }
    }
}
