using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Room for the factors of a block of rows.</summary>
[InlineArray(RowList.Capacity)]
internal struct RowFactors<T>
    where T : unmanaged
{
    private T _factor;
}

/// <summary>Room for a list of rows: 4 KB of stack, and the length of the blocks that rows are taken in.</summary>
[InlineArray(Capacity + Slack)]
internal struct RowList
{
    /// <summary>Most rows in a list.</summary>
    public const int Capacity = 1024;

    /// <summary>What the last vector may write beyond the end.</summary>
    private const int Slack = 16;

    private int _row;
}
