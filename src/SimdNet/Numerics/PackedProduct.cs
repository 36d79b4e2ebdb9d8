using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>A large product by a team, loops 5 and 4 of the BLIS papers outside: the team packs a block of B together, then each part multiplies its rows of A with all of it. Packed by every part for itself, B would be copied as often as there are parts.</summary>
internal ref struct PackedProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels;
    private readonly ReadOnlyMatrixView<T> _a;
    private readonly ReadOnlyMatrixView<T> _b;
    private readonly MatrixView<T> _c;
    private readonly bool _isTransposedA;
    private readonly bool _isTransposedB;
    private readonly bool _accumulate;

    /// <param name="a">[m × k], or [k × m] where it is transposed.</param>
    /// <param name="isTransposedA">Aᵀ is the left factor.</param>
    /// <param name="b">[k × n], or [n × k] where it is transposed.</param>
    /// <param name="isTransposedB">Bᵀ is the right factor.</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">C is added to.</param>
    public PackedProduct(ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlyMatrixView<T> b, bool isTransposedB, MatrixView<T> c, bool accumulate)
    {
        _kernels = KernelSets.Active<T>();
        _a = a;
        _isTransposedA = isTransposedA;
        _b = b;
        _isTransposedB = isTransposedB;
        _c = c;
        _accumulate = accumulate;
    }

    /// <summary>Runs it.</summary>
    /// <param name="team">Who does the parts.</param>
    /// <param name="cut">Its rows.</param>
    public readonly void Run(WorkerTeam team, ProductCut cut)
    {
        int k = _isTransposedA ? _a.Rows : _a.Columns;
        int n = _c.Columns;
        int kc = int.Min(k, KernelSet<T>.KBlock);
        int nc = int.Min(n, ProductPlan.PackedColumns(Unsafe.SizeOf<T>()));
        int packedLength = AlignedBuffer<T>.RoundUp((int)_kernels.PackedLength(kc, nc));
        (_, int rows) = cut.Range<T>(cut.Parts - 1, _c.Rows, n);
        int scratchLength = AlignedBuffer<T>.RoundUp(_kernels.PackedScratchLength(int.Max(rows, cut.Range<T>(0, _c.Rows, n).Count), kc));
        Span<T> memory = ThreadScratch<T>.OfLength(packedLength + (scratchLength * cut.Parts));
        Span<T> packed = memory[..packedLength];
        for (int jc = 0; jc < n; jc += nc)
        {
            int columns = int.Min(nc, n - jc);
            MatrixView<T> c = _c.SliceColumns(jc, columns);
            for (int pc = 0; pc < k; pc += kc)
            {
                int terms = int.Min(kc, k - pc);
                ReadOnlyMatrixView<T> b = _isTransposedB ? _b.Slice(jc, columns).SliceColumns(pc, terms) : _b.Slice(pc, terms).SliceColumns(jc, columns);
                Packing packing = new() { Kernels = _kernels, B = b, IsTransposed = _isTransposedB, Packed = packed, Parts = cut.Parts };
                team.Run(ref packing, cut.Parts);
                ReadOnlyMatrixView<T> a = _isTransposedA ? _a.Slice(pc, terms) : _a.SliceColumns(pc, terms);
                Rows product = new() { Kernels = _kernels, A = a, IsTransposed = _isTransposedA, Packed = packed, C = c, Accumulate = _accumulate || pc > 0, Cut = cut, Scratch = memory[packedLength..], ScratchLength = scratchLength };
                team.Run(ref product, cut.Parts);
            }
        }
    }

    /// <summary>A block of B into panels, in ranges of whole panels.</summary>
    private ref struct Packing : IPartedWork
    {
        public KernelSet<T> Kernels;
        public ReadOnlyMatrixView<T> B;
        public bool IsTransposed;
        public Span<T> Packed;
        public int Parts;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int terms, int columns) = IsTransposed ? (B.Columns, B.Rows) : (B.Rows, B.Columns);
            (int start, int count) = new Share(part, Parts).Of(columns, ProductPlan.PanelBytes / Unsafe.SizeOf<T>());
            if (count > 0)
            {
                Kernels.Pack(IsTransposed ? B.Slice(start, count) : B.SliceColumns(start, count), IsTransposed, Packed[(int)Kernels.PackedLength(terms, start)..]);
            }
        }
    }

    /// <summary>Rows of C by a packed block of B.</summary>
    private ref struct Rows : IPartedWork
    {
        public KernelSet<T> Kernels;
        public ReadOnlyMatrixView<T> A;
        public bool IsTransposed;
        public ReadOnlySpan<T> Packed;
        public MatrixView<T> C;
        public bool Accumulate;
        public ProductCut Cut;
        public Span<T> Scratch;
        public int ScratchLength;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = Cut.Range<T>(part, C.Rows, C.Columns);
            Kernels.MultiplyPacked(IsTransposed ? A.SliceColumns(start, count) : A.Slice(start, count), IsTransposed, Packed, C.Slice(start, count), Accumulate, Scratch.Slice(part * ScratchLength, ScratchLength));
        }
    }
}
