using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Memory;
using SimdNet.Numerics;

using Xunit;

namespace SimdNet.Tests.Numerics;

/// <summary>Whether operands share memory, against the sets of their elements.</summary>
public sealed class FootprintTests
{
    [Fact]
    public void Blocks_of_columns_meet_exactly_where_they_share_an_element() => Assert.Equal((0, 0), Mistakes((a, b, memory) => a.Of(memory).Overlaps(b.Of(memory)), sameStride: true));

    [Fact]
    public void A_shared_element_is_never_missed() => Assert.Equal(0, Mistakes((a, b, memory) => a.Of(memory).Overlaps(b.Of(memory)), sameStride: false).Missed);

    /// <summary>Negative control: to compare where blocks begin and end refuses columns beside each other, and to compare where they begin misses others.</summary>
    [Fact]
    public void Simpler_rules_are_noticed()
    {
        Assert.True(Mistakes((a, b, _) => a.First < b.End && b.First < a.End, sameStride: true).Refused > 0);
        Assert.True(Mistakes((a, b, _) => a.First == b.First, sameStride: true).Missed > 0);
    }

    [Fact]
    public void Tensors_that_share_an_element_are_found()
    {
        Random random = new(3);
        float[] memory = new float[400];
        int shared = 0;
        for (int i = 0; i < 5_000; i++)
        {
            TensorLayout[] shapes = [.. TensorLayout.Of([.. Enumerable.Range(0, 1 + random.Next(3)).Select(_ => (nint)(1 + random.Next(4)))])];
            TensorLayout a = shapes[random.Next(shapes.Length)] with { Offset = random.Next(40) };
            TensorLayout b = shapes[random.Next(shapes.Length)] with { Offset = random.Next(40) };
            bool meet = a.Places().Intersect(b.Places()).Any();
            shared += meet ? 1 : 0;
            Assert.True(!meet || TensorOperands.FootprintOf(a.Read(memory)).Overlaps(TensorOperands.FootprintOf(b.Read(memory))), $"{a} and {b}");
        }

        Assert.InRange(shared, 1_000, 4_900);
    }

    private static (int Missed, int Refused) Mistakes(Func<Block, Block, float[], bool> rule, bool sameStride)
    {
        Random random = new(7);
        float[] memory = new float[300];
        (int missed, int refused) = (0, 0);
        for (int i = 0; i < 20_000; i++)
        {
            int stride = 4 + random.Next(8);
            Block a = Draw(stride);
            Block b = Draw(sameStride ? stride : 4 + random.Next(8));
            bool meet = a.Elements.Intersect(b.Elements).Any();
            bool found = rule(a, b, memory);
            missed += meet && !found ? 1 : 0;
            refused += found && !meet ? 1 : 0;
        }

        return (missed, refused);

        Block Draw(int stride) => new(random.Next(60), random.Next(6), random.Next(stride + 1), stride);
    }

    private sealed record Block(int First, int Rows, int Columns, int Stride)
    {
        public IEnumerable<int> Elements => Enumerable.Range(0, Rows).SelectMany(row => Enumerable.Range(First + (row * Stride), Columns));

        public int End => First + ((Rows - 1) * Stride) + Columns;

        public Footprint<float> Of(float[] memory) => new(new ReadOnlyMatrixView<float>(memory.AsSpan(First), Rows, Columns, Stride));
    }
}
