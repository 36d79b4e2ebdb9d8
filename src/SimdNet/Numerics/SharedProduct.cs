using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Numerics;

/// <summary>What a product does with its tiles.</summary>
internal enum ProductForm
{
    /// <summary>C = A·B or C += A·B, each operand as it is or transposed.</summary>
    Product,

    /// <summary>C = f(A·B + bias).</summary>
    Dense,

    /// <summary>C = (A·Bᵀ) ⊙ f′.</summary>
    InputGradient,
}

/// <summary>A product in parts for a team. Its operands have been checked: parts write apart, and read nothing that is written.</summary>
internal ref struct SharedProduct<T> : IPartedWork
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels = KernelSets.Active<T>();
    private readonly ProductCut _cut;
    private readonly ReadOnlyMatrixView<T> _a;
    private readonly ReadOnlyMatrixView<T> _b;
    private readonly MatrixView<T> _c;
    private readonly bool _isTransposedA;
    private readonly bool _isTransposedB;
    private readonly int _scratchLength;
    private Span<T> _scratch;

    /// <param name="team">Who does the parts.</param>
    /// <param name="a">[m × k], or [k × m] where it is transposed.</param>
    /// <param name="isTransposedA">Aᵀ is the left factor.</param>
    /// <param name="b">[k × n], or [n × k] where it is transposed.</param>
    /// <param name="isTransposedB">Bᵀ is the right factor.</param>
    /// <param name="c">[m × n].</param>
    public SharedProduct(WorkerTeam team, ReadOnlyMatrixView<T> a, bool isTransposedA, ReadOnlyMatrixView<T> b, bool isTransposedB, MatrixView<T> c)
    {
        _a = a;
        _isTransposedA = isTransposedA;
        _b = b;
        _isTransposedB = isTransposedB;
        _c = c;
        int k = isTransposedA ? a.Rows : a.Columns;
        _cut = ProductCut.Of<T>(c.Rows, c.Columns, k, team.Size);
        for (int part = 0; part < _cut.Parts; part++)
        {
            (_, int count) = _cut.Range<T>(part, c.Rows, c.Columns);
            (int rows, int columns) = _cut.ByColumns ? (c.Rows, count) : (count, c.Columns);
            _scratchLength = int.Max(_scratchLength, isTransposedB ? _kernels.ScratchLengthFor(rows, columns, k) : _kernels.ScratchLengthFor(rows, k, columns));
        }

        _scratchLength = AlignedBuffer<T>.RoundUp(_scratchLength);
    }

    public ProductForm Form { get; init; }

    public bool Accumulate { get; init; }

    public ReadOnlySpan<T> Bias { get; init; }

    public ActivationKind Kind { get; init; }

    public T Slope { get; init; }

    /// <summary>What f returned, [m × n], where its derivative is read off it.</summary>
    public ReadOnlyMatrixView<T> Outputs { get; init; }

    /// <summary>All parts.</summary>
    /// <remarks>Their scratch is the calling thread's: whichever thread is first to help allocates nothing.</remarks>
    public void Run(WorkerTeam team)
    {
        _scratch = ThreadScratch<T>.OfLength(_scratchLength * _cut.Parts);
        team.Run(ref this, _cut.Parts);
    }

    [MethodImpl(Compiled.Entry)]
    public readonly void Run(int part, int worker)
    {
        (int start, int count) = _cut.Range<T>(part, _c.Rows, _c.Columns);
        ReadOnlyMatrixView<T> a = _a;
        ReadOnlyMatrixView<T> b = _b;
        MatrixView<T> c = _c;
        ReadOnlyMatrixView<T> outputs = Outputs;
        ReadOnlySpan<T> bias = Bias;
        bool readsOutputs = Form == ProductForm.InputGradient && Kind != ActivationKind.Identity;
        if (_cut.ByColumns)
        {
            b = _isTransposedB ? b.Slice(start, count) : b.SliceColumns(start, count);
            c = c.SliceColumns(start, count);
            outputs = readsOutputs ? outputs.SliceColumns(start, count) : outputs;
            bias = bias.IsEmpty ? bias : bias.Slice(start, count);
        }
        else
        {
            a = _isTransposedA ? a.SliceColumns(start, count) : a.Slice(start, count);
            c = c.Slice(start, count);
            outputs = readsOutputs ? outputs.Slice(start, count) : outputs;
        }

        Span<T> scratch = _scratch.Slice(part * _scratchLength, _scratchLength);
        switch (Form)
        {
            case ProductForm.Dense: _kernels.Forward(a, b, bias, Kind, Slope, c, scratch); break;
            case ProductForm.InputGradient: _kernels.InputGradient(a, b, Kind, Slope, outputs, c, scratch); break;
            default: MatrixPrimitives.Multiply(_kernels, a, _isTransposedA, b, _isTransposedB, c, Accumulate, scratch); break;
        }
    }
}
