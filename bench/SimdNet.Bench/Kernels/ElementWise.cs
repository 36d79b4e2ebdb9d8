using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>Functions of one element, and softmax of a row, each against its counterpart in TensorPrimitives.</summary>
/// <remarks>Exp writes to another block, the others work in place, as in a layer, on both sides. They thus work on their own results call after call, which costs the same: no path depends on the values.</remarks>
public class ElementWise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels = KernelSets.Active<T>();
    private AlignedBuffer<T> _values = null!;
    private AlignedBuffer<T> _results = null!;

    [ParamsSource(nameof(Cases))]
    public ElementWiseCase Case { get; set; } = null!;

    public IEnumerable<ElementWiseCase> Cases => ElementWiseCase.All(typeof(T));

    [GlobalSetup]
    public void Setup()
    {
        Fill();
        SimdNet();
        T[] expected = [.. _values.Span, .. _results.Span];
        Fill();
        TensorPrimitivesCounterpart();
        T[] actual = [.. _values.Span, .. _results.Span];
        Agreement.Check<T>(expected, actual, Case.Name);
        WarmUp.Run(SimdNet, TensorPrimitivesCounterpart);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet()
    {
        Span<T> values = _values.Span;
        switch (Case.Function)
        {
            case ElementFunction.Exp: _kernels.Exp(values, _results.Span); break;
            case ElementFunction.Sigmoid: _kernels.Activate(ActivationKind.Sigmoid, T.Zero, values); break;
            case ElementFunction.Tanh: _kernels.Activate(ActivationKind.Tanh, T.Zero, values); break;
            case ElementFunction.ReLU: _kernels.Activate(ActivationKind.ReLU, T.Zero, values); break;
            default: _kernels.SoftmaxRows(new(values, Case.Rows, Case.Columns)); break;
        }
    }

    [Benchmark(Description = Implementations.TensorPrimitives)]
    public void TensorPrimitivesCounterpart()
    {
        Span<T> values = _values.Span;
        switch (Case.Function)
        {
            case ElementFunction.Exp: TensorPrimitives.Exp<T>(values, _results.Span); break;
            case ElementFunction.Sigmoid: TensorPrimitives.Sigmoid<T>(values, values); break;
            case ElementFunction.Tanh: TensorPrimitives.Tanh<T>(values, values); break;
            case ElementFunction.ReLU: TensorPrimitives.Max(values, T.Zero, values); break;
            default: SoftmaxRows(values); break;
        }
    }

    private void SoftmaxRows(Span<T> values)
    {
        for (int i = 0; i < Case.Rows; i++)
        {
            Span<T> row = values.Slice(i * Case.Columns, Case.Columns);
            TensorPrimitives.SoftMax<T>(row, row);
        }
    }

    private void Fill()
    {
        _values = RandomData.Uniform<T>(Case.Rows * Case.Columns, seed: 1);
        _results = new(Case.Rows * Case.Columns);
    }
}
