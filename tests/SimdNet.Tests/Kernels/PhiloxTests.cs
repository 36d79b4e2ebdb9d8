using System;

using SimdNet.Kernels;

using Xunit;

namespace SimdNet.Tests.Kernels;

[Trait("Suite", "Isa")]
public class PhiloxTests
{
    /// <summary>The known answers that the authors publish with their implementation (Random123, kat_vectors).</summary>
    [Theory]
    [InlineData(0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(uint.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    public void Block_gives_the_published_answers(uint everyWord, uint w0, uint w1, uint w2, uint w3)
    {
        Philox.Words words = Philox.Block(everyWord, everyWord, everyWord, everyWord, everyWord, everyWord);
        Assert.Equal([w0, w1, w2, w3], ((ReadOnlySpan<uint>)words).ToArray());
    }

    [Fact]
    public void Purposes_streams_and_seeds_give_different_numbers_and_repeat()
    {
        ulong First(ulong seed, RandomPurpose purpose, ulong stream) => new Philox(seed, purpose, stream).NextUInt64();

        ulong reference = First(42, RandomPurpose.Shuffle, 1);
        Assert.Equal(reference, First(42, RandomPurpose.Shuffle, 1));
        Assert.NotEqual(reference, First(43, RandomPurpose.Shuffle, 1));
        Assert.NotEqual(reference, First(42UL | (1UL << 32), RandomPurpose.Shuffle, 1));
        Assert.NotEqual(reference, First(42, RandomPurpose.Dropout, 1));
        Assert.NotEqual(reference, First(42, RandomPurpose.Shuffle, 2));
        Assert.NotEqual(reference, First(42, RandomPurpose.Shuffle, 1UL | (1UL << 32)));
    }

    [Fact]
    public void Integers_are_uniform_for_bounds_that_do_not_divide_a_power_of_two()
    {
        Philox random = new(1, RandomPurpose.Shuffle);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.NextInt(7)]++;
        }

        double chiSquare = 0;
        foreach (int count in counts)
        {
            chiSquare += (count - 10_000.0) * (count - 10_000.0) / 10_000.0;
        }

        // 6 degrees of freedom: 22.5 is exceeded once in a thousand seeds.
        Assert.True(chiSquare < 22.5, $"χ² = {chiSquare}.");
        Assert.Equal(0, random.NextInt(1));
    }

    [Fact]
    public void Rejection_makes_large_bounds_uniform()
    {
        // Without rejection a bound of 3 · 2²⁹ would give the lower third of each stretch twice as often.
        Philox random = new(2, RandomPurpose.Shuffle);
        int multiples = 0;
        const int draws = 60_000;
        for (int i = 0; i < draws; i++)
        {
            multiples += random.NextInt(3 << 29) % 3 == 0 ? 1 : 0;
        }

        Assert.InRange(multiples, (draws / 3) - 600, (draws / 3) + 600);
    }

    [Fact]
    public void Uniform_numbers_fill_the_unit_interval()
    {
        Philox random = new(3, RandomPurpose.Initialization);
        double sum = 0;
        double squares = 0;
        const int draws = 100_000;
        for (int i = 0; i < draws; i++)
        {
            double u = random.NextUniform();
            Assert.InRange(u, 0, Math.BitDecrement(1.0));
            sum += u;
            squares += u * u;
        }

        // Five standard errors.
        Assert.Equal(0.5, sum / draws, 5 * Math.Sqrt(1.0 / 12 / draws));
        Assert.Equal(1.0 / 3, squares / draws, 5 * Math.Sqrt(4.0 / 45 / draws));
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_the_normal_distribution()
    {
        Philox random = new(4, RandomPurpose.Initialization);
        double sum = 0;
        double squares = 0;
        double fourths = 0;
        const int draws = 100_000;
        for (int i = 0; i < draws; i++)
        {
            double x = random.NextNormal();
            sum += x;
            squares += x * x;
            fourths += x * x * x * x;
        }

        Assert.Equal(0, sum / draws, 5 / Math.Sqrt(draws));
        Assert.Equal(1, squares / draws, 5 * Math.Sqrt(2.0 / draws));
        Assert.Equal(3, fourths / draws, 5 * Math.Sqrt(96.0 / draws));
    }

    /// <summary>Quantiles to sixteen digits (Abramowitz and Stegun; computed with 50 digits).</summary>
    [Theory]
    [InlineData(0.5, 0.0)]
    [InlineData(0.975, 1.9599639845400542)]
    [InlineData(0.001, -3.0902323061678135)]
    [InlineData(1e-20, -9.262340089798408)]
    [InlineData(0.25, -0.6744897501960817)]
    public void Normal_quantiles_are_right(double probability, double expected)
        => Assert.Equal(expected, NormalQuantile.Of(probability), 4e-15 * Math.Max(1, Math.Abs(expected)));
}
