using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Kernels of a single sample that take one row of the weights at a time.</summary>
/// <remarks>
/// Rows of at most two vectors have bodies of their own: a call for each of 784 rows takes longer than the arithmetic of a row of ten. Their dot products have the bits of the general reduction,
/// whose other lanes would add 0. There the next row is read before this one is written: a processor that reads next to what was just written with a mask waits for that write.
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

    /// <summary>g = W·y, then W += (α·x)·yᵀ, in one pass over W.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void UpdateWithInputGradient(T alpha, nint m, nint n, T* x, T* y, T* weights, nint stride, T* inputGradient)
    {
        if (n <= 2 * TWidth.Count)
        {
            UpdateNarrow(alpha, m, n, x, y, weights, stride, inputGradient);
            return;
        }

        for (nint i = 0; i < m; i++, weights += stride)
        {
            inputGradient[i] = x[i] == T.Zero
                ? Dot(weights, y, n)
                : ReductionLoop<T, TVector, TWidth>.Run<DotAndUpdateReduction<T>, SumFold<T>>(new(alpha * x[i]), T.Zero, weights, y, weights, null, n);
        }
    }

    /// <summary>Σ x·y.</summary>
    [MethodImpl(Compiled.Entry)]
    public static T Dot(T* x, T* y, nint length)
        => ReductionLoop<T, TVector, TWidth>.Run<DotReduction<T>, SumFold<T>>(default, T.Zero, x, y, null, null, length);

    [MethodImpl(Compiled.Loop)]
    private static void UpdateNarrow(T alpha, nint m, nint n, T* x, T* y, T* weights, nint stride, T* inputGradient)
    {
        if (m == 0)
        {
            return;
        }

        NarrowRow<T, TVector, TWidth> shape = new((int)n);
        shape.Load(y, out TVector y0, out TVector y1);
        shape.Load(weights, out TVector next0, out TVector next1);
        for (nint i = 0; i < m; i++, weights += stride)
        {
            TVector w0 = next0;
            TVector w1 = next1;
            if (i + 1 < m)
            {
                shape.Load(weights + stride, out next0, out next1);
            }

            inputGradient[i] = shape.Dot(w0, w1, y0, y1);
            if (x[i] != T.Zero)
            {
                TVector factor = TWidth.Broadcast(alpha * x[i]);
                shape.Store(weights, TWidth.MultiplyAdd(factor, y0, w0), TWidth.MultiplyAdd(factor, y1, w1));
            }
        }
    }
}
