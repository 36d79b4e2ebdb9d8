using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>A product in parts for a team, each operand as it is or transposed. Its operands have been checked: parts write apart, and read nothing that is written.</summary>
/// <remarks>
/// Where one thread would copy both operands, loops 5 and 4 of the BLIS papers are outside: the team packs a block of B together, then each part multiplies its rows of A with all of it. Packed by every part for itself, B would be
/// copied as often as there are parts. Other parts are products of their own.
/// </remarks>
internal readonly ref struct SharedProduct<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels;
    private readonly ReadOnlyMatrixView<T> _a;
    private readonly ReadOnlyMatrixView<T> _b;
    private readonly MatrixView<T> _c;
    private readonly bool _isTransposedA;
    private readonly bool _isTransposedB;
    private readonly bool _accumulate;
    private readonly ProductEpilogue<T> _epilogue;

    /// <param name="a">[m × k], or [k × m] where it is transposed.</param>
    /// <param name="isTransposedA">Aᵀ is the left factor.</param>
    /// <param name="b">[k × n], or [n × k] where it is transposed.</param>
    /// <param name="isTransposedB">Bᵀ is the right factor.</param>
    /// <param name="c">[m × n].</param>
    /// <param name="accumulate">C is added to; not where something follows.</param>
    /// <param name="epilogue">What follows: forward for operands as they are, a gradient for a transposed B.</param>
    public SharedProduct(ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlyMatrixView<T> b, bool isTransposedB, MatrixView<T> c, bool accumulate, in ProductEpilogue<T> epilogue)
    {
        _kernels = KernelSets.Active<T>();
        _a = a;
        _isTransposedA = isTransposedA;
        _b = b;
        _isTransposedB = isTransposedB;
        _c = c;
        _accumulate = accumulate;
        _epilogue = epilogue;
    }

    private int K => _isTransposedA ? _a.Rows : _a.Columns;

    /// <summary>Runs it.</summary>
    /// <param name="team">Who does the parts.</param>
    /// <remarks>The scratch of all parts is the calling thread's: whichever thread is first to help allocates nothing.</remarks>
    public void Run(WorkerTeam team)
    {
        ProductCut cut = ProductCut.Of<T>(_c.Rows, _c.Columns, K, _isTransposedA, team.Size);
        if (cut.PacksB)
        {
            RunPacked(team, cut);
            return;
        }

        int scratchLength = 0;
        for (int part = 0; part < cut.Parts; part++)
        {
            (_, int count) = cut.Range<T>(part, _c.Rows, _c.Columns);
            (int rows, int columns) = cut.ByColumns ? (_c.Rows, count) : (count, _c.Columns);
            scratchLength = int.Max(scratchLength, _isTransposedB ? _kernels.ScratchLengthFor(rows, columns, K) : _kernels.ScratchLengthFor(rows, K, columns));
        }

        scratchLength = AlignedBuffer<T>.RoundUp(scratchLength);
        Parts work = new() { Product = this, Cut = cut, Scratch = ThreadScratch<T>.OfLength(scratchLength * cut.Parts), ScratchLength = scratchLength };
        team.Run(ref work, cut.Parts);
    }

    private void RunPacked(WorkerTeam team, ProductCut cut)
    {
        int n = _c.Columns;
        int kc = int.Min(K, KernelSet<T>.KBlock);
        int nc = int.Min(n, ProductPlan.PackedColumns(Unsafe.SizeOf<T>()));
        int packedLength = AlignedBuffer<T>.RoundUp((int)_kernels.PackedLength(kc, nc));
        int rows = 0;
        for (int part = 0; part < cut.Parts; part++)
        {
            rows = int.Max(rows, cut.Range<T>(part, _c.Rows, n).Count);
        }

        int scratchLength = AlignedBuffer<T>.RoundUp(_kernels.PackedScratchLength(rows, kc));
        Span<T> memory = ThreadScratch<T>.OfLength(packedLength + (scratchLength * cut.Parts));
        for (int jc = 0; jc < n; jc += nc)
        {
            int columns = int.Min(nc, n - jc);
            for (int pc = 0; pc < K; pc += kc)
            {
                int terms = int.Min(kc, K - pc);
                PackedParts work = new()
                {
                    Kernels = _kernels,
                    A = _isTransposedA ? _a.Slice(pc, terms) : _a.SliceColumns(pc, terms),
                    IsTransposedA = _isTransposedA,
                    B = _isTransposedB ? _b.Slice(jc, columns).SliceColumns(pc, terms) : _b.Slice(pc, terms).SliceColumns(jc, columns),
                    IsTransposedB = _isTransposedB,
                    C = _c.SliceColumns(jc, columns),
                    Accumulate = _accumulate || pc > 0,
                    Epilogue = pc + terms == K ? _epilogue.Columns(jc, columns) : default,
                    Cut = cut,
                    Packed = memory[..packedLength],
                    Scratch = memory[packedLength..],
                    ScratchLength = scratchLength,
                };
                team.Run(ref work, cut.Parts);
                work.IsPacked = true;
                team.Run(ref work, cut.Parts);
            }
        }
    }

    /// <summary>Rows or columns of C, each range a product of its own.</summary>
    private ref struct Parts : IPartedWork
    {
        public SharedProduct<T> Product;
        public ProductCut Cut;
        public Span<T> Scratch;
        public int ScratchLength;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            (int start, int count) = Cut.Range<T>(part, Product._c.Rows, Product._c.Columns);
            SharedProduct<T> whole = Product;
            ReadOnlyMatrixView<T> a = whole._a;
            ReadOnlyMatrixView<T> b = whole._b;
            MatrixView<T> c;
            ProductEpilogue<T> epilogue;
            if (Cut.ByColumns)
            {
                b = whole._isTransposedB ? b.Slice(start, count) : b.SliceColumns(start, count);
                c = whole._c.SliceColumns(start, count);
                epilogue = whole._epilogue.Columns(start, count);
            }
            else
            {
                a = whole._isTransposedA ? a.SliceColumns(start, count) : a.Slice(start, count);
                c = whole._c.Slice(start, count);
                epilogue = whole._epilogue.Rows(start, count);
            }

            Span<T> scratch = Scratch.Slice(part * ScratchLength, ScratchLength);
            if (epilogue.IsNone)
            {
                MatrixPrimitives.Multiply(whole._kernels, a, whole._isTransposedA, b, whole._isTransposedB, c, whole._accumulate, scratch);
            }
            else if (epilogue.IsGradient)
            {
                whole._kernels.InputGradient(a, b, epilogue.Kind, epilogue.Slope, epilogue.Outputs, c, scratch);
            }
            else
            {
                whole._kernels.Forward(a, b, epilogue.Bias, epilogue.Kind, epilogue.Slope, c, scratch);
            }
        }
    }

    /// <summary>A block of B, first packed, in ranges of whole panels, then multiplied with rows of A.</summary>
    private ref struct PackedParts : IPartedWork
    {
        public KernelSet<T> Kernels;
        public ReadOnlyMatrixView<T> A;
        public bool IsTransposedA;
        public ReadOnlyMatrixView<T> B;
        public bool IsTransposedB;
        public MatrixView<T> C;
        public bool Accumulate;
        public ProductEpilogue<T> Epilogue;
        public ProductCut Cut;
        public Span<T> Packed;
        public Span<T> Scratch;
        public int ScratchLength;
        public bool IsPacked;

        [MethodImpl(Compiled.Entry)]
        public readonly void Run(int part, int worker)
        {
            if (!IsPacked)
            {
                Pack(new Share(part, Cut.Parts));
                return;
            }

            (int start, int count) = Cut.Range<T>(part, C.Rows, C.Columns);
            Kernels.MultiplyPacked(IsTransposedA ? A.SliceColumns(start, count) : A.Slice(start, count), IsTransposedA, Packed, C.Slice(start, count), Accumulate, Epilogue.Rows(start, count), Scratch.Slice(part * ScratchLength, ScratchLength));
        }

        [MethodImpl(Compiled.Entry)]
        private readonly void Pack(Share share)
        {
            (int terms, int columns) = IsTransposedB ? (B.Columns, B.Rows) : (B.Rows, B.Columns);
            (int start, int count) = share.Of(columns, ProductPlan.PanelBytes / Unsafe.SizeOf<T>());
            if (count > 0)
            {
                Kernels.Pack(IsTransposedB ? B.Slice(start, count) : B.SliceColumns(start, count), IsTransposedB, Packed[(int)Kernels.PackedLength(terms, start)..]);
            }
        }
    }
}
