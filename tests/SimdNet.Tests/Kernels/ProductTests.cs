using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.Intrinsics;

using SimdNet.Kernels;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>The three matrix products against sums in twice the precision, exact integers and the order that the contract states.</summary>
[Trait("Suite", "Isa")]
public class ProductTests
{
    /// <summary>Around every tile and vector: {0–9, 15–17, 31–33, 63–65, 127–129}.</summary>
    private static readonly int[] Lattice = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129];

    private static readonly ProductKind[] Kinds = [ProductKind.Plain, ProductKind.TransposedB, ProductKind.TransposedA];

    [Fact]
    public void Random_shapes_are_within_the_bound_and_have_the_same_bits_at_every_width_in_float() => RandomShapes<float>(Long.Count(3_000, 60_000));

    [Fact]
    public void Random_shapes_are_within_the_bound_and_have_the_same_bits_at_every_width_in_double() => RandomShapes<double>(Long.Count(2_000, 40_000));

    [Fact]
    public void Integers_are_exact_on_the_lattice_in_float() => IntegersOnLattice<float>(Long.Count(7, 1));

    [Fact]
    public void Integers_are_exact_on_the_lattice_in_double() => IntegersOnLattice<double>(Long.Count(13, 1));

    [Fact]
    public void Terms_are_added_in_order_in_blocks_of_1024()
    {
        InOrder<float>();
        InOrder<double>();
    }

    [Fact]
    public void NaN_and_infinity_appear_where_the_scalar_form_has_them()
    {
        NonFinite<float>();
        NonFinite<double>();
    }

    /// <summary>Matrices large enough for the paths that small ones do not take: several blocks of rows, packed panels of B, both operands packed; few columns and many rows or terms, with and without gaps between the rows. On both sides of each threshold of the plan.</summary>
    [Theory]
    [InlineData(255, 790, 1024)]
    [InlineData(256, 790, 1024)]
    [InlineData(260, 768, 1024)]
    [InlineData(260, 769, 1024)]
    [InlineData(300, 1060, 1100)]
    [InlineData(47, 256, 512)]
    [InlineData(48, 256, 512)]
    [InlineData(100, 255, 512)]
    [InlineData(100, 256, 512)]
    [InlineData(100, 256, 511)]
    [InlineData(47, 130, 1024)]
    [InlineData(48, 130, 1024)]
    [InlineData(48, 300, 1024)]
    [InlineData(127, 512, 512)]
    [InlineData(128, 512, 512)]
    [InlineData(255, 512, 1024)]
    [InlineData(256, 512, 1024)]
    [InlineData(512, 450, 600)]
    [InlineData(70, 71, 72)]
    [InlineData(97, 33, 30)]
    [InlineData(96, 32, 30)]
    [InlineData(200, 300, 1100)]
    [InlineData(130, 530, 700)]
    [InlineData(400, 17, 20)]
    [InlineData(300, 785, 10)]
    [InlineData(500, 16, 130)]
    [InlineData(200, 10, 2500)]
    [InlineData(1100, 7, 300)]
    [InlineData(1030, 2, 1500)]
    [InlineData(130, 14, 755)]
    [InlineData(130, 14, 757)]
    [InlineData(210, 30, 950)]
    [InlineData(1100, 25, 200)]
    [InlineData(1100, 40, 200)]
    [InlineData(190, 32, 1100)]
    [InlineData(130, 16, 1100)]
    [InlineData(210, 33, 950)]
    public void Large_products_have_the_same_bits_at_every_width_and_in_order(int m, int n, int k)
    {
        foreach (ProductKind kind in Kinds)
        {
            LargeInOrder<float>(kind, m, n, k, accumulate: true, gap: 3);
            LargeInOrder<float>(kind, m, n, k, accumulate: false, gap: 0);
            LargeInOrder<double>(kind, m, n, k, accumulate: true, gap: 0);
        }
    }

    /// <summary>At every width: <see cref="Vector{T}"/> has 512 bits where DOTNET_MaxVectorTBitWidth says so, and three of them would be more columns than a panel has.</summary>
    [Fact]
    public void The_sums_of_few_columns_fit_the_least_scratch()
    {
        Fit<float, FloatPrecision, Vector512<float>, Width512<float>>();
        Fit<float, FloatPrecision, Vector256<float>, Width256<float>>();
        Fit<float, FloatPrecision, Vector128<float>, Width128<float>>();
        Fit<float, FloatPrecision, Vector<float>, WidthVectorT<float>>();
        Fit<float, FloatPrecision, float, WidthScalar<float>>();
        Fit<double, DoublePrecision, Vector512<double>, Width512<double>>();
        Fit<double, DoublePrecision, Vector256<double>, Width256<double>>();
        Fit<double, DoublePrecision, Vector128<double>, Width128<double>>();
        Fit<double, DoublePrecision, Vector<double>, WidthVectorT<double>>();
        Fit<double, DoublePrecision, double, WidthScalar<double>>();

        static void Fit<T, TPrecision, TVector, TWidth>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
            where TPrecision : IPrecision<T>
            where TVector : unmanaged
            where TWidth : IWidth<TVector, T>
            => Assert.InRange(
                NarrowProduct<T, TPrecision, TVector, TWidth>.LastLength + (KernelSet<T>.KBlock * NarrowProduct<T, TPrecision, TVector, TWidth>.MostColumns),
                1,
                Product<T, TPrecision, TVector, TWidth>.LeastScratchLength);
    }

    /// <summary>Negative control: a long sum in two parts, rather than one that is put down and taken up again, has other bits.</summary>
    [Fact]
    public void A_sum_in_two_parts_is_noticed()
    {
        ProductCase<float> product = Create<float>(ProductKind.TransposedA, 900, 3, 600, accumulate: false, gap: 0, offset: 0, seed: 9);
        float[] computed = product.Run(KernelSets.Active<float>());
        int different = 0;
        for (int i = 0; i < product.M; i++)
        {
            float first = 0, second = 0;
            for (int p = 0; p < 300; p++)
            {
                first = FusedMultiplyAdd.Of(product.A[(i * product.K) + p], product.B[p * product.N], first);
                second = FusedMultiplyAdd.Of(product.A[(i * product.K) + 300 + p], product.B[(300 + p) * product.N], second);
            }

            different += first + second == computed[i * product.N] ? 0 : 1;
        }

        Assert.True(different > product.M / 2);
    }

    /// <summary>Negative control: a product that lacks one term must be outside the bound.</summary>
    [Fact]
    public void A_dropped_term_is_noticed()
    {
        ProductCase<float> product = Create<float>(ProductKind.Plain, 5, 7, 40, accumulate: false, gap: 0, offset: 0, seed: 3);
        float[] computed = product.Run(KernelSets.Active<float>());
        Assert.Null(FirstOutside(product, computed));
        computed[9] -= product.A[(1 * 40) + 11] * product.B[(11 * 7) + 2];
        Assert.NotNull(FirstOutside(product, computed));
    }

    private static ProductCase<T> Create<T>(ProductKind kind, int m, int n, int k, bool accumulate, int gap, int offset, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ProductCase<T> product = new(kind, m, n, k, accumulate, gap, offset);
        Numbers.Fill<T>(product.A, seed);
        Numbers.Fill<T>(product.B, seed + 1);
        Numbers.Fill<T>(product.C, seed + 2);
        product.Place();
        return product;
    }

    private static void LargeInOrder<T>(ProductKind kind, int m, int n, int k, bool accumulate, int gap)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ProductCase<T> product = Create<T>(kind, m, n, k, accumulate, gap, offset: 1, seed: 5);
        T[]? expected = null;
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            T[] computed = product.Run(set);
            expected ??= computed;
            Assert.True(Numbers.FirstDifference<T>(expected, computed) < 0, $"{product} on {set.Name}.");
        }

        for (int i = 0; i < m; i += 37)
        {
            for (int j = 0; j < n; j += n > 20 ? 13 : 1)
            {
                Assert.Equal(InOrder(product, i, j), expected![(i * n) + j]);
            }
        }
    }

    private static void RandomShapes<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Philox random = new(7, RandomPurpose.Split);
        IReadOnlyList<KernelSet<T>> sets = KernelSets.Supported<T>();
        for (int i = 0; i < count; i++)
        {
            int Size(ref Philox source)
            {
                int lanes = 64 / int.CreateTruncating(Tolerance.Epsilon<T>() > 1e-10 ? 4 : 8);
                return source.NextInt(4) switch
                {
                    0 => source.NextInt(4),
                    1 => Math.Max(0, (lanes * (1 + source.NextInt(3))) + source.NextInt(3) - 1),
                    2 => Math.Max(0, (12 * (1 + source.NextInt(4))) + source.NextInt(3) - 1),
                    _ => source.NextInt(90),
                };
            }

            int m = Size(ref random);
            int n = Size(ref random);
            int k = i % 50 == 0 ? 1000 + random.NextInt(60) : Size(ref random);
            ProductCase<T> product = Create<T>(Kinds[i % 3], m, n, k, random.NextInt(2) == 1, random.NextInt(3) * random.NextInt(6), random.NextInt(16), i);
            T[]? expected = null;
            foreach (KernelSet<T> set in sets)
            {
                T[] computed = product.Run(set);
                if (expected is null)
                {
                    expected = computed;
                    string? outside = FirstOutside(product, computed);
                    Assert.True(outside is null, $"{product} on {set.Name}: {outside}.");
                }

                int difference = Numbers.FirstDifference<T>(expected, computed);
                Assert.True(difference < 0, $"{product} on {set.Name}: element {difference} differs from {sets[0].Name}.");
            }
        }
    }

    /// <summary>|computed − exact| ≤ 16·ε·Σ|a·b|, or where it is not.</summary>
    private static string? FirstOutside<T>(ProductCase<T> product, T[] computed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < product.M; i++)
        {
            for (int j = 0; j < product.N; j++)
            {
                ExactDot exact = default;
                if (product.Accumulate)
                {
                    exact.Add(double.CreateTruncating(product.C[(i * product.N) + j]), 1);
                }

                for (int p = 0; p < product.K; p++)
                {
                    exact.Add(double.CreateTruncating(product.A[(i * product.K) + p]), double.CreateTruncating(product.B[(p * product.N) + j]));
                }

                double error = Math.Abs(double.CreateTruncating(computed[(i * product.N) + j]) - exact.Value);
                if (!(error <= Tolerance.ForSum<T>(exact.Magnitude)))
                {
                    return $"({i}, {j}) is {error} off";
                }
            }
        }

        return null;
    }

    private static void IntegersOnLattice<T>(int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int index = 0;
        foreach (int m in Lattice)
        {
            foreach (int n in Lattice)
            {
                foreach (int k in Lattice)
                {
                    // A step that shares no factor with the lattice's 22 visits every value of every dimension.
                    if (index++ % step == 0)
                    {
                        Integers<T>(m, n, k, index);
                    }
                }
            }
        }
    }

    private static void Integers<T>(int m, int n, int k, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (ProductKind kind in Kinds)
        {
            foreach (bool accumulate in (bool[])[false, true])
            {
                ProductCase<T> product = new(kind, m, n, k, accumulate, seed % 4, seed % 16);
                Numbers.FillIntegers<T>(product.A, seed);
                Numbers.FillIntegers<T>(product.B, seed + 1);
                Numbers.FillIntegers<T>(product.C, seed + 2);
                product.Place();
                T[] expected = accumulate ? (T[])product.C.Clone() : new T[m * n];
                NaiveProduct.Add<T>(m, n, k, product.A, product.B, expected);
                foreach (KernelSet<T> set in KernelSets.Supported<T>())
                {
                    Assert.True(expected.AsSpan().SequenceEqual(product.Run(set)), $"{product} on {set.Name}.");
                }
            }
        }
    }

    private static void InOrder<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int k in (int[])[1, 2, 1023, 1024, 1025, 2049, 2500])
        {
            foreach (ProductKind kind in Kinds)
            {
                foreach (bool accumulate in (bool[])[false, true])
                {
                    ProductCase<T> product = Create<T>(kind, 5, 7, k, accumulate, 2, 1, k);
                    foreach (KernelSet<T> set in KernelSets.Supported<T>())
                    {
                        T[] computed = product.Run(set);
                        for (int i = 0; i < computed.Length; i++)
                        {
                            Assert.True(Numbers.SameBits(InOrder(product, i / 7, i % 7), computed[i]), $"{product} on {set.Name}: element {i}.");
                        }
                    }
                }
            }
        }
    }

    /// <summary>One element as the contract says: blocks of k from 0, fused, in order, each added to C when it is complete.</summary>
    private static T InOrder<T>(ProductCase<T> product, int i, int j)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T? c = product.Accumulate ? product.C[(i * product.N) + j] : null;
        for (int start = 0; start < product.K; start += KernelSet<T>.KBlock)
        {
            T block = T.Zero;
            for (int p = start; p < Math.Min(product.K, start + KernelSet<T>.KBlock); p++)
            {
                block = FusedMultiplyAdd.Of(product.A[(i * product.K) + p], product.B[(p * product.N) + j], block);
            }

            c = c is null ? block : c + block;
        }

        return c ?? T.Zero;
    }

    private static void NonFinite<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T[] values = [T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero];
        for (int seed = 0; seed < 60; seed++)
        {
            Philox random = new((ulong)seed, RandomPurpose.Split);
            ProductCase<T> product = new(Kinds[seed % 3], 1 + random.NextInt(30), 1 + random.NextInt(40), 1 + random.NextInt(20), seed % 2 == 0, 1, 3);
            Numbers.Fill<T>(product.A, seed);
            Numbers.Fill<T>(product.B, seed + 1);
            Numbers.Fill<T>(product.C, seed + 2);
            for (int i = 0; i < 4; i++)
            {
                product.A[random.NextInt(product.A.Length)] = values[random.NextInt(4)];
                product.B[random.NextInt(product.B.Length)] = values[random.NextInt(4)];
            }

            product.Place();
            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                T[] computed = product.Run(set);
                for (int i = 0; i < computed.Length; i++)
                {
                    Assert.True(Numbers.SameBits(InOrder(product, i / product.N, i % product.N), computed[i]), $"{product} on {set.Name}: element {i} is {computed[i]}.");
                }
            }
        }
    }
}
