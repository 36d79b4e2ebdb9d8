using System;
using System.Collections.Generic;
using System.Numerics;

namespace SimdNet.Tests.Support;

/// <summary>Where a test's operands lie. What they lie between shows whether a kernel kept to them.</summary>
/// <remarks>A case rents its operands anew in each run, in the same order; nothing is allocated after the first.</remarks>
internal abstract class Arena<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly List<T> _records = [];

    /// <summary>The numbers of each seed and scale that was rented, as many as the longest block took: a shorter block has the first of them.</summary>
    private readonly Dictionary<(int Seed, double Scale), T[]> _numbers = [];

    private bool _hasScratch;

    /// <summary>A block of that length, between canaries or guard pages.</summary>
    public abstract Span<T> Rent(int length);

    /// <summary>The blocks rented since <see cref="Reset"/>.</summary>
    public abstract int Blocks { get; }

    /// <summary>Block number <paramref name="index"/>.</summary>
    public abstract ReadOnlySpan<T> Block(int index);

    /// <summary>True where nothing outside the blocks was written.</summary>
    public abstract bool IsIntact { get; }

    /// <summary>Keeps a number that a kernel returned.</summary>
    public void Record(T value) => _records.Add(value);

    /// <summary>A block of random numbers in (−1, 1) · <paramref name="scale"/>.</summary>
    public Span<T> RentRandom(int length, int seed, double scale = 1)
    {
        if (!_numbers.TryGetValue((seed, scale), out T[]? numbers) || numbers.Length < length)
        {
            numbers = new T[2 * length];
            Numbers.Fill<T>(numbers, seed, scale);
            _numbers[(seed, scale)] = numbers;
        }

        Span<T> block = Rent(length);
        numbers.AsSpan(0, length).CopyTo(block);
        return block;
    }

    /// <summary>A block of NaN: what a kernel must overwrite without reading.</summary>
    public Span<T> RentPoison(int length)
    {
        Span<T> block = Rent(length);
        block.Fill(T.NaN);
        return block;
    }

    /// <summary>A block of NaN that the kernel may leave anything in: not compared by <see cref="DifferenceFrom"/>. Rented last.</summary>
    public Span<T> RentScratch(int length)
    {
        Span<T> block = RentPoison(length);
        _hasScratch = true;
        return block;
    }

    public virtual void Reset()
    {
        _records.Clear();
        _hasScratch = false;
    }

    /// <summary>Where the results of another run, in the same order, first differ; null where they have the same bits.</summary>
    public string? DifferenceFrom(Arena<T> other)
    {
        for (int i = 0; i < _records.Count; i++)
        {
            if (!Numbers.SameBits(_records[i], other._records[i]))
            {
                return $"returned {_records[i]} instead of {other._records[i]}";
            }
        }

        for (int i = 0; i < (_hasScratch ? Blocks - 1 : Blocks); i++)
        {
            int difference = Numbers.FirstDifference(Block(i), other.Block(i));
            if (difference >= 0)
            {
                return $"operand {i}, element {difference}: {Block(i)[difference]} instead of {other.Block(i)[difference]}";
            }
        }

        return null;
    }
}
