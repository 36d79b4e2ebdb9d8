using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

using SimdNet.Kernels;
using SimdNet.Memory;

namespace SimdNet.Model.Layers;

/// <summary>Each feature becomes γ·x̂ + β with x̂ = (x − mean) / √(variance + ε), over the batch in training, by running statistics outside of it, and where the layer is frozen.</summary>
/// <remarks>
/// Parts are ranges of features, whose sums are chains of rows in their order. Held for all rows together, [features] each, then x̂ for each row in training:
/// <code>
/// | mean | variance | 1 / √(variance + ε) | Σ g | Σ g·x̂ |      g = outputGradient
/// inputGradient = γ / √(variance + ε) · (g − Σ g / rows − x̂ · Σ g·x̂ / rows)
/// </code>
/// </remarks>
internal sealed class BatchNormLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly T Epsilon = T.CreateTruncating(BatchNormSpec.Epsilon);

    private readonly ScaleAndShift<T> _affine;
    private readonly ParameterInfo _mean;
    private readonly ParameterInfo _variance;

    public BatchNormLayer(LayerList<T> list)
        : base(list.Kernels, list.Width, list.Width)
    {
        Number = list.NextNumber("normalization");
        _affine = new(list, Number);
        int start = list.End + (2 * AlignedBuffer<T>.RoundUp(Inputs));
        _mean = new(string.Create(CultureInfo.InvariantCulture, $"running_mean{Number}"), [Inputs]) { Start = start, Length = Inputs, Layer = list.SpecLayer, Kind = ParameterKind.RunningMean };
        _variance = new(string.Create(CultureInfo.InvariantCulture, $"running_var{Number}"), [Inputs]) { Start = start + AlignedBuffer<T>.RoundUp(Inputs), Length = Inputs, Layer = list.SpecLayer, Kind = ParameterKind.RunningVariance };
        Parameters = [.. _affine.Parameters, _mean, _variance];
    }

    public override IReadOnlyList<ParameterInfo> Parameters { get; }

    public override long Operations => 10L * Inputs;

    public override bool TakesWholeBatches => true;

    public override int HeldPerRow(bool isTraining) => isTraining ? Inputs : 0;

    public override int HeldPerBatch(bool isTraining) => 5 * Inputs;

    public override void Initialize(Span<T> parameters, ulong seed, int firstTensor)
    {
        _affine.Initialize(parameters);
        Part(parameters, _mean).Clear();
        Part(parameters, _variance).Fill(T.One);
    }

    [MethodImpl(Compiled.Entry)]
    public override void Forward(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, MatrixView<T> output)
    {
        (int start, int count) = pass.Share.Of(Inputs, AlignedBuffer<T>.Alignment);
        ReadOnlyMatrixView<T> x = input.SliceColumns(start, count);
        MatrixView<T> y = output.SliceColumns(start, count);
        ReadOnlySpan<T> gamma = _affine.Gamma(pass.Parameters).Slice(start, count);
        ReadOnlySpan<T> beta = _affine.Beta(pass.Parameters).Slice(start, count);
        Span<T> mean = Statistic(pass, Held.Mean, start, count);
        Span<T> variance = Statistic(pass, Held.Variance, start, count);
        Span<T> factor = Statistic(pass, Held.Factor, start, count);
        bool usesBatch = pass.Place.IsTraining && !pass.IsFrozen;
        if (usesBatch)
        {
            T rows = T.CreateTruncating(input.Rows);
            Kernels.ColumnSums(x, mean, accumulate: false);
            TensorPrimitives.Divide(mean, rows, mean);
            variance.Clear();
            for (int row = 0; row < input.Rows; row++)
            {
                Span<T> difference = y.Row(row);
                TensorPrimitives.Subtract(x.Row(row), mean, difference);
                TensorPrimitives.MultiplyAdd(difference, difference, variance, variance);
            }

            TensorPrimitives.Divide(variance, rows, variance);
        }
        else
        {
            pass.Parameters.Slice(_mean.Start + start, count).CopyTo(mean);
            pass.Parameters.Slice(_variance.Start + start, count).CopyTo(variance);
        }

        TensorPrimitives.Add(variance, Epsilon, factor);
        TensorPrimitives.Sqrt(factor, factor);
        TensorPrimitives.Divide(T.One, factor, factor);
        for (int row = 0; row < input.Rows; row++)
        {
            Span<T> normalized = y.Row(row);
            if (!usesBatch)
            {
                TensorPrimitives.Subtract(x.Row(row), mean, normalized);
            }

            TensorPrimitives.Multiply(normalized, factor, normalized);
            if (pass.Place.IsTraining)
            {
                normalized.CopyTo(Normalized(pass, input.Rows).SliceColumns(start, count).Row(row));
            }

            TensorPrimitives.MultiplyAdd(normalized, gamma, beta, normalized);
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void InputGradient(in LayerPass<T> pass, ReadOnlyMatrixView<T> outputGradient, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> output, MatrixView<T> inputGradient, Activation below)
    {
        (int start, int count) = pass.Share.Of(Inputs, AlignedBuffer<T>.Alignment);
        ReadOnlyMatrixView<T> g = outputGradient.SliceColumns(start, count);
        MatrixView<T> destination = inputGradient.SliceColumns(start, count);
        MatrixView<T> normalized = Normalized(pass, input.Rows).SliceColumns(start, count);
        Span<T> factor = Statistic(pass, Held.Factor, start, count);
        Span<T> sums = Statistic(pass, Held.GradientMean, start, count);
        Span<T> products = Statistic(pass, Held.GradientSlope, start, count);
        TensorPrimitives.Multiply(factor, _affine.Gamma(pass.Parameters).Slice(start, count), factor);
        if (pass.IsFrozen)
        {
            for (int row = 0; row < input.Rows; row++)
            {
                TensorPrimitives.Multiply<T>(g.Row(row), factor, destination.Row(row));
            }
        }
        else
        {
            T rows = T.CreateTruncating(input.Rows);
            Kernels.ColumnSums(g, sums, accumulate: false);
            ScaleAndShift<T>.ColumnProducts(g, normalized, products, accumulate: false);
            TensorPrimitives.Divide(sums, rows, sums);
            TensorPrimitives.Divide(products, -rows, products);
            for (int row = 0; row < input.Rows; row++)
            {
                Span<T> gradient = destination.Row(row);
                TensorPrimitives.Subtract(g.Row(row), sums, gradient);
                TensorPrimitives.MultiplyAdd(normalized.Row(row), products, gradient, gradient);
                TensorPrimitives.Multiply(gradient, factor, gradient);
            }
        }

        if (pass.Share.Parts == 1)
        {
            Through(below, input, inputGradient);
            return;
        }

        for (int row = 0; row < input.Rows; row++)
        {
            Through(below, new(input.Row(row).Slice(start, count), 1, count), new(destination.Row(row), 1, count));
        }
    }

    [MethodImpl(Compiled.Entry)]
    public override void ParameterGradients(in LayerPass<T> pass, ReadOnlyMatrixView<T> input, ReadOnlyMatrixView<T> outputGradient, Span<T> gradients, bool accumulate) =>
        _affine.Gradients(Kernels, pass.Share, outputGradient, Normalized(pass, input.Rows), gradients, accumulate);

    /// <summary>running = 0.9·running + 0.1·statistic, with the unbiased variance. What decays towards 0, as below a unit that is off, ends there.</summary>
    public override void EndStep(in LayerPass<T> pass, Span<T> parameters, int rows)
    {
        if (pass.IsFrozen)
        {
            return;
        }

        T moved = T.CreateTruncating(BatchNormSpec.Momentum);
        T kept = T.CreateTruncating(1 - BatchNormSpec.Momentum);
        T unbiased = T.CreateTruncating(BatchNormSpec.Momentum * rows / (rows - 1));
        Span<T> mean = Part(parameters, _mean);
        Span<T> variance = Part(parameters, _variance);
        TensorPrimitives.Multiply(mean, kept, mean);
        TensorPrimitives.MultiplyAdd(Statistic(pass, Held.Mean, 0, Inputs), moved, mean, mean);
        TensorPrimitives.Multiply(variance, kept, variance);
        TensorPrimitives.MultiplyAdd(Statistic(pass, Held.Variance, 0, Inputs), unbiased, variance, variance);
        FlushSubnormals(mean);
        FlushSubnormals(variance);
    }

    /// <remarks>The kernels' flush is a part of their updates; these are a few numbers, once a step on many rows.</remarks>
    private static void FlushSubnormals(Span<T> values)
    {
        foreach (ref T value in values)
        {
            value = T.IsSubnormal(value) ? T.Zero : value;
        }
    }

    private static Span<T> Part(Span<T> parameters, ParameterInfo parameter) => parameters.Slice(parameter.Start, parameter.Length);

    private Span<T> Statistic(in LayerPass<T> pass, Held which, int start, int count) => pass.Held.Slice(((int)which * Inputs) + start, count);

    private MatrixView<T> Normalized(in LayerPass<T> pass, int rows) => new(pass.Held.Slice(AlignedBuffer<T>.RoundUp(HeldPerBatch(isTraining: true)), rows * Inputs), rows, Inputs);

    /// <summary>What is held for all rows together.</summary>
    private enum Held
    {
        Mean,
        Variance,
        Factor,
        GradientMean,
        GradientSlope,
    }
}
