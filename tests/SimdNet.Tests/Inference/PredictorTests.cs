using System;
using System.Linq;
using System.Threading;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Inference;

/// <summary>One predictor serves many threads with the bits that one thread gets.</summary>
public sealed class PredictorTests
{
    [Fact]
    public void Eight_threads_get_the_serial_bits()
    {
        Network<float> network = NetworkSpec.Input(20).Dense(30, Activation.Tanh).Dense(4, Activation.Softmax).Build<float>();
        network.InputScaler = Scaler<float>.Constant(3, 20);
        Random random = new(1);
        float[][] samples = [.. Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 20).Select(_ => random.NextSingle()).ToArray())];
        float[][] expected = Array.ConvertAll(samples, sample => network.Predict(sample));
        Predictor<float> predictor = new(network);
        network.GetParameter("W1").Clear();
        int different = 0;
        int calls = Long.Count(100_000, 1_000_000) / 8;
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            float[] output = new float[4];
            for (int i = 0; i < calls; i++)
            {
                int sample = (i + (13 * t)) % samples.Length;
                predictor.Predict(samples[sample], output);
                if (!output.AsSpan().SequenceEqual(expected[sample]))
                {
                    Interlocked.Increment(ref different);
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(0, different);
    }

    [Fact]
    public void It_keeps_the_parameters_it_was_made_with()
    {
        Network<double> network = NetworkSpec.Input(1).Dense(1, kernelInitializer: Initializer.Constant(2)).Build<double>();
        Predictor<double> predictor = new(network);
        network.GetParameter("W1")[0] = 5;
        double[] output = new double[1];
        predictor.Predict([3.0], output);
        Assert.Equal(6, output[0]);
        Assert.Throws<ArgumentException>(() => predictor.Predict([1.0, 2], output));
        Assert.Throws<ArgumentException>(() => predictor.PredictClass([1.0, 2]));
    }
}
