using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loop of every reduction, in the order that <see cref="KernelSet{T}"/> fixes: element i belongs to lane i mod 32.</summary>
/// <remarks>
/// A pass carries two or four vectors of lanes in registers; a width whose vectors are too short for 32 lanes makes several passes, each over its own columns:
/// <code>
///              lanes 0 ..                      .. 31
/// elements     |  0 |  1 |  2 |  3 | … | 31 |
///              | 32 | 33 | 34 | 35 | … | 63 |         Vector512 of float: 2 vectors, 1 pass
///              | 64 | 65 | …                          Vector256 of float: 4 vectors, 1 pass
///                \_ pass 0 _/ \_ pass 1 _/ …          Vector128 of float: 4 vectors, 2 passes; scalar: 8 passes
/// </code>
/// A long operator has one copy in the loop, for any width, and its lanes in memory: what that costs is little beside it.
/// </remarks>
internal static unsafe class ReductionLoop<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private const int Lanes = KernelSet<T>.Lanes;

    /// <summary>Runs the reduction over <paramref name="length"/> elements.</summary>
    /// <param name="reduction">What is done with an element.</param>
    /// <param name="initial">What every lane starts from.</param>
    /// <param name="x">First operand.</param>
    /// <param name="y">Second operand, where it is read.</param>
    /// <param name="first">First result, where it is written.</param>
    /// <param name="second">Second result, where it is written.</param>
    /// <param name="length">Elements of each.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static T Run<TReduction, TFold>(TReduction reduction, T initial, T* x, T* y, T* first, T* second, nint length)
        where TReduction : struct, IReduction<T>
        where TFold : IFold<T>
    {
        int width = TWidth.Count;
        int group = Math.Min(4 * width, Lanes);
        Unsafe.SkipInit(out LaneBuffer buffer);
        T* lanes = (T*)&buffer;
        if (TReduction.IsLong)
        {
            for (int lane = 0; lane < Lanes; lane += width)
            {
                TWidth.Store(lanes + lane, TWidth.Broadcast(initial));
            }

            nint i = 0;
            for (; i <= length - width; i += width)
            {
                T* lane = lanes + (i % Lanes);
                TWidth.Store(lane, Full(reduction, TWidth.Load(lane), x, y, first, second, i));
            }

            T* last = lanes + (i % Lanes);
            TWidth.Store(last, First(reduction, TWidth.Load(last), x, y, first, second, i, length - i));
            return Folded<TFold>(lanes);
        }

        for (int lane = 0; lane < Lanes; lane += group)
        {
            TVector l0 = TWidth.Broadcast(initial);
            TVector l1 = l0;
            TVector l2 = l0;
            TVector l3 = l0;
            nint i = lane;
            for (; i <= length - group; i += Lanes)
            {
                l0 = Full(reduction, l0, x, y, first, second, i);
                l1 = Full(reduction, l1, x, y, first, second, i + width);
                if (2 * width < Lanes)
                {
                    l2 = Full(reduction, l2, x, y, first, second, i + (2 * width));
                    l3 = Full(reduction, l3, x, y, first, second, i + (3 * width));
                }
            }

            if (i < length && 2 * width >= Lanes)
            {
                l0 = First(reduction, l0, x, y, first, second, i, length - i);
                l1 = First(reduction, l1, x, y, first, second, i + width, length - i - width);
            }
            else if (i < length)
            {
                // Through memory, for one copy of the operator instead of four: more than the budget of inlining allows.
                TVector* partial = (TVector*)(lanes + lane);
                partial[0] = l0;
                partial[1] = l1;
                partial[2] = l2;
                partial[3] = l3;
                for (TVector* p = partial; p < partial + 4 && i < length; p++, i += width)
                {
                    *p = First(reduction, *p, x, y, first, second, i, length - i);
                }

                l0 = partial[0];
                l1 = partial[1];
                l2 = partial[2];
                l3 = partial[3];
            }

            if (group == Lanes)
            {
                if (2 * width < Lanes)
                {
                    l0 = TFold.Combine<TVector, TWidth>(l0, l2);
                    l1 = TFold.Combine<TVector, TWidth>(l1, l3);
                }

                return TWidth.Fold<TFold>(TFold.Combine<TVector, TWidth>(l0, l1));
            }

            TWidth.Store(lanes + lane, l0);
            TWidth.Store(lanes + lane + width, l1);
            TWidth.Store(lanes + lane + (2 * width), l2);
            TWidth.Store(lanes + lane + (3 * width), l3);
        }

        return Folded<TFold>(lanes);
    }

    /// <summary>The fold of all lanes, halves first, as that of registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Folded<TFold>(T* lanes)
        where TFold : IFold<T>
    {
        int width = TWidth.Count;
        for (int half = Lanes / 2; half >= width; half /= 2)
        {
            for (int j = 0; j < half; j += width)
            {
                TWidth.Store(lanes + j, TFold.Combine<TVector, TWidth>(TWidth.Load(lanes + j), TWidth.Load(lanes + j + half)));
            }
        }

        return TWidth.Fold<TFold>(TWidth.Load(lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Full<TReduction>(TReduction reduction, TVector lane, T* x, T* y, T* first, T* second, nint i)
        where TReduction : struct, IReduction<T>
    {
        TVector other = TReduction.ReadsSecond ? TWidth.Load(y + i) : default;
        lane = reduction.Accumulate<TVector, TWidth>(lane, TWidth.Load(x + i), other, out TVector one, out TVector two);
        if (TReduction.Outputs > 0)
        {
            TWidth.Store(first + i, one);
        }

        if (TReduction.Outputs > 1)
        {
            TWidth.Store(second + i, two);
        }

        return lane;
    }

    /// <summary>The last, partial row of lanes: what lies beyond the end leaves its lane as it is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector First<TReduction>(TReduction reduction, TVector lane, T* x, T* y, T* first, T* second, nint i, nint rest)
        where TReduction : struct, IReduction<T>
    {
        if (rest <= 0)
        {
            return lane;
        }

        int count = (int)nint.Min(rest, TWidth.Count);
        TVector mask = TWidth.FirstMask(count);
        TVector other = TReduction.ReadsSecond ? TWidth.LoadFirst(y + i, count, mask) : default;
        TVector after = reduction.Accumulate<TVector, TWidth>(lane, TWidth.LoadFirst(x + i, count, mask), other, out TVector one, out TVector two);
        if (TReduction.Outputs > 0)
        {
            TWidth.StoreFirst(first + i, one, count, mask);
        }

        if (TReduction.Outputs > 1)
        {
            TWidth.StoreFirst(second + i, two, count, mask);
        }

        return TWidth.Select(mask, after, lane);
    }

    [InlineArray(Lanes)]
    private struct LaneBuffer
    {
        private T _lane;
    }
}
