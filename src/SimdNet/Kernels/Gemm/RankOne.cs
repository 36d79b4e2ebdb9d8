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

    /// <summary>A += (α·x)·yᵀ.</summary>
    [MethodImpl(Compiled.Loop)]
    public static void Update(T alpha, nint m, nint n, T* x, T* y, T* a, nint stride)
    {
        if (n <= 2 * TWidth.Count)
        {
            UpdateNarrow<Without>(alpha, m, n, x, y, a, stride, null);
            return;
        }

        int lastCount = (int)(n % TWidth.Count);
        nint whole = n - lastCount;
        TVector mask = TWidth.FirstMask(lastCount);
        TVector lastOfY = TWidth.LoadFirst(y + whole, lastCount, mask);
        for (nint i = 0; i < m; i++, a += stride)
        {
            if (x[i] == T.Zero)
            {
                continue;
            }

            TVector factor = TWidth.Broadcast(alpha * x[i]);
            for (nint j = 0; j < whole; j += TWidth.Count)
            {
                TWidth.Store(a + j, TWidth.MultiplyAdd(factor, TWidth.Load(y + j), TWidth.Load(a + j)));
            }

            if (lastCount > 0)
            {
                TWidth.StoreFirst(a + whole, TWidth.MultiplyAdd(factor, lastOfY, TWidth.LoadFirst(a + whole, lastCount, mask)), lastCount, mask);
            }
        }
    }

    /// <summary>g = W·y, then W += (α·x)·yᵀ, in one pass over W.</summary>
    [MethodImpl(Compiled.Entry)]
    public static void UpdateWithInputGradient(T alpha, nint m, nint n, T* x, T* y, T* weights, nint stride, T* inputGradient)
    {
        if (n <= 2 * TWidth.Count)
        {
            UpdateNarrow<With>(alpha, m, n, x, y, weights, stride, inputGradient);
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
    private static void UpdateNarrow<TGradient>(T alpha, nint m, nint n, T* x, T* y, T* weights, nint stride, T* inputGradient)
        where TGradient : struct, IInputGradient
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

            if (TGradient.IsWanted)
            {
                inputGradient[i] = shape.Dot(w0, w1, y0, y1);
            }

            if (x[i] != T.Zero)
            {
                TVector factor = TWidth.Broadcast(alpha * x[i]);
                shape.Store(weights, TWidth.MultiplyAdd(factor, y0, w0), TWidth.MultiplyAdd(factor, y1, w1));
            }
        }
    }

    /// <summary>Whether the pass also forms the input gradient.</summary>
    private interface IInputGradient
    {
        static abstract bool IsWanted { get; }
    }

    private readonly struct With : IInputGradient
    {
        public static bool IsWanted => true;
    }

    private readonly struct Without : IInputGradient
    {
        public static bool IsWanted => false;
    }
}
