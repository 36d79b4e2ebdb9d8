using System;
using System.Numerics;

namespace SimdNet.Bench.Kernels;

/// <summary>Products as one writes them without vectors: three scalar loops, in the order that walks along rows.</summary>
internal static class NaiveProduct
{
    /// <summary>C = A·B.</summary>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[k × n].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="n">Columns of B.</param>
    public static void Multiply<T>(T[] a, T[] b, T[] c, int m, int k, int n)
        where T : unmanaged, INumber<T>
    {
        Array.Clear(c);
        for (int i = 0; i < m; i++)
        {
            Span<T> row = c.AsSpan(i * n, n);
            for (int p = 0; p < k; p++)
            {
                AddScaled(a[(i * k) + p], b.AsSpan(p * n, n), row);
            }
        }
    }

    /// <summary>C = Aᵀ·B.</summary>
    /// <param name="a">[k × m].</param>
    /// <param name="b">[k × n].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="k">Rows of A.</param>
    /// <param name="m">Columns of A.</param>
    /// <param name="n">Columns of B.</param>
    public static void MultiplyTransposedA<T>(T[] a, T[] b, T[] c, int k, int m, int n)
        where T : unmanaged, INumber<T>
    {
        Array.Clear(c);
        for (int p = 0; p < k; p++)
        {
            for (int i = 0; i < m; i++)
            {
                AddScaled(a[(p * m) + i], b.AsSpan(p * n, n), c.AsSpan(i * n, n));
            }
        }
    }

    /// <summary>C = A·Bᵀ.</summary>
    /// <param name="a">[m × k].</param>
    /// <param name="b">[n × k].</param>
    /// <param name="c">[m × n].</param>
    /// <param name="m">Rows of A.</param>
    /// <param name="k">Columns of A.</param>
    /// <param name="n">Rows of B.</param>
    public static void MultiplyTransposedB<T>(T[] a, T[] b, T[] c, int m, int k, int n)
        where T : unmanaged, INumber<T>
    {
        for (int i = 0; i < m; i++)
        {
            ReadOnlySpan<T> x = a.AsSpan(i * k, k);
            for (int j = 0; j < n; j++)
            {
                ReadOnlySpan<T> y = b.AsSpan(j * k, k);
                T sum = T.Zero;
                for (int p = 0; p < x.Length && p < y.Length; p++)
                {
                    sum += x[p] * y[p];
                }

                c[(i * n) + j] = sum;
            }
        }
    }

    private static void AddScaled<T>(T factor, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, INumber<T>
    {
        for (int j = 0; j < x.Length && j < y.Length; j++)
        {
            y[j] += factor * x[j];
        }
    }
}
