using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>A small network on one sample, any widths: the form that fixes the bits. Rows of outputs and gradients pass through memory.</summary>
internal static unsafe class SmallSample<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    private const int Stride = SmallNetwork<T>.MaxWidth;

    /// <inheritdoc cref="NarrowSample{T, TPrecision, TVector, TWidth}.Run"/>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static T Run<TPass>(SmallLayer<T>* layers, int depth, T* parameters, T* input, T* output, in SmallStep<T> training)
        where TPass : struct, ISmallPass
    {
        Unsafe.SkipInit(out LayerRows storage);
        T* lowest = (T*)&storage;
        T* rows = TPass.HasBelow ? lowest + Stride : lowest;
        T* gradient = rows + (SmallNetwork<T>.MaxDepth * Stride);
        T* other = gradient + Stride;
        T* step = other + Stride;
        bool linear = TPass.Trains && training.LossKind != SmallLoss.SquaredError;
        if (TPass.HasBelow)
        {
            Activations<T, TPrecision, TVector, TWidth>.Activate(training.Below->Kind, training.Below->Slope, input, lowest, layers->Inputs);
        }

        Forward(layers, depth, parameters, TPass.HasBelow ? lowest : input, rows, output, linear);
        if (!TPass.Trains)
        {
            return T.Zero;
        }

        SmallLayer<T>* layer = layers + (depth - 1);
        T sum = SmallRows<T, TPrecision, TVector, TWidth>.LossSum(training.LossKind, output, training.Target, training.Label, training.Scale, gradient, layer->Units);
        if (!T.IsFinite(sum))
        {
            return sum;
        }

        if (!linear)
        {
            SmallRows<T, TPrecision, TVector, TWidth>.ActivateGradient(layer->Kind, layer->Slope, output, gradient, layer->Units);
        }

        for (int l = depth - 1; l >= 0; l--, layer--)
        {
            T* weights = parameters + layer->Weights;
            T* below = l == 0 && !TPass.HasBelow ? input : rows + ((l - 1) * Stride);
            ElementwiseLoop<T, TVector, TWidth>.Unary(new Scaled<T>(training.MinusRate), gradient, step, layer->Units);
            if (TPass.HasBelow || l > 0)
            {
                RankOne<T, TVector, TWidth>.MatrixVector(layer->Inputs, layer->Units, weights, layer->Units, gradient, other);
                T* spare = gradient;
                gradient = other;
                other = spare;
                SmallRows<T, TPrecision, TVector, TWidth>.ActivateGradient(layer[-1].Kind, layer[-1].Slope, below, gradient, layer->Inputs);
            }

            if (layer->Units == 1)
            {
                // One row of the transpose rather than many rows of one element.
                ElementwiseLoop<T, TVector, TWidth>.Binary(new ScaledSum<T>(*step), below, weights, weights, layer->Inputs);
            }
            else
            {
                Update(weights, layer->Inputs, layer->Units, below, step);
            }

            if (layer->Bias >= 0)
            {
                T* bias = parameters + layer->Bias;
                ElementwiseLoop<T, TVector, TWidth>.Binary(default(Sum<T>), bias, step, bias, layer->Units);
            }
        }

        if (TPass.HasBelow)
        {
            new ReadOnlySpan<T>(gradient, layers->Inputs).CopyTo(new(training.Gradient, layers->Inputs));
            BelowBias(training, parameters, input, layers->Inputs);
        }

        return sum;
    }

    /// <summary>The bias of the layer below makes its step, and is where its next sums start.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void BelowBias(in SmallStep<T> training, T* parameters, T* sums, int units)
    {
        Span<T> start = new(sums, units);
        if (training.Below->Bias < 0)
        {
            start.Clear();
            return;
        }

        T* bias = parameters + training.Below->Bias;
        ElementwiseLoop<T, TVector, TWidth>.Binary(new ScaledSum<T>(training.MinusRate), training.Gradient, bias, bias, units);
        new ReadOnlySpan<T>(bias, units).CopyTo(start);
    }

    [MethodImpl(Compiled.Loop)]
    private static void Forward(SmallLayer<T>* layers, int depth, T* parameters, T* input, T* rows, T* output, bool linear)
    {
        for (int l = 0; l < depth; l++, rows += Stride)
        {
            SmallLayer<T>* layer = layers + l;
            T* weights = parameters + layer->Weights;
            T* bias = layer->Bias < 0 ? null : parameters + layer->Bias;
            T* to = l == depth - 1 ? output : rows;
            if (layer->Units == 1)
            {
                T sum = RankOne<T, TVector, TWidth>.Dot(input, weights, layer->Inputs);
                *to = bias is null ? sum : sum + *bias;
            }
            else
            {
                Sums(input, layer->Inputs, weights, layer->Units, bias, to);
            }

            if (!linear || l < depth - 1)
            {
                SmallRows<T, TPrecision, TVector, TWidth>.Activate(layer->Kind, layer->Slope, to, layer->Units);
            }

            input = rows;
        }
    }

    /// <summary>to = bias + Σ inputᵢ·weightsᵢ, in four chains by i mod 4, combined (0 + 1) + (2 + 3); the bias starts the first. In one chain up to <see cref="SmallNetwork{T}.OneChain"/> inputs.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void Sums(T* input, int inputs, T* weights, int units, T* bias, T* to)
    {
        TVector zero = TWidth.Broadcast(T.Zero);
        for (int j = 0; j < units; j += TWidth.Count)
        {
            int count = int.Min(TWidth.Count, units - j);
            TVector mask = TWidth.FirstMask(count);
            TVector c0 = bias is null ? zero : TWidth.LoadFirst(bias + j, count, mask);
            TVector c1 = zero;
            TVector c2 = zero;
            TVector c3 = zero;
            T* row = weights + j;
            int i = 0;
            if (inputs <= SmallNetwork<T>.OneChain)
            {
                for (; i < inputs; i++, row += units)
                {
                    c0 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i]), TWidth.LoadFirst(row, count, mask), c0);
                }

                TWidth.StoreFirst(to + j, c0, count, mask);
                continue;
            }

            for (; i <= inputs - 4; i += 4, row += 4 * units)
            {
                c0 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i]), TWidth.LoadFirst(row, count, mask), c0);
                c1 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i + 1]), TWidth.LoadFirst(row + units, count, mask), c1);
                c2 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i + 2]), TWidth.LoadFirst(row + (2 * units), count, mask), c2);
                c3 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i + 3]), TWidth.LoadFirst(row + (3 * units), count, mask), c3);
            }

            if (i < inputs)
            {
                c0 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i]), TWidth.LoadFirst(row, count, mask), c0);
            }

            if (i + 1 < inputs)
            {
                c1 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i + 1]), TWidth.LoadFirst(row + units, count, mask), c1);
            }

            if (i + 2 < inputs)
            {
                c2 = TWidth.MultiplyAdd(TWidth.Broadcast(input[i + 2]), TWidth.LoadFirst(row + (2 * units), count, mask), c2);
            }

            TWidth.StoreFirst(to + j, TWidth.Add(TWidth.Add(c0, c1), TWidth.Add(c2, c3)), count, mask);
        }
    }

    /// <summary>weightsᵢ += inputᵢ·step.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void Update(T* weights, int inputs, int units, T* input, T* step)
    {
        for (int j = 0; j < units; j += TWidth.Count)
        {
            int count = int.Min(TWidth.Count, units - j);
            TVector mask = TWidth.FirstMask(count);
            TVector of = TWidth.LoadFirst(step + j, count, mask);
            T* row = weights + j;
            for (int i = 0; i < inputs; i++, row += units)
            {
                TWidth.StoreFirst(row, TWidth.MultiplyAdd(TWidth.Broadcast(input[i]), of, TWidth.LoadFirst(row, count, mask)), count, mask);
            }
        }
    }

    /// <summary>The outputs of the layers and of one below, two gradients and a step.</summary>
    [InlineArray((SmallNetwork<T>.MaxDepth + 4) * Stride)]
    private struct LayerRows
    {
        private T _element;
    }
}
