using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Softmax of short rows and what is fused with it, a block of rows at a time (see <see cref="RowBlock{T, TVector, TWidth}"/>): the bits of the kernels that take a row.</summary>
internal static unsafe class BlockSoftmax<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Rows become their softmax.</summary>
    /// <param name="data">The first row.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">1 to a vector's lanes.</param>
    /// <param name="columns">1 to <see cref="RowBlock{T, TVector, TWidth}.Columns"/>.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Softmax(T* data, nint stride, int rows, int columns)
    {
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer values);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer sums);
        TVector* x = RowBlock<T, TVector, TWidth>.Align(&values);
        RowBlock<T, TVector, TWidth>.Read(data, stride, rows, columns, x);
        Probabilities(x, columns, x, RowBlock<T, TVector, TWidth>.Align(&sums), out _, out _);
        RowBlock<T, TVector, TWidth>.Write(x, rows, columns, data, stride);
    }

    /// <summary>Categorical cross-entropy with class indices; returns the total with the rows' losses added in order.</summary>
    /// <param name="total">The sum so far.</param>
    /// <param name="logits">The first row: z on entry, softmax on return.</param>
    /// <param name="stride">Elements from one row of logits to the next.</param>
    /// <param name="rows">1 to a vector's lanes.</param>
    /// <param name="columns">1 to <see cref="RowBlock{T, TVector, TWidth}.Columns"/>.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">The first row.</param>
    /// <param name="gradientStride">Elements from one row of the gradient to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static T CrossEntropy(T total, T* logits, nint stride, int rows, int columns, int* labels, T scale, T* gradient, nint gradientStride)
    {
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer values);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer sums);
        TVector* x = RowBlock<T, TVector, TWidth>.Align(&values);
        RowBlock<T, TVector, TWidth>.Read(logits, stride, rows, columns, x);
        TVector ofLabel = default;
        for (int i = 0; i < rows; i++)
        {
            ((T*)&ofLabel)[i] = logits[(i * stride) + labels[i]];
        }

        Probabilities(x, columns, x, RowBlock<T, TVector, TWidth>.Align(&sums), out TVector maximum, out TVector sum);
        TVector losses = TWidth.Add(default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(sum), TWidth.Subtract(maximum, ofLabel));
        RowBlock<T, TVector, TWidth>.Write(x, rows, columns, logits, stride);
        TVector factor = TWidth.Broadcast(scale);
        for (int j = 0; j < columns; j++)
        {
            x[j] = TWidth.Multiply(factor, x[j]);
        }

        RowBlock<T, TVector, TWidth>.Write(x, rows, columns, gradient, gradientStride);
        for (int i = 0; i < rows; i++)
        {
            int label = labels[i];
            gradient[(i * gradientStride) + label] = scale * (logits[(i * stride) + label] - T.One);
            total += ((T*)&losses)[i];
        }

        return total;
    }

    /// <summary>Categorical cross-entropy with rows of targets; returns the total with the rows' losses added in order.</summary>
    /// <param name="total">The sum so far.</param>
    /// <param name="logits">The first row: z on entry, softmax on return.</param>
    /// <param name="stride">Elements from one row of logits to the next.</param>
    /// <param name="rows">1 to a vector's lanes.</param>
    /// <param name="columns">1 to <see cref="RowBlock{T, TVector, TWidth}.Columns"/>.</param>
    /// <param name="target">The first row.</param>
    /// <param name="targetStride">Elements from one row of the target to the next.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">The first row.</param>
    /// <param name="gradientStride">Elements from one row of the gradient to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static T CrossEntropy(T total, T* logits, nint stride, int rows, int columns, T* target, nint targetStride, T scale, T* gradient, nint gradientStride)
    {
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer values);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer probabilities);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer targets);
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer sums);
        TVector* x = RowBlock<T, TVector, TWidth>.Align(&values);
        TVector* p = RowBlock<T, TVector, TWidth>.Align(&probabilities);
        TVector* y = RowBlock<T, TVector, TWidth>.Align(&targets);
        TVector* scratch = RowBlock<T, TVector, TWidth>.Align(&sums);
        RowBlock<T, TVector, TWidth>.Read(logits, stride, rows, columns, x);
        RowBlock<T, TVector, TWidth>.Read(target, targetStride, rows, columns, y);
        Probabilities(x, columns, p, scratch, out TVector maximum, out TVector sum);
        RowBlock<T, TVector, TWidth>.Write(p, rows, columns, logits, stride);
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector logSum = default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(sum);
        for (int j = 0; j < columns; j++)
        {
            TVector surprise = TWidth.Add(logSum, TWidth.Subtract(maximum, x[j]));
            scratch[j] = TWidth.Select(TWidth.Equal(y[j], zero), zero, TWidth.MultiplyAdd(y[j], surprise, zero));
        }

        TVector losses = RowBlock<T, TVector, TWidth>.Sum(scratch, columns);
        for (int j = 0; j < columns; j++)
        {
            scratch[j] = TWidth.Add(zero, y[j]);
        }

        TVector weight = RowBlock<T, TVector, TWidth>.Sum(scratch, columns);
        TVector factor = TWidth.Broadcast(scale);
        for (int j = 0; j < columns; j++)
        {
            x[j] = TWidth.Multiply(factor, TWidth.Subtract(TWidth.Multiply(p[j], weight), y[j]));
        }

        RowBlock<T, TVector, TWidth>.Write(x, rows, columns, gradient, gradientStride);
        for (int i = 0; i < rows; i++)
        {
            total += ((T*)&losses)[i];
        }

        return total;
    }

    /// <summary>ln Σ eˣ of each row.</summary>
    /// <param name="data">The first row.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">1 to a vector's lanes.</param>
    /// <param name="columns">1 to <see cref="RowBlock{T, TVector, TWidth}.Columns"/>.</param>
    /// <param name="destination">[rows].</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void LogSumExp(T* data, nint stride, int rows, int columns, T* destination)
    {
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer values);
        TVector* x = RowBlock<T, TVector, TWidth>.Align(&values);
        RowBlock<T, TVector, TWidth>.Read(data, stride, rows, columns, x);
        TVector maximum = x[0];
        for (int j = 1; j < columns; j++)
        {
            maximum = MaximumFold<T>.Combine<TVector, TWidth>(maximum, x[j]);
        }

        for (int j = 0; j < columns; j++)
        {
            x[j] = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(x[j], maximum));
        }

        TVector result = TWidth.Add(maximum, default(Logarithm<T, TPrecision>).Invoke<TVector, TWidth>(RowBlock<T, TVector, TWidth>.Sum(x, columns)));
        TVector finite = TWidth.LessThan(TWidth.Abs(maximum), TWidth.Broadcast(T.PositiveInfinity));
        TWidth.StoreFirst(destination, TWidth.Select(finite, result, maximum), rows, TWidth.FirstMask(rows));
    }

    /// <summary>gradient = p·(g − Σ g·p).</summary>
    /// <param name="output">The first row of p.</param>
    /// <param name="stride">Elements from one row of p to the next.</param>
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
        Unsafe.SkipInit(out RowBlock<T, TVector, TWidth>.Buffer products);
        TVector* p = RowBlock<T, TVector, TWidth>.Align(&outputs);
        TVector* g = RowBlock<T, TVector, TWidth>.Align(&gradients);
        TVector* scratch = RowBlock<T, TVector, TWidth>.Align(&products);
        RowBlock<T, TVector, TWidth>.Read(output, stride, rows, columns, p);
        RowBlock<T, TVector, TWidth>.Read(gradient, gradientStride, rows, columns, g);
        TVector zero = TWidth.Broadcast(T.Zero);
        for (int j = 0; j < columns; j++)
        {
            scratch[j] = TWidth.MultiplyAdd(g[j], p[j], zero);
        }

        TVector dot = RowBlock<T, TVector, TWidth>.Sum(scratch, columns);
        for (int j = 0; j < columns; j++)
        {
            g[j] = TWidth.Multiply(p[j], TWidth.Subtract(g[j], dot));
        }

        RowBlock<T, TVector, TWidth>.Write(g, rows, columns, gradient, gradientStride);
    }

    /// <summary>p = eˣ⁻ᵐᵃˣ / Σ eˣ⁻ᵐᵃˣ. p may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Probabilities(TVector* x, int columns, TVector* p, TVector* sums, out TVector maximum, out TVector sum)
    {
        maximum = x[0];
        for (int j = 1; j < columns; j++)
        {
            maximum = TWidth.Larger(maximum, x[j]);
        }

        for (int j = 0; j < columns; j++)
        {
            p[j] = sums[j] = Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(x[j], maximum));
        }

        sum = RowBlock<T, TVector, TWidth>.Sum(sums, columns);
        TVector factor = TWidth.Divide(TWidth.Broadcast(T.One), sum);
        for (int j = 0; j < columns; j++)
        {
            p[j] = TWidth.Multiply(p[j], factor);
        }
    }
}
