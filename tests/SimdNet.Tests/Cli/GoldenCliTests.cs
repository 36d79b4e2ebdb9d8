using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>The tutorials by command line, to the numbers that numpy computes from the same initial weights.</summary>
public sealed class GoldenCliTests
{
    [Theory]
    [InlineData(1, 1e-13)]
    [InlineData(1_000, 1e-11)]
    [InlineData(100_000, 1e-9)]
    public void Exam_by_its_defaults(int epochs, double tolerance) => Train("exam", "exam", ["W1", "W2"], epochs, tolerance);

    [Theory]
    [InlineData(1, 1e-13)]
    [InlineData(1_000, 1e-11)]
    [InlineData(20_000, 1e-9)]
    public void Xor_by_its_defaults(int epochs, double tolerance) => Train("xor_per_sample", "xor", ["W1", "b1", "W2", "b2"], epochs, tolerance);

    [Theory]
    [InlineData(1, 1e-13)]
    [InlineData(5_000, 1e-9)]
    public void Xor_with_cross_entropy(int epochs, double tolerance) =>
        Train("xor_bce", "xor", ["W1", "b1", "W2", "b2"], epochs, tolerance, "--layers", "3:sigmoid,1:sigmoid", "--loss", "bce", "--batch-size", "full", "--learning-rate", "1");

    [Fact]
    public void The_digit_recogniser()
    {
        JsonElement json = Train(
            "digits", "digits", ["W1", "b1", "W2", "b2"], 350, 1e-10, "--layers", "16:relu,10:softmax", "--precision", "float64", "--optimizer", "sgd", "--learning-rate", "0.2", "--batch-size", "full", "--validation-split", "0");
        Assert.Equal(1797, json.GetProperty("rows").GetInt32());
    }

    private static JsonElement Train(string file, string data, string[] parameters, int epochs, double tolerance, params string[] options)
    {
        using TemporaryFolder folder = new();
        Golden golden = Golden.Load(file);
        NpzFile.Write(folder.File("in.npz"), parameters.Select(name => KeyValuePair.Create(name, NpyArray.Create<double>(golden[name + "_0"], [.. golden.Shape(name + "_0")]))));
        CliResult result = CliProcess.Succeed(
            folder.Path,
            ["train", data, "--init-weights", "in.npz", "--weights-out", "out.npz", "--epochs", epochs.ToString(CultureInfo.InvariantCulture), .. options, "--json"]);
        IReadOnlyDictionary<string, NpyArray> trained = NpzFile.Read(folder.File("out.npz"));
        Assert.Equal(parameters, trained.Keys);
        foreach (string name in parameters)
        {
            Assert.Equal(NpyElementType.Float64, trained[name].Type);
            golden.AssertClose($"{name}_{epochs}", trained[name].ToArray<double>(), tolerance);
        }

        return result.TrainJson();
    }
}
