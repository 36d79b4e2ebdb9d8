using System;
using System.Diagnostics;

namespace SimdNet.Memory;

/// <summary>One of several parts of some work. Parts write apart, and where an element of what is written is a chain of its own, as those of a product are, together they leave the bits of the whole.</summary>
/// <param name="Part">Its number, from 0.</param>
/// <param name="Parts">How many there are.</param>
internal readonly record struct Share(int Part, int Parts)
{
    /// <summary>All of it.</summary>
    public static Share All => new(0, 1);

    /// <summary>The part's range of a length, as even as whole steps allow.</summary>
    public (int Start, int Count) Of(int length, int step)
    {
        Debug.Assert((uint)Part < (uint)Parts && length >= 0 && step > 0, "A part of something.");
        long steps = ((long)length + step - 1) / step;
        int start = (int)Math.Min(length, steps * Part / Parts * step);
        return (start, (int)Math.Min(length, steps * (Part + 1) / Parts * step) - start);
    }
}
