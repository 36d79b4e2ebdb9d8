using System;

namespace SimdNet.Files;

/// <summary>A named array of a file: what the weight formats hold, and all that they know of a model.</summary>
/// <param name="Name">Its name, not empty.</param>
/// <param name="Values">Its shape and elements, in C order.</param>
internal sealed record NamedBlock(string Name, NpyArray Values)
{
    /// <summary>Size of each dimension.</summary>
    public ReadOnlySpan<int> Shape => Values.Shape;

    /// <summary>Number of elements.</summary>
    public int Length => Values.Length;

    /// <summary>Element type.</summary>
    public NpyElementType Type => Values.Type;

    /// <summary>A block of values in C order, copied.</summary>
    public static NamedBlock Create<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged => new(name, NpyArray.Create(values, shape));
}
