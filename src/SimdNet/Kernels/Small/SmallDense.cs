using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SimdNet.Kernels;

/// <summary>A dense layer of at most 32 inputs and 32 units on a batch: the bits of the products for any shape, with less around them.</summary>
/// <remarks>
/// Of the three products of such a layer, packing, blocking and a call for each tile would be the larger part. Each product takes the narrowest vectors that hold its columns: a row of eight floats is one Vector256, of
/// which twice as many are multiplied a cycle where wider ones are worked on in halves. One whole vector rather than two halves: its numbers of A are operands in memory,
/// where halves broadcast them first (24-8-2 of <c>bench/run.sh SimpleChainsShapes</c>). Functions are applied to a whole block of rows, so that only its last vector is partial; derivatives, a few operations each, as
/// a tile is stored: a pass of their own would read and write the gradient once more.
/// </remarks>
internal static unsafe class SmallDense<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private const int Most = SmallNetwork<T>.MaxWidth;

    /// <summary>Whether a layer of this shape is served here.</summary>
    public static bool Fits(int inputs, int units) => inputs <= Most && units <= Most;

    /// <summary>output = f(input·weights + bias).</summary>
    /// <param name="rows">Rows of input and output, without gaps between them.</param>
    /// <param name="inputs">Columns of input.</param>
    /// <param name="units">Columns of output.</param>
    /// <param name="input">[rows × inputs].</param>
    /// <param name="weights">[inputs × units].</param>
    /// <param name="bias">[units], null for none.</param>
    /// <param name="kind">f.</param>
    /// <param name="slope">f's parameter.</param>
    /// <param name="output">[rows × units], overwritten.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Forward(int rows, int inputs, int units, T* input, T* weights, T* bias, ActivationKind kind, T slope, T* output)
    {
        Product<WithBias<T>>(rows, units, inputs, input, inputs, 1, weights, output, add: false, bias);
        Activations<T, TPrecision, TVector, TWidth>.Activate(kind, slope, output, output, (nint)rows * units);
    }

    /// <summary>inputGradient = (outputGradient·weightsᵀ) ⊙ f′(input).</summary>
    /// <param name="rows">Rows of each, without gaps between them.</param>
    /// <param name="inputs">Columns of the input.</param>
    /// <param name="units">Columns of the output.</param>
    /// <param name="outputGradient">[rows × units].</param>
    /// <param name="weights">[inputs × units].</param>
    /// <param name="kind">f.</param>
    /// <param name="slope">f's parameter.</param>
    /// <param name="input">What f gave, [rows × inputs].</param>
    /// <param name="inputGradient">[rows × inputs], overwritten.</param>
    /// <param name="scratch">units · inputs elements.</param>
    [MethodImpl(Compiled.Entry)]
    public static void InputGradient(int rows, int inputs, int units, T* outputGradient, T* weights, ActivationKind kind, T slope, T* input, T* inputGradient, T* scratch)
    {
        T* transposed = weights;
        if (units > 1 && inputs > 1)
        {
            Transposition<T>.Copy(inputs, units, weights, units, scratch, inputs, add: false);
            transposed = scratch;
        }

        switch (kind)
        {
            case ActivationKind.Tanh:
                Product<WithDerivative<T, TanhActivation<T, TPrecision>>>(rows, inputs, units, outputGradient, units, 1, transposed, inputGradient, add: false, input);
                break;
            case ActivationKind.ReLU:
                Product<WithDerivative<T, ReLUActivation<T>>>(rows, inputs, units, outputGradient, units, 1, transposed, inputGradient, add: false, input);
                break;
            case ActivationKind.Sigmoid:
                Product<WithDerivative<T, SigmoidActivation<T, TPrecision>>>(rows, inputs, units, outputGradient, units, 1, transposed, inputGradient, add: false, input);
                break;
            default:
                Product<WithBias<T>>(rows, inputs, units, outputGradient, units, 1, transposed, inputGradient, add: false, null);
                Activations<T, TPrecision, TVector, TWidth>.ActivateGradient(kind, slope, input, inputGradient, (nint)rows * inputs);
                break;
        }
    }

    /// <summary>weightsGradient = inputᵀ·outputGradient and biasGradient = the column sums of outputGradient, or += them.</summary>
    /// <param name="rows">Rows of input and outputGradient, without gaps between them.</param>
    /// <param name="inputs">Columns of input.</param>
    /// <param name="units">Columns of outputGradient.</param>
    /// <param name="input">[rows × inputs].</param>
    /// <param name="outputGradient">[rows × units].</param>
    /// <param name="weightsGradient">[inputs × units].</param>
    /// <param name="biasGradient">[units], null for none.</param>
    /// <param name="add">False: the gradients are overwritten without being read.</param>
    /// <param name="scratch">units · inputs elements.</param>
    [MethodImpl(Compiled.Entry)]
    public static void WeightsGradient(int rows, int inputs, int units, T* input, T* outputGradient, T* weightsGradient, T* biasGradient, bool add, T* scratch)
    {
        if (IsNarrow(inputs, units))
        {
            TransposedWeightsGradient(rows, inputs, units, input, outputGradient, weightsGradient, biasGradient, add, scratch);
            return;
        }

        for (int start = 0; start < rows; start += KernelSet<T>.KBlock)
        {
            int block = int.Min(KernelSet<T>.KBlock, rows - start);
            Product<WithSums<T>>(inputs, units, block, input + ((nint)start * inputs), 1, inputs, outputGradient + ((nint)start * units), weightsGradient, add || start > 0, biasGradient);
        }
    }

    /// <summary>Whether the weights' gradient is formed as its transpose: few units fill a fraction of a vector, where their inputs fill whole ones. So many units as can be one block of a transposition.</summary>
    /// <remarks>As in the last layer of 10-32-32-2: <c>bench/run.sh MinibatchStep --case=10-32-32-2</c>.</remarks>
    private static bool IsNarrow(int inputs, int units) =>
        Vector128.IsHardwareAccelerated && Vector128<T>.Count < TWidth.Count && units is 1 or 2 or 4 && units <= Vector128<T>.Count && inputs > Vector256<T>.Count;

    /// <summary><see cref="WeightsGradient"/> as (outputGradientᵀ·input)ᵀ: the same products in the same order.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void TransposedWeightsGradient(int rows, int inputs, int units, T* input, T* outputGradient, T* weightsGradient, T* biasGradient, bool add, T* scratch)
    {
        for (int unit = 0; !add && biasGradient is not null && unit < units; unit++)
        {
            biasGradient[unit] = T.Zero;
        }

        for (int start = 0; start < rows; start += KernelSet<T>.KBlock)
        {
            int block = int.Min(KernelSet<T>.KBlock, rows - start);
            bool adds = add || start > 0;
            T* a = outputGradient + ((nint)start * units);
            T* b = input + ((nint)start * inputs);
            if (units == 1)
            {
                Product<WithRowSums<T>>(units, inputs, block, a, 1, units, b, weightsGradient, adds, biasGradient);
            }
            else
            {
                Product<WithRowSums<T>>(units, inputs, block, a, 1, units, b, scratch, add: false, biasGradient);
                Transposition<T>.Copy(units, inputs, scratch, inputs, weightsGradient, units, adds);
            }
        }
    }

    /// <summary>C = A·B by the narrowest vectors that hold its columns.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Product<TExtra>(int m, int n, int k, T* a, nint rowStride, nint stepStride, T* b, T* c, bool add, T* extra)
        where TExtra : struct, ISmallExtra<T>
    {
        if (Vector128.IsHardwareAccelerated && Vector128<T>.Count < TWidth.Count && n <= Vector128<T>.Count)
        {
            Columns<Vector128<T>, Width128<T>, TExtra>(m, n, k, a, rowStride, stepStride, b, c, add, extra);
        }
        else if (Vector256.IsHardwareAccelerated && Vector256<T>.Count < TWidth.Count && n <= Vector256<T>.Count)
        {
            Columns<Vector256<T>, Width256<T>, TExtra>(m, n, k, a, rowStride, stepStride, b, c, add, extra);
        }
        else
        {
            Columns<TVector, TWidth, TExtra>(m, n, k, a, rowStride, stepStride, b, c, add, extra);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns<TLanes, TLanesWidth, TExtra>(int m, int n, int k, T* a, nint rowStride, nint stepStride, T* b, T* c, bool add, T* extra)
        where TLanes : unmanaged
        where TLanesWidth : IWidth<TLanes, T>
        where TExtra : struct, ISmallExtra<T>
    {
        for (int j = 0; j < n; j += 2 * TLanesWidth.Count)
        {
            int columns = int.Min(2 * TLanesWidth.Count, n - j);
            T* e = extra is null || (TExtra.IsRowSums && j > 0) ? null : extra + j;
            if (columns > TLanesWidth.Count)
            {
                Rows<Two, TLanes, TLanesWidth, TExtra>(m, n, k, a, rowStride, stepStride, b + j, c + j, columns - TLanesWidth.Count, add, e);
            }
            else
            {
                Rows<One, TLanes, TLanesWidth, TExtra>(m, n, k, a, rowStride, stepStride, b + j, c + j, columns, add, e);
            }
        }
    }

    /// <summary>The rows of C, eight, four, two and one at a time. Sums are taken with the first.</summary>
    [MethodImpl(Compiled.Entry)]
    private static void Rows<TVectors, TLanes, TLanesWidth, TExtra>(int m, int n, int k, T* a, nint rowStride, nint stepStride, T* b, T* c, int lastCount, bool add, T* extra)
        where TVectors : struct, INumber
        where TLanes : unmanaged
        where TLanesWidth : IWidth<TLanes, T>
        where TExtra : struct, ISmallExtra<T>
    {
        while (m > 0)
        {
            // Eight rows of two vectors are sixteen accumulators: too many for widths that have sixteen registers in all.
            int rows = m >= 8 && (TVectors.Value == 1 || TWidth.TileRows >= 8) ? 8 : m >= 4 ? 4 : m >= 2 ? 2 : 1;
            bool sums = TExtra.IsSums || TExtra.IsRowSums;
            int tiles = sums && extra is not null ? 1 : m / rows;
            if (sums && extra is null)
            {
                Blocks<TVectors, TLanes, TLanesWidth, WithoutSums<T>>(rows, tiles, n, k, a, rowStride, stepStride, b, c, lastCount, add, null);
            }
            else
            {
                Blocks<TVectors, TLanes, TLanesWidth, TExtra>(rows, tiles, n, k, a, rowStride, stepStride, b, c, lastCount, add, extra);
                extra = sums ? null : TExtra.IsDerivative ? extra + (rows * tiles * n) : extra;
            }

            int done = rows * tiles;
            m -= done;
            a += done * rowStride;
            c += done * n;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Blocks<TVectors, TLanes, TLanesWidth, TExtra>(int rows, int tiles, int n, int k, T* a, nint rowStride, nint stepStride, T* b, T* c, int lastCount, bool add, T* extra)
        where TVectors : struct, INumber
        where TLanes : unmanaged
        where TLanesWidth : IWidth<TLanes, T>
        where TExtra : struct, ISmallExtra<T>
    {
        switch (rows)
        {
            case 8: SmallTile<T, TLanes, TLanesWidth>.Run<Eight, TVectors, TExtra>(tiles, k, a, rowStride, stepStride, b, n, c, n, lastCount, add, extra); break;
            case 4: SmallTile<T, TLanes, TLanesWidth>.Run<Four, TVectors, TExtra>(tiles, k, a, rowStride, stepStride, b, n, c, n, lastCount, add, extra); break;
            case 2: SmallTile<T, TLanes, TLanesWidth>.Run<Two, TVectors, TExtra>(tiles, k, a, rowStride, stepStride, b, n, c, n, lastCount, add, extra); break;
            default: SmallTile<T, TLanes, TLanesWidth>.Run<One, TVectors, TExtra>(tiles, k, a, rowStride, stepStride, b, n, c, n, lastCount, add, extra); break;
        }
    }
}
