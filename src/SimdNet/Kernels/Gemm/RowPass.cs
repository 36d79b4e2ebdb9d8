namespace SimdNet.Kernels;

/// <summary>What a pass over the rows of W does.</summary>
internal interface IRowPass
{
    /// <summary>W += (α·x)·gᵀ.</summary>
    static abstract bool Updates { get; }

    /// <summary>y += Wᵀ·x, after the update.</summary>
    static abstract bool Forwards { get; }
}

/// <inheritdoc cref="IRowPass"/>
internal readonly struct ForwardPass : IRowPass
{
    public static bool Updates => false;

    public static bool Forwards => true;
}

/// <inheritdoc cref="IRowPass"/>
internal readonly struct UpdatePass : IRowPass
{
    public static bool Updates => true;

    public static bool Forwards => false;
}

/// <inheritdoc cref="IRowPass"/>
internal readonly struct UpdateAndForwardPass : IRowPass
{
    public static bool Updates => true;

    public static bool Forwards => true;
}
