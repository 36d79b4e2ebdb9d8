using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Log-softmax of short rows, a block of rows at a time (see <see cref="RowBlock{T, TVector, TWidth}"/>): the bits of the kernels that take a row.</summary>
internal static unsafe class BlockLogSoftmax<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Rows become (x − max) − ln Σ eˣ⁻ᵐᵃˣ.</summary>
    /// <param name="data">The first row.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">1 to a vector's lanes.</param>
    /// <param name="columns">1 to <see cref="RowBlock{T, TVector, TWidth}.Columns"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Forward(T* data, nint stride, int rows, int columns)
    {
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer values);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer exponentials);
        TVector* x = RowBlock<T, TVector, TWidth>.Align(&values);
        TVector* terms = RowBlock<T, TVector, TWidth>.Align(&exponentials);
        RowBlock<T, TVector, TWidth>.Read(data, stride, rows, columns, x);
        TVector maximum = x[0];
        for (int j = 1; j < columns; j++)
        {
            maximum = TWidth.Larger(maximum, x[j]);
        }

        for (int j = 0; j < columns; j++)
        {
            x[j] = TWidth.Subtract(x[j], maximum);
            terms[j] = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(x[j]);
        }

        TVector logSum = default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(RowBlock<T, TVector, TWidth>.Sum(terms, columns));
        for (int j = 0; j < columns; j++)
        {
            x[j] = TWidth.Subtract(x[j], logSum);
        }

        RowBlock<T, TVector, TWidth>.Write(x, rows, columns, data, stride);
    }

    /// <summary>gradient = g − eʸ·Σ g.</summary>
    /// <param name="output">The first row of y.</param>
    /// <param name="stride">Elements from one row of y to the next.</param>
    /// <param name="rows">1 to a vector's lanes.</param>
    /// <param name="columns">1 to <see cref="RowBlock{T, TVector, TWidth}.Columns"/>.</param>
    /// <param name="gradient">The first row.</param>
    /// <param name="gradientStride">Elements from one row of the gradient to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Gradient(T* output, nint stride, int rows, int columns, T* gradient, nint gradientStride)
    {
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer outputs);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer gradients);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer sums);
        TVector* y = RowBlock<T, TVector, TWidth>.Align(&outputs);
        TVector* g = RowBlock<T, TVector, TWidth>.Align(&gradients);
        TVector* scratch = RowBlock<T, TVector, TWidth>.Align(&sums);
        RowBlock<T, TVector, TWidth>.Read(output, stride, rows, columns, y);
        RowBlock<T, TVector, TWidth>.Read(gradient, gradientStride, rows, columns, g);
        TVector zero = TWidth.Broadcast(T.Zero);
        for (int j = 0; j < columns; j++)
        {
            scratch[j] = TWidth.Add(zero, g[j]);
        }

        // Not 0 − Σ, whose 0 would have another sign than −Σ has.
        TVector minusSum = TWidth.Multiply(TWidth.Broadcast(T.NegativeOne), RowBlock<T, TVector, TWidth>.Sum(scratch, columns));
        for (int j = 0; j < columns; j++)
        {
            g[j] = TWidth.MultiplyAdd(Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(y[j]), minusSum, g[j]);
        }

        RowBlock<T, TVector, TWidth>.Write(g, rows, columns, gradient, gradientStride);
    }
}
