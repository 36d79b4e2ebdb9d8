using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SimdNet.Kernels;

/// <summary>Copies a matrix into its transpose, by blocks of 8 × 4 floats or 4 × 2 doubles in 256-bit registers, or half as many rows in 128-bit ones.</summary>
/// <remarks>
/// <code>
/// rows i … i + 3 | rows i + 4 … i + 7       two rows share a register, one in each half:
/// r0 = a0 b0 c0 d0 | a4 b4 c4 d4            unpacked twice within the halves,
/// r1 = a1 b1 c1 d1 | a5 b5 c5 d5      →     a0 a1 a2 a3 | a4 a5 a6 a7      is a row of the destination
/// …                                         b0 b1 b2 b3 | b4 b5 b6 b7
/// </code>
/// The halves are put together by loads, so that a block of 32 floats costs eight shuffles and four stores. Blocks of 16 × 16 in 512 bits take 64 shuffles for eight times as much, which are worked on in
/// halves where this was measured, and no faster. Where there are no such shuffles, and at edges that are narrower than a block, one element at a time.
/// </remarks>
internal static unsafe class Transposition<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Rows of a 128-bit block; 1 where there are none.</summary>
    private static int Side => !Sse2.IsSupported ? 1 : typeof(T) == typeof(float) ? 4 : 2;

    /// <summary>Columns that are taken down all rows before the next: a cache line of the source, which is then done with. Rows that are pages apart compete for one set of L1.</summary>
    private static int LineColumns => 64 / sizeof(T);

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
        if (Sse.IsSupported && typeof(T) == typeof(float) && columns == 2 && sourceStride == 2)
        {
            FromPairs(rows, source, destination, destinationStride, add);
            return;
        }

        if (Sse.IsSupported && typeof(T) == typeof(float) && rows == 2 && destinationStride == 2)
        {
            ToPairs(columns, source, sourceStride, destination, add);
            return;
        }

        int wideRows = Avx.IsSupported ? rows - (rows % (2 * Side)) : 0;
        int blockRows = rows - (rows % Side);
        int blockColumns = columns - (columns % Side);
        for (int firstColumn = 0; firstColumn < blockColumns; firstColumn += LineColumns)
        {
            int endColumn = int.Min(firstColumn + LineColumns, blockColumns);
            T* from = source;
            int i = 0;
            for (; i < wideRows; i += 2 * Side)
            {
                T* to = destination + (firstColumn * destinationStride) + i;
                for (int j = firstColumn; j < endColumn; j += Side)
                {
                    WideBlock(from + j, sourceStride, to, destinationStride, add);
                    to += Side * destinationStride;
                }

                from += 2 * Side * sourceStride;
            }

            for (; i < blockRows; i += Side)
            {
                T* to = destination + (firstColumn * destinationStride) + i;
                for (int j = firstColumn; j < endColumn; j += Side)
                {
                    Block(from + j, sourceStride, to, destinationStride, add);
                    to += Side * destinationStride;
                }

                from += Side * sourceStride;
            }
        }

        if (blockRows == rows && blockColumns == columns)
        {
            return;
        }

        if (!add && rows >= Side && columns >= Side)
        {
            LastBlocks(rows, columns, source, sourceStride, destination, destinationStride);
        }
        else
        {
            Edge(blockRows, rows, 0, columns, source, sourceStride, destination, destinationStride, add);
            Edge(0, blockRows, blockColumns, columns, source, sourceStride, destination, destinationStride, add);
        }
    }

    /// <summary>Two columns of floats that lie side by side, as the weights of two units do, are narrower than a block.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void FromPairs(int rows, T* source, T* destination, nint destinationStride, bool add)
    {
        int i = 0;
        for (; i <= rows - 4; i += 4)
        {
            Vector128<float> x = Vector128.Load((float*)source + (2 * i));
            Vector128<float> y = Vector128.Load((float*)source + (2 * i) + 4);
            Store(destination + i, Sse.Shuffle(x, y, 0b10_00_10_00).As<float, T>(), add);
            Store(destination + destinationStride + i, Sse.Shuffle(x, y, 0b11_01_11_01).As<float, T>(), add);
        }

        Edge(i, rows, 0, 2, source, 2, destination, destinationStride, add);
    }

    /// <summary>Two rows of floats, the other way.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void ToPairs(int columns, T* source, nint sourceStride, T* destination, bool add)
    {
        int j = 0;
        for (; j <= columns - 4; j += 4)
        {
            Vector128<float> x = Vector128.Load((float*)source + j);
            Vector128<float> y = Vector128.Load((float*)(source + sourceStride) + j);
            Store(destination + (2 * j), Sse.UnpackLow(x, y).As<float, T>(), add);
            Store(destination + (2 * j) + 4, Sse.UnpackHigh(x, y).As<float, T>(), add);
        }

        Edge(0, 2, j, columns, source, sourceStride, destination, 2, add);
    }

    /// <summary>What no block covers, by blocks that overlap those before: what is written twice is the same.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void LastBlocks(int rows, int columns, T* source, nint sourceStride, T* destination, nint destinationStride)
    {
        if (columns % Side != 0)
        {
            T* from = source + columns - Side;
            T* to = destination + ((columns - Side) * destinationStride);
            int i = 0;
            for (; Avx.IsSupported && i <= rows - (2 * Side); i += 2 * Side)
            {
                WideBlock(from, sourceStride, to + i, destinationStride, add: false);
                from += 2 * Side * sourceStride;
            }

            for (; i <= rows - Side; i += Side)
            {
                Block(from, sourceStride, to + i, destinationStride, add: false);
                from += Side * sourceStride;
            }
        }

        if (rows % Side != 0)
        {
            T* from = source + ((rows - Side) * sourceStride);
            T* to = destination + rows - Side;
            for (int j = 0; j < columns; j += Side)
            {
                int column = int.Min(j, columns - Side);
                Block(from + column, sourceStride, to + (column * destinationStride), destinationStride, add: false);
            }
        }
    }

    /// <summary>What no block covers, a number at a time.</summary>
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
    private static void WideBlock(T* source, nint sourceStride, T* destination, nint destinationStride, bool add)
    {
        T* below = source + (Side * sourceStride);
        if (typeof(T) == typeof(float))
        {
            Vector256<float> r0 = Halves(source, below).AsSingle();
            Vector256<float> r1 = Halves(source + sourceStride, below + sourceStride).AsSingle();
            Vector256<float> r2 = Halves(source + (2 * sourceStride), below + (2 * sourceStride)).AsSingle();
            Vector256<float> r3 = Halves(source + (3 * sourceStride), below + (3 * sourceStride)).AsSingle();
            Vector256<double> low01 = Avx.UnpackLow(r0, r1).AsDouble();
            Vector256<double> low23 = Avx.UnpackLow(r2, r3).AsDouble();
            Vector256<double> high01 = Avx.UnpackHigh(r0, r1).AsDouble();
            Vector256<double> high23 = Avx.UnpackHigh(r2, r3).AsDouble();
            Store(destination, Avx.UnpackLow(low01, low23).As<double, T>(), add);
            Store(destination + destinationStride, Avx.UnpackHigh(low01, low23).As<double, T>(), add);
            Store(destination + (2 * destinationStride), Avx.UnpackLow(high01, high23).As<double, T>(), add);
            Store(destination + (3 * destinationStride), Avx.UnpackHigh(high01, high23).As<double, T>(), add);
        }
        else
        {
            Vector256<double> r0 = Halves(source, below).AsDouble();
            Vector256<double> r1 = Halves(source + sourceStride, below + sourceStride).AsDouble();
            Store(destination, Avx.UnpackLow(r0, r1).As<double, T>(), add);
            Store(destination + destinationStride, Avx.UnpackHigh(r0, r1).As<double, T>(), add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Halves(T* lower, T* upper) => Vector256.Create(Vector128.Load(lower), Vector128.Load(upper));

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
    private static void Store(T* destination, Vector256<T> value, bool add) => (add ? Vector256.Load(destination) + value : value).Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* destination, Vector128<T> value, bool add) => (add ? Vector128.Load(destination) + value : value).Store(destination);
}
