using System;
using System.Diagnostics.CodeAnalysis;

using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>What products pack their operands into: one block a thread, made at the thread's first product, enlarged where a larger product asks for more, and kept as long as the thread.</summary>
/// <remarks>Too large for the stack, and a workspace that every caller had to bring would be the one argument that says nothing about the product.</remarks>
internal static class ThreadScratch<T>
    where T : unmanaged
{
    [ThreadStatic]
    [SuppressMessage("Usage", "CA2019", Justification = "Not initialized here: each thread makes its own.")]
    private static AlignedBuffer<T>? Block;

    /// <summary>At least that many elements, with anything in them.</summary>
    public static Span<T> OfLength(int length)
    {
        AlignedBuffer<T>? block = Block;
        if (block is null || block.Length < length)
        {
            Block = block = new(length);
        }

        return block.Span;
    }
}
