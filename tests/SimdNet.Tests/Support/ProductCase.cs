using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Tests.Support;

/// <summary>Which of the three products.</summary>
internal enum ProductKind
{
    Plain,
    TransposedB,
    TransposedA,
}

/// <summary>One product with operands, result and what surrounds them; A and B are given as [m × k] and [k × n] and stored as the kind wants them.</summary>
internal sealed class ProductCase<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Canary = T.CreateTruncating(-987654.321);

    private readonly int _offset;
    private readonly int _gap;
    private readonly T[] _c;
    private readonly T[] _storedA;
    private readonly T[] _storedB;
    private T[] _scratch = [];

    /// <param name="kind">Which product.</param>
    /// <param name="m">Rows of C.</param>
    /// <param name="n">Columns of C.</param>
    /// <param name="k">Terms.</param>
    /// <param name="accumulate">β = 1.</param>
    /// <param name="gap">Elements between the rows of each matrix.</param>
    /// <param name="offset">Elements before the first.</param>
    public ProductCase(ProductKind kind, int m, int n, int k, bool accumulate, int gap, int offset)
    {
        (Kind, M, N, K, Accumulate, _gap, _offset) = (kind, m, n, k, accumulate, gap, offset);
        A = new T[m * k];
        B = new T[k * n];
        C = new T[m * n];
        _storedA = Store(kind == ProductKind.TransposedA ? k : m, kind == ProductKind.TransposedA ? m : k);
        _storedB = Store(kind == ProductKind.TransposedB ? n : k, kind == ProductKind.TransposedB ? k : n);
        _c = Store(m, n);
    }

    public ProductKind Kind { get; }

    public int M { get; }

    public int N { get; }

    public int K { get; }

    public bool Accumulate { get; }

    /// <summary>[m × k].</summary>
    public T[] A { get; }

    /// <summary>[k × n].</summary>
    public T[] B { get; }

    /// <summary>[m × n], what C holds before.</summary>
    public T[] C { get; }

    /// <summary>Copies A and B to where the kernel reads them. Call after they are filled.</summary>
    public void Place()
    {
        for (int i = 0; i < M; i++)
        {
            for (int p = 0; p < K; p++)
            {
                _storedA[_offset + (Kind == ProductKind.TransposedA ? (p * (M + _gap)) + i : (i * (K + _gap)) + p)] = A[(i * K) + p];
            }
        }

        for (int p = 0; p < K; p++)
        {
            for (int j = 0; j < N; j++)
            {
                _storedB[_offset + (Kind == ProductKind.TransposedB ? (j * (K + _gap)) + p : (p * (N + _gap)) + j)] = B[(p * N) + j];
            }
        }
    }

    /// <summary>Runs the kernel and returns C, [m × n]. What is overwritten is NaN before, and so is the scratch.</summary>
    /// <exception cref="InvalidOperationException">Something beside C was written.</exception>
    /// <param name="set">The kernels.</param>
    /// <param name="ample">True: with the scratch that the shape is fastest with. False: with the least that serves every shape.</param>
    public T[] Run(KernelSet<T> set, bool ample = true)
    {
        int scratchLength = ample ? ScratchLengthFor(set) : set.ScratchLength;
        if (_scratch.Length < scratchLength)
        {
            _scratch = new T[scratchLength];
        }

        Array.Fill(_scratch, T.NaN);
        Array.Fill(_c, Canary);
        for (int i = 0; i < M; i++)
        {
            Span<T> row = _c.AsSpan(_offset + (i * (N + _gap)), N);
            if (Accumulate)
            {
                C.AsSpan(i * N, N).CopyTo(row);
            }
            else
            {
                row.Fill(T.NaN);
            }
        }

        MatrixView<T> c = new(_c.AsSpan(_offset), M, N, N + _gap);
        Span<T> scratch = _scratch.AsSpan(_scratch.Length - scratchLength);
        switch (Kind)
        {
            case ProductKind.Plain: set.Multiply(View(_storedA, M, K), View(_storedB, K, N), c, Accumulate, scratch); break;
            case ProductKind.TransposedB: set.MultiplyTransposedB(View(_storedA, M, K), View(_storedB, N, K), c, Accumulate, scratch); break;
            case ProductKind.TransposedA: set.MultiplyTransposedA(View(_storedA, K, M), View(_storedB, K, N), c, Accumulate, scratch); break;
            default: throw new ArgumentOutOfRangeException(nameof(set), Kind, "No such product.");
        }

        T[] result = new T[M * N];
        for (int i = 0; i < M; i++)
        {
            Span<T> row = _c.AsSpan(_offset + (i * (N + _gap)), N);
            row.CopyTo(result.AsSpan(i * N));
            row.Fill(Canary);
        }

        return _c.AsSpan().ContainsAnyExcept(Canary) ? throw new InvalidOperationException($"{this} on {set.Name} wrote beside C.") : result;
    }

    public override string ToString() => $"{Kind} {M}×{N}×{K}, accumulate {Accumulate}, gap {_gap}, offset {_offset}, {typeof(T).Name}";

    private int ScratchLengthFor(KernelSet<T> set) => Kind switch
    {
        ProductKind.Plain => set.ScratchLengthFor(M, K, N),
        ProductKind.TransposedB => set.ScratchLengthFor(M, N, K),
        _ => set.ScratchLengthFor(K, M, N),
    };

    private T[] Store(int rows, int columns)
    {
        // What lies around an operand is NaN: whoever reads it shows it.
        T[] store = new T[_offset + (rows * (columns + _gap)) + 8];
        Array.Fill(store, T.NaN);
        return store;
    }

    private ReadOnlyMatrixView<T> View(T[] store, int rows, int columns) => new(store.AsSpan(_offset), rows, columns, columns + _gap);
}
