using System;
using System.Collections.Generic;
using System.Numerics;

using SimdNet.Memory;
using SimdNet.Model.Layers;
using SimdNet.Training.Steps;

namespace SimdNet.Training.Callbacks;

/// <summary>Finds out what led to a number that is not finite. The step was not made, so the batch is computed once more to the same end.</summary>
internal static class NonFiniteInquiry<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="pass">The network and its loss.</param>
    /// <param name="place">Of the step that was not made.</param>
    /// <param name="source">The epoch's rows.</param>
    /// <param name="position">Epoch and batch, and the learning rate.</param>
    /// <param name="start">The batch's first row.</param>
    /// <param name="count">How many; of single steps in one call, all of them.</param>
    /// <param name="error">What was noticed.</param>
    public static NonFiniteReport Of(LossPass<T> pass, in PassPlace place, in RowSource<T> source, (int Epoch, int Batch, double LearningRate) position, int start, int count, NonFiniteException error)
    {
        if (error.Row >= 0)
        {
            position.Batch += error.Row - start;
            (start, count) = (error.Row, 1);
        }

        int[] rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = source.RowAt(start + i);
        }

        AlignedBuffer<T> gradients = new(pass.Network.ParameterBlock.Length);
        Norm[] activations = new Norm[pass.Network.Layers.Length];
        double sum = Gradients(pass, place, source, start, count, gradients.Span, activations);
        return new()
        {
            Message = error.Message,
            Epoch = position.Epoch,
            Batch = position.Batch,
            Rows = rows,
            Loss = pass.Loss.Mean(sum, source.Weight(start, count)),
            LearningRate = position.LearningRate,
            Layers = Norms(pass.Network, gradients.Span, activations),
        };
    }

    /// <summary>The gradient of the batch, tile by tile, with the norms of the activations on the way.</summary>
    private static double Gradients(LossPass<T> pass, in PassPlace place, in RowSource<T> source, int start, int count, Span<T> gradients, Norm[] activations)
    {
        T scale = pass.Loss.GradientScale(source.Weight(start, count));
        double sum = 0;
        int tile;
        for (int row = start; row < start + count; row += tile)
        {
            tile = Math.Min(pass.Workspace.Rows, start + count - row);
            double right = 0;
            ReadOnlyMatrixView<T> input = pass.Inputs(source, row, tile);
            sum += pass.Run(source, row, input, place with { FirstRow = row - start }, scale, AccuracyKind.None, ref right);
            for (int layer = 0; layer < activations.Length; layer++)
            {
                activations[layer].Add(pass.Workspace.Output(layer, tile).Elements);
            }

            pass.Backward(input, place with { FirstRow = row - start }, gradients, accumulate: row > start);
        }

        return sum;
    }

    /// <summary>Of the layers as the spec has them. What one hands on is what the last of its layers at work does, unless a number within it is bad.</summary>
    private static List<LayerNorms> Norms(Network<T> network, ReadOnlySpan<T> gradients, Norm[] activations)
    {
        List<LayerNorms> norms = [];
        for (int layer = 0; layer < network.Spec.Layers.Count; layer++)
        {
            Norm weights = default;
            Norm gradient = default;
            foreach (ParameterInfo parameter in network.Parameters)
            {
                if (parameter.Layer == layer)
                {
                    weights.Add(network.ParameterBlock.Slice(parameter.Start, parameter.Length));
                    gradient.Add(gradients.Slice(parameter.Start, parameter.Length));
                }
            }

            double activation = 0;
            for (int i = 0; i < activations.Length; i++)
            {
                activation = network.SpecLayers[i] == layer && double.IsFinite(activation) ? activations[i].Value : activation;
            }

            norms.Add(new(layer + 1, Name(network.Spec.Layers[layer]), weights.Value, activation, gradient.Value));
        }

        return norms;
    }

    /// <summary>What the layer is, without how its parameters start.</summary>
    private static string Name(LayerSpec layer) => layer switch
    {
        DenseSpec dense => $"{dense.Units}:{dense.Activation}",
        ResidualSpec => "residual",
        _ => layer.ToString()!,
    };

    /// <summary>A Euclidean norm that does not overflow while it is summed: numbers that go bad are huge before.</summary>
    private struct Norm
    {
        private double _largest;
        private double _sum;
        private double _bad;

        /// <summary>The norm; NaN where a number is, else infinite where one is.</summary>
        public readonly double Value => _bad == 0 ? _largest * Math.Sqrt(_sum) : _bad;

        public void Add(ReadOnlySpan<T> values)
        {
            foreach (T value in values)
            {
                double size = Math.Abs(double.CreateTruncating(value));
                if (!double.IsFinite(size))
                {
                    _bad += size;
                }
                else if (size > _largest)
                {
                    _sum = 1 + (_sum * (_largest / size) * (_largest / size));
                    _largest = size;
                }
                else if (size > 0)
                {
                    _sum += size / _largest * (size / _largest);
                }
            }
        }
    }
}
