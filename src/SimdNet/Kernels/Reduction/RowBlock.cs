using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>A block of short rows on the stack, transposed: each vector holds one column, each of its lanes one row.</summary>
/// <remarks>
/// <code>
///          columns →                       vector 0   1   2  …
/// row 0    a0 a1 a2 …                      lane 0 a0  a1  a2
/// row 1    b0 b1 b2 …          becomes          1 b0  b1  b2
///  ⋮                                            ⋮
/// </code>
/// Maximum, sum and division of a row, a chain of latencies when it is worked on alone, are then ordinary operations on vectors without an empty lane, and nothing is shuffled or masked.
/// Nor is there a load of what a masked store has just written beside it, for which the processor would wait.
/// </remarks>
internal static unsafe class RowBlock<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>The longest row: its elements have a lane of the reduction each.</summary>
    public const int Columns = KernelSet<T>.Lanes;

    /// <summary>True where so many rows of so many columns take less time as a block than one by one: where no lane is empty, or where few vectors are worked on for the rows there are.</summary>
    /// <remarks>A row of up to two vectors by itself takes about as long as four vectors of a block: four columns to a row break even. <c>bench/run.sh ElementWise --case=softmax</c> has rows of 10 columns.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Pays(int rows, nint columns) => columns is > 0 and <= Columns && rows > 1 && (rows == TWidth.Count || 4 * rows >= columns);

    /// <summary>True where elements are moved in squares of registers: four floats at a time are worth a call from eight columns on, two doubles are not.</summary>
    private static bool TakesSquares(int columns) => typeof(T) == typeof(float) && columns >= 8;

    /// <summary>The first vector of a buffer that has one to spare, aligned to a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector* Align(Buffer* buffer) => (TVector*)(((nuint)buffer + (nuint)sizeof(TVector) - 1) & ~((nuint)sizeof(TVector) - 1));

    /// <summary>Reads rows into the block; lanes without a row become 0.</summary>
    [MethodImpl(Compiled.Loop)]
    public static void Read(T* source, nint stride, int rows, int columns, TVector* block)
    {
        if (rows < TWidth.Count)
        {
            for (int j = 0; j < columns; j++)
            {
                block[j] = TWidth.Broadcast(T.Zero);
            }
        }

        if (TakesSquares(columns))
        {
            Transposition<T>.Copy(rows, columns, source, stride, (T*)block, TWidth.Count, add: false);
            return;
        }

        for (int i = 0; i < rows; i++, source += stride)
        {
            T* to = (T*)block + i;
            for (int j = 0; j < columns; j++, to += TWidth.Count)
            {
                *to = source[j];
            }
        }
    }

    /// <summary>Writes the block's rows.</summary>
    [MethodImpl(Compiled.Loop)]
    public static void Write(TVector* block, int rows, int columns, T* destination, nint stride)
    {
        if (TakesSquares(columns))
        {
            Transposition<T>.Copy(columns, rows, (T*)block, TWidth.Count, destination, stride, add: false);
            return;
        }

        for (int i = 0; i < rows; i++, destination += stride)
        {
            T* from = (T*)block + i;
            for (int j = 0; j < columns; j++, from += TWidth.Count)
            {
                destination[j] = *from;
            }
        }
    }

    /// <summary>The sum of each row in the order of a reduction. What is beyond the last column would add 0.</summary>
    /// <param name="block">The vectors, overwritten.</param>
    /// <param name="columns">1 to <see cref="Columns"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sum(TVector* block, int columns)
    {
        for (int half = Columns / 2; half > 0; half /= 2)
        {
            for (int j = half; j < columns; j++)
            {
                block[j - half] = TWidth.Add(block[j - half], block[j]);
            }

            columns = Math.Min(columns, half);
        }

        return block[0];
    }

    /// <summary>A block and a vector to spare.</summary>
    [InlineArray(Columns + 1)]
    public struct Buffer
    {
        private TVector _vector;
    }
}
