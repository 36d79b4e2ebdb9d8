using System;
using System.Collections.Generic;
using System.Linq;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Batch and layer normalization against PyTorch's numbers, and what running statistics do and do not follow.</summary>
[Trait("Suite", "Isa")]
public sealed class NormalizationTests
{
    private static readonly double[] X = [-2.31, -0.37, -1.06, 1.0, -0.02, 0.21, 0.18, -0.83, 0.24, 0.73, -1.32, 1.31, -0.69, 1.49, -0.45, -0.89, 0.67, 1.05, 0.15, -0.75];

    private static readonly double[] Y = [-1.03, -0.5, 0.27, -0.92, -0.04, 0.29, -0.01, -0.91, -1.09, -0.27, 0.19, -0.22, 2.06, -0.04, 0.06];

    private static readonly Dictionary<string, double[]> Start = new()
    {
        ["gamma1"] = [-0.77, 0.32, -0.37, 0.64],
        ["beta1"] = [-1.64, 0.3, -0.98, -0.03],
        ["gamma2"] = [-0.15, -0.03, 0.65, 0.61],
        ["beta2"] = [1.0, 0.41, 0.6, -0.82],
        ["W1"] = [0.52, -0.15, 1.0, 0.41, -0.96, 1.4, 0.92, 0.79, -1.77, -1.37, 0.34, 1.52],
        ["b1"] = [0.37, 0.28, 0.56],
    };

    private static readonly Dictionary<string, double[]> End = new()
    {
        ["gamma1"] = [-0.7023082665051731, 0.3149054262556567, -0.4790712147213128, 0.5384900021093885],
        ["beta1"] = [-1.6492741923492245, 0.2790608581595314, -1.0406075873790062, 0.060820921568699275],
        ["running_mean1"] = [-0.163775, 0.14919500000000002, -0.16491250000000005, 0.0238175],
        ["running_var1"] = [1.0887440000000004, 0.8893071666666669, 0.852316425, 1.0839503250000002],
        ["gamma2"] = [-0.04545775497729685, -0.21005628163063195, 0.6451428503151968, 0.56799597402552],
        ["beta2"] = [0.8949440632905872, 0.14785691452954924, 0.5526143110014698, -0.7303819333450526],
        ["W1"] = [0.26222050462649565, -0.20120753281504805, 0.8690030723696959, 0.344721626970529, -0.9721193286015057, 1.3533343679047287, 0.853440778347342, 0.7658881572759212, -1.7968446494327288, -1.261202226090464, 0.34490131406158325, 1.5319742307447193],
        ["b1"] = [0.04565487684259899, 0.2153534592750853, 0.3947299819657035],
    };

    /// <summary>PyTorch 1.13 in float64: BatchNorm1d, LayerNorm, tanh and Linear, mean squared error, SGD with the rate 0.1, three steps on the first 4, 5 and 4 rows, then eval().</summary>
    [Fact]
    public void Three_steps_are_those_of_PyTorch()
    {
        double[] losses = [2.3769456677044154, 1.2626812468294004, 1.221196819492017];
        double[] predictions =
        [
            -0.07227179106136572, -0.20129701900628733, 1.756379308419245, 0.8770613766576254, 0.18484731493489298, -0.10857266681751787, 0.8217917526813062, 0.3413891450799993, 0.0006050994000030285,
            1.0902023671146077, 0.18220438879468615, -0.46363201532412135, 1.0046622135600265, 0.25922440873454233, -0.33811678846068094,
        ];
        Network<double> network = NetworkSpec.Parse("4,batchnorm,layernorm,tanh,3").Build<double>();
        foreach ((string name, double[] values) in Start)
        {
            values.CopyTo(network.GetParameter(name));
        }

        Trainer<double> trainer = new(network, Loss.MeanSquaredError, new Sgd { LearningRate = 0.1 });
        for (int step = 0; step < 3; step++)
        {
            int rows = 4 + (step % 2);
            Assert.Equal(losses[step], trainer.Step(X.AsSpan(0, rows * 4), Y.AsSpan(0, rows * 3)), 1e-12);
        }

        Assert.Equal(network.Parameters.Select(parameter => parameter.Name), End.Keys);
        foreach ((string name, double[] values) in End)
        {
            AssertClose(values, network.GetParameter(name));
        }

        AssertClose(predictions, network.Predict(X));
    }

    /// <summary>running = 0.9·running + 0.1·statistic of each batch, by hand; nothing after a step that was not made.</summary>
    [Fact]
    public void Running_statistics_follow_the_steps_that_are_made()
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Network<double> network = NetworkSpec.Parse("3,batchnorm,2").Build<double>();
            Trainer<double> trainer = new(network, Loss.MeanSquaredError, optimizer);
            double[] mean = new double[3];
            double[] variance = [1, 1, 1];
            Random random = new(4);
            for (int step = 0; step < 5; step++)
            {
                int rows = 2 + step;
                double[] x = [.. Enumerable.Range(0, rows * 3).Select(_ => random.NextDouble() * 10)];
                trainer.Step(x, new double[rows * 2]);
                for (int j = 0; j < 3; j++)
                {
                    double[] column = [.. Enumerable.Range(0, rows).Select(row => x[(row * 3) + j])];
                    double average = column.Average();
                    mean[j] = (0.9 * mean[j]) + (0.1 * average);
                    variance[j] = (0.9 * variance[j]) + (0.1 * column.Sum(value => (value - average) * (value - average)) / (rows - 1));
                }

                AssertClose(mean, network.GetParameter("running_mean1"));
                AssertClose(variance, network.GetParameter("running_var1"));
            }

            string before = trainer.Fingerprint();
            Assert.Throws<NonFiniteException>(() => trainer.Step([1, 2, 3, 4, 5, double.NaN], new double[4]));
            Assert.Throws<NonFiniteException>(() => trainer.Step([1, 2, 3, 4, 5, 6], [1, double.PositiveInfinity, 1, 1]));
            Assert.Throws<NonFiniteException>(() => trainer.Step([1, 2, 3, 4, 5, 6], [1, 1e200, 1, 1]));
            trainer.Evaluate(new(new double[30], 3, new double[20], 2));
            trainer.LossAndGradient(new(new double[30], 3, new double[20], 2));
            Assert.Equal(before, trainer.Fingerprint());
        }
    }

    [Fact]
    public void A_batch_of_one_row_or_of_too_many_is_refused()
    {
        Network<float> network = NetworkSpec.Parse("3,batchnorm,2").Build<float>();
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Sgd());
        string before = trainer.Fingerprint();
        Refused("one row", () => trainer.Step([1, 2, 3], [1f, 2]));
        Refused("one row", () => trainer.Fit(Data(10), new() { BatchSize = 3 }));
        Refused("one row", () => trainer.Fit(Data(10), new() { BatchSize = 1 }));
        Refused("MaxBatch to at least 1025", () => trainer.Step(Data(1_025)));
        Refused("MaxBatch", () => trainer.Fit(Data(2_000), new() { BatchSize = 1_500 }));
        Refused("MaxBatch of 7", () => new Trainer<float>(network, Loss.MeanSquaredError, new Sgd(), new() { MaxBatch = 7 }).Step(Data(8)));
        Assert.Equal(before, trainer.Fingerprint());
        trainer.Step(Data(1_024));
        new Trainer<float>(network, Loss.MeanSquaredError, new Sgd(), new() { MaxBatch = 3_000 }).Step(Data(2_500));
        Assert.Equal(3_000, trainer.Evaluate(Data(3_000)).Rows);
        Assert.Equal(1, trainer.Evaluate(Data(1)).Rows);
        network.Freeze(0);
        new Trainer<float>(network, Loss.MeanSquaredError, new Sgd()).Step([1, 2, 3], [1f, 2]);

        static void Refused(string reason, Action call) => Assert.Contains(reason, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
    }

    /// <summary>A row's prediction does not depend on those beside it.</summary>
    [Fact]
    public void Predictions_use_the_running_statistics()
    {
        Network<float> network = NetworkSpec.Parse("3,8:relu,batchnorm,layernorm,2").Build<float>();
        new Trainer<float>(network, Loss.MeanSquaredError, new Adam()).Fit(Data(64), new() { Epochs = 5, BatchSize = 16 });
        float[] x = Data(6).Inputs.ToArray();
        float[] all = network.Predict(x);
        Assert.Equal(all[4..8], network.Predict(x.AsSpan(6, 6)));
        Assert.Equal(all, new Predictor<float>(network).Predict(x));
        Assert.All(network.Predict(x.AsSpan(0, 3)).Zip(all), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<double> actual) =>
        Assert.All(actual.ToArray().Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12 * Math.Max(1, Math.Abs(pair.Second))));

    private static Dataset<float> Data(int rows)
    {
        Random random = new(rows);
        return new(Enumerable.Range(0, rows * 3).Select(_ => random.NextSingle()).ToArray(), 3, Enumerable.Range(0, rows * 2).Select(_ => random.NextSingle()).ToArray(), 2);
    }
}
