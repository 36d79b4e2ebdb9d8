using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>Functions of one element, softmax of a row and an optimizer's step, each against its counterpart in TensorPrimitives, or what a user would compose of several; without one where there is none.</summary>
/// <remarks>Exp, erf, the logarithms and the functions that are a pass of their own write to another block, the others work in place, as in a layer, on both sides. They thus work on their own results call after call, which costs the same: no path depends on the values.</remarks>
public class ElementWise<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly KernelSet<T> _kernels = KernelSets.Active<T>();
    private AlignedBuffer<T> _values = null!;
    private AlignedBuffer<T> _results = null!;
    private AlignedBuffer<T> _mean = null!;
    private AlignedBuffer<T> _variance = null!;
    private AlignedBuffer<T> _scratch = null!;
    private int[] _labels = [];

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
        if (Case.IsFor(Implementations.TensorPrimitives))
        {
            TensorPrimitivesCounterpart();
            T[] actual = [.. _values.Span, .. _results.Span];
            Agreement.Check<T>(expected, actual, Case.Name);
        }

        if (Case.IsGradient)
        {
            // Multiplied by the same derivatives call after call, it would linger among subnormal numbers, which take some processors longer; 0 stays 0.
            _results.Span.Clear();
        }

        WarmUp.Run(Case.IsFor(Implementations.TensorPrimitives) ? [SimdNet, TensorPrimitivesCounterpart] : [SimdNet]);
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
            case ElementFunction.Log: _kernels.Log(values, _results.Span); break;
            case ElementFunction.Log1P: _kernels.Log1P(values, _results.Span); break;
            case ElementFunction.Erf: _kernels.Erf(values, _results.Span); break;
            case ElementFunction.SigmoidGradient: _kernels.ActivateGradient(ActivationKind.Sigmoid, T.Zero, values, _results.Span); break;
            case ElementFunction.TanhGradient: _kernels.ActivateGradient(ActivationKind.Tanh, T.Zero, values, _results.Span); break;
            case ElementFunction.ReLUGradient: _kernels.ActivateGradient(ActivationKind.ReLU, T.Zero, values, _results.Span); break;
            case ElementFunction.LeakyReLUGradient: _kernels.ActivateGradient(ActivationKind.LeakyReLU, Slope, values, _results.Span); break;
            case ElementFunction.Elu: _kernels.Activate(ActivationKind.Elu, T.One, values, _results.Span); break;
            case ElementFunction.Selu: _kernels.Activate(ActivationKind.Selu, T.Zero, values, _results.Span); break;
            case ElementFunction.Gelu: _kernels.Activate(ActivationKind.Gelu, T.Zero, values, _results.Span); break;
            case ElementFunction.GeluTanh: _kernels.Activate(ActivationKind.GeluTanh, T.Zero, values, _results.Span); break;
            case ElementFunction.Silu: _kernels.Activate(ActivationKind.Silu, T.Zero, values, _results.Span); break;
            case ElementFunction.Mish: _kernels.Activate(ActivationKind.Mish, T.Zero, values, _results.Span); break;
            case ElementFunction.Softplus: _kernels.Activate(ActivationKind.Softplus, T.Zero, values, _results.Span); break;
            case ElementFunction.Softsign: _kernels.Activate(ActivationKind.Softsign, T.Zero, values, _results.Span); break;
            case ElementFunction.HardSigmoid: _kernels.Activate(ActivationKind.HardSigmoid, T.Zero, values, _results.Span); break;
            case ElementFunction.EluGradient: _kernels.ActivateGradient(ActivationKind.Elu, T.One, values, [], _results.Span); break;
            case ElementFunction.SeluGradient: _kernels.ActivateGradient(ActivationKind.Selu, T.Zero, values, [], _results.Span); break;
            case ElementFunction.GeluGradient: _kernels.ActivateGradient(ActivationKind.Gelu, T.Zero, values, [], _results.Span); break;
            case ElementFunction.GeluTanhGradient: _kernels.ActivateGradient(ActivationKind.GeluTanh, T.Zero, values, [], _results.Span); break;
            case ElementFunction.SiluGradient: _kernels.ActivateGradient(ActivationKind.Silu, T.Zero, values, [], _results.Span); break;
            case ElementFunction.MishGradient: _kernels.ActivateGradient(ActivationKind.Mish, T.Zero, values, [], _results.Span); break;
            case ElementFunction.SoftplusGradient: _kernels.ActivateGradient(ActivationKind.Softplus, T.Zero, values, [], _results.Span); break;
            case ElementFunction.SoftsignGradient: _kernels.ActivateGradient(ActivationKind.Softsign, T.Zero, values, [], _results.Span); break;
            case ElementFunction.HardSigmoidGradient: _kernels.ActivateGradient(ActivationKind.HardSigmoid, T.Zero, values, [], _results.Span); break;
            case ElementFunction.LogSoftmaxRows: _kernels.LogSoftmaxRows(new(values, Case.Rows, Case.Columns)); break;
            case ElementFunction.LogSoftmaxRowsGradient: _kernels.LogSoftmaxRowsGradient(new MatrixView<T>(values, Case.Rows, Case.Columns), new(_results.Span, Case.Rows, Case.Columns)); break;
            case ElementFunction.SoftmaxCrossEntropy: _kernels.SoftmaxCrossEntropy(new MatrixView<T>(values, Case.Rows, Case.Columns), _labels, Scale, new(_results.Span, Case.Rows, Case.Columns)); break;
            case ElementFunction.Adam: _kernels.UpdateAdam(values, _results.Span, _mean.Span, _variance.Span, Settings); break;
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
            case ElementFunction.Log: TensorPrimitives.Log<T>(values, _results.Span); break;
            case ElementFunction.Log1P: TensorPrimitives.LogP1<T>(values, _results.Span); break;
            case ElementFunction.SigmoidGradient: SigmoidGradient(values, _results.Span, _scratch.Span); break;
            case ElementFunction.TanhGradient: TanhGradient(values, _results.Span, _scratch.Span); break;
            case ElementFunction.Silu: Silu(values, _results.Span); break;
            case ElementFunction.GeluTanh: GeluTanh(values, _results.Span); break;
            case ElementFunction.Mish: Mish(values, _results.Span); break;
            case ElementFunction.Softplus: Softplus(values, _results.Span); break;
            case ElementFunction.Softsign: Softsign(values, _results.Span); break;
            case ElementFunction.HardSigmoid: HardSigmoid(values, _results.Span); break;
            case ElementFunction.LogSoftmaxRows: LogSoftmaxRows(values); break;
            case ElementFunction.SoftmaxCrossEntropy: CrossEntropy(values, _results.Span); break;
            case ElementFunction.Adam: Adam(values, _results.Span, _mean.Span, _variance.Span, _scratch.Span); break;
            default: SoftmaxRows(values); break;
        }
    }

    private static T Slope => T.CreateTruncating(0.01);

    private static T Scale => T.CreateTruncating(1.0 / 128);

    private static AdamScalars<T> Settings => new(
        T.CreateTruncating(0.001),
        T.Zero,
        T.CreateTruncating(0.9),
        T.CreateTruncating(0.1),
        T.CreateTruncating(0.999),
        T.CreateTruncating(0.001),
        T.CreateTruncating(31.6),
        T.CreateTruncating(1e-8));

    private static void SigmoidGradient(Span<T> values, Span<T> gradient, Span<T> scratch)
    {
        TensorPrimitives.Subtract(T.One, values, scratch);
        TensorPrimitives.Multiply<T>(scratch, values, scratch);
        TensorPrimitives.Multiply<T>(gradient, scratch, gradient);
    }

    private static void TanhGradient(Span<T> values, Span<T> gradient, Span<T> scratch)
    {
        TensorPrimitives.Multiply<T>(values, values, scratch);
        TensorPrimitives.Subtract(T.One, scratch, scratch);
        TensorPrimitives.Multiply<T>(gradient, scratch, gradient);
    }

    private static void Silu(Span<T> values, Span<T> results)
    {
        TensorPrimitives.Sigmoid<T>(values, results);
        TensorPrimitives.Multiply<T>(values, results, results);
    }

    private static void Mish(Span<T> values, Span<T> results)
    {
        Softplus(values, results);
        TensorPrimitives.Tanh<T>(results, results);
        TensorPrimitives.Multiply<T>(values, results, results);
    }

    /// <summary>Right for numbers of moderate size alone.</summary>
    private static void Softplus(Span<T> values, Span<T> results)
    {
        TensorPrimitives.Exp<T>(values, results);
        TensorPrimitives.LogP1<T>(results, results);
    }

    private static void Softsign(Span<T> values, Span<T> results)
    {
        TensorPrimitives.Abs<T>(values, results);
        TensorPrimitives.Add(results, T.One, results);
        TensorPrimitives.Divide<T>(values, results, results);
    }

    private static void HardSigmoid(Span<T> values, Span<T> results)
    {
        T six = T.CreateTruncating(6);
        TensorPrimitives.Add(values, T.CreateTruncating(3), results);
        TensorPrimitives.Clamp(results, T.Zero, six, results);
        TensorPrimitives.Divide(results, six, results);
    }

    private static void GeluTanh(Span<T> values, Span<T> results)
    {
        TensorPrimitives.Multiply<T>(values, values, results);
        TensorPrimitives.Multiply(results, T.CreateTruncating(0.07135481627260025), results);
        TensorPrimitives.Add(results, T.CreateTruncating(1.5957691216057308), results);
        TensorPrimitives.Multiply<T>(values, results, results);
        TensorPrimitives.Sigmoid<T>(results, results);
        TensorPrimitives.Multiply<T>(values, results, results);
    }

    private void LogSoftmaxRows(Span<T> values)
    {
        for (int i = 0; i < Case.Rows; i++)
        {
            Span<T> row = values.Slice(i * Case.Columns, Case.Columns);
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<T>(row), row);
            Span<T> exponentials = _scratch.Span[..row.Length];
            TensorPrimitives.Exp<T>(row, exponentials);
            TensorPrimitives.Subtract(row, T.Log(TensorPrimitives.Sum<T>(exponentials)), row);
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

    private T CrossEntropy(Span<T> values, Span<T> gradient)
    {
        T loss = T.Zero;
        for (int i = 0; i < Case.Rows; i++)
        {
            Span<T> row = values.Slice(i * Case.Columns, Case.Columns);
            Span<T> rowGradient = gradient.Slice(i * Case.Columns, Case.Columns);
            TensorPrimitives.SoftMax<T>(row, row);
            TensorPrimitives.Multiply(row, Scale, rowGradient);
            rowGradient[_labels[i]] -= Scale;
            loss -= T.Log(row[_labels[i]]);
        }

        return loss;
    }

    private static void Adam(Span<T> parameters, Span<T> gradient, Span<T> mean, Span<T> variance, Span<T> scratch)
    {
        AdamScalars<T> settings = Settings;
        TensorPrimitives.Multiply(mean, settings.Beta1, mean);
        TensorPrimitives.MultiplyAdd(gradient, settings.Rest1, mean, mean);
        TensorPrimitives.Multiply<T>(gradient, gradient, scratch);
        TensorPrimitives.Multiply(variance, settings.Beta2, variance);
        TensorPrimitives.MultiplyAdd(scratch, settings.Rest2, variance, variance);
        TensorPrimitives.Sqrt<T>(variance, scratch);
        TensorPrimitives.Multiply(scratch, settings.Correction, scratch);
        TensorPrimitives.Add(scratch, settings.Epsilon, scratch);
        TensorPrimitives.Divide<T>(mean, scratch, scratch);
        TensorPrimitives.MultiplyAdd(scratch, -settings.Rate, parameters, parameters);
    }

    private void Fill()
    {
        int length = Case.Rows * Case.Columns;
        _values = RandomData.Uniform<T>(length, seed: 1);
        _results = Case.Function == ElementFunction.Adam || Case.IsGradient ? RandomData.Uniform<T>(length, seed: 2) : new(length);
        _mean = new(length);
        _variance = new(length);
        _scratch = new(length);
        _labels = new int[Case.Rows];
        for (int i = 0; i < Case.Rows; i++)
        {
            _labels[i] = i * 7 % Case.Columns;
        }

        if (Case.Function is ElementFunction.Log or ElementFunction.Log1P)
        {
            TensorPrimitives.Abs<T>(_values.Span, _values.Span);
        }
    }
}
