using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Softmax of rows of at most two vectors, several rows at a time: the bits of <see cref="Softmax{T, TPrecision, TVector, TWidth}"/>, faster: ten columns are a row of <c>bench/run.sh ElementWise --case=softmax</c>.</summary>
/// <remarks>
/// A short row is all latency: maximum, exponential, sum and division wait for each other. Rows are independent, but a processor that reads a row next to one just written with a mask waits for that
/// write. So a block of rows is read before the first is written. The rows' lanes are the first of the 32; those beyond would add 0 to the sum and −∞ to the maximum, which changes nothing.
/// </remarks>
internal static unsafe class NarrowSoftmax<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Rows that are read before the first is written.</summary>
    public const int Block = 8;

    /// <summary>True for rows that are narrow at this width.</summary>
    public static bool Fits(nint columns) => columns <= 2 * TWidth.Count;

    /// <summary>Up to <see cref="Block"/> rows become their softmax.</summary>
    /// <param name="row">The first row.</param>
    /// <param name="stride">Elements from one row to the next.</param>
    /// <param name="rows">1 to <see cref="Block"/>.</param>
    /// <param name="columns">1 to two vectors.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static void Softmax(T* row, nint stride, int rows, int columns)
    {
        Unsafe.SkipInit(out Copies storage);
        TVector* copies = (TVector*)&storage;
        NarrowRow<T, TVector, TWidth> shape = new(columns);
        Copy(shape, row, stride, rows, copies);
        for (int i = 0; i < rows; i++, row += stride)
        {
            TVector x0 = copies[2 * i];
            TVector x1 = copies[(2 * i) + 1];
            Probabilities(shape, ref x0, ref x1, out _, out _);
            shape.Store(row, x0, x1);
        }
    }

    /// <summary>Up to <see cref="Block"/> rows of categorical cross-entropy with class indices; returns the total with the rows' losses added in order.</summary>
    /// <param name="total">The sum so far.</param>
    /// <param name="logits">The first row: z on entry, softmax on return.</param>
    /// <param name="stride">Elements from one row of logits to the next.</param>
    /// <param name="rows">1 to <see cref="Block"/>.</param>
    /// <param name="columns">1 to two vectors.</param>
    /// <param name="labels">One for each row.</param>
    /// <param name="scale">Factor of the gradient.</param>
    /// <param name="gradient">The first row.</param>
    /// <param name="gradientStride">Elements from one row of the gradient to the next.</param>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static T CrossEntropy(T total, T* logits, nint stride, int rows, int columns, int* labels, T scale, T* gradient, nint gradientStride)
    {
        Unsafe.SkipInit(out Copies storage);
        TVector* copies = (TVector*)&storage;
        NarrowRow<T, TVector, TWidth> shape = new(columns);
        Copy(shape, logits, stride, rows, copies);
        TVector factor = TWidth.Broadcast(scale);
        for (int i = 0; i < rows; i++, logits += stride, gradient += gradientStride)
        {
            TVector x0 = copies[2 * i];
            TVector x1 = copies[(2 * i) + 1];
            int label = labels[i];
            T logit = label < TWidth.Count ? ((T*)(copies + (2 * i)))[label] : ((T*)(copies + (2 * i) + 1))[label - TWidth.Count];
            Probabilities(shape, ref x0, ref x1, out T maximum, out T sum);
            shape.Store(logits, x0, x1);
            x0 = TWidth.Multiply(factor, TWidth.Subtract(x0, OneHot(label)));
            x1 = TWidth.Multiply(factor, TWidth.Subtract(x1, OneHot(label - TWidth.Count)));
            shape.Store(gradient, x0, x1);
            total += Softmax<T, TPrecision, TVector, TWidth>.Log(sum) + (maximum - logit);
        }

        return total;
    }

    /// <summary>1 in one lane, 0 in the others; 0 in all where the index is not a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector OneHot(int index)
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        TVector through = TWidth.FirstMask(int.Clamp(index + 1, 0, TWidth.Count));
        TVector before = TWidth.FirstMask(int.Clamp(index, 0, TWidth.Count));
        return TWidth.Select(before, zero, TWidth.Select(through, TWidth.Broadcast(T.One), zero));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Probabilities(NarrowRow<T, TVector, TWidth> shape, ref TVector x0, ref TVector x1, out T maximum, out T sum)
    {
        TVector none = TWidth.Broadcast(T.NegativeInfinity);
        TVector largest = TWidth.Select(shape.FirstMask, x0, none);
        if (shape.IsTwo)
        {
            largest = TWidth.Larger(largest, TWidth.Select(shape.SecondMask, x1, none));
        }

        maximum = TWidth.Fold<LargerFold<T>>(largest);
        TVector m = TWidth.Broadcast(maximum);
        x0 = TWidth.And(shape.FirstMask, Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(x0, m)));
        TVector lanes = x0;
        if (shape.IsTwo)
        {
            x1 = TWidth.And(shape.SecondMask, Exponential<T, TPrecision>.OfNonPositive<TVector, TWidth>(TWidth.Subtract(x1, m)));
            lanes = TWidth.Add(lanes, x1);
        }

        sum = TWidth.Fold<SumFold<T>>(lanes);
        TVector factor = TWidth.Broadcast(T.One / sum);
        x0 = TWidth.Multiply(x0, factor);
        if (shape.IsTwo)
        {
            x1 = TWidth.Multiply(x1, factor);
        }
    }

    /// <summary>Reads a block of rows, each into a pair of vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(NarrowRow<T, TVector, TWidth> shape, T* row, nint stride, int rows, TVector* copies)
    {
        for (int i = 0; i < rows; i++, row += stride)
        {
            shape.Load(row, out copies[2 * i], out copies[(2 * i) + 1]);
        }
    }

    /// <summary>A block of rows, two vectors each.</summary>
    [InlineArray(2 * Block)]
    private struct Copies
    {
        private TVector _vector;
    }
}
