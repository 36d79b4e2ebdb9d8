using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loops over elements: full vectors, then one partial vector. The destination may be an operand itself.</summary>
internal static unsafe class ElementwiseLoop<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>destination = f(x).</summary>
    [MethodImpl(Compiled.Loop)]
    public static void Unary<TOperator>(TOperator f, T* x, T* destination, nint length)
        where TOperator : struct, IUnary<T>
    {
        nint i = 0;
        for (; i <= length - TWidth.Count; i += TWidth.Count)
        {
            TWidth.Store(destination + i, f.Invoke<TVector, TWidth>(TWidth.Load(x + i)));
        }

        if (i < length)
        {
            int count = (int)(length - i);
            TVector mask = TWidth.FirstMask(count);
            TWidth.StoreFirst(destination + i, f.Invoke<TVector, TWidth>(TWidth.LoadFirst(x + i, count, mask)), count, mask);
        }
    }

    /// <summary>destination = f(x, y).</summary>
    [MethodImpl(Compiled.Loop)]
    public static void Binary<TOperator>(TOperator f, T* x, T* y, T* destination, nint length)
        where TOperator : struct, IBinary<T>
    {
        nint i = 0;
        for (; i <= length - TWidth.Count; i += TWidth.Count)
        {
            TWidth.Store(destination + i, f.Invoke<TVector, TWidth>(TWidth.Load(x + i), TWidth.Load(y + i)));
        }

        if (i < length)
        {
            int count = (int)(length - i);
            TVector mask = TWidth.FirstMask(count);
            TVector result = f.Invoke<TVector, TWidth>(TWidth.LoadFirst(x + i, count, mask), TWidth.LoadFirst(y + i, count, mask));
            TWidth.StoreFirst(destination + i, result, count, mask);
        }
    }
}
