using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>Copies a matrix into its transpose, by blocks of 4 × 4 floats or 2 × 2 doubles in 128-bit registers.</summary>
/// <remarks>
/// Wider blocks need fewer instructions that take longer: 16 × 16 in 512 bits moves as many elements a cycle (four) where such registers are worked on in halves.
/// Where there are no such shuffles, and at the edges, one element at a time.
/// </remarks>
internal static unsafe class Transposition<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of a side of a block; 1 where there are no blocks.</summary>
    private static int Side => !Sse2.IsSupported ? 1 : typeof(T) == typeof(float) ? 4 : 2;

    /// <summary>destination[j, i] = source[i, j], or += it.</summary>
    /// <param name="rows">Rows of the source.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="source">[rows × columns].</param>
    /// <param name="sourceStride">Elements from one row to the next.</param>
    /// <param name="destination">[columns × rows].</param>
    /// <param name="destinationStride">Elements from one row to the next.</param>
    /// <param name="add">False: the destination is overwritten without being read.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Copy(int rows, int columns, T* source, nint sourceStride, T* destination, nint destinationStride, bool add)
    {
        int blockRows = rows - (rows % Side);
        int blockColumns = columns - (columns % Side);
        for (int j = 0; j < blockColumns; j += Side)
        {
            T* from = source + j;
            T* to = destination + (j * destinationStride);
            for (int i = 0; i < blockRows; i += Side)
            {
                Block(from, sourceStride, to + i, destinationStride, add);
                from += Side * sourceStride;
            }
        }

        Edge(blockRows, rows, 0, columns, source, sourceStride, destination, destinationStride, add);
        Edge(0, blockRows, blockColumns, columns, source, sourceStride, destination, destinationStride, add);
    }

    /// <summary>What no block covers.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void Edge(int firstRow, int endRow, int firstColumn, int endColumn, T* source, nint sourceStride, T* destination, nint destinationStride, bool add)
    {
        for (int i = firstRow; i < endRow; i++)
        {
            for (int j = firstColumn; j < endColumn; j++)
            {
                T* to = destination + (j * destinationStride) + i;
                T value = source[(i * sourceStride) + j];
                *to = add ? *to + value : value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(T* source, nint sourceStride, T* destination, nint destinationStride, bool add)
    {
        if (!Sse2.IsSupported)
        {
            *destination = add ? *destination + *source : *source;
        }
        else if (typeof(T) == typeof(float))
        {
            Vector128<float> r0 = Vector128.Load((float*)source);
            Vector128<float> r1 = Vector128.Load((float*)(source + sourceStride));
            Vector128<float> r2 = Vector128.Load((float*)(source + (2 * sourceStride)));
            Vector128<float> r3 = Vector128.Load((float*)(source + (3 * sourceStride)));

            // Pairs of rows interleaved, then pairs of pairs.
            Vector128<double> low01 = Sse.UnpackLow(r0, r1).AsDouble();
            Vector128<double> low23 = Sse.UnpackLow(r2, r3).AsDouble();
            Vector128<double> high01 = Sse.UnpackHigh(r0, r1).AsDouble();
            Vector128<double> high23 = Sse.UnpackHigh(r2, r3).AsDouble();
            Store(destination, Sse2.UnpackLow(low01, low23).As<double, T>(), add);
            Store(destination + destinationStride, Sse2.UnpackHigh(low01, low23).As<double, T>(), add);
            Store(destination + (2 * destinationStride), Sse2.UnpackLow(high01, high23).As<double, T>(), add);
            Store(destination + (3 * destinationStride), Sse2.UnpackHigh(high01, high23).As<double, T>(), add);
        }
        else
        {
            Vector128<double> r0 = Vector128.Load((double*)source);
            Vector128<double> r1 = Vector128.Load((double*)(source + sourceStride));
            Store(destination, Sse2.UnpackLow(r0, r1).As<double, T>(), add);
            Store(destination + destinationStride, Sse2.UnpackHigh(r0, r1).As<double, T>(), add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* destination, Vector128<T> value, bool add)
        => Vector128.Store(add ? Vector128.Load(destination) + value : value, destination);
}
