using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>How a product is cut for a team: into ranges of columns of C or of its rows, never of terms. A function of the shape, the size of an element and the size of the team, and it changes no bit.</summary>
/// <param name="ByColumns">Parts are ranges of columns; else of rows.</param>
/// <param name="Parts">How many there are.</param>
/// <param name="PacksB">B is packed once for all parts together; else each part is a product of its own.</param>
/// <remarks>
/// Columns where both are about as good: each thread reads half of B, where it lies, and writes whole tiles of C. Rows where B is packed by the team, and where there are no columns to cut. The suite ThreadsProducts has a
/// row for each shape.
/// </remarks>
internal readonly record struct ProductCut(bool ByColumns, int Parts, bool PacksB = false)
{
    /// <summary>
    /// Operations in float below which a part is not worth handing over: about 2.5 µs of a core, as of a layer. A fork and join takes 0.3 µs where the worker is looking for work, as it is between two products of a loop,
    /// and some microseconds where it sleeps. In double, with half as many elements to a vector, half as many. <c>bench/run.sh Threads</c> has rows of fork and join, and of products with parts of half, once and twice as many.
    /// </summary>
    internal const long LeastOperations = 250_000;

    /// <summary>Bytes of a row of C that parts are whole multiples of, where columns are cut: two panels of two Vector512, so that no part ends within a tile or a cache line.</summary>
    private const int ColumnBytes = 256;

    /// <summary>Rows that parts are whole multiples of, where rows are cut: a tile of the widest kernel, or two of the narrower.</summary>
    private const int RowStep = 12;

    /// <summary>Rows of a part from which on it reads all of B, from L3: four tiles, during which a panel comes at less than a tenth of what L3 gives.</summary>
    private const int PackedRows = 48;

    /// <summary>How many times the largest part of a cut by rows that of a cut by columns may be for both to be about as good: a sixteenth more.</summary>
    private const double AboutAsGood = 1.0625;

    /// <summary>How many parts are worth their hand-over; 1 without a team.</summary>
    public static int PartsFor<T>(int m, int n, int k, WorkerTeam? team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => team is null || IsSmall<T>(m, n, k) ? 1 : PartsFor<T>(m, n, k, team.Size);

    /// <summary>By rows with a common B where one thread would pack it too, which it does not for a B of one panel, and each part has enough rows to read it for. Else the cut whose largest part is the smallest, columns where both are about as good.</summary>
    public static ProductCut Of<T>(int m, int n, int k, bool isTransposedA, int teamSize)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = Unsafe.SizeOf<T>();
        int parts = PartsFor<T>(m, n, k, teamSize);
        if ((long)n * size > ProductPlan.PanelBytes && m / parts >= PackedRows && ProductPlan.PacksBoth(m, n, k, size, isTransposedA))
        {
            return new(ByColumns: false, parts, PacksB: true);
        }

        int columnStep = ColumnBytes / size;
        bool byColumns = Largest(n, columnStep, parts) <= Largest(m, RowStep, parts) * AboutAsGood;
        return new(byColumns, byColumns ? Most(n, columnStep, parts) : Most(m, RowStep, parts));
    }

    /// <summary>The range of a part.</summary>
    public (int Start, int Count) Range<T>(int part, int m, int n)
        where T : unmanaged => ByColumns ? new Share(part, Parts).Of(n, ColumnBytes / Unsafe.SizeOf<T>()) : new Share(part, Parts).Of(m, RowStep);

    /// <remarks>Three sides of an int multiply to more than a long holds.</remarks>
    private static int PartsFor<T>(int m, int n, int k, int teamSize)
        where T : unmanaged => (int)double.Clamp(2.0 * m * n * k * Unsafe.SizeOf<T>() / (sizeof(float) * LeastOperations), 1, teamSize);

    /// <summary>True where there is one part, found out without a division: what asks is a product that may itself take no more than a tenth of a microsecond.</summary>
    private static bool IsSmall<T>(int m, int n, int k)
        where T : unmanaged => (long)m * n <= int.MaxValue && (long)m * n * k < LeastOperations * sizeof(float) / Unsafe.SizeOf<T>();

    private static int Most(int length, int step, int parts) => int.Min(parts, ((length - 1) / step) + 1);

    /// <summary>The fraction of a length that is in the largest part.</summary>
    private static double Largest(int length, int step, int parts)
    {
        int steps = ((length - 1) / step) + 1;
        return double.Min(1, (double)(((steps - 1) / parts) + 1) * step / length);
    }
}
