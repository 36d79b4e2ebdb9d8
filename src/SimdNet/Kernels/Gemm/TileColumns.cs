namespace SimdNet.Kernels;

/// <summary>How a micro-kernel reads a row of its panel of B.</summary>
internal interface ITileColumns
{
    /// <summary>Vectors of columns: 1 or 2.</summary>
    static abstract int Vectors { get; }

    /// <summary>True where the last vector is partial, in C and, unless a panel is padded, in B.</summary>
    static abstract bool IsPartial { get; }

    /// <summary>True where C is written past the caches. Whole vectors alone, and C overwritten.</summary>
    static abstract bool IsStreamed { get; }
}

/// <summary>One whole vector.</summary>
internal readonly struct OneVector : ITileColumns
{
    public static int Vectors => 1;

    public static bool IsPartial => false;

    public static bool IsStreamed => false;
}

/// <summary>One partial vector.</summary>
internal readonly struct OnePartialVector : ITileColumns
{
    public static int Vectors => 1;

    public static bool IsPartial => true;

    public static bool IsStreamed => false;
}

/// <summary>Two whole vectors.</summary>
internal readonly struct TwoVectors : ITileColumns
{
    public static int Vectors => 2;

    public static bool IsPartial => false;

    public static bool IsStreamed => false;
}

/// <summary>A whole vector and a partial one.</summary>
internal readonly struct TwoVectorsPartial : ITileColumns
{
    public static int Vectors => 2;

    public static bool IsPartial => true;

    public static bool IsStreamed => false;
}

/// <summary>One whole vector, written past the caches.</summary>
internal readonly struct OneStreamedVector : ITileColumns
{
    public static int Vectors => 1;

    public static bool IsPartial => false;

    public static bool IsStreamed => true;
}

/// <summary>Two whole vectors, written past the caches.</summary>
internal readonly struct TwoStreamedVectors : ITileColumns
{
    public static int Vectors => 2;

    public static bool IsPartial => false;

    public static bool IsStreamed => true;
}
