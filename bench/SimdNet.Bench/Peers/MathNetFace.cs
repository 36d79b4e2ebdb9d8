using System;

using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

using SimdNet.Bench.Kernels;

namespace SimdNet.Bench.Peers;

/// <summary>The methods of SimdNet.Numerics by MathNet.Numerics' managed code, on one thread: its vectors' own operations where it has them, else Map.</summary>
/// <remarks>Its matrices are stored by columns: a row of a row-major matrix is a column of the one on the same array.</remarks>
internal sealed class MathNetFace<T>
    where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
{
    private readonly PublicFaceCase _case;
    private readonly Vector<T> _a;
    private readonly Vector<T> _b;
    private readonly Vector<T> _x;
    private readonly Vector<T> _results;
    private readonly Vector<T> _row;
    private readonly Vector<T> _second;
    private readonly Vector<T> _result;
    private readonly Matrix<T> _rowsOfA;
    private readonly Matrix<T> _rowsOfB;

    /// <summary>Null where the results are no such matrix.</summary>
    private readonly Matrix<T>? _rowsOfResults;
    private readonly Matrix<T> _scratch;
    private readonly MathNetProduct<T>? _product;
    private readonly Func<T, T>? _function;
    private readonly Func<T, T, T>? _gradient;

    /// <param name="subject">Method and sizes.</param>
    /// <param name="a">[rows × columns], row-major, as <paramref name="b"/> is.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="x">[columns].</param>
    /// <param name="results">Written in place, of the result's length, or of length 1 for a number.</param>
    public MathNetFace(PublicFaceCase subject, T[] a, T[] b, T[] x, T[] results)
    {
        Control.UseManaged();
        Control.UseSingleThread();
        _case = subject;
        _a = Vector<T>.Build.Dense(a);
        _b = Vector<T>.Build.Dense(b);
        _x = Vector<T>.Build.Dense(x);
        _results = Vector<T>.Build.Dense(results);
        _row = Vector<T>.Build.Dense(subject.Columns);
        _second = Vector<T>.Build.Dense(subject.Columns);
        _result = Vector<T>.Build.Dense(subject.Columns);
        _rowsOfA = Matrix<T>.Build.Dense(subject.Columns, subject.Rows, a);
        _rowsOfB = Matrix<T>.Build.Dense(subject.Columns, subject.Rows, b);
        _rowsOfResults = results.Length == a.Length ? Matrix<T>.Build.Dense(subject.Columns, subject.Rows, results) : null;
        _scratch = Matrix<T>.Build.Dense(subject.Columns, subject.Rows);
        _product = subject.IsProduct ? new(a, b, results, subject.Rows, subject.Columns, subject.Columns) : null;
        _function = MathNetFormulas<T>.FunctionOf(subject.Method, PublicFace<T>.Slope);
        _gradient = MathNetFormulas<T>.GradientOf(subject.Method, PublicFace<T>.Slope);
    }

    /// <returns>The result of what gives a number; else 0.</returns>
    public T Run()
    {
        switch (_case.Method)
        {
            case PublicMethod.Exp: _a.PointwiseExp(_results); break;
            case PublicMethod.Log: _a.PointwiseLog(_results); break;
            case PublicMethod.Tanh: _a.PointwiseTanh(_results); break;
            case PublicMethod.ReLU: _a.PointwiseMaximum(T.Zero, _results); break;
            case PublicMethod.AddScaled: AddScaled(); break;
            case PublicMethod.Sum: return _a.Sum();
            case PublicMethod.Dot: return _a.DotProduct(_b);
            case PublicMethod.Norm: return T.CreateTruncating(_a.L2Norm());
            case PublicMethod.Softmax: Softmax(_a, _results); break;
            case PublicMethod.SoftmaxGradient: SoftmaxGradient(_a, _b, _results); break;
            case PublicMethod.LogSoftmax: LogSoftmax(_a, _results); break;
            case PublicMethod.LogSoftmaxGradient: LogSoftmaxGradient(_a, _b, _results); break;
            case PublicMethod.LogSumExp: return LogSumExp(_a);
            case PublicMethod.SumColumns: _rowsOfA.RowSums().CopyTo(_results); break;
            case PublicMethod.MultiplyVector: _rowsOfA.TransposeThisAndMultiply(_x, _results); break;
            case PublicMethod.MultiplyTransposedVector: _rowsOfA.Multiply(_x, _results); break;
            case PublicMethod.AddOuterProduct: AddOuterProduct(); break;
            case PublicMethod.Multiply: _product!.Forward(); break;
            case PublicMethod.MultiplyTransposedA: _product!.TransposedA(); break;
            case PublicMethod.MultiplyTransposedB: _product!.TransposedB(); break;
            case PublicMethod.Dense: Dense(); break;
            case PublicMethod.DenseInputGradient: DenseInputGradient(); break;
            case var _ when _function is not null: _a.Map(_function, _results); break;
            case var _ when _gradient is not null: _a.Map2(_gradient, _b, _results); break;
            default: Rows(); break;
        }

        return T.Zero;
    }

    private void Rows()
    {
        for (int i = 0; i < _case.Rows; i++)
        {
            // What is added to is read, and needs no A.
            (_case.Method == PublicMethod.AddBias ? _rowsOfResults! : _rowsOfA).Column(i, _row);
            switch (_case.Method)
            {
                case PublicMethod.SoftmaxRows: Softmax(_row, _result); break;
                case PublicMethod.LogSoftmaxRows: LogSoftmax(_row, _result); break;
                case PublicMethod.LogSumExpRows: _results[i] = LogSumExp(_row); continue;
                case PublicMethod.AddBias: _row.Add(_x, _result); break;
                case PublicMethod.SoftmaxRowsGradient:
                    _rowsOfB.Column(i, _second);
                    SoftmaxGradient(_row, _second, _result);
                    break;
                case PublicMethod.LogSoftmaxRowsGradient:
                    _rowsOfB.Column(i, _second);
                    LogSoftmaxGradient(_row, _second, _result);
                    break;
                default:
                    throw new NotSupportedException($"{_case.Method} is not written here.");
            }

            _rowsOfResults!.SetColumn(i, _result);
        }
    }

    private void AddScaled()
    {
        _a.Multiply(PublicFace<T>.Tiny, _result);
        _results.Add(_result, _results);
    }

    private void AddOuterProduct()
    {
        _x.OuterProduct(_x, _scratch);
        _scratch.Multiply(PublicFace<T>.Tiny, _scratch);
        _rowsOfResults!.Add(_scratch, _rowsOfResults);
    }

    private void Dense()
    {
        _product!.Forward();
        for (int i = 0; i < _case.Rows; i++)
        {
            _rowsOfResults!.Column(i, _row);
            _row.Add(_x, _row);
            _row.PointwiseMaximum(T.Zero, _row);
            _rowsOfResults.SetColumn(i, _row);
        }
    }

    private void DenseInputGradient()
    {
        _product!.TransposedB();
        _rowsOfA.Map2((output, gradient) => output > T.Zero ? gradient : T.Zero, _rowsOfResults!, _rowsOfResults);
    }

    private static void Softmax(Vector<T> x, Vector<T> results)
    {
        x.Subtract(x.Maximum(), results);
        results.PointwiseExp(results);
        results.Divide(results.Sum(), results);
    }

    private static void SoftmaxGradient(Vector<T> output, Vector<T> gradient, Vector<T> results)
    {
        gradient.Subtract(output.DotProduct(gradient), results);
        results.PointwiseMultiply(output, results);
    }

    private void LogSoftmax(Vector<T> x, Vector<T> results)
    {
        x.Subtract(x.Maximum(), results);
        results.PointwiseExp(_second);
        results.Subtract(T.Log(_second.Sum()), results);
    }

    private static void LogSoftmaxGradient(Vector<T> output, Vector<T> gradient, Vector<T> results)
    {
        output.PointwiseExp(results);
        results.Multiply(-gradient.Sum(), results);
        results.Add(gradient, results);
    }

    private T LogSumExp(Vector<T> x)
    {
        T most = x.Maximum();
        x.Subtract(most, _second);
        _second.PointwiseExp(_second);
        return most + T.Log(_second.Sum());
    }
}
