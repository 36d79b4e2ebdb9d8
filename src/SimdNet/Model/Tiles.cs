using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Memory;
using SimdNet.Model.Layers;

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

    /// <summary>The largest batch of a network that takes batches as a whole, where none is given: the workspace has room for it from the start.</summary>
    public static int DefaultWholeBatch<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => (int)Math.Min(Most, MostPossible(Width(network)));

    /// <summary>The most rows in a tile, from the spec and the precision alone.</summary>
    public static int Rows<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long width = Width(network);
        return (int)Math.Min(MostPossible(width), Math.Clamp(Budget / (width * Unsafe.SizeOf<T>()), Least, Most));
    }

    /// <summary>Rows of each tile when a batch is cut into as few tiles as possible and these are made as even as possible, in steps of 4.</summary>
    public static int Balanced(int rows, int most)
    {
        int tiles = (int)(((long)rows + most - 1) / most);
        int even = (int)(((long)rows + tiles - 1) / tiles);
        return Math.Min(most, (even + 3) / 4 * 4);
    }

    /// <summary>The workspace for a network whose batches have at most <paramref name="batch"/> rows.</summary>
    /// <param name="network">The network.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="training">Whether it is trained.</param>
    /// <param name="holdsInput">Whether inputs are copied.</param>
    /// <param name="makesRoom">False where the number of rows is a file's, whose word is not worth memory: batches that are taken as a whole then get their room as they come.</param>
    public static Workspace<T> Workspace<T>(Network<T> network, int batch, bool training, bool holdsInput = true, bool makesRoom = true)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool isWhole = training && network.TakesWholeBatches;
        if (isWhole && batch > MostPossible(Width(network)))
        {
            throw new ArgumentException($"Batches of {batch} rows, which the batch normalization of the network {network.Spec.Short} takes as a whole, exceed one block of memory. Set MaxBatch to at most {MostPossible(Width(network))}.", nameof(batch));
        }

        ReadOnlySpan<Layer<T>> layers = training ? network.Layers : network.InferenceLayers;
        int rows = isWhole ? batch : Math.Min(batch, Rows(network));
        int scratch = network.Kernels.ScratchLength;
        bool holds = false;
        Span<int> widths = new int[layers.Length + 1];
        Span<(int PerRow, int PerBatch, int Holder)> held = new (int, int, int)[layers.Length];
        widths[0] = network.Inputs;
        for (int i = 0; i < layers.Length; i++)
        {
            widths[i + 1] = layers[i].Outputs;
            scratch = layers[i] is DenseLayer<T> ? Math.Max(scratch, network.Kernels.ScratchLengthFor(rows, widths[i], widths[i + 1])) : scratch;
            held[i] = (layers[i].HeldPerRow(training), layers[i].HeldPerBatch(training), layers.IndexOf(layers[i].Holder));
            holds |= held[i].PerRow + held[i].PerBatch > 0;
        }

        return new Workspace<T>(widths, rows, scratch, training, holdsInput, holds ? held : default, isWhole && !makesRoom ? Least : int.MaxValue);
    }

    /// <summary>Elements of a row with all that is kept of it.</summary>
    private static long Width<T>(Network<T> network)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long width = network.Inputs;
        foreach (Layer<T> layer in network.Layers)
        {
            width += (2L * layer.Outputs) + layer.HeldPerRow(isTraining: true);
        }

        return width;
    }

    /// <summary>Rows of a workspace of very wide layers, which is one array, of about twice the width a row.</summary>
    private static long MostPossible(long width) => Math.Max(1, (1L << 29) / width);
}
