namespace SimdNet.Kernels;

/// <summary>What a kernel for few columns computes: C = A·B or C += A·B for one block of k, where the kernel says how A lies.</summary>
internal unsafe struct NarrowBlock<T>
    where T : unmanaged
{
    /// <summary>Columns of B and C.</summary>
    public int N;

    /// <summary>Terms.</summary>
    public nint K;

    /// <summary>Rows of B, the first ones, behind which so much of B follows that whole vectors may be loaded.</summary>
    public nint Whole;

    /// <summary>The first element of A.</summary>
    public T* A;

    /// <summary>Elements from one row of A, as it lies in memory, to the next.</summary>
    public nint AStride;

    /// <summary>[k × n].</summary>
    public T* B;

    /// <summary>Elements from one row of B to the next.</summary>
    public nint BStride;

    /// <summary>The rows of B behind the whole ones, each in whole vectors.</summary>
    public T* LastOfB;

    /// <summary>[m × n].</summary>
    public T* C;

    /// <summary>Elements from one row of C to the next.</summary>
    public nint CStride;

    /// <summary>False: C is overwritten without being read.</summary>
    public bool Add;

    /// <summary>What the rows of C start from, in whole vectors without gaps; null for 0. For an A that lies along columns alone.</summary>
    public T* Start;

    /// <summary>True where the next rows of A are to be asked for. For an A that lies along rows alone.</summary>
    public bool IsFar;

    /// <summary>What is wanted in L2 next, a cache line or two for each term; null for nothing. For an A that lies along columns alone.</summary>
    public T* Next;

    /// <summary>True where <see cref="Next"/> is a part of longer rows: each tile asks for its own columns of them. False where rows follow each other, and tiles ask for one line after the other.</summary>
    public bool NextIsByRows;
}
