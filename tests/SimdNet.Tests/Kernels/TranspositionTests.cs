using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Kernels;

/// <summary>Transposed copies of every shape around those of the blocks, between canaries; pairs of rows or columns have a way of their own.</summary>
[Trait("Suite", "Isa")]
public sealed class TranspositionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Copies_are_exact_and_keep_to_their_block(bool add)
    {
        for (int rows = 1; rows <= 19; rows++)
        {
            for (int columns = 1; columns <= 19; columns++)
            {
                foreach (int gap in (int[])[0, 3])
                {
                    Check<float>(rows, columns, gap, add);
                    Check<double>(rows, columns, gap, add);
                }
            }
        }
    }

    private static unsafe void Check<T>(int rows, int columns, int gap, bool add)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CanaryArena<T> arena = new(2 * 32 * 32, 1);
        int sourceStride = columns + gap;
        int stride = rows + gap;
        Span<T> source = arena.RentRandom(((rows - 1) * sourceStride) + columns, 1);
        Span<T> destination = arena.RentRandom(((columns - 1) * stride) + rows, 2);
        T[] before = destination.ToArray();
        fixed (T* from = source, to = destination)
        {
            Transposition<T>.Copy(rows, columns, from, sourceStride, to, stride, add);
        }

        Assert.True(arena.IsIntact, $"{rows}x{columns}, gap {gap}: written beyond the block");
        for (int i = 0; i < destination.Length; i++)
        {
            (int column, int row) = (i / stride, i % stride);
            T expected = row >= rows ? before[i] : source[(row * sourceStride) + column] + (add ? before[i] : T.Zero);
            Assert.True(expected == destination[i], $"{rows}x{columns}, gap {gap}: [{column}, {row}] is {destination[i]}, not {expected}");
        }
    }
}
