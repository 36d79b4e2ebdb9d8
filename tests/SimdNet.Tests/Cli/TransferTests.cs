using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>simdnet train --init-from --init-layers --freeze</c>: which layers start from another model, and which stay.</summary>
public sealed class TransferTests(CliFiles files) : IClassFixture<CliFiles>
{
    [Fact]
    public void Layers_that_are_alike_start_from_the_model_and_frozen_ones_stay()
    {
        using TemporaryFolder folder = new();
        string based = folder.File("base.safetensors");
        CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "5:tanh,4:relu,3:softmax", "--scale", "standard", "--epochs", "2", "--output", based);
        CliResult result = Train(folder, "all", "--layers", "5:tanh,4:tanh,3:softmax", "--init-from", based, "--freeze", "1", "--epochs", "2");
        Assert.Contains($"Layers 1 of 3 start from {based}.", result.Error, StringComparison.Ordinal);
        Network<float> source = ModelFile.Load<float>(based);
        Network<float> network = ModelFile.Load<float>(folder.File("all.safetensors"));
        Assert.Equal(source.GetParameter("W1").ToArray(), network.GetParameter("W1").ToArray());
        Assert.NotEqual(source.GetParameter("W2").ToArray(), network.GetParameter("W2").ToArray());
        Assert.Equal(source.InputScaler!.ToJson(), network.InputScaler!.ToJson());
        Assert.True(network.IsFrozen(0) && !network.IsFrozen(1));

        // Not frozen it moves, from where the model left it: the first loss says so.
        Train(folder, "moved", "--layers", "5:tanh,4:tanh,3:softmax", "--init-from", based, "--epochs", "1", "--learning-rate", "1e-6");
        float[] moved = ModelFile.Load<float>(folder.File("moved.safetensors")).GetParameter("W1").ToArray();
        Assert.NotEqual(source.GetParameter("W1").ToArray(), moved);
        Assert.All(moved.Zip(source.GetParameter("W1").ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
    }

    [Fact]
    public void Without_layers_a_model_is_trained_on()
    {
        using TemporaryFolder folder = new();
        string based = folder.File("base.safetensors");
        CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "5,batchnorm,tanh,3:softmax", "--epochs", "2", "--output", based);
        Train(folder, "on", "--init-from", based, "--learning-rate", "0", "--epochs", "1", "--scale", "none");
        Network<float> source = ModelFile.Load<float>(based);
        Network<float> network = ModelFile.Load<float>(folder.File("on.safetensors"));
        Assert.Equal(source.Spec, network.Spec);
        Assert.Equal(source.GetParameter("W2").ToArray(), network.GetParameter("W2").ToArray());
        Assert.NotEqual(source.GetParameter("running_mean1").ToArray(), network.GetParameter("running_mean1").ToArray());

        // A normalization that is frozen keeps its statistics.
        Train(folder, "frozen", "--init-from", based, "--freeze", "2-3", "--epochs", "1");
        Assert.Equal(source.GetParameter("running_mean1").ToArray(), ModelFile.Load<float>(folder.File("frozen.safetensors")).GetParameter("running_mean1").ToArray());
    }

    [Fact]
    public void Chosen_layers_start_from_the_model_and_others_do_not()
    {
        using TemporaryFolder folder = new();
        string based = folder.File("base.safetensors");
        CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "5:tanh,5:tanh,3:softmax", "--epochs", "2", "--output", based);
        Train(folder, "second", "--layers", "5:relu,5:relu,4:softmax", "--init-from", based, "--init-layers", "2", "--learning-rate", "0", "--epochs", "1");
        Network<float> source = ModelFile.Load<float>(based);
        Network<float> network = ModelFile.Load<float>(folder.File("second.safetensors"));
        Assert.Equal(source.GetParameter("W2").ToArray(), network.GetParameter("W2").ToArray());
        Assert.NotEqual(source.GetParameter("W1").ToArray(), network.GetParameter("W1").ToArray());
    }

    [Theory]
    [InlineData("--layers 6:tanh,3:softmax", "Layer 1 cannot start from")]
    [InlineData("--layers 5:tanh,4:softmax --init-layers 2", "Layer 2 cannot start from")]
    [InlineData("--layers 5:tanh,5:tanh,3:softmax --init-layers 3", "--init-layers has layer 3")]
    public void Layers_that_differ_are_refused(string options, string part)
    {
        using TemporaryFolder folder = new();
        string based = folder.File("base.safetensors");
        CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "5:tanh,3:softmax", "--epochs", "1", "--output", based);
        CliResult result = CliProcess.Run(files.Path, arguments: ["train", "names.csv", .. options.Split(' '), "--init-from", based]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(part, result.ErrorLines[^1], StringComparison.Ordinal);
    }

    /// <summary>What can be done and is hardly meant is said, and done.</summary>
    [Theory]
    [InlineData("--layers 3:sigmoid --loss hinge", "hinge tells classes apart by the sign of an output", true)]
    [InlineData("--layers 3:tanh --loss hinge", "hinge", false)]
    [InlineData("--layers 3:softmax --optimizer rprop --batch-size 8", "rprop goes by the sign of a gradient", true)]
    [InlineData("--layers 3:softmax --optimizer rprop", "rprop", false)]
    public void Doubts_are_told(string options, string part, bool isTold)
    {
        CliResult result = CliProcess.Succeed(files.Path, ["train", "names.csv", .. options.Split(' '), "--epochs", "1"]);
        Assert.Equal(isTold, result.Error.Contains(part, StringComparison.Ordinal));
    }

    private CliResult Train(TemporaryFolder folder, string name, params string[] options) => CliProcess.Succeed(files.Path, ["train", "names.csv", .. options, "--output", folder.File($"{name}.safetensors")]);
}
