using System;
using System.Collections.Generic;
using System.Numerics;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Roofline;
using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>Products by the way that the table of <see cref="ProductPlan"/> takes, against the other ways, all of which give the same bits.</summary>
public class ProductPlans<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels = KernelSets.Active<T>();
    private readonly Way _run = WidthLoop.Of<Way>(typeof(ProductByWay<,,,>), typeof(T), nameof(ProductByWay<float, FloatPrecision, float, WidthScalar<float>>.Run));
    private AlignedBuffer<T> _x = null!;
    private AlignedBuffer<T> _w = null!;
    private AlignedBuffer<T> _y = null!;
    private AlignedBuffer<T> _packed = null!;
    private AlignedBuffer<T> _scratch = null!;

    private delegate void Way(ProductWays way, ProductCase row, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c, Span<T> scratch);

    private delegate long Length(ProductWays way, ProductCase row);

    private delegate bool Check(ProductWays way, ProductCase row);

    [ParamsSource(nameof(Cases))]
    public ProductPlanCase Case { get; set; } = null!;

    public IEnumerable<ProductPlanCase> Cases => ProductPlanCase.All(typeof(T));

    /// <summary>One block of operands for all ways, which overwrite the same result.</summary>
    [GlobalSetup]
    public void Setup()
    {
        ProductCase row = Case.Row;
        if (!WidthLoop.Of<Check>(typeof(ProductByWay<,,,>), typeof(T), nameof(ProductByWay<float, FloatPrecision, float, WidthScalar<float>>.IsPlanned))(Case.Planned, row))
        {
            throw new InvalidOperationException($"The table does not take the way {Case.Planned} for {Case.Name}.");
        }

        Length scratchLength = WidthLoop.Of<Length>(typeof(ProductByWay<,,,>), typeof(T), nameof(ProductByWay<float, FloatPrecision, float, WidthScalar<float>>.ScratchLength));
        long scratch = _kernels.ScratchLengthFor(row.Batch, row.Inputs, row.Units);
        ProductWays[] others = [.. Array.FindAll(Enum.GetValues<ProductWays>(), way => way != ProductWays.None && Case.Others.HasFlag(way))];
        foreach (ProductWays way in others)
        {
            scratch = long.Max(scratch, scratchLength(way, row));
        }

        _x = RandomData.Uniform<T>(row.Batch * row.Inputs, seed: 1);
        _w = RandomData.Uniform<T>(row.Inputs * row.Units, seed: 2);
        _y = RandomData.Uniform<T>(row.Batch * row.Units, seed: 3);
        _scratch = new((int)scratch);
        if (Case.Planned == ProductWays.PackedOnce)
        {
            _packed = new((int)_kernels.PackedLength(row.Inputs, row.Units));
            _kernels.Pack(new(_w.Span, row.Inputs, row.Units), isTransposed: false, _packed.Span);
        }

        SimdNet();
        T[] expected = Destination.ToArray();
        foreach (ProductWays way in others)
        {
            Destination.Fill(T.NaN);
            Run(way);
            if (!Destination.SequenceEqual(expected))
            {
                throw new InvalidOperationException($"The ways of {Case.Name} do not give the same bits: {way}.");
            }
        }

        WarmUp.Run([SimdNet, .. Array.ConvertAll(others, way => (Action)(() => Run(way)))]);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet()
    {
        ProductCase row = Case.Row;
        MatrixView<T> x = new(_x.Span, row.Batch, row.Inputs);
        MatrixView<T> w = new(_w.Span, row.Inputs, row.Units);
        MatrixView<T> y = new(_y.Span, row.Batch, row.Units);
        switch (row.Kind)
        {
            case ProductKind.Forward when Case.Planned == ProductWays.PackedOnce: _kernels.ForwardPacked(x, _packed.Span, [], ActivationKind.Identity, T.Zero, y, _scratch.Span); break;
            case ProductKind.Forward: _kernels.Multiply(x, w, y, accumulate: false, _scratch.Span); break;
            case ProductKind.WeightGradient: _kernels.MultiplyTransposedA(x, y, w, accumulate: false, _scratch.Span); break;
            default: _kernels.MultiplyTransposedB(y, w, x, accumulate: false, _scratch.Span); break;
        }
    }

    [Benchmark(Description = Implementations.Direct)]
    public void Direct() => Run(ProductWays.Direct);

    [Benchmark(Description = Implementations.TilesOfA)]
    public void TilesOfA() => Run(ProductWays.TilesOfA);

    [Benchmark(Description = Implementations.Packed)]
    public void Packed() => Run(ProductWays.Packed);

    [Benchmark(Description = Implementations.FewColumns)]
    public void FewColumns() => Run(ProductWays.FewColumns);

    [Benchmark(Description = Implementations.ColumnsOfC)]
    public void ColumnsOfC() => Run(ProductWays.ColumnsOfC);

    [Benchmark(Description = Implementations.TransposeOfC)]
    public void TransposeOfC() => Run(ProductWays.TransposeOfC);

    [Benchmark(Description = Implementations.PanelByPanel)]
    public void PanelByPanel() => Run(ProductWays.PanelByPanel);

    [Benchmark(Description = Implementations.AllPanelsPlain)]
    public void AllPanelsPlain() => Run(ProductWays.AllPanelsPlain);

    private Span<T> Destination => Case.Row.Kind switch
    {
        ProductKind.Forward => _y.Span,
        ProductKind.WeightGradient => _w.Span,
        _ => _x.Span,
    };

    private void Run(ProductWays way)
    {
        switch (Case.Row.Kind)
        {
            case ProductKind.Forward: _run(way, Case.Row, _x.Span, _w.Span, _y.Span, _scratch.Span); break;
            case ProductKind.WeightGradient: _run(way, Case.Row, _x.Span, _y.Span, _w.Span, _scratch.Span); break;
            default: _run(way, Case.Row, _y.Span, _w.Span, _x.Span, _scratch.Span); break;
        }
    }
}
