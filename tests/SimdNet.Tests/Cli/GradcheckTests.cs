using System;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>simdnet gradcheck</c>: what it reports, and its exit code.</summary>
public sealed class GradcheckTests(CliFiles files) : IClassFixture<CliFiles>
{
    private static readonly string[] Keys = ["passed", "loss", "directions", "compared", "failed", "skipped", "norm_error", "float_error", "tensors", "complaints"];

    [Theory]
    [InlineData("--layers 5:tanh,3:softmax --loss cross-entropy", 0, 43)]
    [InlineData("--layers 5:relu,1 --loss mse --rows 3 --inputs 2 --seed 9", 0, 21)]
    [InlineData("--layers 3:sigmoid --loss bce --precision float64 --no-bias", 0, 12)]
    [InlineData("--layers 3:softmax --data names.csv", 0, 12)]
    [InlineData("--layers 3 --data X.npy --labels real.npy --scale standard", 0, 12)]
    [InlineData("--layers 20:relu,10:softmax --data digits --scale divide:16 --directions 2", 2, 8)]
    [InlineData("--data exam --bias-init zeros", 0, 9)]
    [InlineData("--layers 3:softmax --class-weights 1,2,3", 0, 15)]
    [InlineData("--layers 1:sigmoid --class-weights 0.5,3", 0, 5)]
    [InlineData("--layers 3:tanh --loss hinge --class-weights 1,2,3", 0, 15)]
    [InlineData("--layers 3:softmax --data names.csv --class-weights balanced", 0, 12)]
    public void Networks_pass(string line, int directions, int numbers)
    {
        CliResult result = CliProcess.Succeed(files.Path, ["gradcheck", .. line.Split(' '), "--json"]);
        JsonElement json = result.Json(Keys);
        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.Equal(directions, json.GetProperty("directions").GetInt32());
        Assert.Equal(numbers, json.GetProperty("compared").GetInt32() + json.GetProperty("skipped").GetInt32());
        bool isDouble = line.Contains("float64", StringComparison.Ordinal) || line.Contains("exam", StringComparison.Ordinal);
        Assert.Equal(isDouble ? JsonValueKind.Null : JsonValueKind.Number, json.GetProperty("float_error").ValueKind);
        Assert.Equal(0, json.GetProperty("complaints").GetArrayLength());
    }

    /// <summary>Zero inputs and zero biases: each of the first biases lies at the kink of its unit.</summary>
    [Fact]
    public void A_check_that_fails_exits_with_1_and_prints_why()
    {
        using TemporaryFolder folder = new();
        folder.Text("zeros.csv", "a,b,y\n0,0,1\n1,0.5,-1\n");
        string[] line = ["gradcheck", "--data", "zeros.csv", "--layers", "3:relu,1", "--loss", "mse", "--bias-init", "zeros"];
        CliResult result = CliProcess.Run(folder.Path, arguments: line);
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("gradient check FAILED", result.OutputLines[0], StringComparison.Ordinal);
        Assert.Contains("near a kink", result.OutputLines[1], StringComparison.Ordinal);
        Assert.Empty(result.Error);
        CliResult json = CliProcess.Run(folder.Path, arguments: [.. line, "--json"]);
        Assert.Equal(1, json.ExitCode);
        Assert.False(json.Json(Keys).GetProperty("passed").GetBoolean());
    }

    /// <summary>Weights of classes change the loss that is checked.</summary>
    [Fact]
    public void Class_weights_are_part_of_the_loss()
    {
        string[] line = ["gradcheck", "--layers", "3:softmax", "--json", "--precision", "float64"];
        double[] losses = [Loss(), Loss("--class-weights", "1,1,1"), Loss("--class-weights", "1,5,0.1")];
        Assert.Equal(losses[0], losses[1]);
        Assert.NotEqual(losses[0], losses[2], 1e-6);

        double Loss(params string[] weights) => CliProcess.Succeed(files.Path, [.. line, .. weights]).Json(Keys).GetProperty("loss").GetDouble();
    }

    /// <summary>The biases that the tool adds are not a part of what the user wrote.</summary>
    [Theory]
    [InlineData("--layers 4,residual(3)")]
    public void Messages_show_layers_as_they_were_written(string line)
    {
        CliResult result = CliProcess.Run(files.Path, arguments: ["gradcheck", .. line.Split(' ')]);
        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("bias=", result.Error + result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_has_a_row_a_tensor()
    {
        CliResult result = CliProcess.Succeed(files.Path, "gradcheck", "--layers", "4:relu,2:softmax");
        Assert.StartsWith("gradient check passed", result.OutputLines[0], StringComparison.Ordinal);
        Assert.Equal(["tensor", "W1", "b1", "W2", "b2"], result.OutputLines.Skip(1).Select(line => line.Split(' ')[0]));
    }
}
