using System;
using System.Numerics;

using SimdNet.Kernels;
using SimdNet.Training.Losses;

namespace SimdNet.Training;

/// <summary>Rows for a network where nobody has any: targets are of the first kind that the loss takes.</summary>
internal static class SampleRows
{
    /// <summary>The ways of filling a row of targets.</summary>
    private enum Targets
    {
        Numbers,
        Probabilities,
        Signs,
        Classes,
    }

    public static Dataset<T> For<T>(Network<T> network, Loss loss, int rows, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Philox random = new(seed, RandomPurpose.Sample);
        T[] inputs = new T[rows * network.Inputs];
        foreach (ref T input in inputs.AsSpan())
        {
            input = T.CreateTruncating((4 * random.NextUniform()) - 2);
        }

        LossFunction<T> function = loss.Bind(network);
        if (function.TakesLabels && network.Outputs > 1)
        {
            int[] labels = new int[rows];
            foreach (ref int label in labels.AsSpan())
            {
                label = random.NextInt(network.Outputs);
            }

            return new(inputs, network.Inputs, labels);
        }

        T[] targets = new T[rows * network.Outputs];
        foreach (Targets kind in loss.ClassWeights is null ? (ReadOnlySpan<Targets>)[Targets.Numbers, Targets.Probabilities, Targets.Signs] : [Targets.Classes])
        {
            for (int row = 0; row < rows; row++)
            {
                Fill(targets.AsSpan(row * network.Outputs, network.Outputs), kind, ref random);
            }

            if (function.Check(targets) is null)
            {
                return new(inputs, network.Inputs, targets, network.Outputs);
            }
        }

        throw new ArgumentException($"The loss {loss} takes no targets in (−1, 1), no probabilities, no signs and no labels. Pass data of your own.", nameof(loss));
    }

    private static void Fill<T>(Span<T> row, Targets kind, ref Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (kind == Targets.Classes)
        {
            row.Clear();
            int label = random.NextInt(Math.Max(2, row.Length));
            row[row.Length > 1 ? label : 0] = T.CreateTruncating(row.Length > 1 ? 1 : label);
            return;
        }

        double sum = 0;
        Span<double> values = row.Length <= 64 ? stackalloc double[row.Length] : new double[row.Length];
        foreach (ref double value in values)
        {
            double uniform = random.NextUniform();
            value = kind switch
            {
                Targets.Numbers => (2 * uniform) - 1,
                Targets.Signs => uniform < 0.5 ? -1 : 1,
                _ => uniform + 0.01,
            };
            sum += value;
        }

        // A single probability stays what it is: as a row it would be 1.
        double divisor = kind != Targets.Probabilities ? 1 : row.Length > 1 ? sum : 1.02;
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = T.CreateTruncating(values[i] / divisor);
        }
    }
}
