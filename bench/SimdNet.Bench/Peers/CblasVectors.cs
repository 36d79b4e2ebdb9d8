using System;
using System.Numerics;

namespace SimdNet.Bench.Peers;

/// <summary>What the C interface of BLAS offers beside products of matrices, of a library that is here.</summary>
/// <remarks>Called without the runtime's change of mode, as <see cref="Cblas"/> is.</remarks>
internal sealed unsafe class CblasVectors<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;

    private readonly nint[] _functions;

    public CblasVectors(nint library)
    {
        string precision = typeof(T) == typeof(float) ? "s" : "d";
        if (!NativeCode.TryFind(library, out nint[]? functions, $"cblas_{precision}dot", $"cblas_{precision}nrm2", $"cblas_{precision}axpy", $"cblas_{precision}gemv", $"cblas_{precision}ger"))
        {
            throw new InvalidOperationException("The library has products of matrices, but not all of vectors.");
        }

        _functions = functions;
    }

    /// <summary>Σ xᵢ·yᵢ.</summary>
    public T Dot(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        fixed (T* px = x, py = y)
        {
            return ((delegate* unmanaged[Cdecl, SuppressGCTransition]<int, T*, int, T*, int, T>)_functions[0])(x.Length, px, 1, py, 1);
        }
    }

    /// <summary>√Σ xᵢ².</summary>
    public T Norm(ReadOnlySpan<T> x)
    {
        fixed (T* px = x)
        {
            return ((delegate* unmanaged[Cdecl, SuppressGCTransition]<int, T*, int, T>)_functions[1])(x.Length, px, 1);
        }
    }

    /// <summary>y += α·x.</summary>
    public void AddScaled(T alpha, ReadOnlySpan<T> x, Span<T> y)
    {
        fixed (T* px = x, py = y)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<int, T, T*, int, T*, int, void>)_functions[2])(x.Length, alpha, px, 1, py, 1);
        }
    }

    /// <summary>y = A·x, or y = Aᵀ·x, for A [m × n], row-major and dense.</summary>
    public void MultiplyVector(bool transpose, int m, int n, ReadOnlySpan<T> a, ReadOnlySpan<T> x, Span<T> y)
    {
        fixed (T* pa = a, px = x, py = y)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int, int, int, T, T*, int, T*, int, T, T*, int, void>)_functions[3])(
                RowMajor, transpose ? Transpose : NoTranspose, m, n, T.One, pa, n, px, 1, T.Zero, py, 1);
        }
    }

    /// <summary>A += α·x·yᵀ, for A [m × n], row-major and dense.</summary>
    public void AddOuterProduct(int m, int n, T alpha, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> a)
    {
        fixed (T* px = x, py = y, pa = a)
        {
            ((delegate* unmanaged[Cdecl, SuppressGCTransition]<int, int, int, T, T*, int, T*, int, T*, int, void>)_functions[4])(RowMajor, m, n, alpha, px, 1, py, 1, pa, n);
        }
    }
}
