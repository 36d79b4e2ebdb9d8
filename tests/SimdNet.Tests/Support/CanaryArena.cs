using System;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SimdNet.Tests.Support;

/// <summary>Blocks in one array, each at the given offset from a cache line, with canaries before and after.</summary>
internal sealed class CanaryArena<T>(int capacity, int offset) : Arena<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Margin = 64;
    private const int MaximumBlocks = 16;

    private static readonly T Canary = T.CreateTruncating(-123456.789);

    /// <summary>More than lie between two blocks. Compared as bytes, which is done a vector at a time.</summary>
    private static readonly byte[] Canaries = MemoryMarshal.AsBytes<T>(Enumerable.Repeat(Canary, 4 * Margin).ToArray()).ToArray();

    private readonly T[] _memory = GC.AllocateArray<T>(capacity + (MaximumBlocks * 4 * Margin), pinned: true);
    private readonly int[] _starts = new int[MaximumBlocks];
    private readonly int[] _lengths = new int[MaximumBlocks];
    private int _blocks;
    private int _next = Margin;

    public override int Blocks => _blocks;

    public override bool IsIntact
    {
        get
        {
            int end = 0;
            for (int i = 0; i <= _blocks; i++)
            {
                int start = i < _blocks ? _starts[i] : _next;
                ReadOnlySpan<byte> between = MemoryMarshal.AsBytes(_memory.AsSpan(end, start - end));
                if (!between.SequenceEqual(Canaries.AsSpan(0, between.Length)))
                {
                    return false;
                }

                end = i < _blocks ? start + _lengths[i] : start;
            }

            return true;
        }
    }

    public override unsafe Span<T> Rent(int length)
    {
        int line = 64 / sizeof(T);
        nint address = (nint)Unsafe.AsPointer(ref _memory[_next + Margin]);
        int toLine = (int)(-address & 63) / sizeof(T);
        int start = _next + Margin + toLine + (offset % line);
        int next = start + length + Margin;
        _memory.AsSpan(_next, start - _next).Fill(Canary);
        _memory.AsSpan(start + length, Margin).Fill(Canary);
        if (_blocks == 0)
        {
            _memory.AsSpan(0, _next).Fill(Canary);
        }

        _starts[_blocks] = start;
        _lengths[_blocks] = length;
        _blocks++;
        _next = next;
        return _memory.AsSpan(start, length);
    }

    public override ReadOnlySpan<T> Block(int index) => _memory.AsSpan(_starts[index], _lengths[index]);

    /// <summary>Overwrites one element after the first block: what the check must notice.</summary>
    public void BreakCanary() => _memory[_starts[0] + _lengths[0]] = T.Zero;

    public override void Reset()
    {
        base.Reset();
        _blocks = 0;
        _next = Margin;
    }
}
