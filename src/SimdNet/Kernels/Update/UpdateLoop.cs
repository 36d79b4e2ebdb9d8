using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>The loop of every optimizer: one pass over parameters, gradient and moments.</summary>
internal static unsafe class UpdateLoop<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>One step.</summary>
    /// <param name="update">The rule.</param>
    /// <param name="parameters">p, updated.</param>
    /// <param name="gradient">g.</param>
    /// <param name="first">First moments, where the rule has them, updated.</param>
    /// <param name="second">Second moments, where the rule has them, updated.</param>
    /// <param name="third">Third moments, where the rule has them, updated.</param>
    /// <param name="length">Elements of each.</param>
    [MethodImpl(Compiled.Loop)]
    public static void Run<TUpdate>(TUpdate update, T* parameters, T* gradient, T* first, T* second, T* third, nint length)
        where TUpdate : struct, IUpdate<TVector>
    {
        nint i = 0;
        for (; i <= length - TWidth.Count; i += TWidth.Count)
        {
            TVector p = TWidth.Load(parameters + i);
            TVector m = TUpdate.Moments > 0 ? TWidth.Load(first + i) : default;
            TVector v = TUpdate.Moments > 1 ? TWidth.Load(second + i) : default;
            TVector w = TUpdate.Moments > 2 ? TWidth.Load(third + i) : default;
            update.Invoke(ref p, TWidth.Load(gradient + i), ref m, ref v, ref w);
            TWidth.Store(parameters + i, p);
            if (TUpdate.Moments > 0)
            {
                TWidth.Store(first + i, m);
            }

            if (TUpdate.Moments > 1)
            {
                TWidth.Store(second + i, v);
            }

            if (TUpdate.Moments > 2)
            {
                TWidth.Store(third + i, w);
            }
        }

        if (i < length)
        {
            int count = (int)(length - i);
            TVector mask = TWidth.FirstMask(count);
            TVector p = TWidth.LoadFirst(parameters + i, count, mask);
            TVector m = TUpdate.Moments > 0 ? TWidth.LoadFirst(first + i, count, mask) : default;
            TVector v = TUpdate.Moments > 1 ? TWidth.LoadFirst(second + i, count, mask) : default;
            TVector w = TUpdate.Moments > 2 ? TWidth.LoadFirst(third + i, count, mask) : default;
            update.Invoke(ref p, TWidth.LoadFirst(gradient + i, count, mask), ref m, ref v, ref w);
            TWidth.StoreFirst(parameters + i, p, count, mask);
            if (TUpdate.Moments > 0)
            {
                TWidth.StoreFirst(first + i, m, count, mask);
            }

            if (TUpdate.Moments > 1)
            {
                TWidth.StoreFirst(second + i, v, count, mask);
            }

            if (TUpdate.Moments > 2)
            {
                TWidth.StoreFirst(third + i, w, count, mask);
            }
        }
    }
}
