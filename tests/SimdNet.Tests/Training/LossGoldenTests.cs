using System;

using SimdNet.Memory;
using SimdNet.Tests.Support;
using SimdNet.Training.Losses;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Values and gradients of the losses to PyTorch's numbers, within four units in the last place of the larger of the number and 1.</summary>
[Trait("Suite", "Isa")]
public sealed class LossGoldenTests
{
    private const int Rows = 7;
    private const int Columns = 5;

    private static readonly Golden Numbers = Golden.Load("losses");

    public static TheoryData<string, Loss, Activation, string, string> Losses => new()
    {
        { "mse", Loss.MeanSquaredError, Activation.Identity, "prediction", "target" },
        { "mae", Loss.MeanAbsoluteError, Activation.Identity, "prediction", "target" },
        { "huber_delta1", Loss.Huber(), Activation.Identity, "prediction", "target" },
        { "half_sum_squared_error", Loss.HalfSquaredError, Activation.Identity, "prediction", "target" },
        { "bce", Loss.BinaryCrossEntropy, Activation.Softmax, "probability", "binary_target" },
        { "bce_with_logits", Loss.BinaryCrossEntropyWithLogits, Activation.Identity, "prediction", "binary_target" },
        { "bce_with_logits", Loss.BinaryCrossEntropy, Activation.Sigmoid, "prediction", "binary_target" },
        { "cross_entropy_logits", Loss.CrossEntropy, Activation.Softmax, "prediction", "class_target" },
        { "cross_entropy_logits", Loss.CrossEntropy, Activation.Identity, "prediction", "class_target" },
        { "cross_entropy_logits_soft", Loss.CrossEntropy, Activation.Softmax, "prediction", "soft_target" },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public void A_loss_and_its_gradient_are_PyTorchs(string name, Loss loss, Activation output, string prediction, string target)
    {
        (double value, double[] gradient) = Compute(loss, output, prediction, target);
        Close(Numbers[name], [value], name);
        Close(Numbers[name + "_grad"], gradient, name + "_grad");
    }

    [Fact]
    public void Another_loss_than_the_one_named_is_noticed()
    {
        (double value, double[] gradient) = Compute(Loss.Huber(1 + 1e-12), Activation.Identity, "prediction", "target");
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Close(Numbers["huber_delta1_grad"], gradient, "huber"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => Close(Numbers["mae"], [value], "mae"));
    }

    private static (double Value, double[] Gradient) Compute(Loss loss, Activation output, string prediction, string target)
    {
        Network<double> network = NetworkSpec.Input(1).Dense(Columns, output).Build<double>();
        loss.CheckFits(network.Spec);
        LossFunction<double> function = loss.Bind(network);
        double[] gradient = new double[Rows * Columns];
        MatrixView<double> values = new(Numbers[prediction], Rows, Columns);
        MatrixView<double> gradients = new(gradient, Rows, Columns);
        double scale = function.GradientScale(Rows);
        double sum = target == "class_target"
            ? function.Sum(values, Numbers.Labels(target), scale, gradients)
            : function.Sum(values, new ReadOnlyMatrixView<double>(Numbers[target], Rows, Columns), scale, gradients);
        return (function.Mean(sum, Rows), gradient);
    }

    private static void Close(double[] expected, double[] actual, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(actual[i] - expected[i]) <= 4 * Tolerance.Epsilon<double>() * Math.Max(1, Math.Abs(expected[i])), $"{name}[{i}]: {actual[i]}, expected {expected[i]}");
        }
    }
}
