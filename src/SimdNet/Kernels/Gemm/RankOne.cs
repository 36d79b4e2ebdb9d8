using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Kernels of a single sample that take one row of the weights at a time.</summary>
internal static unsafe class RankOne<T, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>y = W·x.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void MatrixVector(nint m, nint n, T* weights, nint stride, T* x, T* y)
    {
        for (nint i = 0; i < m; i++, weights += stride)
        {
            y[i] = Dot(weights, x, n);
        }
    }

    /// <summary>A += (α·x)·yᵀ.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void Update(T alpha, nint m, nint n, T* x, T* y, T* a, nint stride)
    {
        for (nint i = 0; i < m; i++, a += stride)
        {
            if (x[i] != T.Zero)
            {
                ElementwiseLoop<T, TVector, TWidth>.Binary(new ScaledSum<T>(alpha * x[i]), y, a, a, n);
            }
        }
    }

    /// <summary>g = W·y, then W += (α·x)·yᵀ, in one pass over W.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void UpdateWithInputGradient(T alpha, nint m, nint n, T* x, T* y, T* weights, nint stride, T* inputGradient)
    {
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
}
