using System;
using System.Numerics;

using SimdNet.Model;

namespace SimdNet.Training.Steps;

/// <summary>How a batch of many tiles is cut into shards of rows, each with a gradient of its own, so that several threads can form it. One thread forms the same shards.</summary>
/// <remarks>
/// A tile of a network of narrow layers takes some tens of microseconds, and its products have too few outputs to be cut. A shard has at least one tile, and its gradients meet once at the end of the batch, in a
/// tree. A batch of one tile has no shards: it is cut by outputs, or not at all. How many shards there are follows from the network, the precision and the batch alone, since it decides how sums are rounded.
/// </remarks>
internal static class Shards
{
    /// <summary>The most shards: two each for four threads, a power of two for the tree. More would even out better on many cores, and cost a gradient block each.</summary>
    private const int Most = 8;

    /// <summary>Parameters of all shards together: 4 MB of float gradients. A network with more than half of it has products that are large enough to be cut by outputs. The suite Threads has rows on both sides of it, and of one tile and two.</summary>
    private const int MostParameters = 1 << 20;

    /// <summary>Shards of a batch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="rows">Rows of the batch.</param>
    public static int Of<T>(Network<T> network, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (network.TakesWholeBatches)
        {
            return 1;
        }

        int tileRows = Tiles.Rows(network);
        int tiles = rows / tileRows + (rows % tileRows > 0 ? 1 : 0);
        int possible = Math.Min(Math.Min(Most, tiles), MostParameters / Math.Max(1, network.ParameterBlock.Length));
        return possible < 2 ? 1 : 1 << BitOperations.Log2((uint)possible);
    }
}
