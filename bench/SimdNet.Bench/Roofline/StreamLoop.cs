using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;

namespace SimdNet.Bench.Roofline;

/// <summary>Passes over a block of memory with next to no arithmetic: what a core can move at one vector width.</summary>
internal static unsafe class StreamLoop<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Vectors in the body of a loop. A block is a multiple of so many.</summary>
    private const int Unroll = 8;

    /// <summary>Reads the block.</summary>
    /// <returns>A number that depends on all of it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Read(T* block, nint length)
    {
        int count = TWidth.Count;
        TVector a = TWidth.Broadcast(T.Zero), b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (T* end = block + length; block < end; block += Unroll * count)
        {
            a = TWidth.Or(a, TWidth.Load(block));
            b = TWidth.Or(b, TWidth.Load(block + count));
            c = TWidth.Or(c, TWidth.Load(block + (2 * count)));
            d = TWidth.Or(d, TWidth.Load(block + (3 * count)));
            e = TWidth.Or(e, TWidth.Load(block + (4 * count)));
            f = TWidth.Or(f, TWidth.Load(block + (5 * count)));
            g = TWidth.Or(g, TWidth.Load(block + (6 * count)));
            h = TWidth.Or(h, TWidth.Load(block + (7 * count)));
        }

        a = TWidth.Add(TWidth.Add(TWidth.Add(a, b), TWidth.Add(c, d)), TWidth.Add(TWidth.Add(e, f), TWidth.Add(g, h)));
        return TWidth.Fold<SumFold<T>>(a);
    }

    /// <summary>Writes the block without reading it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Write(T* block, nint length)
    {
        int count = TWidth.Count;
        TVector value = TWidth.Broadcast(T.One);
        for (T* end = block + length; block < end; block += Unroll * count)
        {
            TWidth.Store(block, value);
            TWidth.Store(block + count, value);
            TWidth.Store(block + (2 * count), value);
            TWidth.Store(block + (3 * count), value);
            TWidth.Store(block + (4 * count), value);
            TWidth.Store(block + (5 * count), value);
            TWidth.Store(block + (6 * count), value);
            TWidth.Store(block + (7 * count), value);
        }

        return T.One;
    }

    /// <summary>Reads each vector and writes it back changed, as a step of gradient descent does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Update(T* block, nint length)
    {
        // x/2 + 1/2 goes to 1, whatever the number of passes.
        int count = TWidth.Count;
        TVector half = TWidth.Broadcast(T.CreateTruncating(0.5));
        for (T* end = block + length; block < end; block += Unroll * count)
        {
            TWidth.Store(block, TWidth.MultiplyAdd(TWidth.Load(block), half, half));
            TWidth.Store(block + count, TWidth.MultiplyAdd(TWidth.Load(block + count), half, half));
            TWidth.Store(block + (2 * count), TWidth.MultiplyAdd(TWidth.Load(block + (2 * count)), half, half));
            TWidth.Store(block + (3 * count), TWidth.MultiplyAdd(TWidth.Load(block + (3 * count)), half, half));
            TWidth.Store(block + (4 * count), TWidth.MultiplyAdd(TWidth.Load(block + (4 * count)), half, half));
            TWidth.Store(block + (5 * count), TWidth.MultiplyAdd(TWidth.Load(block + (5 * count)), half, half));
            TWidth.Store(block + (6 * count), TWidth.MultiplyAdd(TWidth.Load(block + (6 * count)), half, half));
            TWidth.Store(block + (7 * count), TWidth.MultiplyAdd(TWidth.Load(block + (7 * count)), half, half));
        }

        return T.One;
    }
}
