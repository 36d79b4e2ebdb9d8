using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A user's own loss: trained with like the library's, with weights, and written by its name and numbers.</summary>
[Collection(nameof(Alone))]
[Trait("Suite", "Isa")]
public sealed class CustomLossTests
{
    [Fact]
    public void A_loss_of_ones_own_has_the_gradients_of_the_librarys()
    {
        foreach (Activation output in (Activation[])[Activation.Identity, Activation.Tanh, Activation.Softmax])
        {
            Random random = new(2);
            Dataset<double> data = new Dataset<double>(Enumerable.Range(0, 20).Select(_ => random.NextDouble()).ToArray(), 2, Enumerable.Range(0, 10).Select(row => row % 3).ToArray()).WithWeights(Enumerable.Range(0, 10).Select(row => row * 0.5).ToArray());
            (double own, double[] gradient) = Train(new MeanSquare(), output, data);
            (double known, double[] expected) = Train(Loss.MeanSquaredError, output, data);
            Assert.Equal(known, own, 1e-14);
            Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
            (own, _) = Train(new MeanSquare() with { ClassWeights = [1, 2, 3] }, output, data);
            (known, _) = Train(Loss.MeanSquaredError with { ClassWeights = [1, 2, 3] }, output, data);
            Assert.Equal(known, own, 1e-14);
        }
    }

    [Fact]
    public void A_quantile_is_learnt()
    {
        double[] y = [.. Enumerable.Range(0, 101).Select(i => i / 100.0)];
        Network<float> network = NetworkSpec.Input(1).Dense(1).Build<float>();
        Dataset<float> data = new(new float[101], 1, Array.ConvertAll(y, value => (float)value), 1);
        new Trainer<float>(network, new Quantile(0.9), new Adam { LearningRate = 0.01 }).Fit(data, new() { Epochs = 400, BatchSize = FitOptions<float>.FullBatch });
        Assert.Equal(0.9f, network.Predict([0])[0], 0.02f);
        Assert.Equal("quantile(0.9)", network.Metadata["loss"]);
        LossRegistry registry = new LossRegistry().AddLoss("quantile", numbers => new Quantile(numbers[0]));
        Assert.Equal(new Quantile(0.9), Loss.Of(network, registry));
        Assert.Equal(Loss.MeanSquaredError, Loss.Of(network));
        Assert.Equal(new Quantile(0.25), Loss.Parse("quantile(0.25)", registry));
        Assert.Contains("numbers", Assert.Throws<FormatException>(() => Loss.Parse("quantile", registry)).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Loss.Parse("quantile(0.25)"));
        Assert.Throws<ArgumentException>(() => registry.AddLoss("quantile", numbers => new Quantile(numbers[0])));
        Assert.Throws<ArgumentException>(() => registry.AddLoss("mse", numbers => new Quantile(numbers[0])));
    }

    [Fact]
    public void Steps_with_it_allocate_nothing()
    {
        Network<float> network = NetworkSpec.Parse("3,5:tanh,2").Build<float>();
        Trainer<float> trainer = new(network, new Quantile(0.5), new Sgd());
        Dataset<float> data = new(new float[30], 3, new float[20], 2);
        float[] x = new float[3];
        float[] y = new float[2];
        Assert.Equal((0, 0), Allocation.Of(() => trainer.Step(data), 2_000));
        Assert.Equal((0, 0), Allocation.Of(() => trainer.Step(x, y), 2_000));
        Assert.Equal((0, 0), Allocation.Of(() => trainer.Evaluate(data), 2_000));
    }

    [Fact]
    public void Names_and_numbers_are_checked()
    {
        Assert.Equal(new Quantile(0.5), new Quantile(0.5));
        Assert.NotEqual(new Quantile(0.5), new Quantile(0.6));
        Assert.NotEqual<Loss>(new Quantile(0.5), Loss.MeanSquaredError);
        foreach (string name in (string[])["", "mse", "huber", "Own", "own loss", "own(1)", "auto"])
        {
            Assert.ThrowsAny<ArgumentException>(() => new Named(name, 0));
        }

        Assert.Throws<ArgumentException>(() => new Named("own", double.NaN));
    }

    private static (double Value, double[] Gradient) Train(Loss loss, Activation output, Dataset<double> data)
    {
        Network<double> network = NetworkSpec.Input(2).Dense(4, Activation.Tanh).Dense(3, output).Build<double>(seed: 5);
        Trainer<double> trainer = new(network, loss, new Adam());
        return (trainer.LossAndGradient(data), NetworkCases.Parameters(network, trainer.GradientBlock));
    }

    private sealed record MeanSquare() : CustomLoss("mean-square")
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            T count = T.CreateChecked(output.Length);
            T sum = T.Zero;
            for (int i = 0; i < output.Length; i++)
            {
                T error = output[i] - target[i];
                gradient[i] = (error + error) / count;
                sum += error * error;
            }

            return sum / count;
        }
    }

    private sealed record Quantile(double Level) : CustomLoss("quantile", Level)
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient)
        {
            T level = T.CreateChecked(Level);
            T sum = T.Zero;
            for (int i = 0; i < output.Length; i++)
            {
                T error = target[i] - output[i];
                gradient[i] = error > T.Zero ? -level : T.One - level;
                sum -= gradient[i] * error;
            }

            return sum;
        }
    }

    private sealed record Named(string Given, double Number) : CustomLoss(Given, Number)
    {
        public override T Row<T>(ReadOnlySpan<T> output, ReadOnlySpan<T> target, Span<T> gradient) => T.Zero;
    }
}
