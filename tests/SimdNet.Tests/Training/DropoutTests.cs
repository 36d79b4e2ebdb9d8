using System;
using System.Collections.Generic;
using System.Linq;

using SimdNet.Kernels;
using SimdNet.Tests.Reference;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>A mask is a function of seed, step, layer, row and unit, whatever computes it.</summary>
[Trait("Suite", "Isa")]
public sealed class DropoutTests
{
    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(3, 0.5)]
    [InlineData(4, 0.25)]
    [InlineData(13, 0.9)]
    public void The_mask_is_its_formula(int units, double probability)
    {
        double[] factors = new double[7 * units];
        DropoutMask.Fill(9, 1_000_000, 3, 40, probability, units, factors);
        for (int i = 0; i < factors.Length; i++)
        {
            Assert.Equal(NaiveDropout.Factor(9, 1_000_000, 3, 40 + (i / units), i % units, units, probability), factors[i]);
        }

        float[] single = new float[2 * units];
        DropoutMask.Fill(9, 1_000_000, 3, 43, probability, units, single);
        Assert.Equal(factors.AsSpan(3 * units, 2 * units).ToArray().Select(factor => (float)factor), single);
    }

    /// <summary>Six standard deviations of a binomial share.</summary>
    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void The_mean_of_the_mask_is_one(double probability)
    {
        const int count = 200_000;
        double[] factors = new double[count];
        DropoutMask.Fill(42, 0, 1, 0, probability, 50, factors);
        double dropped = factors.Count(factor => factor == 0) / (double)count;
        Assert.InRange(dropped, probability - (6 * Math.Sqrt(probability * (1 - probability) / count)), probability + (6 * Math.Sqrt(probability * (1 - probability) / count)));
        Assert.Equal(1, factors.Average(), 6 * Math.Sqrt(probability / (1 - probability) / count));

        // The control: the largest probability below makes another share.
        Assert.NotInRange(dropped, 0.0, probability - 0.05);
    }

    [Fact]
    public void Seed_step_layer_row_and_unit_each_make_another_mask()
    {
        string[] masks = [Mask(1, 0, 1, 0), Mask(2, 0, 1, 0), Mask(1, 1, 1, 0), Mask(1, 0, 2, 0), Mask(1, 0, 1, 1)];
        Assert.Equal(masks.Length, masks.Distinct().Count());

        static string Mask(ulong seed, long step, int layer, int row)
        {
            double[] factors = new double[64];
            DropoutMask.Fill(seed, step, layer, row, 0.5, 64, factors);
            return string.Concat(factors.Select(factor => factor == 0 ? '0' : '1'));
        }
    }

    /// <summary>The gradient of a batch in one tile, in tiles, in shards and by teams, against that of a naive network with the formula's mask.</summary>
    [Theory]
    [InlineData("30,20:relu,dropout(0.4),10:softmax", 5)]
    [InlineData("30,20:relu,dropout(0.4),10:softmax", 3_000)]
    [InlineData("3,dropout(0.2),8:tanh,dropout(0.5),2:softmax", 9_000)]
    public void Tiles_shards_and_threads_have_one_mask(string text, int rows)
    {
        NetworkSpec spec = NetworkSpec.Parse(text);
        Dataset<double> data = Data(spec, rows);
        NaiveNetwork naive = new(spec);
        HashSet<string> gradients = [];
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3, 8])
        {
            using WorkerTeam team = new(threads);
            Network<double> network = spec.Build<double>(3);
            Trainer<double> trainer = new(network, Loss.CrossEntropy, new Adam(), new() { Team = team });
            trainer.LossAndGradient(data);
            double[] gradient = Support.NetworkCases.Parameters(network, trainer.GradientBlock);
            naive.Parameters = Support.NetworkCases.Parameters(network, network.ParameterBlock);
            double[] expected = naive.Gradient("cross-entropy", Rows(data.Inputs, spec.Inputs), Rows(data.Targets, spec.Outputs));
            Assert.All(gradient.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
            gradients.Add(Convert.ToHexString(System.Runtime.InteropServices.MemoryMarshal.AsBytes<double>(gradient)));
        }

        Assert.Single(gradients);
    }

    [Fact]
    public void Steps_are_counted_and_make_new_masks_and_a_second_trainer_goes_on_from_them()
    {
        NetworkSpec spec = NetworkSpec.Parse("4,16:relu,dropout(0.5),3:softmax");
        Dataset<double> data = Data(spec, 20);
        Network<double> whole = spec.Build<double>();
        Trainer<double> trainer = new(whole, Loss.CrossEntropy, new Sgd());
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(i, trainer.Steps);
            trainer.Step(data);
        }

        Network<double> halves = spec.Build<double>();
        Trainer<double> first = new(halves, Loss.CrossEntropy, new Sgd());
        first.Step(data);
        first.Step(data);
        Trainer<double> second = new(halves, Loss.CrossEntropy, new Sgd()) { Steps = first.Steps };
        for (int i = 0; i < 4; i++)
        {
            second.Step(data);
        }

        Assert.Equal(whole.Fingerprint(), halves.Fingerprint());

        // The control: from step 0 the masks are others.
        Network<double> again = spec.Build<double>();
        new Trainer<double>(again, Loss.CrossEntropy, new Sgd()).Step(data);
        new Trainer<double>(again, Loss.CrossEntropy, new Sgd()).Step(data);
        Assert.NotEqual(again.Fingerprint(), Trained(2, 42));
        Assert.NotEqual(Trained(2, 42), Trained(2, 43));
        Assert.Equal(Trained(2, 42), Trained(2, 42));

        string Trained(int steps, ulong seed)
        {
            Network<double> network = spec.Build<double>();
            Trainer<double> own = new(network, Loss.CrossEntropy, new Sgd(), new() { Seed = seed });
            for (int i = 0; i < steps; i++)
            {
                own.Step(data);
            }

            return network.Fingerprint();
        }
    }

    [Theory]
    [InlineData("2,3:tanh,1:identity", 1)]
    [InlineData("2,70:tanh,1:identity", 1)]
    [InlineData("2,3:tanh,1:identity", 4)]
    public void Every_way_of_a_step_is_counted(string text, int batch)
    {
        NetworkSpec spec = NetworkSpec.Parse(text);
        Dataset<double> data = new(new double[20], 2, new double[10], 1);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Trainer<double> trainer = new(spec.Build<double>(), Loss.MeanSquaredError, optimizer);
            trainer.Fit(data, new() { Epochs = 3, BatchSize = batch });
            Assert.Equal(3 * ((10 + batch - 1) / batch), trainer.Steps);
            trainer.Step([1, 2], [1.0]);
            trainer.Step(data);
            Assert.Equal((3 * ((10 + batch - 1) / batch)) + 2, trainer.Steps);
            Assert.Throws<NonFiniteException>(() => trainer.Step([double.NaN, 2], [1.0]));
            Assert.Throws<NonFiniteException>(() => trainer.Step([1, 2], [double.NaN]));
            Assert.Equal((3 * ((10 + batch - 1) / batch)) + 2, trainer.Steps);
        }
    }

    [Fact]
    public void Nothing_is_dropped_outside_of_training()
    {
        Network<float> with = NetworkSpec.Parse("6,dropout(0.3),40:relu,dropout(0.5),3:softmax").Build<float>(5);
        Network<float> without = NetworkSpec.Parse("6,40:relu,3:softmax").Build<float>(5);
        float[] x = [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))];
        Assert.Equal(without.Fingerprint(), with.Fingerprint());
        Assert.Equal(without.Predict(x), with.Predict(x));
        Assert.Equal(without.Predict(x.AsSpan(0, 6)), with.Predict(x.AsSpan(0, 6)));
        Assert.Equal(without.Predict(x), Predicted(new Predictor<float>(with)));
        Dataset<float> data = new(x, 6, new int[10]);
        Assert.Equal(without.Evaluate(data), with.Evaluate(data));
        Assert.Equal(without.PredictClass(x.AsSpan(0, 6)), with.PredictClass(x.AsSpan(0, 6)));

        float[] Predicted(Predictor<float> predictor) => predictor.Predict(x);
    }

    private static double[][] Rows(ReadOnlyMemory<double> values, int width) => [.. values.ToArray().Chunk(width)];

    private static Dataset<double> Data(NetworkSpec spec, int rows)
    {
        Random random = new(rows);
        double[] x = [.. Enumerable.Range(0, rows * spec.Inputs).Select(_ => (random.NextDouble() * 2) - 1)];
        double[] targets = [.. Enumerable.Range(0, rows).SelectMany(row => Enumerable.Range(0, spec.Outputs).Select(output => output == row % spec.Outputs ? 1.0 : 0))];
        return new(x, spec.Inputs, targets, spec.Outputs);
    }
}
