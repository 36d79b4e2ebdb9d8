using System;
using System.Linq;
using System.Numerics.Tensors;

using FsCheck.Xunit;

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

    [Property(Arbitrary = [typeof(NetworkCases)], MaxTest = 300)]
    public void Predictions_agree_with_the_formulas(NetworkCase sample)
    {
        Network<double> network = sample.Build<double>();
        NaiveNetwork naive = new(sample.Spec) { Parameters = NetworkCases.Parameters(network, network.ParameterBlock) };
        double[] batch = network.Predict(sample.Data<double>().Inputs.Span);
        for (int row = 0; row < sample.Rows; row++)
        {
            double[] expected = naive.Predict(sample.Inputs[row]);
            double[] alone = network.Predict(sample.Inputs[row]);
            for (int j = 0; j < expected.Length; j++)
            {
                Assert.Equal(expected[j], batch[(row * expected.Length) + j], 1e-13 * Math.Max(1, Math.Abs(expected[j])));
                Assert.Equal(expected[j], alone[j], 1e-13 * Math.Max(1, Math.Abs(expected[j])));
            }
        }
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
