using System.Collections.Generic;
using System.Numerics;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>Matrix products in the shapes of dense layers, C overwritten, all operands row-major, whatever fits in a cache warm.</summary>
public class Products<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels = KernelSets.Active<T>();
    private AlignedBuffer<T> _x = null!;
    private AlignedBuffer<T> _w = null!;
    private AlignedBuffer<T> _y = null!;
    private AlignedBuffer<T> _scratch = null!;
    private T[] _xs = [];
    private T[] _ws = [];
    private T[] _ys = [];

    [ParamsSource(nameof(Cases))]
    public ProductCase Case { get; set; } = null!;

    public IEnumerable<ProductCase> Cases => ProductCase.All(typeof(T));

    [GlobalSetup]
    public void Setup()
    {
        _x = RandomData.Uniform<T>(Case.Batch * Case.Inputs, seed: 1);
        _w = RandomData.Uniform<T>(Case.Inputs * Case.Units, seed: 2);
        _y = RandomData.Uniform<T>(Case.Batch * Case.Units, seed: 3);
        _scratch = new(_kernels.ScratchLength);
        _xs = _x.Span.ToArray();
        _ws = _w.Span.ToArray();
        _ys = _y.Span.ToArray();
        SimdNet();
        Naive();
        Agreement.Check<T>(_ys, _y.Span, Case.Name);
        Agreement.Check<T>(_ws, _w.Span, Case.Name);
        Agreement.Check<T>(_xs, _x.Span, Case.Name);
        WarmUp.Run(SimdNet, Naive);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet()
    {
        MatrixView<T> x = new(_x.Span, Case.Batch, Case.Inputs);
        MatrixView<T> w = new(_w.Span, Case.Inputs, Case.Units);
        MatrixView<T> y = new(_y.Span, Case.Batch, Case.Units);
        switch (Case.Kind)
        {
            case ProductKind.Forward: _kernels.Multiply(x, w, y, accumulate: false, _scratch.Span); break;
            case ProductKind.WeightGradient: _kernels.MultiplyTransposedA(x, y, w, accumulate: false, _scratch.Span); break;
            default: _kernels.MultiplyTransposedB(y, w, x, accumulate: false, _scratch.Span); break;
        }
    }

    [Benchmark(Description = Implementations.Naive)]
    public void Naive()
    {
        switch (Case.Kind)
        {
            case ProductKind.Forward: NaiveProduct.Multiply(_xs, _ws, _ys, Case.Batch, Case.Inputs, Case.Units); break;
            case ProductKind.WeightGradient: NaiveProduct.MultiplyTransposedA(_xs, _ys, _ws, Case.Batch, Case.Inputs, Case.Units); break;
            default: NaiveProduct.MultiplyTransposedB(_ys, _ws, _xs, Case.Batch, Case.Units, Case.Inputs); break;
        }
    }
}
