using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;

namespace SimdNet.Model;

/// <summary>How a batch that exceeds the cache is cut into tiles of rows, so that forward and backward find a tile's rows still in L2 and the data is read once.</summary>
internal static class Tiles
{
    /// <summary>
    /// Bytes of a tile's inputs, outputs and gradients. It bounds what a tile adds to L2, beside the weights: three quarters of the 1 MB that current server cores have. It is a constant, not the machine's size,
    /// because the tile decides in which order a batch's gradient is summed, and so the bits. It is chosen so that a minibatch of 128 rows of 784 inputs with 128 units is one tile.
    /// </summary>
    private const int Budget = 768 * 1024;

    private const int Least = 16;
    private const int Most = 1024;

    /// <summary>The most rows in a tile, from the spec and the precision alone.</summary>
    public static int Rows<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long width = network.Inputs;
        foreach (Layers.Layer<T> layer in network.Layers)
        {
            width += 2L * layer.Outputs;
        }

        // Very wide layers: a workspace is one array, of about twice this width a row.
        long possible = Math.Max(1, (1L << 29) / width);
        return (int)Math.Min(possible, Math.Clamp(Budget / (width * Unsafe.SizeOf<T>()), Least, Most));
    }

    /// <summary>Rows of each tile when a batch is cut into as few tiles as possible and these are made as even as possible, in steps of 4.</summary>
    public static int Balanced(int rows, int most)
    {
        int tiles = (int)(((long)rows + most - 1) / most);
        int even = (int)(((long)rows + tiles - 1) / tiles);
        return Math.Min(most, (even + 3) / 4 * 4);
    }

    /// <summary>The workspace for a network whose batches have at most <paramref name="batch"/> rows.</summary>
    public static Workspace<T> Workspace<T>(Network<T> network, int batch, bool training, bool holdsInput = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int rows = Math.Min(batch, Rows(network));
        int scratch = network.Kernels.ScratchLength;
        Span<int> widths = new int[network.Layers.Length + 1];
        widths[0] = network.Inputs;
        for (int i = 0; i < network.Layers.Length; i++)
        {
            widths[i + 1] = network.Layers[i].Outputs;
            scratch = Math.Max(scratch, network.Kernels.ScratchLengthFor(rows, widths[i], widths[i + 1]));
        }

        return new Workspace<T>(widths, rows, scratch, training, holdsInput);
    }
}
