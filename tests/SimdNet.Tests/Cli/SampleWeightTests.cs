using System;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>--sample-weights</c>: how much rows count, from a file beside the data.</summary>
public sealed class SampleWeightTests : IDisposable
{
    private static readonly double[] X = [0.1, 0.9, 0.4, 0.3, 0.8, 0.2, 0.5, 0.7];
    private static readonly int[] Y = [0, 1, 1, 0];
    private static readonly double[] Weights = [2, 1, 0.5, 0];
    private static readonly string[] Training = ["train", "X.npy", "--labels", "y.npy", "--layers", "3:tanh,2:softmax", "--batch-size", "full", "--precision", "float64", "--epochs", "20", "--learning-rate", "0.05", "--json"];

    private readonly TemporaryFolder _folder = new();

    public SampleWeightTests()
    {
        NpyFile.Write(_folder.File("X.npy"), NpyArray.Create<double>(X, 4, 2));
        NpyFile.Write(_folder.File("y.npy"), NpyArray.Create<int>(Y, 4));
        NpyFile.Write(_folder.File("w.npy"), NpyArray.Create<double>(Weights, 4));
        NpyFile.Write(_folder.File("column.npy"), NpyArray.Create<float>([2, 1, 0.5f, 0], 4, 1));
        File.WriteAllText(_folder.File("named.csv"), "weight\n2\n1\n0.5\n0\n");
        File.WriteAllText(_folder.File("plain.csv"), "2\n1\n0.5\n0\n");
        File.WriteAllText(_folder.File("w.txt"), "# weight\n2.0e+00\n1.0e+00\n5.0e-01\n0.0e+00\n");
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A row that weighs 2 is as good as two, a row that weighs 0 is none.</summary>
    [Fact]
    public void Weights_are_rows_that_are_there_so_often()
    {
        NpyFile.Write(_folder.File("often.npy"), NpyArray.Create<double>([2, 1, 3, 0], 4));
        int[] rows = [0, 0, 1, 2, 2, 2];
        NpyFile.Write(_folder.File("X2.npy"), NpyArray.Create<double>([.. rows.SelectMany(row => X.AsSpan(2 * row, 2).ToArray())], rows.Length, 2));
        NpyFile.Write(_folder.File("y2.npy"), NpyArray.Create<int>([.. rows.Select(row => Y[row])], rows.Length));
        double often = Loss([.. Training, "--sample-weights", "often.npy"]);
        Assert.Equal(Loss([Training[0], "X2.npy", "--labels", "y2.npy", .. Training[4..]]), often, 1e-12);

        // Negative control: all alike.
        Assert.NotEqual(Loss(Training), often, 1e-4);
    }

    [Theory]
    [InlineData("column.npy")]
    [InlineData("named.csv")]
    [InlineData("plain.csv --no-header")]
    [InlineData("w.txt")]
    public void Every_kind_of_file_says_the_same(string weights) =>
        Assert.Equal(Train("w.npy").GetProperty("fingerprint").GetString(), Train(weights).GetProperty("fingerprint").GetString());

    /// <summary>What is evaluated with weights has the loss that it was trained to; the advice at the end names them.</summary>
    [Fact]
    public void Evaluations_take_them_too()
    {
        double loss = Loss([.. Training, "--sample-weights", "w.npy", "--output", "m.safetensors"]);
        string[] evaluate = ["evaluate", "m.safetensors", "X.npy", "--labels", "y.npy", "--json"];
        Assert.Equal(loss, Loss([.. evaluate, "--sample-weights", "w.npy"]));
        Assert.NotEqual(loss, Loss(evaluate));

        CliResult result = CliProcess.Succeed(_folder.Path, [.. Training[..^1], "--sample-weights", "plain.csv", "--no-header", "--output", "m.safetensors"]);
        Assert.Contains("evaluate m.safetensors X.npy --labels y.npy --sample-weights plain.csv --no-header\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("predict m.safetensors X.npy --classes\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_held_out_and_folds_keep_theirs()
    {
        Assert.NotEqual(HeldOut(), HeldOut("--sample-weights", "w.npy"));
        string[] tune = ["tune", "X.npy", "--labels", "y.npy", "--layers", "2:softmax", "--folds", "2", "--epochs", "3"];
        CliResult result = CliProcess.Succeed(_folder.Path, [.. tune, "--sample-weights", "w.npy"]);
        Assert.Contains("train X.npy --labels y.npy --sample-weights w.npy", result.OutputLines[^1], StringComparison.Ordinal);

        // Nothing is learnt, so that the rows held out alone make a difference.
        double HeldOut(params string[] options) => CliProcess.Succeed(_folder.Path, [.. Training.Select(word => word == "0.05" ? "0" : word), "--validation-split", "0.5", .. options]).TrainJson().GetProperty("test_loss").GetDouble();
    }

    [Fact]
    public void A_training_that_goes_on_needs_the_same()
    {
        string[] training = [.. Training, "--sample-weights", "w.npy", "--checkpoint", "run", "--resume"];
        CliProcess.Succeed(_folder.Path, training);
        NpyFile.Write(_folder.File("w.npy"), NpyArray.Create<double>([2, 1, 0.5, 0.25], 4));
        CliResult result = CliProcess.Run(_folder.Path, training);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("training rows", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere.npy", "nowhere.npy")]
    [InlineData("short.npy", "short.npy: 3 weights do not fit 4 rows")]
    [InlineData("matrix.npy", "matrix.npy: an array of shape (2, 2) is no column")]
    [InlineData("negative.txt", "negative.txt: The weight of row 1 (counted from 0) is -1")]
    [InlineData("nan.txt", "nan.txt: The weight of row 2 (counted from 0) is NaN")]
    [InlineData("zero.txt", "zero.txt: no row counts")]
    [InlineData("words.txt", "words.txt")]
    [InlineData("plain.csv", "plain.csv: line 1")]
    [InlineData("two.csv", "two.csv")]
    [InlineData("X.npy", "X.npy: an array of shape (4, 2)")]
    public void What_is_no_column_of_weights_fails(string weights, string part)
    {
        NpyFile.Write(_folder.File("short.npy"), NpyArray.Create<double>([1, 2, 3], 3));
        NpyFile.Write(_folder.File("matrix.npy"), NpyArray.Create<double>([1, 2, 3, 4], 2, 2));
        File.WriteAllText(_folder.File("negative.txt"), "1\n-1\n1\n1\n");
        File.WriteAllText(_folder.File("nan.txt"), "1\n1\nnan\n1\n");
        File.WriteAllText(_folder.File("zero.txt"), "0\n0\n0\n0\n");
        File.WriteAllText(_folder.File("words.txt"), "1\nmuch\n1\n1\n");
        File.WriteAllText(_folder.File("two.csv"), "a,b\n1,2\n1,2\n1,2\n1,2\n");
        CliProcess.Run(_folder.Path, (string[])[.. Training, "--sample-weights", weights]).AssertMistake(1, "simdnet train", part);
    }

    [Theory]
    [InlineData("--sample-weights", "--sample-weights needs a value FILE")]
    [InlineData("--sample-weights named.csv --csv-log ./named.csv", "would replace named.csv")]
    [InlineData("--sample-weights w.npy --no-header", "--no-header is about a .csv")]
    [InlineData("--sample-weights named.csv --label-column 0", "--label-column is about a .csv")]
    public void Wrong_usage_exits_with_2(string options, string part) =>
        CliProcess.Run(_folder.Path, (string[])[.. Training, .. options.Split(' ')]).AssertMistake(2, "simdnet train", part);

    private JsonElement Train(string weights) => CliProcess.Succeed(_folder.Path, [.. Training, "--sample-weights", .. weights.Split(' ')]).TrainJson();

    private double Loss(params string[] line) => JsonDocument.Parse(CliProcess.Succeed(_folder.Path, line).OutputLines[^1]).RootElement.GetProperty("loss").GetDouble();
}
