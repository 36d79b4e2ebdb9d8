using System;
using System.Linq;
using System.Threading;

using SimdNet.Kernels;
using SimdNet.Model;
using SimdNet.Model.Layers;
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
        Assert.Equal(0, Different(predictor, Long.Count(100_000, 1_000_000) / 8));

        // The control: a predictor that a change of its network reached.
        Assert.NotEqual(0, Different(new(network), 100));

        int Different(Predictor<float> shared, int calls)
        {
            int different = 0;
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
            {
                float[] output = new float[4];
                for (int i = 0; i < calls; i++)
                {
                    int sample = (i + (13 * t)) % samples.Length;
                    shared.Predict(samples[sample], output);
                    if (!output.AsSpan().SequenceEqual(expected[sample]))
                    {
                        Interlocked.Increment(ref different);
                    }
                }
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            return different;
        }
    }

    /// <summary>A predictor is a version of a network: readers who take the latest get its bits while the network learns on. The control: those of the version before are others.</summary>
    [Fact]
    public void While_a_trainer_publishes_every_millisecond_each_output_is_that_of_the_version_that_was_taken()
    {
        Network<float> network = NetworkSpec.Input(20).Dense(30, Activation.Tanh).Dense(4, Activation.Softmax).Build<float>();
        Trainer<float> trainer = new(network, Loss.CrossEntropy, new Sgd { LearningRate = 0.01 });
        Random random = new(1);
        float[][] samples = [.. Enumerable.Range(0, 16).Select(_ => Enumerable.Range(0, 20).Select(_ => random.NextSingle()).ToArray())];
        Version latest = new(network, samples);
        int calls = Long.Count(100_000, 1_000_000) / 8;
        int left = 8;
        int wrong = 0;
        int stale = 0;
        int versions = 1;
        Thread[] readers = [.. Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            float[] output = new float[4];
            Version? before = null;
            for (int i = 0; i < calls || Volatile.Read(ref versions) < 20; i++)
            {
                int sample = (i + t) % samples.Length;
                Version version = Volatile.Read(ref latest);
                version.Predictor.Predict(samples[sample], output);
                if (!output.AsSpan().SequenceEqual(version.Expected[sample]))
                {
                    Interlocked.Increment(ref wrong);
                }

                if (before is not null && before != version && !output.AsSpan().SequenceEqual(before.Expected[sample]))
                {
                    Interlocked.Increment(ref stale);
                }

                before = version;
            }

            Interlocked.Decrement(ref left);
        }))];
        Array.ForEach(readers, reader => reader.Start());
        while (Volatile.Read(ref left) > 0)
        {
            for (int step = 0; step < 10; step++)
            {
                trainer.Step(samples[step], step % 4);
            }

            Volatile.Write(ref latest, new(network, samples));
            Interlocked.Increment(ref versions);
            Thread.Sleep(1);
        }

        Array.ForEach(readers, reader => reader.Join());
        Assert.Equal(0, wrong);
        Assert.True(stale > 0, $"{versions} versions");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Batches_by_packed_weights_have_the_bits_of_the_network(bool useBias)
    {
        Network<float> network = NetworkSpec.Input(611).Dense(500, Activation.Tanh, useBias).Dense(7, Activation.Softmax, useBias).Build<float>();
        Assert.True(Dense(network, 0).PackedLength > 0);
        Random random = new(2);
        float[] x = [.. Enumerable.Range(0, 37 * 611).Select(_ => random.NextSingle() - 0.5f)];
        float[] expected = network.Predict(x);
        float[] predicted = new float[expected.Length];
        new Predictor<float>(network).Predict(x, predicted);
        Assert.Equal(expected, predicted);

        // The control: one weight of the packed layer.
        network.GetParameter("W1")[76] += 1;
        new Predictor<float>(network).Predict(x, predicted);
        Assert.NotEqual(expected, predicted);
    }

    [Fact]
    public void A_layer_whose_copy_has_no_room_is_predicted_by_its_weights()
    {
        Network<float> network = NetworkSpec.Input(611).Dense(500, Activation.Tanh).Dense(611, Activation.Tanh).Build<float>();
        long first = Dense(network, 0).PackedLength;
        Assert.True(first > 0 && Dense(network, 1).PackedLength > 0);
        float[] x = [.. Enumerable.Range(0, 5 * 611).Select(i => MathF.Sin(i))];
        float[] expected = new float[x.Length];
        new InferencePass<float>(network).Run(x, expected);
        foreach ((long room, bool holdsFirst) in ((long, bool)[])[(first - 1, false), (first, true), (first + 1_000, true)])
        {
            PackedWeights<float> packed = new(network, bfloat16: false, (int)room);
            Assert.Equal((holdsFirst, false), (!packed.ForBatch(0).IsEmpty, !packed.ForBatch(1).IsEmpty && holdsFirst));
            float[] predicted = new float[expected.Length];
            new InferencePass<float>(network, packed).Run(x, predicted);
            Assert.Equal(expected, predicted);
        }

        // The control: with room for both, both are copied.
        Assert.False(new PackedWeights<float>(network, bfloat16: false).ForBatch(1).IsEmpty);

        // Weights that an array holds, and their copy that none does.
        Assert.All(KernelSets.Supported<float>(), set => Assert.True(set.PackedLength(int.MaxValue / 33, 33) > int.MaxValue));
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

    [Theory]
    [InlineData(784, 128, 10)]
    [InlineData(50, 33, 3)]
    [InlineData(20, 32, 1)]
    public void Weights_in_bfloat16_are_off_by_no_more_than_is_stated(int inputs, int hidden, int outputs)
    {
        Network<float> network = NetworkSpec.Input(inputs).Dense(hidden, Activation.ReLU).Dense(outputs).Build<float>(3);
        Predictor<float> predictor = new(network, new() { Weights = WeightFormat.BFloat16 });
        Random random = new(2);
        float[] samples = [.. Enumerable.Range(0, 40 * inputs).Select(_ => random.Next(3) == 0 ? 0 : random.NextSingle())];
        float[] outputsOfBatch = new float[40 * outputs];
        predictor.Predict(samples, outputsOfBatch);
        double worst = 0;
        for (int row = 0; row < 40; row++)
        {
            ReadOnlySpan<float> sample = samples.AsSpan(row * inputs, inputs);
            float[] exact = network.Predict(sample);
            float[] rounded = new float[outputs];
            predictor.Predict(sample, rounded);
            double bound = Bound(network, sample);
            for (int j = 0; j < outputs; j++)
            {
                worst = Math.Max(worst, Math.Abs(rounded[j] - exact[j]));
                Assert.True(Math.Abs(rounded[j] - exact[j]) <= bound);

                // A batch is predicted by the same weights: the difference to the full ones is not in it once more.
                Assert.True(Math.Abs(rounded[j] - outputsOfBatch[(row * outputs) + j]) <= bound / 1_000);
            }
        }

        // Negative control: they are other weights.
        Assert.True(worst > 0);

        // |Δoutput| ≤ Σ |w₂|·|Δhidden| and |Δhidden| ≤ 2⁻⁸·Σ |w₁|·|x|, and once more for the second layer, with room for the sums' own rounding.
        static double Bound(Network<float> network, ReadOnlySpan<float> x)
        {
            Span<float> first = network.GetParameter("W1");
            Span<float> second = network.GetParameter("W2");
            int hidden = first.Length / x.Length;
            double largest = 0;
            for (int j = 0; j < second.Length / hidden; j++)
            {
                double sum = 0;
                for (int h = 0; h < hidden; h++)
                {
                    double magnitude = 0;
                    for (int i = 0; i < x.Length; i++)
                    {
                        magnitude += Math.Abs(x[i] * first[(i * hidden) + h]);
                    }

                    sum += Math.Abs(second[(h * (second.Length / hidden)) + j]) * magnitude;
                }

                largest = Math.Max(largest, sum);
            }

            return 2.1 * Math.ScaleB(largest, -8);
        }
    }

    [Fact]
    public void Weights_in_bfloat16_leave_the_network_as_it_is_and_serve_float_alone()
    {
        Network<float> network = NetworkSpec.Input(5).Dense(40).Build<float>();
        float[] before = network.ParameterBlock.ToArray();
        Predictor<float> predictor = new(network, new() { Weights = WeightFormat.BFloat16 });
        Assert.Equal(before, network.ParameterBlock.ToArray());
        Assert.Equal(0, predictor.PredictClass(new float[5]));
        Assert.Contains("Double", Assert.Throws<ArgumentException>(() => new Predictor<double>(NetworkSpec.Input(1).Dense(1).Build<double>(), new() { Weights = WeightFormat.BFloat16 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PredictorOptions { Weights = (WeightFormat)7 });
    }

    private static DenseLayer<float> Dense(Network<float> network, int layer) => Assert.IsType<DenseLayer<float>>(network.Layers[layer]);

    /// <summary>A predictor of a network as it is now, with what it must say.</summary>
    private sealed class Version(Network<float> network, float[][] samples)
    {
        public Predictor<float> Predictor { get; } = new(network);

        public float[][] Expected { get; } = Array.ConvertAll(samples, sample => network.Predict(sample));
    }
}
