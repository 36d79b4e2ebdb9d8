using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>W·x: a dot product for each row of the weights.</summary>
/// <remarks>
/// Rows of at most two vectors have a body of their own: a call for each of 784 rows takes longer than the arithmetic of a row of ten. Their dot products have the bits of the general reduction,
/// whose other lanes would add 0.
/// </remarks>
internal static unsafe class RankOne<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>y = W·x.</summary>
    [MethodImpl(Compiled.Loop)]
    public static void MatrixVector(nint m, nint n, T* weights, nint stride, T* x, T* y)
    {
        if (n > 2 * TWidth.Count)
        {
            for (nint i = 0; i < m; i++, weights += stride)
            {
                y[i] = Dot(weights, x, n);
            }

            return;
        }

        NarrowRow<T, TVector, TWidth> shape = new((int)n);
        shape.Load(x, out TVector x0, out TVector x1);
        for (nint i = 0; i < m; i++, weights += stride)
        {
            shape.Load(weights, out TVector w0, out TVector w1);
            y[i] = shape.Dot(w0, w1, x0, x1);
        }
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Dot(T* x, T* y, nint length)
        => ReductionLoop<T, TVector, TWidth>.Run<DotReduction<T>, SumFold<T>>(default, T.Zero, x, y, null, null, length);
}
