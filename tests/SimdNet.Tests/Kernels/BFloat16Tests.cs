using System;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Weights in bfloat16: how they are rounded, and the product with them at every width.</summary>
[Trait("Suite", "Isa")]
public class BFloat16Tests
{
    private static readonly float Bound = MathF.ScaleB(1, -8);

    [Fact]
    public void Rounding_is_to_nearest_with_ties_to_even()
    {
        Assert.Equal(1, BFloat16.Round(1));
        Assert.Equal(1, BFloat16.Round(1 + MathF.ScaleB(1, -8)));
        Assert.Equal(1 + MathF.ScaleB(1, -7), BFloat16.Round(MathF.BitIncrement(1 + MathF.ScaleB(1, -8))));
        Assert.Equal(1 + MathF.ScaleB(1, -6), BFloat16.Round(1 + (3 * MathF.ScaleB(1, -8))));
        Assert.True(float.IsNaN(BFloat16.Round(BitConverter.UInt32BitsToSingle(0x7F80_0001))));
        Assert.Equal(float.NegativeInfinity, BFloat16.Round(float.NegativeInfinity));
        Assert.Equal(float.PositiveInfinity, BFloat16.Round(float.MaxValue));
        Assert.True(Numbers.SameBits(-0f, BFloat16.Round(-0f)));
    }

    [Fact]
    public void Every_weight_is_within_the_stated_error()
    {
        float[] weights = new float[100_000];
        Numbers.Fill<float>(weights, 1);
        float worst = 0;
        foreach (float weight in weights)
        {
            worst = MathF.Max(worst, MathF.Abs(BFloat16.Round(weight) - weight) / MathF.Abs(weight));
        }

        Assert.True(worst <= Bound);

        // Negative control: what is cut off instead of rounded is not.
        float cut = 0;
        foreach (float weight in weights)
        {
            float shorter = BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(weight) & 0xFFFF_0000);
            cut = MathF.Max(cut, MathF.Abs(shorter - weight) / MathF.Abs(weight));
        }

        Assert.True(cut > Bound);
    }

    [Fact]
    public void The_product_has_the_bits_of_a_loop_over_the_rounded_weights()
    {
        foreach (int columns in (int[])[1, 10, 31, 32, 33, 47, 49, 100, 128, 160, 300])
        {
            foreach (int rows in (int[])[0, 1, 5, 78, 1025])
            {
                float[] x = new float[rows];
                Numbers.Fill<float>(x, 1);
                for (int i = 0; i < rows; i += 3)
                {
                    x[i] = 0;
                }

                float[] weights = new float[rows * columns];
                Numbers.Fill<float>(weights, 2);
                float[] words = new float[rows * BFloat16.Words(columns)];
                BFloat16.Pack(weights, columns, words);
                float[] start = new float[columns];
                Numbers.Fill<float>(start, 3);
                float[] expected = (float[])start.Clone();
                for (int i = 0; i < weights.Length; i++)
                {
                    ref float sum = ref expected[i % columns];
                    sum = x[i / columns] == 0 ? sum : FusedMultiplyAdd.Of(x[i / columns], BFloat16.Round(weights[i]), sum);
                }

                foreach (KernelSet<float> set in KernelSets.Supported<float>())
                {
                    float[] y = (float[])start.Clone();
                    set.VectorBFloat16Matrix(x, words, y);
                    Assert.True(Numbers.FirstDifference<float>(expected, y) < 0, $"{rows} × {columns}, {set.Name}.");
                }
            }
        }
    }

    [Fact]
    public void A_weight_that_is_not_finite_stays_unseen_where_its_input_is_zero()
    {
        float[] weights = new float[2 * 40];
        weights.AsSpan(0, 40).Fill(float.NaN);
        float[] words = new float[2 * BFloat16.Words(40)];
        BFloat16.Pack(weights, 40, words);
        foreach (KernelSet<float> set in KernelSets.Supported<float>())
        {
            float[] y = new float[40];
            set.VectorBFloat16Matrix([0, 1], words, y);
            Assert.All(y, sum => Assert.Equal(0, sum));
            set.VectorBFloat16Matrix([1, 1], words, y);
            Assert.All(y, sum => Assert.True(float.IsNaN(sum)));
        }
    }
}
