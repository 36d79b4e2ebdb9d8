using System;
using System.Linq;

using SimdNet.Data;

using Xunit;

namespace SimdNet.Tests.Data;

public sealed class ArrayShapeTests
{
    /// <summary>Each element is found where the formula of each order has it, in every width and also where most dimensions are of size 1.</summary>
    [Fact]
    public void Fortran_order_becomes_C_order()
    {
        Random random = new(1);
        for (int run = 0; run < 500; run++)
        {
            int[] shape = [.. Enumerable.Range(0, random.Next(8)).Select(_ => random.Next(3) == 0 ? random.Next(5) : 1)];
            int count = shape.Aggregate(1, (a, b) => a * b);
            int size = 1 << random.Next(4);
            byte[] bytes = new byte[count * size];
            random.NextBytes(bytes);
            byte[] reordered = ArrayShape.FromFortranOrder(bytes, shape, size);
            for (int i = 0; i < count; i++)
            {
                (int rest, int source, int stride) = (i, 0, count);
                for (int axis = shape.Length - 1; axis >= 0; axis--)
                {
                    stride /= shape[axis];
                    source += rest % shape[axis] * stride;
                    rest /= shape[axis];
                }

                Assert.Equal(bytes.AsSpan(source * size, size).ToArray(), reordered.AsSpan(i * size, size).ToArray());
            }
        }
    }

    /// <summary>What steps over dimensions at each row is given none of size 1: with 62 of them a file of 100 MB would take minutes.</summary>
    [Theory]
    [InlineData(new int[0], new int[0])]
    [InlineData(new[] { 1, 1, 1 }, new int[0])]
    [InlineData(new[] { 7, 1, 0, 1, 2, 1 }, new[] { 7, 0, 2 })]
    public void Dimensions_of_size_1_are_passed_over(int[] shape, int[] expected)
    {
        int[] axes = new int[ArrayShape.MaxRank];
        Assert.Equal(expected, axes[..ArrayShape.WithoutOnes(shape, axes)]);
    }

    [Fact]
    public void As_many_dimensions_as_there_may_be_are_reordered()
    {
        int[] shape = [2, .. Enumerable.Repeat(1, ArrayShape.MaxRank - 2), 3];
        Assert.Equal([0, 2, 4, 1, 3, 5], ArrayShape.FromFortranOrder([0, 1, 2, 3, 4, 5], shape, 1));
    }
}
