using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SimdNet.Memory;

/// <summary>
/// A block of numbers that starts on a cache line and never moves. The garbage collector owns it: nothing has to be disposed.
/// </summary>
/// <remarks>
/// Arrays of the pinned heap are aligned to 8 bytes only, so the array is one line longer than asked for and the block begins at its
/// first 64-byte boundary.
/// <code>
/// _array   |..pad..|================ Length ================|..rest of the line..|
///                  ^ address divisible by 64
/// </code>
/// </remarks>
internal sealed class AlignedBuffer<T>
    where T : unmanaged
{
    /// <summary>One cache line, which is also one Vector512.</summary>
    public const int Alignment = 64;

    private readonly T[] _array;
    private readonly int _start;

    /// <summary>A block of <paramref name="length"/> zeros.</summary>
    public unsafe AlignedBuffer(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        int line = Alignment / sizeof(T);
        _array = GC.AllocateArray<T>(checked(length + line), pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
        _start = (int)((Alignment - (address & (Alignment - 1))) & (Alignment - 1)) / sizeof(T);
        Length = length;
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>The block.</summary>
    public Span<T> Span => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _start), Length);

    /// <summary>The block, where a span cannot be kept.</summary>
    public Memory<T> Memory => _array.AsMemory(_start, Length);

    /// <summary>The least multiple of a line that holds <paramref name="length"/> elements, so that what follows is aligned too.</summary>
    public static int RoundUp(int length)
    {
        int line = Alignment / Unsafe.SizeOf<T>();
        Debug.Assert(length >= 0, "A length is not negative.");
        return checked(length + line - 1) / line * line;
    }
}
