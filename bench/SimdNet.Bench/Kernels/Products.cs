using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>Matrix products in the shapes of dense layers, C overwritten, all operands row-major, whatever fits in a cache warm. A single sample goes the way that it goes through a network.</summary>
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
    private MathNetProduct<T> _mathNet = null!;

    [ParamsSource(nameof(Cases))]
    public ProductCase Case { get; set; } = null!;

    public IEnumerable<ProductCase> Cases => ProductCase.All(typeof(T));

    [GlobalSetup(Target = nameof(SimdNet))]
    public void SetUpSimdNet()
    {
        Fill();
        SimdNet();
        WarmUp.Run(SimdNet);
    }

    [GlobalSetup(Target = nameof(OpenBlas))]
    public void SetUpOpenBlas() => SetUpNative(OpenBlas);

    [GlobalSetup(Target = nameof(Blis))]
    public void SetUpBlis() => SetUpNative(Blis);

    [GlobalSetup(Target = nameof(OneDnn))]
    public void SetUpOneDnn() => SetUpNative(OneDnn);

    [GlobalSetup(Target = nameof(MathNet))]
    public void SetUpMathNet() => SetUpManaged(MathNet);

    [GlobalSetup(Target = nameof(Naive))]
    public void SetUpNaive() => SetUpManaged(Naive);

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet()
    {
        MatrixView<T> x = new(_x.Span, Case.Batch, Case.Inputs);
        MatrixView<T> w = new(_w.Span, Case.Inputs, Case.Units);
        MatrixView<T> y = new(_y.Span, Case.Batch, Case.Units);
        switch (Case.Kind)
        {
            case ProductKind.Forward when Case.Batch == 1: _kernels.VectorMatrix(_x.Span, w, _y.Span, accumulate: false); break;
            case ProductKind.Forward: _kernels.Multiply(x, w, y, accumulate: false, _scratch.Span); break;
            case ProductKind.WeightGradient: _kernels.MultiplyTransposedA(x, y, w, accumulate: false, _scratch.Span); break;
            default: _kernels.MultiplyTransposedB(y, w, x, accumulate: false, _scratch.Span); break;
        }
    }

    [Benchmark(Description = Implementations.OpenBlas)]
    public void OpenBlas() => Multiply(Cblas.OpenBlas);

    [Benchmark(Description = Implementations.Blis)]
    public void Blis() => Multiply(Cblas.Blis);

    [Benchmark(Description = Implementations.OneDnn)]
    public void OneDnn()
    {
        Span<float> x = MemoryMarshal.Cast<T, float>(_x.Span);
        Span<float> w = MemoryMarshal.Cast<T, float>(_w.Span);
        Span<float> y = MemoryMarshal.Cast<T, float>(_y.Span);
        switch (Case.Kind)
        {
            case ProductKind.Forward: Peers.OneDnn.Multiply(false, false, Case.Batch, Case.Units, Case.Inputs, x, w, y); break;
            case ProductKind.WeightGradient: Peers.OneDnn.Multiply(true, false, Case.Inputs, Case.Units, Case.Batch, x, y, w); break;
            default: Peers.OneDnn.Multiply(false, true, Case.Batch, Case.Inputs, Case.Units, y, w, x); break;
        }
    }

    [Benchmark(Description = Implementations.MathNet)]
    public void MathNet()
    {
        switch (Case.Kind)
        {
            case ProductKind.Forward: _mathNet.Forward(); break;
            case ProductKind.WeightGradient: _mathNet.WeightGradient(); break;
            default: _mathNet.InputGradient(); break;
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

    private void Multiply(Cblas library)
    {
        switch (Case.Kind)
        {
            case ProductKind.Forward: library.Multiply(false, false, Case.Batch, Case.Units, Case.Inputs, _x.Span, _w.Span, _y.Span); break;
            case ProductKind.WeightGradient: library.Multiply(true, false, Case.Inputs, Case.Units, Case.Batch, _x.Span, _y.Span, _w.Span); break;
            default: library.Multiply(false, true, Case.Batch, Case.Inputs, Case.Units, _y.Span, _w.Span, _x.Span); break;
        }
    }

    private void Fill()
    {
        _x = RandomData.Uniform<T>(Case.Batch * Case.Inputs, seed: 1);
        _w = RandomData.Uniform<T>(Case.Inputs * Case.Units, seed: 2);
        _y = RandomData.Uniform<T>(Case.Batch * Case.Units, seed: 3);
        _scratch = new(_kernels.ScratchLengthFor(Case.Batch, Case.Inputs, Case.Units));
    }

    /// <summary>Code that computes in the same blocks as SimdNet, and is compiled already.</summary>
    private void SetUpNative(Action peer)
    {
        Fill();
        T[] result = ResultOf(SimdNet);
        Destination.Fill(T.NaN);
        peer();
        Agreement.Check<T>(result, Destination, Case.Name);
    }

    /// <summary>Code that computes in arrays of its own, and is compiled while it runs.</summary>
    private void SetUpManaged(Action peer)
    {
        Fill();
        _xs = _x.Span.ToArray();
        _ws = _w.Span.ToArray();
        _ys = _y.Span.ToArray();
        _mathNet = new(_xs, _ws, _ys, Case.Batch, Case.Inputs, Case.Units);
        T[] result = ResultOf(SimdNet);
        peer();
        Agreement.Check<T>(result, Case.Kind switch { ProductKind.Forward => _ys, ProductKind.WeightGradient => _ws, _ => _xs }, Case.Name);
        WarmUp.Run(peer);
    }

    private T[] ResultOf(Action implementation)
    {
        implementation();
        return Destination.ToArray();
    }

    private Span<T> Destination => Case.Kind switch
    {
        ProductKind.Forward => _y.Span,
        ProductKind.WeightGradient => _w.Span,
        _ => _x.Span,
    };
}
