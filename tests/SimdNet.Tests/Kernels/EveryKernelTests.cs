using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>What is asked of every kernel alike.</summary>
[Trait("Suite", "Isa")]
public class EveryKernelTests
{
    private const int LongestLength = 257;
    private const int Offsets = 16;

    // 14 rows of the longest length with their gaps, beside operands and the scratch of the widest set.
    private const int Capacity = 90_000;

    [Fact]
    public void Has_the_bits_of_the_scalar_form_at_every_length_and_offset_in_float() => SameBitsAsScalar<float>();

    [Fact]
    public void Has_the_bits_of_the_scalar_form_at_every_length_and_offset_in_double() => SameBitsAsScalar<double>();

    [Fact]
    public void Stays_between_guard_pages_in_float() => StaysBetweenGuardPages<float>();

    [Fact]
    public void Stays_between_guard_pages_in_double() => StaysBetweenGuardPages<double>();

    [Fact]
    public void Allocates_nothing_in_float() => AllocatesNothing<float>();

    [Fact]
    public void Allocates_nothing_in_double() => AllocatesNothing<double>();

    /// <summary>Negative control: the check of lanes and bits must see a dot product whose lanes follow the width.</summary>
    [Fact]
    public void A_dot_product_whose_lanes_follow_the_width_is_noticed()
    {
        float[] x = new float[257];
        float[] y = new float[257];
        Numbers.Fill<float>(x, 1);
        Numbers.Fill<float>(y, 2);
        float Lanes(int lanes)
        {
            float[] sums = new float[lanes];
            for (int i = 0; i < x.Length; i++)
            {
                sums[i % lanes] = MathF.FusedMultiplyAdd(x[i], y[i], sums[i % lanes]);
            }

            for (int half = lanes / 2; half > 0; half /= 2)
            {
                for (int j = 0; j < half; j++)
                {
                    sums[j] += sums[j + half];
                }
            }

            return sums[0];
        }

        Assert.NotEqual(-1, Numbers.FirstDifference<float>([Lanes(8)], [Lanes(16)]));
    }

    /// <summary>Negative control: a write past the end must be seen by the canaries.</summary>
    [Fact]
    public void A_broken_canary_is_noticed()
    {
        CanaryArena<float> arena = new(100, 3);
        arena.RentRandom(10, 1);
        arena.RentRandom(20, 2);
        Assert.True(arena.IsIntact);
        arena.BreakCanary();
        Assert.False(arena.IsIntact);
    }

    /// <summary>Negative control: the byte beside a guarded block cannot be read, the block's own can.</summary>
    [Theory]
    [InlineData(GuardedSide.Before)]
    [InlineData(GuardedSide.After)]
    internal void A_guard_page_cannot_be_read(GuardedSide side)
    {
        if (GuardedArena<float>.IsSupported)
        {
            using GuardedArena<float> arena = new(side, 100);
            arena.RentRandom(10, 1);
            Assert.True(arena.CanReadWithin());
            Assert.False(arena.CanReadBeyond());
        }
    }

    /// <summary>Negative control: one allocation in the measured stretch must be counted.</summary>
    [Fact]
    public void An_allocation_is_noticed()
    {
        object? kept = null;
        Assert.NotEqual(0, Allocation.Of(() => kept = new object(), 20).Bytes);
        Assert.NotNull(kept);
    }

    private static void SameBitsAsScalar<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        IReadOnlyList<KernelSet<T>> sets = KernelSets.Supported<T>();
        KernelSet<T> scalar = sets[^1];
        CanaryArena<T> expected = new(Capacity, 0);
        CanaryArena<T>[] arenas = new CanaryArena<T>[Offsets];
        for (int offset = 0; offset < Offsets; offset++)
        {
            arenas[offset] = new CanaryArena<T>(Capacity, offset);
        }

        foreach (KernelCase<T> kernel in KernelCases<T>.All)
        {
            for (int length = 0; length <= LongestLength; length++)
            {
                expected.Reset();
                kernel.Run(scalar, expected, length);
                Check(expected.IsIntact ? null : "wrote outside", kernel, scalar, length, offset: 0);
                for (int s = 0; s < sets.Count - 1; s++)
                {
                    for (int offset = 0; offset < Offsets; offset++)
                    {
                        CanaryArena<T> arena = arenas[offset];
                        arena.Reset();
                        kernel.Run(sets[s], arena, length);
                        Check(arena.IsIntact ? arena.DifferenceFrom(expected) : "wrote outside", kernel, sets[s], length, offset);
                    }
                }
            }
        }
    }

    /// <summary>Words are made for a failure alone: of some millions of runs they would take longer than the kernels.</summary>
    private static void Check<T>(string? failure, KernelCase<T> kernel, KernelSet<T> set, int length, int offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (failure is not null)
        {
            Assert.Fail($"{kernel.Name}, {set.Name}, length {length}, offset {offset}: {failure}.");
        }
    }

    private static void StaysBetweenGuardPages<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!GuardedArena<T>.IsSupported)
        {
            return;
        }

        foreach (GuardedSide side in (GuardedSide[])[GuardedSide.Before, GuardedSide.After])
        {
            using GuardedArena<T> arena = new(side, Capacity);
            foreach (KernelSet<T> set in KernelSets.Supported<T>())
            {
                foreach (KernelCase<T> kernel in KernelCases<T>.All)
                {
                    for (int length = 0; length <= 70; length++)
                    {
                        arena.Reset();
                        kernel.Run(set, arena, length);
                    }
                }
            }
        }
    }

    private static void AllocatesNothing<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CanaryArena<T> arena = new(Capacity, 3);
        foreach (KernelSet<T> set in KernelSets.Supported<T>())
        {
            foreach (KernelCase<T> kernel in KernelCases<T>.All)
            {
                long bytes = Allocation.Of(() =>
                {
                    arena.Reset();
                    kernel.Run(set, arena, 45);
                }, 20).Bytes;
                Assert.True(bytes == 0, $"{kernel.Name}, {set.Name}: {bytes} bytes.");
            }
        }
    }
}
