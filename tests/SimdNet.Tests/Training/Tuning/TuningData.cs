using System;
using System.Linq;

namespace SimdNet.Tests.Training.Tuning;

/// <summary>Rows to tune on: of two classes that a line parts, or of labels that follow from nothing.</summary>
internal static class TuningData
{
    public static Dataset<float> Separable(int rows, int seed = 1)
    {
        Random random = new(seed);
        float[] x = [.. Enumerable.Range(0, 2 * rows).Select(_ => (random.NextSingle() * 2) - 1)];
        return new(x, 2, Enumerable.Range(0, rows).Select(row => x[2 * row] + x[(2 * row) + 1] > 0 ? 1 : 0).ToArray());
    }

    public static Dataset<float> Noise(int rows, int features = 12, int seed = 1)
    {
        Random random = new(seed);
        return new(Enumerable.Range(0, features * rows).Select(_ => (random.NextSingle() * 2) - 1).ToArray(), features, Enumerable.Range(0, rows).Select(_ => random.Next(2)).ToArray());
    }

    public static TrainingSetup<float> Setup(int features = 2, int units = 8, double rate = 0.05, int epochs = 30) =>
        new(NetworkSpec.Input(features).Dense(units, Activation.Tanh).Dense(2, Activation.Softmax)) { Optimizer = new Adam { LearningRate = rate }, Fit = new() { Epochs = epochs, BatchSize = 8 } };
}
