namespace SimdNet.Kernels;

/// <summary>Tiles of C below each other, of one height, that share columns of B: what one call of a micro-kernel computes.</summary>
internal unsafe struct TileColumn<T>
    where T : unmanaged
{
    /// <summary>Tiles.</summary>
    public int Count { get; set; }

    /// <summary>Terms, at most <see cref="KernelSet{T}.KBlock"/>.</summary>
    public nint K { get; set; }

    /// <summary>The first tile's rows of A.</summary>
    public T* A { get; set; }

    /// <summary>Elements from one row of A to the next.</summary>
    public nint RowStride { get; set; }

    /// <summary>Elements from one p to the next in A.</summary>
    public nint StepStride { get; set; }

    /// <summary>Elements of A from one tile to the next.</summary>
    public nint TileStride { get; set; }

    /// <summary>Elements of the next tile's rows that are fetched into L2 at each p of a tile; 0 where they are there already, or do not follow each other.</summary>
    public nint FarStep { get; set; }

    /// <summary>The columns of B.</summary>
    public T* B { get; set; }

    /// <summary>Elements from one row of B to the next.</summary>
    public nint BStride { get; set; }

    /// <summary>The first tile of C.</summary>
    public T* C { get; set; }

    /// <summary>Elements from one row of C to the next.</summary>
    public nint CStride { get; set; }

    /// <summary>Columns of the last vector, 1 to a full vector.</summary>
    public int LastCount { get; set; }

    /// <summary>False: C is overwritten without being read.</summary>
    public bool Add { get; set; }

    /// <summary>C is written past the caches: whole lines that are not read.</summary>
    public bool Streams { get; set; }
}
