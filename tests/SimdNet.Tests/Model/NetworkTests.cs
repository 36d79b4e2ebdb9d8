using System;
using System.Linq;
using System.Numerics.Tensors;

using FsCheck;
using FsCheck.Fluent;

using SimdNet.Testing;
using SimdNet.Tests.Reference;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Model;

/// <summary>Predictions, parameters and the summary of a network.</summary>
[Trait("Suite", "Isa")]
public sealed class NetworkTests
{
    private static readonly NetworkSpec Digits = NetworkSpec.Input(784).Dense(16, Activation.ReLU).Dense(10, Activation.Softmax);

    /// <summary>Within what rounding may do to each output. The control: one parameter off by one part in a million.</summary>
    [Fact]
    public void Predictions_agree_with_the_formulas()
    {
        int controls = 0;
        int caught = 0;
        foreach (NetworkCase sample in NetworkCases.Arbitrary().Generator.Sample(Long.Count(2_000, 30_000), new Rnd(51), 50))
        {
            Network<double> network = sample.Build<double>();
            NaiveNetwork naive = new(sample.Spec) { Parameters = NetworkCases.Parameters(network, network.ParameterBlock) };
            string? difference = Difference(sample, network, naive);
            Assert.True(difference is null, $"{sample}: {difference}");
            if (network.ParameterCount > 0)
            {
                network.ParameterBlock[TensorPrimitives.IndexOfMaxMagnitude<double>(network.ParameterBlock)] *= 1 + 1e-6;
                controls++;
                caught += Difference(sample, network, naive) is null ? 0 : 1;
            }
        }

        Assert.True(caught > 0.5 * controls, $"Only {caught} of {controls} wrong parameters were seen.");
    }

    /// <summary>The first output, of a batch or of a row alone, that is further from the formulas' than 1e-13 and than 16 ε times what relative changes of the parameters do to it: a difference of nearly equal numbers behind a normalization has few digits left.</summary>
    private static string? Difference(NetworkCase sample, Network<double> network, NaiveNetwork naive)
    {
        double[] batch = network.Predict(sample.Data<double>().Inputs.Span);
        for (int row = 0; row < sample.Rows; row++)
        {
            double[] expected = naive.Predict(sample.Inputs[row]);
            double[] alone = network.Predict(sample.Inputs[row]);
            double[] spread = Spread(naive, sample.Inputs[row], expected);
            for (int j = 0; j < expected.Length; j++)
            {
                double bound = (1e-13 * Math.Max(1, Math.Abs(expected[j]))) + (16 * Tolerance.Epsilon<double>() * spread.Max());
                foreach (double actual in (double[])[batch[(row * expected.Length) + j], alone[j]])
                {
                    if (!(Math.Abs(actual - expected[j]) <= bound))
                    {
                        return $"row {row}, output {j}: {actual:r}, expected {expected[j]:r} ± {bound:g3}";
                    }
                }
            }
        }

        return null;
    }

    /// <summary>By how much each output moves with relative changes of all parameters, divided by the largest of these.</summary>
    private static double[] Spread(NaiveNetwork naive, double[] input, double[] expected)
    {
        const double largest = 1e-9;
        double[] parameters = naive.Parameters;
        double[] spread = new double[expected.Length];
        Random random = new(1);
        for (int direction = 0; direction < 3; direction++)
        {
            naive.Parameters = Array.ConvertAll(parameters, value => value * (1 + (largest * ((2 * random.NextDouble()) - 1))));
            spread = [.. naive.Predict(input).Select((moved, j) => Math.Max(spread[j], Math.Abs(moved - expected[j]) / largest))];
        }

        naive.Parameters = parameters;
        return spread;
    }

    [Fact]
    public void Parameters_are_named_and_shaped_as_in_the_files()
    {
        Network<float> network = NetworkSpec.Input(4).Dense(3, useBias: false).Dense(2).Build<float>();
        Assert.Equal(["W1:4x3", "W2:3x2", "b2:2"], network.Parameters.Select(parameter => $"{parameter.Name}:{string.Join('x', parameter.Shape)}"));
        Assert.Equal([12, 6, 2], network.Parameters.Select(parameter => parameter.Length));
        Assert.Equal(20, network.ParameterCount);
        Assert.Contains("W1, W2, b2", Assert.Throws<ArgumentException>(() => network.GetParameter("b1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_of_many_rows_are_cut_into_tiles()
    {
        Network<float> network = Digits.Build<float>();
        Random random = new(1);
        float[] inputs = [.. Enumerable.Range(0, 1_000 * 784).Select(_ => random.NextSingle())];
        float[] all = network.Predict(inputs);
        for (int row = 0; row < 1_000; row += 37)
        {
            float[] alone = network.Predict(inputs.AsSpan(row * 784, 784));
            Assert.Equal(1, alone.Sum(), 1e-5f);
            for (int j = 0; j < 10; j++)
            {
                Assert.Equal(alone[j], all[(row * 10) + j], 1e-5f);
            }
        }
    }

    [Fact]
    public void Tensors_in_and_out()
    {
        Network<float> network = NetworkSpec.Input(3).Dense(2, Activation.Tanh).Build<float>();
        float[] inputs = [1, 2, 3, 4, 5, 6];
        float[] outputs = new float[4];
        network.Predict(new ReadOnlyTensorSpan<float>(inputs, [2, 3]), new TensorSpan<float>(outputs, [2, 2]));
        Assert.Equal(network.Predict(inputs), outputs);
        network.Predict(new ReadOnlyTensorSpan<float>(inputs, 0, [3], []), new TensorSpan<float>(outputs, 0, [2], []));
        Assert.Equal(network.Predict(inputs.AsSpan(0, 3)), outputs[..2]);
        Assert.Contains("[3, 2]", Assert.Throws<ArgumentException>(() => network.Predict(new ReadOnlyTensorSpan<float>(inputs, [3, 2]), new TensorSpan<float>(outputs, [2, 2]))).Message, StringComparison.Ordinal);
        Assert.Contains("strided", Assert.Throws<ArgumentException>(() => network.Predict(new ReadOnlyTensorSpan<float>(new float[8], 0, [2, 3], [4, 1]), new TensorSpan<float>(outputs, [2, 2]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Classes()
    {
        Network<double> softmax = NetworkSpec.Input(2).Dense(3, Activation.Softmax).Build<double>();
        softmax.GetParameter("W1").Clear();
        new double[] { 1, 3, 2 }.CopyTo(softmax.GetParameter("b1"));
        Assert.Equal(1, softmax.PredictClass([0, 0]));
        Network<double> sigmoid = NetworkSpec.Input(1).Dense(1, Activation.Sigmoid, kernelInitializer: Initializer.Constant(1)).Build<double>();
        Assert.Equal((1, 0, 0), (sigmoid.PredictClass([0.1]), sigmoid.PredictClass([-0.1]), sigmoid.PredictClass([0.0])));
        Assert.Throws<InvalidOperationException>(() => NetworkSpec.Input(1).Dense(1).Build<double>().PredictClass([1.0]));
        sigmoid.TargetScaler = Scaler<double>.Constant(100, 1);
        Assert.Throws<InvalidOperationException>(() => sigmoid.PredictClass([0.1]));
    }

    [Fact]
    public void A_clone_has_memory_of_its_own()
    {
        Network<float> network = Digits.Build<float>();
        network.InputScaler = Scaler<float>.Constant(255, 784);
        network.ClassNames = [.. Enumerable.Range(0, 10).Select(digit => $"digit {digit}")];
        Network<float> clone = network.Clone();
        Assert.Equal(network.ParameterBlock.ToArray(), clone.ParameterBlock.ToArray());
        Assert.Equal((network.InputScaler, network.ClassNames, network.Spec), (clone.InputScaler, clone.ClassNames, clone.Spec));
        clone.GetParameter("W1").Clear();
        Assert.NotEqual(network.GetParameter("W1").ToArray(), clone.GetParameter("W1").ToArray());
    }

    [Fact]
    public void The_summary_shows_shapes_parameters_bytes_and_multiply_adds()
    {
        string[] lines = Digits.Build<float>().Summary().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("Output shape", lines[0], StringComparison.Ordinal);
        Assert.Equal("dense 1 (relu)     [batch × 16]       12,560  50,240         12,544", lines[3]);
        Assert.Equal("dense 2 (softmax)  [batch × 10]          170     680            160", lines[4]);
        Assert.Equal("total                                 12,730  50,920         12,704", lines[^1]);
        Assert.Contains("101,840", Digits.Build<double>().Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_calls_name_both_shapes()
    {
        Network<float> network = Digits.Build<float>();
        float[] block = new float[2_000];
        Refused("783 values are not rows of 784", () => network.Predict(new float[783]));
        Refused("0 values", () => network.Predict([]));
        Refused("9 values are not 1 × 10", () => network.Predict(new float[784], new float[9]));
        Refused("overlap", () => network.Predict(block.AsSpan(0, 784), block.AsSpan(780, 10)));
        Refused("785 values", () => network.PredictClass(new float[785]));
        Refused("3 columns does not fit a network with 784 inputs", () => network.InputScaler = Scaler<float>.Constant(1, 3));
        Refused("10 outputs", () => network.TargetScaler = Scaler<float>.Constant(1, 3));
        Refused("2 class names", () => network.ClassNames = ["a", "b"]);

        static void Refused(string reason, Action call) => Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(call).Message, StringComparison.Ordinal);
    }
}
