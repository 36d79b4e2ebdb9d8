using System;
using System.Linq;
using System.Threading;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Testing;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>The public gradient check: what is right passes, each seeded fault fails, and nothing of the caller's changes.</summary>
[Trait("Suite", "Isa")]
public sealed class GradientCheckTests
{
    [Fact]
    public void Generated_networks_pass()
    {
        long skipped = 0;
        long compared = 0;
        int count = Long.Count(2_000, 10_000);
        int steep = 0;
        foreach (NetworkCase sample in Sample(count, seed: 11))
        {
            if (sample.IsSteep(1e-3))
            {
                steep++;
                continue;
            }

            GradientCheckReport report = GradientCheck.Run(sample.Build<double>(), sample.Loss, sample.Data<double>(), new() { MostSkipped = 1 });

            // So many kinks leave something of theirs in the slopes beside them too, which the norm of all adds up.
            bool hasManyKinks = report.Skipped > 0.05 * (report.Skipped + report.Compared);
            Assert.True(report.Passed || (hasManyKinks && report.Failed == 0), $"{sample}\n{report}");
            skipped += report.Skipped;
            compared += report.Compared;
        }

        Assert.True(skipped < 0.05 * (skipped + compared), $"{skipped} of {skipped + compared} parameters lay near a kink.");
        Assert.True(steep < 0.05 * count, $"{steep} of {count} networks were left out.");
    }

    /// <summary>In float the rows go through double too, and keep their weights on the way.</summary>
    [Fact]
    public void Weights_of_rows_count_in_both_precisions()
    {
        Network<float> network = NetworkSpec.Parse("3,5:tanh,2:softmax").Build<float>(4);
        Dataset<float> data = GradientCheck.SampleData(network, Loss.CrossEntropy, 4);
        GradientCheckReport report = GradientCheck.Run(network, Loss.CrossEntropy, data.WithWeights((float[])[3, 0, 0.5f, 1]));
        Assert.True(report.Passed, report.ToString());
        Assert.NotEqual(GradientCheck.Run(network, Loss.CrossEntropy, data).Loss, report.Loss, 1e-3);
    }

    [Fact]
    public void One_part_in_100_000_of_the_largest_gradient_fails()
    {
        foreach (NetworkCase sample in Sample(Long.Count(200, 2_000), seed: 12).Where(sample => !sample.IsSteep(1e-3)))
        {
            GradientCheckReport report = GradientCheck.Run(sample.Build<double>(), sample.Loss, sample.Data<double>(), new() { MostSkipped = 1 });
            if (report.Compared == 0)
            {
                continue;
            }

            (string name, GradientComparison largest) = report.Tensors
                .SelectMany(tensor => tensor.Comparisons.Where(comparison => comparison.Verdict == GradientVerdict.Agrees).Select(comparison => (tensor.Name, comparison)))
                .MaxBy(entry => Math.Abs(entry.comparison.Analytic));

            // Where all gradients are tiny, a fault that exceeds the absolute floor.
            double fault = Math.Max(1e-5 * Math.Abs(largest.Analytic), 4e-9 * Math.Max(1, Math.Abs(report.Loss)));
            GradientCheckReport spoiled = GradientCheck.Run(sample.Build<double>(), sample.Loss, sample.Data<double>(), new() { MostSkipped = 1 }, (network, gradient) => gradient[network.Parameters.Single(parameter => parameter.Name == name).Start + largest.Index] += fault);
            Assert.False(spoiled.Passed, $"{sample}\n{spoiled}");
            Assert.Equal(1, spoiled.Failed);
            GradientCheckTensor tensor = Assert.Single(spoiled.Tensors, tensor => tensor.Failed > 0);
            Assert.Equal((name, largest.Index), (tensor.Name, tensor.Worst!.Value.Index));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_missing_bias_gradient_is_found_where_it_is(int directions)
    {
        Network<double> network = Hidden(Activation.Tanh);
        GradientCheckReport report = GradientCheck.Run(network, Loss.MeanSquaredError, GradientCheck.SampleData(network, Loss.MeanSquaredError), new() { Directions = directions }, (network, gradient) =>
        {
            ParameterInfo bias = network.Parameters.Single(parameter => parameter.Name == "b1");
            gradient.Slice(bias.Start, bias.Length).Clear();
        });
        Assert.False(report.Passed);
        Assert.All(report.Tensors, tensor => Assert.Equal(tensor.Name == "b1" ? tensor.Compared : 0, tensor.Failed));
        Assert.Contains("b1", Assert.Single(report.Complaints, complaint => complaint.Contains("disagree", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(directions, report.Directions);
    }

    /// <summary>The kink of a ReLU at distances from 0 to beyond the widest step, both sides; among them 2/3 of a step, where the second differences of a kink look like those of a parabola.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(2.0 / 3)]
    [InlineData(0.9)]
    [InlineData(1.2)]
    [InlineData(16.0 / 9)]
    [InlineData(1.99)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_kink_is_skipped_and_never_taken_for_a_fault(double steps)
    {
        int near = 0;
        int failedWithoutRule = 0;
        foreach (double side in (double[])[1, -1])
        {
            Network<double> network = NetworkSpec.Input(1).Dense(1, Activation.ReLU).Dense(1).Build<double>(seed: 3);
            network.GetParameter("W1")[0] = 0.5;
            network.GetParameter("b1")[0] = -0.5 + (side * steps * 6e-6);
            network.GetParameter("W2")[0] = 0.8;
            Dataset<double> data = new((double[])[1, 2], 1, (double[])[0.3, -0.7], 1);
            GradientCheckReport report = GradientCheck.Run(network, Loss.MeanSquaredError, data, new() { MostSkipped = 1 });
            Assert.True(report.Passed, report.ToString());
            near += report.Skipped;
            failedWithoutRule += GradientCheck.Run(network, Loss.MeanSquaredError, data, new() { MostSkipped = 1, SkipsKinks = false }).Failed;
        }

        Assert.Equal(steps < 2, near > 0);
        Assert.Equal(near, failedWithoutRule);
    }

    /// <summary>The corner in the slope of a softsign, whose second derivative jumps from 2 to −2 at 0, within the steps of some weights: no number disagrees, and the norm of all would.</summary>
    [Fact]
    public void A_corner_of_a_slope_is_skipped()
    {
        const string spec = "6,5:tanh:kernel=normal(0.7):bias=normal(0.7),4:mish:kernel=normal(0.7):bias=normal(0.7),9:softsign:kernel=normal(0.7):bias=normal(0.7),3:leaky-relu(0.1):no-bias:kernel=normal(0.7):bias=normal(0.7)";
        NetworkCase sample = new(NetworkSpec.Parse(spec), Loss.Hinge, 2114897776, 5, true);
        GradientCheckReport report = GradientCheck.Run(sample.Build<double>(), sample.Loss, sample.Data<double>());
        Assert.True(report.Passed, report.ToString());
        Assert.InRange(report.Skipped, 1, 5);
        GradientCheckReport without = GradientCheck.Run(sample.Build<double>(), sample.Loss, sample.Data<double>(), new() { SkipsKinks = false });
        Assert.Equal((false, 0), (without.Passed, without.Failed));
    }

    [Fact]
    public void Too_many_kinks_make_a_check_that_says_too_little()
    {
        Network<double> network = NetworkSpec.Input(2).Dense(3, Activation.ReLU).Dense(1).Build<double>();
        Dataset<double> data = new((double[])[0, 0, 1, 0.5], 2, (double[])[1, -1], 1);
        GradientCheckReport report = GradientCheck.Run(network, Loss.MeanSquaredError, data);
        Assert.Equal((0, 3), (report.Failed, report.Skipped));
        Assert.Contains("near a kink", Assert.Single(report.Complaints), StringComparison.Ordinal);
        Assert.True(GradientCheck.Run(network, Loss.MeanSquaredError, data, new() { MostSkipped = 0.3 }).Passed);
    }

    /// <summary>A fault is not excused by curvature: narrow networks with third derivatives in the thousands.</summary>
    [Fact]
    public void A_steep_curve_is_no_kink()
    {
        Network<double> network = NetworkSpec.Input(1).Dense(2, Activation.Tanh).Dense(1).Build<double>(seed: 5);
        Dataset<double> data = new((double[])[10, -7], 1, (double[])[1, -1], 1);
        network.GetParameter("W1").Fill(0.05);
        Assert.True(GradientCheck.Run(network, Loss.HalfSquaredError, data).Passed);
        GradientCheckReport spoiled = GradientCheck.Run(network, Loss.HalfSquaredError, data, null, (_, gradient) => gradient[0] *= 1.01);
        Assert.Equal((1, 0), (spoiled.Failed, spoiled.Skipped));
    }

    /// <summary>Penalties are part of the training loss, and so of its gradient; the control is a gradient that leaves them out.</summary>
    [Fact]
    public void Penalties_are_checked_too()
    {
        Network<double> network = NetworkSpec.Input(3).Add(new DenseSpec(4, Activation.Tanh) { L1 = 0.01, L2 = 0.02 }).Dense(2).Build<double>(seed: 4);
        Dataset<double> data = GradientCheck.SampleData(network, Loss.MeanSquaredError);
        Assert.True(GradientCheck.Run(network, Loss.MeanSquaredError, data).Passed);
        GradientCheckReport without = GradientCheck.Run(network, Loss.MeanSquaredError, data, null, (_, gradient) =>
        {
            for (int i = 0; i < 12; i++)
            {
                double w = network.GetParameter("W1")[i];
                gradient[i] -= (0.01 * Math.Sign(w)) + (2 * 0.02 * w);
            }
        });
        Assert.Equal((12, 12), (without.Failed, without.Tensors[0].Failed));
    }

    [Fact]
    public void The_network_stays_as_it_was_also_after_a_failure()
    {
        Network<float> network = NetworkSpec.Input(3).Dense(4, Activation.ReLU).Dense(2, Activation.Softmax).Build<float>(seed: 8);
        network.InputScaler = Scaler<float>.Constant(2, 3);
        string before = network.Fingerprint();
        Dataset<float> data = GradientCheck.SampleData(network, Loss.CrossEntropy);
        Assert.True(GradientCheck.Run(network, Loss.CrossEntropy, data).Passed);
        Assert.Throws<OperationCanceledException>(() => GradientCheck.Run(network, Loss.CrossEntropy, data, null, new CancellationToken(canceled: true)));
        Assert.Throws<ArgumentException>(() => GradientCheck.Run(network, Loss.BinaryCrossEntropyWithLogits, data));
        Assert.Throws<ArgumentException>(() => GradientCheck.Run(network, Loss.CrossEntropy, Dataset.Xor<float>()));
        Assert.Equal(before, network.Fingerprint());
        Assert.Empty(network.Metadata);
        network.GetParameter("W1")[0] = float.NaN;
        Assert.Throws<NonFiniteException>(() => GradientCheck.Run(network, Loss.CrossEntropy, data));
        Assert.Empty(network.Metadata);
    }

    [Fact]
    public void A_float_network_is_held_against_its_double()
    {
        Network<float> network = NetworkSpec.Input(5).Dense(7, Activation.Sigmoid).Dense(3, Activation.Softmax).Build<float>();
        Dataset<float> data = GradientCheck.SampleData(network, Loss.CrossEntropy);
        GradientCheckReport report = GradientCheck.Run(network, Loss.CrossEntropy, data);
        Assert.True(report.Passed, report.ToString());
        Assert.InRange(report.SinglePrecisionError!.Value, 1e-9, 1e-6);

        // The control: a gradient that is off by one part in 10,000 everywhere.
        GradientCheckReport spoiled = GradientCheck.Run(network, Loss.CrossEntropy, data, null, (_, gradient) =>
        {
            foreach (ref double value in gradient)
            {
                value *= 1.0001;
            }
        });
        Assert.Contains(spoiled.Complaints, complaint => complaint.Contains("float", StringComparison.Ordinal));
        Assert.Null(GradientCheck.Run(network.Spec.Build<double>(), Loss.CrossEntropy, data.To<double>()).SinglePrecisionError);
    }

    [Fact]
    public void A_large_network_is_checked_along_directions()
    {
        Network<float> network = NetworkSpec.Input(300).Dense(60, Activation.ReLU, biasInitializer: Initializer.Normal(0.1)).Dense(10, Activation.Softmax).Build<float>();
        Dataset<float> data = GradientCheck.SampleData(network, Loss.CrossEntropy, rows: 4);
        GradientCheckReport report = GradientCheck.Run(network, Loss.CrossEntropy, data);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal((8, 32), (report.Directions, report.Compared + report.Skipped));
        Assert.Equal(report.ToString(), GradientCheck.Run(network, Loss.CrossEntropy, data).ToString());
        Assert.NotEqual(report.ToString(), GradientCheck.Run(network, Loss.CrossEntropy, data, new() { Seed = 1 }).ToString());

        // The control: one of 18,000 weights.
        GradientCheckReport spoiled = GradientCheck.Run(network, Loss.CrossEntropy, data, null, (_, gradient) => gradient[17] += 0.001);
        Assert.Equal(8, spoiled.Tensors[0].Failed);
        Assert.Equal(0, spoiled.Tensors.Skip(1).Sum(tensor => tensor.Failed));
    }

    [Fact]
    public void The_report_says_what_and_where()
    {
        Network<double> network = Hidden(Activation.Sigmoid);
        string text = GradientCheck.Run(network, Loss.MeanSquaredError, GradientCheck.SampleData(network, Loss.MeanSquaredError), null, (_, gradient) => gradient[(2 * 4) + 1] += 1).ToString();
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("gradient check FAILED: loss ", lines[0], StringComparison.Ordinal);
        string row = Assert.Single(lines, line => line.StartsWith("W1 ", StringComparison.Ordinal));
        Assert.Contains("[3 × 4]", row, StringComparison.Ordinal);
        Assert.Contains("[2, 1]", row, StringComparison.Ordinal);
        Assert.Equal(4, lines.Count(line => line[0] is 'W' or 'b'));
    }

    [Fact]
    public void Rows_are_made_up_in_the_domain_of_the_loss()
    {
        Network<double> softmax = NetworkSpec.Input(2).Dense(3, Activation.Softmax).Build<double>();
        Assert.True(GradientCheck.SampleData(softmax, Loss.CrossEntropy, rows: 5).HasLabels);
        Assert.Equal(5, GradientCheck.SampleData(softmax, Loss.MeanSquaredError, rows: 5).Rows);
        Network<double> sigmoid = NetworkSpec.Input(2).Dense(1, Activation.Sigmoid).Build<double>();
        Assert.All(GradientCheck.SampleData(sigmoid, Loss.BinaryCrossEntropy, rows: 50).Targets.ToArray(), target => Assert.InRange(target, 0, 1));
        Assert.Throws<ArgumentException>(() => GradientCheck.SampleData(sigmoid, Loss.CrossEntropy));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientCheck.SampleData(sigmoid, Loss.MeanSquaredError, rows: 0));
    }

    [Fact]
    public void Choices_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { Directions = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { MostSkipped = 1.1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { RelativeTolerance = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new GradientCheckOptions { AbsoluteTolerance = double.NaN });
    }

    private static Network<double> Hidden(Activation activation) =>
        NetworkSpec.Input(3).Dense(4, activation, biasInitializer: Initializer.Normal(0.5)).Dense(2, biasInitializer: Initializer.Normal(0.5)).Build<double>(seed: 6);

    private static NetworkCase[] Sample(int count, int seed) => NetworkCases.Arbitrary().Generator.Sample(count, new Rnd((ulong)seed), 50);
}
