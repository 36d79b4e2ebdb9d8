namespace SimdNet.Kernels;

/// <summary>What a kernel for few columns computes: C = A·B or C += A·B for one block of k, where the kernel says how A lies.</summary>
internal unsafe struct NarrowBlock<T>
    where T : unmanaged
{
    /// <summary>Columns of B and C.</summary>
    public int N;

    /// <summary>Terms.</summary>
    public nint K;

    /// <summary>Rows of B, the first ones, behind which so much of B follows that they may be loaded without a mask.</summary>
    public nint Whole;

    /// <summary>The first element of A.</summary>
    public T* A;

    /// <summary>Elements from one row of A, as it lies in memory, to the next.</summary>
    public nint AStride;

    /// <summary>[k × n].</summary>
    public T* B;

    /// <summary>Elements from one row of B to the next.</summary>
    public nint BStride;

    /// <summary>[m × n].</summary>
    public T* C;

    /// <summary>Elements from one row of C to the next.</summary>
    public nint CStride;

    /// <summary>False: C is overwritten without being read.</summary>
    public bool Add;

    /// <summary>Where sums start from, [m × n] without gaps; null for 0.</summary>
    public T* Sums;

    /// <summary>What is wanted in L2 next, a cache line a row; null for nothing.</summary>
    public T* Next;
}
