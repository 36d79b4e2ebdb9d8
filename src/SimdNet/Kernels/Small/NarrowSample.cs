using System.Numerics;
using System.Runtime.CompilerServices;

namespace SimdNet.Kernels;

/// <summary>A small network on one sample where every row fits one vector: sums, functions and gradients stay in registers from the first layer to the last. The bits of <see cref="SmallSample{T, TPrecision, TVector, TWidth}"/>.</summary>
/// <remarks>
/// The step is bound by latency: load, sums, function, layer by layer and back, then the store that the next step's load waits for. So no operation of the chain is a call; what a loop over layers costs beside it overlaps.
/// Lanes beyond a row's end hold 0 in weights and gradients, and anything in activations, NaN where one of those below is infinite: a prediction leaves them out of what it adds across, a step has parameters that are not finite then in any case.
/// </remarks>
internal static unsafe class NarrowSample<T, TPrecision, TVector, TWidth>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPrecision : IPrecision<T>
    where TVector : unmanaged
    where TWidth : IWidth<TVector, T>
{
    /// <summary>Lanes up to which the tree over rows is part of the one long method. A tree over 16 rows takes all of its inlining: then each operation is a call, which <c>bench/run.sh PerSampleStep --case=784-16-10</c> shows at once.</summary>
    private const int MostInlined = 8;

    /// <summary>Forward and, where it trains, one step of plain gradient descent.</summary>
    /// <remarks>One long method: the compiler's budget for inlining grows with the method that it inlines into, and what does not fit is a call for each operation.</remarks>
    /// <param name="layers">The layers.</param>
    /// <param name="depth">How many.</param>
    /// <param name="parameters">The block, updated where it trains.</param>
    /// <param name="input">[inputs].</param>
    /// <param name="output">[outputs], overwritten.</param>
    /// <param name="step">What training needs beside.</param>
    /// <returns>The loss' sum before the step; where it is not finite, no parameter was changed. 0 where it does not train.</returns>
    [SkipLocalsInit]
    [MethodImpl(Compiled.Loop)]
    public static T Run<TPass, TRows>(SmallLayer<T>* layers, int depth, T* parameters, T* input, T* output, in SmallStep<T> step)
        where TPass : struct, ISmallPass
        where TRows : struct, ISmallRow
    {
        Unsafe.SkipInit(out LayerRows storage);
        T* rows = (T*)(((nint)(&storage) + 63) & ~(nint)63);
        TVector last = TWidth.Broadcast(T.Zero);
        bool linear = TPass.Trains && step.LossKind != SmallLoss.SquaredError;
        SmallLayer<T>* layer = layers;
        T* from = input;
        T* to = rows;
        if (TPass.HasBelow)
        {
            Enter(step.Below, input, rows);
            last = TWidth.Load(rows);
            from = rows;
            to += LayerRows.Stride;
        }

        while (true)
        {
            T* weights = parameters + layer->Weights;
            int inputs = layer->Inputs;
            int units = layer->Units;
            if (units == 1)
            {
                TVector mask = TWidth.FirstMask(inputs);
                last = !TPass.HasBelow && layer == layers ? LoadRow<TRows>(input, inputs, mask) : TPass.Trains || TRows.AreWhole ? last : TWidth.And(mask, last);
                last = TWidth.Broadcast(TWidth.Fold<SumFold<T>>(TWidth.MultiplyAdd(last, LoadRow<TRows>(weights, inputs, mask), TWidth.Broadcast(T.Zero))));
                if (layer->Bias >= 0)
                {
                    last = TWidth.Add(last, TWidth.Broadcast(parameters[layer->Bias]));
                }
            }
            else
            {
                TVector mask = TWidth.FirstMask(units);
                TVector c0 = layer->Bias >= 0 ? LoadRow<TRows>(parameters + layer->Bias, units, mask) : TWidth.Broadcast(T.Zero);
                c0 = TWidth.MultiplyAdd(TWidth.Broadcast(from[0]), LoadRow<TRows>(weights, units, mask), c0);
                if (inputs <= SmallNetwork<T>.OneChain)
                {
                    last = inputs == 1 ? c0 : TWidth.MultiplyAdd(TWidth.Broadcast(from[1]), LoadRow<TRows>(weights + units, units, mask), c0);
                }
                else
                {
                    TVector c1 = TWidth.MultiplyAdd(TWidth.Broadcast(from[1]), LoadRow<TRows>(weights + units, units, mask), TWidth.Broadcast(T.Zero));
                    TVector c2 = TWidth.MultiplyAdd(TWidth.Broadcast(from[2]), LoadRow<TRows>(weights + (2 * units), units, mask), TWidth.Broadcast(T.Zero));
                    TVector c3 = TWidth.Broadcast(T.Zero);
                    int i = 3;
                    T* row = weights + (3 * units);
                    for (; i <= inputs - 4; i += 4, row += 4 * units)
                    {
                        c3 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i]), LoadRow<TRows>(row, units, mask), c3);
                        c0 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i + 1]), LoadRow<TRows>(row + units, units, mask), c0);
                        c1 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i + 2]), LoadRow<TRows>(row + (2 * units), units, mask), c1);
                        c2 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i + 3]), LoadRow<TRows>(row + (3 * units), units, mask), c2);
                    }

                    if (i < inputs)
                    {
                        c3 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i]), LoadRow<TRows>(row, units, mask), c3);
                        if (i + 1 < inputs)
                        {
                            c0 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i + 1]), LoadRow<TRows>(row + units, units, mask), c0);
                            if (i + 2 < inputs)
                            {
                                c1 = TWidth.MultiplyAdd(TWidth.Broadcast(from[i + 2]), LoadRow<TRows>(row + (2 * units), units, mask), c1);
                            }
                        }
                    }

                    last = TWidth.Add(TWidth.Add(c0, c1), TWidth.Add(c2, c3));
                }
            }

            if (--depth == 0 && linear)
            {
                break;
            }

            if (layer->Kind == ActivationKind.Softmax)
            {
                TWidth.Store(to, last);
                SmallRows<T, TPrecision, TVector, TWidth>.Activate(ActivationKind.Softmax, T.Zero, to, units);
                last = TWidth.LoadFirst(to, units, TWidth.FirstMask(units));
            }
            else
            {
                last = Activations<T, TPrecision, TVector, TWidth>.Invoke(layer->Kind, layer->Slope, last);
                TWidth.Store(to, last);
            }

            if (depth == 0)
            {
                break;
            }

            layer++;
            from = to;
            to += LayerRows.Stride;
        }

        TVector outputs = TWidth.FirstMask(layer->Units);
        if (!linear || step.LossKind != SmallLoss.SoftmaxCrossEntropy)
        {
            TWidth.StoreFirst(output, last, layer->Units, outputs);
        }

        if (!TPass.Trains)
        {
            return T.Zero;
        }

        TVector gradient;
        T sum;
        if (step.LossKind == SmallLoss.SoftmaxCrossEntropy)
        {
            sum = NarrowCrossEntropy<T, TPrecision, TVector, TWidth>.Run(last, layer->Units, step.Target, step.Label, step.Scale, output, out gradient);
        }
        else if (linear)
        {
            T* spare = to + TWidth.Count;
            sum = SmallRows<T, TPrecision, TVector, TWidth>.LossSum(step.LossKind, output, step.Target, step.Label, step.Scale, spare, layer->Units);
            gradient = TWidth.LoadFirst(spare, layer->Units, outputs);
        }
        else
        {
            gradient = TWidth.And(TWidth.Subtract(last, TWidth.LoadFirst(step.Target, layer->Units, outputs)), outputs);
            sum = TWidth.Fold<SumFold<T>>(TWidth.MultiplyAdd(gradient, gradient, TWidth.Broadcast(T.Zero)));
            gradient = TWidth.Multiply(TWidth.Broadcast(step.Scale), gradient);
        }

        if (!T.IsFinite(sum))
        {
            return sum;
        }

        TVector rate = TWidth.Broadcast(step.MinusRate);
        while (true)
        {
            int units = layer->Units;
            if (linear)
            {
                linear = false;
            }
            else if (layer->Kind == ActivationKind.Softmax)
            {
                TWidth.Store(to + TWidth.Count, gradient);
                SmallRows<T, TPrecision, TVector, TWidth>.ActivateGradient(ActivationKind.Softmax, T.Zero, to, to + TWidth.Count, units);
                gradient = TWidth.LoadFirst(to + TWidth.Count, units, TWidth.FirstMask(units));
            }
            else
            {
                gradient = TWidth.Multiply(gradient, Activations<T, TPrecision, TVector, TWidth>.Derivative(layer->Kind, layer->Slope, last));
            }

            T* weights = parameters + layer->Weights;
            int inputs = layer->Inputs;
            TVector change = TWidth.Multiply(rate, gradient);
            from = !TPass.HasBelow && layer == layers ? input : to - LayerRows.Stride;
            if (units == 1)
            {
                TVector mask = TWidth.FirstMask(inputs);
                TVector w = LoadRow<TRows>(weights, inputs, mask);
                T scalar = TWidth.First(change);
                gradient = TWidth.MultiplyAdd(TWidth.Broadcast(TWidth.First(gradient)), w, TWidth.Broadcast(T.Zero));
                last = LoadRow<TRows>(from, inputs, mask);
                StoreRow<TRows>(weights, TWidth.MultiplyAdd(last, TWidth.Broadcast(scalar), w), inputs, mask);
                if (layer->Bias >= 0)
                {
                    parameters[layer->Bias] += scalar;
                }
            }
            else
            {
                TVector mask = TWidth.FirstMask(units);
                if (TPass.HasBelow || layer != layers)
                {
                    last = TWidth.Load(from);
                    gradient = TWidth.Count > MostInlined ? InputGradientApart<TRows>(weights, inputs, units, gradient) : InputGradient<TRows>(weights, inputs, units, mask, gradient);
                }

                T* bias = layer->Bias < 0 ? null : parameters + layer->Bias;
                if (TWidth.Count > MostInlined)
                {
                    UpdateApart<TRows>(weights, inputs, units, from, change, bias);
                }
                else
                {
                    Update<TRows>(weights, inputs, units, mask, from, change, bias);
                }
            }

            if (layer == layers)
            {
                break;
            }

            layer--;
            to = from;
        }

        if (TPass.HasBelow)
        {
            TWidth.Store(to, gradient);
            Leave(step, parameters, rows, to, input);
        }

        return sum;
    }

    /// <summary>The function of the layer below, from its sums to the lowest row.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void Enter(SmallLayer<T>* below, T* sums, T* row)
        => TWidth.Store(row, Activations<T, TPrecision, TVector, TWidth>.Invoke(below->Kind, below->Slope, TWidth.LoadFirst(sums, below->Units, TWidth.FirstMask(below->Units))));

    /// <summary>The derivative of the layer below, and the step of its bias, where its next sums start.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void Leave(in SmallStep<T> step, T* parameters, T* row, T* rowGradient, T* sums)
    {
        SmallLayer<T>* below = step.Below;
        int units = below->Units;
        TVector mask = TWidth.FirstMask(units);
        TVector gradient = TWidth.Multiply(TWidth.Load(rowGradient), Activations<T, TPrecision, TVector, TWidth>.Derivative(below->Kind, below->Slope, TWidth.Load(row)));
        TVector bias = TWidth.Broadcast(T.Zero);
        if (below->Bias >= 0)
        {
            bias = TWidth.MultiplyAdd(TWidth.Broadcast(step.MinusRate), gradient, TWidth.LoadFirst(parameters + below->Bias, units, mask));
            StoreFirst(parameters + below->Bias, bias, units, mask);
        }

        StoreFirst(step.Gradient, gradient, units, mask);
        StoreFirst(sums, bias, units, mask);
    }

    /// <summary><see cref="Update"/> as a body of its own.</summary>
    [MethodImpl(Compiled.Loop)]
    private static void UpdateApart<TRows>(T* weights, int inputs, int units, T* from, TVector change, T* bias)
        where TRows : struct, ISmallRow
        => Update<TRows>(weights, inputs, units, TWidth.FirstMask(units), from, change, bias);

    /// <summary>weightsᵢ += inputᵢ·change, and the bias, where there is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Update<TRows>(T* weights, int inputs, int units, TVector mask, T* from, TVector change, T* bias)
        where TRows : struct, ISmallRow
    {
        if (TRows.AreWhole || units == TWidth.Count)
        {
            for (int i = 0; i < inputs; i++, weights += units)
            {
                TWidth.Store(weights, TWidth.MultiplyAdd(TWidth.Broadcast(from[i]), change, TWidth.Load(weights)));
            }
        }
        else
        {
            // The next row is read before this one is written: a load next to what was just written with a mask waits for that write.
            TVector next = LoadRow<TRows>(weights, units, mask);
            for (int i = 0; i < inputs; i++, weights += units)
            {
                TVector w = next;
                if (i + 1 < inputs)
                {
                    next = LoadRow<TRows>(weights + units, units, mask);
                }

                StoreRow<TRows>(weights, TWidth.MultiplyAdd(TWidth.Broadcast(from[i]), change, w), units, mask);
            }
        }

        if (bias is not null)
        {
            // A whole vector is written without a mask: the next step's first load of this bias is on its chain, and a masked store hands nothing on.
            TVector updated = TWidth.Add(LoadRow<TRows>(bias, units, mask), change);
            if (TRows.AreWhole || units == TWidth.Count)
            {
                TWidth.Store(bias, updated);
            }
            else
            {
                StoreRow<TRows>(bias, updated, units, mask);
            }
        }
    }

    /// <summary>A whole vector is written without a mask: who reads it next need not wait.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFirst(T* row, TVector value, int count, TVector mask)
    {
        if (count == TWidth.Count)
        {
            TWidth.Store(row, value);
        }
        else
        {
            TWidth.StoreFirst(row, value, count, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadRow<TRows>(T* row, int count, TVector mask)
        where TRows : struct, ISmallRow
        => TRows.AreWhole ? TWidth.Load(row) : TWidth.LoadFirst(row, count, mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<TRows>(T* row, TVector value, int count, TVector mask)
        where TRows : struct, ISmallRow
    {
        if (TRows.AreWhole)
        {
            TWidth.Store(row, value);
        }
        else
        {
            TWidth.StoreFirst(row, value, count, mask);
        }
    }

    /// <summary><see cref="InputGradient"/> as a body of its own.</summary>
    [MethodImpl(Compiled.Loop)]
    private static TVector InputGradientApart<TRows>(T* weights, int inputs, int units, TVector gradient)
        where TRows : struct, ISmallRow
        => InputGradient<TRows>(weights, inputs, units, TWidth.FirstMask(units), gradient);

    /// <summary>Lane i is the dot product of row i with the gradient: rows side by side, added across in a tree whose leaves are rows and whose levels are the fold's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector InputGradient<TRows>(T* weights, int inputs, int units, TVector mask, TVector gradient)
        where TRows : struct, ISmallRow
    {
        if (TWidth.Count == 2)
        {
            return TWidth.AddAcross(Product<TRows>(0, weights, inputs, units, mask, gradient), Product<TRows>(1, weights, inputs, units, mask, gradient), 1);
        }

        TVector even = TWidth.AddAcross(Quarter<TRows>(0, weights, inputs, units, mask, gradient), Quarter<TRows>(2, weights, inputs, units, mask, gradient), 2);
        TVector odd = TWidth.AddAcross(Quarter<TRows>(1, weights, inputs, units, mask, gradient), Quarter<TRows>(3, weights, inputs, units, mask, gradient), 2);
        return TWidth.AddAcross(even, odd, 1);
    }

    /// <summary>Rows first, first + 4, first + 8 … in groups of four lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Quarter<TRows>(int first, T* weights, int inputs, int units, TVector mask, TVector gradient)
        where TRows : struct, ISmallRow
    {
        if (TWidth.Count == 4)
        {
            return Product<TRows>(first, weights, inputs, units, mask, gradient);
        }

        if (TWidth.Count == 8)
        {
            return TWidth.AddAcross(Product<TRows>(first, weights, inputs, units, mask, gradient), Product<TRows>(first + 4, weights, inputs, units, mask, gradient), 4);
        }

        return TWidth.AddAcross(
            TWidth.AddAcross(Product<TRows>(first, weights, inputs, units, mask, gradient), Product<TRows>(first + 8, weights, inputs, units, mask, gradient), 8),
            TWidth.AddAcross(Product<TRows>(first + 4, weights, inputs, units, mask, gradient), Product<TRows>(first + 12, weights, inputs, units, mask, gradient), 8),
            4);
    }

    /// <summary>A row of weights times the gradient; 0 beyond the last row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Product<TRows>(int row, T* weights, int inputs, int units, TVector mask, TVector gradient)
        where TRows : struct, ISmallRow
        => row < inputs
        ? TWidth.MultiplyAdd(LoadRow<TRows>(weights + (row * units), units, mask), gradient, TWidth.Broadcast(T.Zero))
        : TWidth.Broadcast(T.Zero);

    /// <summary>For each layer, and for one below, its output and room for a gradient, from a cache line on.</summary>
    [InlineArray(((SmallNetwork<T>.MaxDepth + 1) * MaxStride) + 16)]
    private struct LayerRows
    {
        private const int MaxStride = 32;

        private T _element;

        public static int Stride => 2 * TWidth.Count;
    }
}
