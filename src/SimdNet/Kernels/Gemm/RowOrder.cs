namespace SimdNet.Kernels;

/// <summary>Which rows a pass visits.</summary>
internal interface IRowOrder
{
    /// <summary>True: those in a list. False: all, and no factor is 0.</summary>
    static abstract bool AreListed { get; }
}

/// <inheritdoc cref="IRowOrder"/>
internal readonly struct ListedRows : IRowOrder
{
    public static bool AreListed => true;
}

/// <inheritdoc cref="IRowOrder"/>
internal readonly struct AllRows : IRowOrder
{
    public static bool AreListed => false;
}
