using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>import: from another library's weights to a model that predicts.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Layers = "7,batchnorm,relu,dropout(0.3),7,layernorm,tanh,7:relu:no-bias,batchnorm,7,3:softmax";
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "import");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Weights_of_PyTorch_become_a_model_that_predicts_the_same()
    {
        File.Copy(Path.Combine(Golden, "pytorch.npz"), _folder.File("W.npz"));
        IReadOnlyDictionary<string, NpyArray> expected = NpzFile.Read(Path.Combine(Golden, "expected.npz"));
        NpyFile.Write(_folder.File("X.npy"), expected["X"]);
        string output = CliProcess.Succeed(_folder.Path, "import", "W.npz", "--layers", Layers).Output;
        Assert.Contains("W1 5x7               0.weight 7x5, transposed", output, StringComparison.Ordinal);
        Assert.Contains("running_var1 7       1.running_var 7", output, StringComparison.Ordinal);
        Assert.Contains("gamma3 7             all 1, the file has none", output, StringComparison.Ordinal);
        Assert.Contains("from                 PyTorch", output, StringComparison.Ordinal);
        Assert.Contains("precision            float32", output, StringComparison.Ordinal);
        Assert.Contains("written              W.safetensors", output, StringComparison.Ordinal);
        CliProcess.Succeed(_folder.Path, "predict", "W.safetensors", "X.npy", "--output", "P.npy");
        double[] predicted = NpyFile.Read(_folder.File("P.npy")).ToArray<double>();
        Assert.All(expected["pytorch"].ToArray<double>().Zip(predicted), pair => Assert.Equal(pair.First, pair.Second, 1e-6));

        // A file that is there is replaced by name alone.
        CliResult again = CliProcess.Run(_folder.Path, "import", "W.npz", "--layers", Layers);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("Say --output W.safetensors to replace it", again.Error, StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(_folder.File("W.safetensors"));
        CliProcess.Succeed(_folder.Path, "import", "W.npz", "--layers", Layers, "--from", "pytorch", "--output", "W.safetensors");
        Assert.Equal(first, File.ReadAllBytes(_folder.File("W.safetensors")));
        Assert.Equal(1, CliProcess.Run(_folder.Path, "import", "W.npz", "--layers", Layers, "--from", "keras", "--output", "K.safetensors").ExitCode);
        Assert.False(File.Exists(_folder.File("K.safetensors")));
    }

    [Theory]
    [InlineData("pytorch-named.safetensors", "8,batchnorm,relu,7:tanh,layernorm,2:no-bias", "", "float32")]
    [InlineData("pytorch-named.safetensors", "8,batchnorm,relu,7:tanh,layernorm,2:no-bias", "--order stem,norm,body,ln,head", "float32")]
    [InlineData("pytorch-double.npz", "6:gelu,1", "", "float64")]
    [InlineData("pytorch-double.npz", "6:gelu,1", "--precision float32", "float32")]
    [InlineData("pytorch-bfloat16.safetensors", "6:relu,2", "--precision float64", "float64")]
    [InlineData("keras-list.npz", "6:relu,batchnorm,6:tanh,2", "--from keras --epsilon 0.001", "float32")]
    public void Files_and_options(string file, string layers, string options, string precision)
    {
        CliProcess.Succeed(_folder.Path, ["import", Path.Combine(Golden, file), "--layers", layers, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--output", "m.safetensors"]);
        Assert.Equal(precision, ModelFile.ReadInfo(_folder.File("m.safetensors")).Precision);
    }

    [Fact]
    public void Inspect_shows_the_tensors_of_a_file_of_weights()
    {
        string[] lines = CliProcess.Succeed(_folder.Path, "inspect", Path.Combine(Golden, "pytorch-bfloat16.safetensors")).OutputLines;
        Assert.Equal(["BF16                 0.bias 6", "BF16                 0.weight 6x5", "BF16                 2.bias 2", "BF16                 2.weight 2x6"], lines[1..]);
        Assert.Contains("Int64                1.num_batches_tracked (one number)", CliProcess.Succeed(_folder.Path, "inspect", Path.Combine(Golden, "pytorch.npz")).OutputLines);

        // An element type that cannot be read is shown, and what a name does to a terminal is not.
        File.WriteAllBytes(_folder.File("f8.safetensors"), Files.SafetensorsFileTests.Safetensors("{" + Files.SafetensorsFileTests.Tensor("a\\u001b[2J", "[3]", 0, 3, "F8_E5M2") + "}", 3));
        Assert.Contains("F8_E5M2              a\uFFFD[2J 3", CliProcess.Succeed(_folder.Path, "inspect", "f8.safetensors").OutputLines);
    }
}
