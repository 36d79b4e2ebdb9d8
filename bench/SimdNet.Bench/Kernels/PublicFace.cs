using System;
using System.Collections.Generic;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;
using SimdNet.Memory;
using SimdNet.Numerics;

namespace SimdNet.Bench.Kernels;

/// <summary>Every method of SimdNet.Numerics, checks and all, against what others have for it. Operands are row-major and dense.</summary>
/// <remarks>What is added to is added too little to change: it keeps its size, call after call.</remarks>
public class PublicFace<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal static readonly T Tiny = T.CreateTruncating(1e-30);
    internal static readonly T Slope = T.CreateTruncating(0.125);

    private AlignedBuffer<T> _a = null!;
    private AlignedBuffer<T> _b = null!;
    private AlignedBuffer<T> _c = null!;
    private AlignedBuffer<T> _x = null!;
    private AlignedBuffer<T> _ones = null!;
    private T[] _results = [];
    private T _number;
    private ComposedFace<T> _composed = null!;
    private MathNetFace<T> _mathNet = null!;
    private CblasVectors<T>? _openBlas;
    private CblasVectors<T>? _blis;

    [ParamsSource(nameof(Cases))]
    public PublicFaceCase Case { get; set; } = null!;

    public IEnumerable<PublicFaceCase> Cases => PublicFaceCase.All(typeof(T));

    private int Elements => Case.Rows * Case.Columns;

    private int Results => Case.Method switch
    {
        PublicMethod.LogSumExpRows or PublicMethod.MultiplyVector => Case.Rows,
        PublicMethod.SumColumns or PublicMethod.MultiplyTransposedVector => Case.Columns,
        PublicMethod.Sum or PublicMethod.Dot or PublicMethod.Norm or PublicMethod.LogSumExp => 0,
        _ => Elements,
    };

    [GlobalSetup]
    public void Setup()
    {
        _a = RandomData.Uniform<T>(Elements, seed: 1);
        _b = RandomData.Uniform<T>(Elements, seed: 2);
        _x = RandomData.Uniform<T>(Case.Columns, seed: 3);
        _c = new(Elements);
        if (Case.Method is PublicMethod.Log or PublicMethod.Log1P)
        {
            TensorPrimitives.Abs<T>(_a.Span, _a.Span);
        }

        _ones = new(int.Max(Case.Rows, Case.Columns));
        _ones.Span.Fill(T.One);
        _results = new T[int.Max(1, Results)];
        _composed = new(Case, _a, _b, _x, _c);
        _mathNet = new(Case, _a.Span.ToArray(), _b.Span.ToArray(), _x.Span.ToArray(), _results);
        SetUp(Implementations.OpenBlas, () => _openBlas = new(Cblas.OpenBlas.Library), OpenBlas);
        SetUp(Implementations.Blis, () => _blis = new(Cblas.Blis.Library), Blis);
        SetUp(Implementations.OneDnn, () => { }, OneDnn);
        SetUp(Implementations.TensorPrimitives, () => { }, TensorPrimitivesCounterpart);
        SetUp(Implementations.MathNet, () => { }, MathNetCounterpart);
        WarmUp.Run(SimdNet);
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet()
    {
        (int m, int n) = (Case.Rows, Case.Columns);
        Span<T> a = _a.Span;
        Span<T> b = _b.Span;
        Span<T> c = _c.Span;
        Span<T> x = _x.Span;
        switch (Case.Method)
        {
            case PublicMethod.Exp: VectorPrimitives.Exp(a, c); break;
            case PublicMethod.Log: VectorPrimitives.Log(a, c); break;
            case PublicMethod.Log1P: VectorPrimitives.Log1P(a, c); break;
            case PublicMethod.Erf: VectorPrimitives.Erf(a, c); break;
            case PublicMethod.Sigmoid: VectorPrimitives.Sigmoid(a, c); break;
            case PublicMethod.Tanh: VectorPrimitives.Tanh(a, c); break;
            case PublicMethod.ReLU: VectorPrimitives.ReLU(a, c); break;
            case PublicMethod.LeakyReLU: VectorPrimitives.LeakyReLU(a, Slope, c); break;
            case PublicMethod.SigmoidGradient: VectorPrimitives.SigmoidGradient(a, b, c); break;
            case PublicMethod.TanhGradient: VectorPrimitives.TanhGradient(a, b, c); break;
            case PublicMethod.ReLUGradient: VectorPrimitives.ReLUGradient(a, b, c); break;
            case PublicMethod.LeakyReLUGradient: VectorPrimitives.LeakyReLUGradient(a, Slope, b, c); break;
            case PublicMethod.Elu: VectorPrimitives.Elu(a, T.One, c); break;
            case PublicMethod.Selu: VectorPrimitives.Selu(a, c); break;
            case PublicMethod.Gelu: VectorPrimitives.Gelu(a, c); break;
            case PublicMethod.GeluTanh: VectorPrimitives.GeluTanh(a, c); break;
            case PublicMethod.Silu: VectorPrimitives.Silu(a, c); break;
            case PublicMethod.Mish: VectorPrimitives.Mish(a, c); break;
            case PublicMethod.Softplus: VectorPrimitives.Softplus(a, c); break;
            case PublicMethod.Softsign: VectorPrimitives.Softsign(a, c); break;
            case PublicMethod.HardSigmoid: VectorPrimitives.HardSigmoid(a, c); break;
            case PublicMethod.EluGradient: VectorPrimitives.EluGradient(a, T.One, b, c); break;
            case PublicMethod.SeluGradient: VectorPrimitives.SeluGradient(a, b, c); break;
            case PublicMethod.GeluGradient: VectorPrimitives.GeluGradient(a, b, c); break;
            case PublicMethod.GeluTanhGradient: VectorPrimitives.GeluTanhGradient(a, b, c); break;
            case PublicMethod.SiluGradient: VectorPrimitives.SiluGradient(a, b, c); break;
            case PublicMethod.MishGradient: VectorPrimitives.MishGradient(a, b, c); break;
            case PublicMethod.SoftplusGradient: VectorPrimitives.SoftplusGradient(a, b, c); break;
            case PublicMethod.SoftsignGradient: VectorPrimitives.SoftsignGradient(a, b, c); break;
            case PublicMethod.HardSigmoidGradient: VectorPrimitives.HardSigmoidGradient(a, b, c); break;
            case PublicMethod.AddScaled: VectorPrimitives.AddScaled(Tiny, a, c); break;
            case PublicMethod.Sum: _number = VectorPrimitives.Sum<T>(a); break;
            case PublicMethod.Dot: _number = VectorPrimitives.Dot<T>(a, b); break;
            case PublicMethod.Norm: _number = VectorPrimitives.Norm<T>(a); break;
            case PublicMethod.Softmax: VectorPrimitives.Softmax(a, c); break;
            case PublicMethod.SoftmaxGradient: VectorPrimitives.SoftmaxGradient(a, b, c); break;
            case PublicMethod.LogSoftmax: VectorPrimitives.LogSoftmax(a, c); break;
            case PublicMethod.LogSoftmaxGradient: VectorPrimitives.LogSoftmaxGradient(a, b, c); break;
            case PublicMethod.LogSumExp: _number = VectorPrimitives.LogSumExp<T>(a); break;
            case PublicMethod.SoftmaxRows: MatrixPrimitives.SoftmaxRows(m, n, a, c); break;
            case PublicMethod.SoftmaxRowsGradient: MatrixPrimitives.SoftmaxRowsGradient(m, n, a, b, c); break;
            case PublicMethod.LogSoftmaxRows: MatrixPrimitives.LogSoftmaxRows(m, n, a, c); break;
            case PublicMethod.LogSoftmaxRowsGradient: MatrixPrimitives.LogSoftmaxRowsGradient(m, n, a, b, c); break;
            case PublicMethod.LogSumExpRows: MatrixPrimitives.LogSumExpRows(m, n, a, c[..m]); break;
            case PublicMethod.SumColumns: MatrixPrimitives.SumColumns(m, n, a, c[..n]); break;
            case PublicMethod.AddBias: MatrixPrimitives.AddBias(m, n, x, c); break;
            case PublicMethod.MultiplyVector: MatrixPrimitives.MultiplyVector(m, n, a, x, c[..m]); break;
            case PublicMethod.MultiplyTransposedVector: MatrixPrimitives.MultiplyTransposedVector(m, n, a, x, c[..n]); break;
            case PublicMethod.AddOuterProduct: MatrixPrimitives.AddOuterProduct(m, n, Tiny, x, x, c); break;
            case PublicMethod.Multiply: MatrixPrimitives.Multiply(m, n, n, a, b, c); break;
            case PublicMethod.MultiplyTransposedA: MatrixPrimitives.MultiplyTransposedA(m, n, n, a, b, c); break;
            case PublicMethod.MultiplyTransposedB: MatrixPrimitives.MultiplyTransposedB(m, n, n, a, b, c); break;
            case PublicMethod.Dense: MatrixPrimitives.Dense(m, n, n, a, b, x, ActivationKind.ReLU, T.Zero, c); break;
            default: MatrixPrimitives.DenseInputGradient(m, n, n, a, b, ActivationKind.ReLU, T.Zero, a, c); break;
        }
    }

    [Benchmark(Description = Implementations.TensorPrimitives)]
    public void TensorPrimitivesCounterpart()
    {
        Span<T> a = _a.Span;
        Span<T> c = _c.Span;
        switch (Case.Method)
        {
            case PublicMethod.Exp: TensorPrimitives.Exp(a, c); break;
            case PublicMethod.Log: TensorPrimitives.Log(a, c); break;
            case PublicMethod.Log1P: TensorPrimitives.LogP1(a, c); break;
            case PublicMethod.Sigmoid: TensorPrimitives.Sigmoid(a, c); break;
            case PublicMethod.Tanh: TensorPrimitives.Tanh(a, c); break;
            case PublicMethod.ReLU: TensorPrimitives.Max(a, T.Zero, c); break;
            case PublicMethod.AddScaled: TensorPrimitives.MultiplyAdd(a, Tiny, c, c); break;
            case PublicMethod.Sum: _number = TensorPrimitives.Sum<T>(a); break;
            case PublicMethod.Dot: _number = TensorPrimitives.Dot<T>(a, _b.Span); break;
            case PublicMethod.Norm: _number = TensorPrimitives.Norm<T>(a); break;
            case PublicMethod.Softmax: TensorPrimitives.SoftMax(a, c); break;
            default: _number = _composed.Run(); break;
        }
    }

    [Benchmark(Description = Implementations.OpenBlas)]
    public void OpenBlas() => Blas(Cblas.OpenBlas, _openBlas!);

    [Benchmark(Description = Implementations.Blis)]
    public void Blis() => Blas(Cblas.Blis, _blis!);

    [Benchmark(Description = Implementations.OneDnn)]
    public void OneDnn()
    {
        int n = Case.Rows;
        Peers.OneDnn.Multiply(Case.HasTransposedA, Case.HasTransposedB, n, n, n, MemoryMarshal.Cast<T, float>(_a.Span), MemoryMarshal.Cast<T, float>(_b.Span), MemoryMarshal.Cast<T, float>(_c.Span));
        Finish();
    }

    [Benchmark(Description = Implementations.MathNet)]
    public void MathNetCounterpart() => _number = _mathNet.Run();

    /// <summary>Sums are products with ones; what follows a layer's product is TensorPrimitives'.</summary>
    private void Blas(Cblas matrices, CblasVectors<T> vectors)
    {
        (int m, int n) = (Case.Rows, Case.Columns);
        switch (Case.Method)
        {
            case PublicMethod.AddScaled: vectors.AddScaled(Tiny, _a.Span, _c.Span); break;
            case PublicMethod.Sum: _number = vectors.Dot(_a.Span, _ones.Span); break;
            case PublicMethod.Dot: _number = vectors.Dot(_a.Span, _b.Span); break;
            case PublicMethod.Norm: _number = vectors.Norm(_a.Span); break;
            case PublicMethod.SumColumns: vectors.MultiplyVector(true, m, n, _a.Span, _ones.Span, _c.Span); break;
            case PublicMethod.AddBias: vectors.AddOuterProduct(m, n, T.One, _ones.Span, _x.Span, _c.Span); break;
            case PublicMethod.MultiplyVector: vectors.MultiplyVector(false, m, n, _a.Span, _x.Span, _c.Span); break;
            case PublicMethod.MultiplyTransposedVector: vectors.MultiplyVector(true, m, n, _a.Span, _x.Span, _c.Span); break;
            case PublicMethod.AddOuterProduct: vectors.AddOuterProduct(m, n, Tiny, _x.Span, _x.Span, _c.Span); break;
            default:
                matrices.Multiply<T>(Case.HasTransposedA, Case.HasTransposedB, m, n, n, _a.Span, _b.Span, _c.Span);
                Finish();
                break;
        }
    }

    private void Finish()
    {
        if (Case.Method >= PublicMethod.Dense)
        {
            _composed.Finish();
        }
    }

    /// <summary>Prepares another implementation, if it is here and has the method, and compares its results.</summary>
    private void SetUp(string name, Action prepare, Action implementation)
    {
        if (!Case.IsFor(name) || !Peer.IsPresent(name))
        {
            return;
        }

        prepare();
        T[] expected = ResultsOf(SimdNet, _c.Span);
        T[] actual = ResultsOf(implementation, name == Implementations.MathNet ? _results : _c.Span);
        Agreement.Check<T>(expected, actual, Case.Name);
        WarmUp.Run(implementation);
    }

    private T[] ResultsOf(Action implementation, Span<T> results)
    {
        results.Clear();
        implementation();
        return [.. results[..Results], _number];
    }
}
