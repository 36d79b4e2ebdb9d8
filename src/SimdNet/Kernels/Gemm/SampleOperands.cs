using System.Numerics;

namespace SimdNet.Kernels;

/// <summary>What is the same for every block of columns.</summary>
internal readonly unsafe ref struct SampleOperands<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>α·x of the update.</summary>
    public T* Factors { get; init; }

    /// <summary>x of the forward.</summary>
    public T* After { get; init; }

    /// <summary>Elements from one row of W to the next.</summary>
    public nint Stride { get; init; }

    /// <summary>The list of rows.</summary>
    public int* Rows { get; init; }

    /// <summary>How many rows are visited.</summary>
    public nint Count { get; init; }
}
