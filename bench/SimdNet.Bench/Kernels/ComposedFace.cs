using System;
using System.Numerics;
using System.Numerics.Tensors;

using SimdNet.Memory;

namespace SimdNet.Bench.Kernels;

/// <summary>The methods of SimdNet.Numerics that TensorPrimitives has under no name, as its user writes them: a few calls for a vector, or for each row.</summary>
/// <param name="subject">Method and sizes.</param>
/// <param name="a">[rows × columns], as <paramref name="b"/> and <paramref name="c"/> are.</param>
/// <param name="b">The second operand.</param>
/// <param name="x">[columns].</param>
/// <param name="c">The result.</param>
internal sealed class ComposedFace<T>(PublicFaceCase subject, AlignedBuffer<T> a, AlignedBuffer<T> b, AlignedBuffer<T> x, AlignedBuffer<T> c)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ComposedActivations<T> _activations = new(subject.Columns);
    private readonly AlignedBuffer<T> _scratch = new(subject.Columns);

    /// <returns>The result of what gives a number; else 0.</returns>
    public T Run()
    {
        switch (subject.Method)
        {
            case PublicMethod.LogSumExp:
                return LogSumExp(a.Span);
            case >= PublicMethod.Multiply:
                Product();
                return T.Zero;
            case PublicMethod.SumColumns or PublicMethod.MultiplyTransposedVector:
                c.Span[..subject.Columns].Clear();
                break;
        }

        for (int i = 0; i < subject.Rows; i++)
        {
            Row(i, RowOf(a, i), RowOf(b, i), RowOf(c, i));
        }

        return T.Zero;
    }

    /// <summary>What is left of a dense layer after its product, which libraries of products leave to others: the bias and ReLU, or ReLU's derivative of A, which stands for the layer's input.</summary>
    public void Finish()
    {
        for (int i = 0; i < subject.Rows; i++)
        {
            Span<T> result = RowOf(c, i);
            if (subject.Method == PublicMethod.Dense)
            {
                TensorPrimitives.Add(result, x.Span, result);
                TensorPrimitives.Max(result, T.Zero, result);
            }
            else
            {
                _activations.ApplyGradient(PublicMethod.ReLUGradient, RowOf(a, i), T.Zero, result, result);
            }
        }
    }

    private Span<T> RowOf(AlignedBuffer<T> matrix, int row) => matrix.Span.Slice(row * subject.Columns, subject.Columns);

    private void Row(int i, Span<T> row, Span<T> second, Span<T> result)
    {
        Span<T> sums = c.Span[..subject.Columns];
        switch (subject.Method)
        {
            case PublicMethod.SoftmaxRows: TensorPrimitives.SoftMax(row, result); break;
            case PublicMethod.SoftmaxGradient or PublicMethod.SoftmaxRowsGradient: SoftmaxGradient(row, second, result); break;
            case PublicMethod.LogSoftmax or PublicMethod.LogSoftmaxRows: LogSoftmax(row, result); break;
            case PublicMethod.LogSoftmaxGradient or PublicMethod.LogSoftmaxRowsGradient: LogSoftmaxGradient(row, second, result); break;
            case PublicMethod.LogSumExpRows: c.Span[i] = LogSumExp(row); break;
            case PublicMethod.SumColumns: TensorPrimitives.Add(sums, row, sums); break;
            case PublicMethod.AddBias: TensorPrimitives.Add(result, x.Span, result); break;
            case PublicMethod.MultiplyVector: c.Span[i] = TensorPrimitives.Dot<T>(row, x.Span); break;
            case PublicMethod.MultiplyTransposedVector: TensorPrimitives.MultiplyAdd(row, x.Span[i], sums, sums); break;
            case PublicMethod.AddOuterProduct: TensorPrimitives.MultiplyAdd(x.Span, PublicFace<T>.Tiny * x.Span[i], result, result); break;
            case var method when method.IsGradient(): _activations.ApplyGradient(method, row, PublicFace<T>.Slope, second, result); break;
            default: _activations.Apply(subject.Method, row, PublicFace<T>.Slope, result); break;
        }
    }

    private void Product()
    {
        int n = subject.Columns;
        if (subject.Method is PublicMethod.MultiplyTransposedB or PublicMethod.DenseInputGradient)
        {
            for (int i = 0; i < n; i++)
            {
                Span<T> result = RowOf(c, i);
                for (int j = 0; j < n; j++)
                {
                    result[j] = TensorPrimitives.Dot<T>(RowOf(a, i), RowOf(b, j));
                }
            }
        }
        else
        {
            (int row, int column) = subject.Method == PublicMethod.MultiplyTransposedA ? (1, n) : (n, 1);
            c.Span.Clear();
            for (int i = 0; i < n; i++)
            {
                Span<T> result = RowOf(c, i);
                for (int k = 0; k < n; k++)
                {
                    TensorPrimitives.MultiplyAdd(RowOf(b, k), a.Span[(i * row) + (k * column)], result, result);
                }
            }
        }

        if (subject.Method >= PublicMethod.Dense)
        {
            Finish();
        }
    }

    private static void SoftmaxGradient(Span<T> output, Span<T> gradient, Span<T> result)
    {
        TensorPrimitives.Subtract(gradient, TensorPrimitives.Dot<T>(output, gradient), result);
        TensorPrimitives.Multiply(result, output, result);
    }

    private void LogSoftmax(Span<T> row, Span<T> result)
    {
        TensorPrimitives.Subtract(row, TensorPrimitives.Max<T>(row), result);
        TensorPrimitives.Exp(result, _scratch.Span);
        TensorPrimitives.Subtract(result, T.Log(TensorPrimitives.Sum<T>(_scratch.Span)), result);
    }

    private static void LogSoftmaxGradient(Span<T> output, Span<T> gradient, Span<T> result)
    {
        TensorPrimitives.Exp(output, result);
        TensorPrimitives.MultiplyAdd(result, -TensorPrimitives.Sum<T>(gradient), gradient, result);
    }

    private T LogSumExp(Span<T> row)
    {
        T most = TensorPrimitives.Max<T>(row);
        TensorPrimitives.Subtract(row, most, _scratch.Span);
        TensorPrimitives.Exp(_scratch.Span, _scratch.Span);
        return most + T.Log(TensorPrimitives.Sum<T>(_scratch.Span));
    }
}
