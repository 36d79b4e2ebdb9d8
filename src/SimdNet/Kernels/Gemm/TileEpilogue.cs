using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>Applies an <see cref="Epilogue{T}"/> to a tile of C.</summary>
/// <remarks>
/// A loop of its own after the micro-kernel's stores, rather than a part of it: the polynomials want the registers that the accumulators hold, and every pair of tile size and function would be
/// a body to compile. A tile of 12 × 32 floats is 1.5 KB that L1 returns at once: for ReLU half a per cent of the tile's time at k = 784.
/// </remarks>
internal static unsafe class TileEpilogue<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Applies it to one tile.</summary>
    /// <param name="epilogue">What to do.</param>
    /// <param name="row">The tile's first row in C.</param>
    /// <param name="column">The tile's first column in C.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="columns">Columns of the tile.</param>
    /// <param name="c">The tile.</param>
    /// <param name="stride">Elements from one row of C to the next.</param>
    [MethodImpl(Compiled.Entry)]
    public static void Run(in Epilogue<T> epilogue, nint row, nint column, int rows, int columns, T* c, nint stride)
    {
        if (epilogue.IsNone)
        {
            return;
        }

        bool isForward = epilogue.Output is null;
        T* operand = isForward
            ? epilogue.Bias is null ? null : epilogue.Bias + column
            : epilogue.Output + (row * epilogue.OutputStride) + column;
        Activations<T, TPrecision, TVector, TWidth>.Use(epilogue.Kind, epilogue.Slope, new Tile(isForward, operand, epilogue.OutputStride, rows, columns, c, stride));
    }

    /// <summary>f(C + bias), or C ⊙ f′(output), with the bits of one pass after the other.</summary>
    private readonly struct Tile(bool isForward, T* operand, nint operandStride, int rows, int columns, T* c, nint stride) : IActivationUse<T>
    {
        [MethodImpl(Compiled.Entry)]
        public void Run<TActivation>(TActivation activation)
            where TActivation : struct, IActivation<T>
        {
            if (isForward)
            {
                Forward(activation, operand, rows, columns, c, stride);
            }
            else
            {
                Gradient(activation, operand, operandStride, rows, columns, c, stride);
            }
        }
    }

    [MethodImpl(Compiled.Loop)]
    private static void Forward<TActivation>(TActivation activation, T* bias, int rows, int columns, T* c, nint stride)
        where TActivation : struct, IActivation<T>
    {
        for (int j = 0; j < columns; j += TWidth.Count)
        {
            int count = int.Min(TWidth.Count, columns - j);
            TVector mask = TWidth.FirstMask(count);

            // Without a bias, −0: the one number that changes nothing it is added to.
            TVector b = bias is null ? TWidth.Broadcast(T.NegativeZero) : TWidth.LoadFirst(bias + j, count, mask);
            T* to = c + j;
            for (int i = 0; i < rows; i++)
            {
                TVector value = TWidth.Add(TWidth.LoadFirst(to, count, mask), b);
                TWidth.StoreFirst(to, activation.Invoke<TVector, TWidth>(value), count, mask);
                to += stride;
            }
        }
    }

    [MethodImpl(Compiled.Loop)]
    private static void Gradient<TActivation>(TActivation activation, T* output, nint outputStride, int rows, int columns, T* c, nint stride)
        where TActivation : struct, IActivation<T>
    {
        for (int j = 0; j < columns; j += TWidth.Count)
        {
            int count = int.Min(TWidth.Count, columns - j);
            TVector mask = TWidth.FirstMask(count);
            T* from = output + j;
            T* to = c + j;
            for (int i = 0; i < rows; i++)
            {
                TVector derivative = activation.Derivative<TVector, TWidth>(TWidth.LoadFirst(from, count, mask));
                TWidth.StoreFirst(to, TWidth.Multiply(TWidth.LoadFirst(to, count, mask), derivative), count, mask);
                from += outputStride;
                to += stride;
            }
        }
    }
}
