using System;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;

namespace SimdNet.Data;

/// <summary>The order in which an epoch visits the rows: a function of seed and epoch alone, so that a run can be resumed at any epoch.</summary>
/// <remarks>One array serves all epochs. For one thread at a time.</remarks>
/// <param name="rows">How many rows there are.</param>
internal sealed class BatchOrder(int rows)
{
    private readonly int[] _order = new int[rows];

    /// <summary>The rows in the order of an epoch; each order is as likely as any other. Allocates nothing.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Number of the epoch.</param>
    public ReadOnlySpan<int> Shuffle(ulong seed, ulong epoch)
    {
        Permutation(_order, seed, RandomPurpose.Shuffle, epoch);
        return _order;
    }

    /// <summary>Fills with a permutation (Fisher and Yates, as Durstenfeld has it).</summary>
    /// <param name="order">Filled with 0 to its length − 1.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="purpose">What the order is for; orders of different purposes have nothing to do with each other.</param>
    /// <param name="stream">Which of the orders of that seed and purpose.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Permutation(Span<int> order, ulong seed, RandomPurpose purpose, ulong stream = 0)
    {
        Philox random = new(seed, purpose, stream);
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int last = order.Length - 1; last > 0; last--)
        {
            int chosen = random.NextInt(last + 1);
            (order[last], order[chosen]) = (order[chosen], order[last]);
        }
    }
}
