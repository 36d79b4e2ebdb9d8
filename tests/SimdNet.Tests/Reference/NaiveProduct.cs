using System.Numerics;

namespace SimdNet.Tests.Reference;

/// <summary>The product as three loops.</summary>
internal static class NaiveProduct
{
    /// <summary>C += A·B.</summary>
    public static void Add<T>(int m, int n, int k, T[] a, T[] b, T[] c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < m; i++)
        {
            for (int p = 0; p < k; p++)
            {
                for (int j = 0; j < n; j++)
                {
                    c[(i * n) + j] += a[(i * k) + p] * b[(p * n) + j];
                }
            }
        }
    }
}
