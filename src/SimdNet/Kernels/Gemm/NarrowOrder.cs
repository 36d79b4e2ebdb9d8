namespace SimdNet.Kernels;

/// <summary>How A lies in memory for a kernel of few columns.</summary>
internal interface INarrowOrder
{
    /// <summary>True where a row of A lies along a column, as in a weight gradient.</summary>
    static abstract bool IsTransposed { get; }
}

/// <inheritdoc cref="INarrowOrder"/>
internal readonly struct AlongRows : INarrowOrder
{
    public static bool IsTransposed => false;
}

/// <inheritdoc cref="INarrowOrder"/>
internal readonly struct AlongColumns : INarrowOrder
{
    public static bool IsTransposed => true;
}
