using System;
using System.Collections.Generic;

namespace SimdNet.Interop;

/// <summary>Numbers that come one by one, in pieces: an array that doubles would leave as many again as garbage.</summary>
/// <typeparam name="T">Their type.</typeparam>
internal sealed class Pieces<T>
    where T : unmanaged
{
    private const int FirstLength = 1 << 10;

    /// <summary>Of a piece: what of the last one is not used is 8 MiB at most.</summary>
    private const int MostLength = 1 << 20;

    private readonly List<T[]> _full = [];
    private T[] _last = new T[FirstLength];
    private int _used;

    /// <summary>How many there are, at most <see cref="Array.MaxLength"/>.</summary>
    public int Count { get; private set; }

    public void Add(T value)
    {
        if (_used == _last.Length)
        {
            _full.Add(_last);
            _last = new T[Math.Min(Count, MostLength)];
            _used = 0;
        }

        _last[_used++] = value;
        Count++;
    }

    public T[] ToArray()
    {
        T[] all = GC.AllocateUninitializedArray<T>(Count);
        Span<T> rest = all;
        foreach (T[] piece in _full)
        {
            piece.CopyTo(rest);
            rest = rest[piece.Length..];
        }

        _last.AsSpan(0, _used).CopyTo(rest);
        return all;
    }

    public TResult[] ToArray<TResult>(Func<T, TResult> convert)
    {
        TResult[] all = GC.AllocateUninitializedArray<TResult>(Count);
        int at = 0;
        foreach (T[] piece in _full)
        {
            foreach (T value in piece)
            {
                all[at++] = convert(value);
            }
        }

        foreach (T value in _last.AsSpan(0, _used))
        {
            all[at++] = convert(value);
        }

        return all;
    }
}
