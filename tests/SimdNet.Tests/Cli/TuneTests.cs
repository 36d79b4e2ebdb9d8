using System;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>simdnet tune</c>: lists, ranges, tables, and what it advises.</summary>
public sealed class TuneTests(CliFiles files) : IClassFixture<CliFiles>
{
    private static readonly string[] Keys = ["metric", "rows", "folds", "trials"];

    [Fact]
    public void A_grid_is_sorted_by_accuracy()
    {
        CliResult result = CliProcess.Succeed(files.Path, "tune", "X.npy", "--labels", "y.npy", "--layers", "4:tanh,3:softmax", "--layers", "3:softmax", "--learning-rate", "0.1,0", "--epochs", "20", "--folds", "4", "--json");
        JsonElement json = result.Json(Keys);
        Assert.Equal(("accuracy", 40, 4), (json.GetProperty("metric").GetString(), json.GetProperty("rows").GetInt32(), json.GetProperty("folds").GetInt32()));
        JsonElement[] trials = [.. json.GetProperty("trials").EnumerateArray()];
        Assert.Equal([1, 2, 3, 4], trials.Select(trial => trial.GetProperty("rank").GetInt32()));
        double[] accuracies = [.. trials.Select(trial => trial.GetProperty("accuracy").GetDouble())];
        Assert.Equal(accuracies.OrderDescending(), accuracies);
        Assert.Equal(["0.1", "0.1", "0", "0"], trials.Select(trial => trial.GetProperty("values").GetProperty("learning-rate").GetString()));
        Assert.Equal(4, result.ErrorLines.Length);
        Assert.All(result.ErrorLines, line => Assert.StartsWith("trial ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_random_search_writes_its_table_and_a_curve_and_threads_change_nothing()
    {
        using TemporaryFolder folder = new();
        string[] line = ["tune", "xor", "--layers", "3:tanh,1:sigmoid", "--learning-rate", "log-uniform(0.01,1)", "--batch-size", "1,full", "--epochs", "3", "--search", "random", "--trials", "5", "--folds", "2"];
        CliResult result = CliProcess.Succeed(folder.Path, [.. line, "--csv", "trials.csv", "--learning-curve", "curve.csv", "--json"]);
        Assert.Equal(5, result.Json([.. Keys, "verdict"]).GetProperty("trials").GetArrayLength());
        Assert.Equal(6, File.ReadAllLines(folder.File("trials.csv")).Length);
        Assert.StartsWith("rows,", File.ReadAllLines(folder.File("curve.csv"))[0], StringComparison.Ordinal);
        Assert.Equal(CliProcess.Succeed(folder.Path, line).Output, CliProcess.Succeed(folder.Path, [.. line, "--threads", "2"]).Output);
    }

    /// <summary>The last line is a training that works as it stands, but for how the tool is called.</summary>
    [Fact]
    public void The_advice_trains_the_best()
    {
        using TemporaryFolder folder = new();
        CliResult result = CliProcess.Succeed(folder.Path, "tune", "exam", "--epochs", "5,10", "--folds", "3");
        Assert.StartsWith("rank", result.OutputLines[0], StringComparison.Ordinal);
        string advice = result.OutputLines[^1];
        string[] words = advice.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        CliProcess.Succeed(folder.Path, [.. words.SkipWhile(word => word != "train")]);
        Assert.True(File.Exists(folder.File("MODEL.safetensors")));
    }

    /// <summary>The only trial has been told, and its table written, when the curve begins.</summary>
    [Fact]
    public void A_search_that_is_stopped_says_what_was_written()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using TemporaryFolder folder = new();
        string[] line = ["tune", "digits", "--layers", "64:relu,10:softmax", "--epochs", "20", "--folds", "2", "--csv", "trials.csv", "--learning-curve", "curve.csv"];
        CliResult stopped = CliProcess.Stop(folder.Path, "INT", line);
        Assert.Equal(130, stopped.ExitCode);
        Assert.Empty(stopped.Output);
        Assert.Equal("simdnet tune: stopped by Ctrl-C; trials.csv has all trials, and --learning-curve was not written.", stopped.ErrorLines[^1]);
        Assert.Equal([folder.File("trials.csv")], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Without_a_list_it_is_a_cross_validation()
    {
        JsonElement json = CliProcess.Succeed(files.Path, "tune", "names.csv", "--layers", "3:softmax", "--json").Json(Keys);
        Assert.Equal(1, json.GetProperty("trials").GetArrayLength());
    }

    [Fact]
    public void A_metric_that_the_data_has_not_is_told()
    {
        CliResult result = CliProcess.Run(files.Path, "tune", "exam", "--folds", "2", "--metric", "accuracy", "--epochs", "1");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("Choose loss or mae", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    /// <summary>30 rows are trained on, and 9, 3 or 23 at some shares: batches would leave one.</summary>
    [Theory]
    [InlineData("4")]
    [InlineData("2")]
    [InlineData("full")]
    public void A_curve_of_batch_normalization_leaves_no_batch_of_one_row(string batch)
    {
        using TemporaryFolder folder = new();
        NpyFile.Write<double>(folder.File("X.npy"), [.. Enumerable.Range(0, 80).Select(i => Math.Sin(i * i))], 40, 2);
        NpyFile.Write<double>(folder.File("y.npy"), [.. Enumerable.Range(0, 40).Select(i => i % 2)], 40, 1);
        CliResult result = CliProcess.Succeed(folder.Path, $"tune X.npy --labels y.npy --layers 4,batchnorm,relu,1:sigmoid --epochs 1 --folds 4 --batch-size {batch} --learning-curve curve.csv --json".Split(' '));
        Assert.True(result.Json([.. Keys, "verdict"]).TryGetProperty("verdict", out _));
        int[] sizes = [.. File.ReadAllLines(folder.File("curve.csv")).Skip(1).Select(line => int.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture))];
        Assert.True(sizes.Length >= 3, "The curve has points.");
        Assert.All(sizes, size => Assert.True(batch == "full" ? size > 1 : size % int.Parse(batch, System.Globalization.CultureInfo.InvariantCulture) != 1, $"{size} rows"));
    }

    /// <summary>The rows of a fold are known late: room for them is made then.</summary>
    [Fact]
    public void Batch_normalization_takes_all_rows_of_a_fold_in_one_batch()
    {
        JsonElement json = CliProcess.Succeed(files.Path, "tune", "digits", "--layers", "batchnorm,10:softmax", "--batch-size", "full", "--epochs", "1", "--folds", "3", "--json").Json(Keys);
        Assert.Equal(JsonValueKind.Number, json.GetProperty("trials")[0].GetProperty("accuracy").ValueKind);
    }

    [Fact]
    public void A_combination_that_cannot_be_trained_loses_nothing_of_the_others()
    {
        string line = "tune names.csv --layers batchnorm,3:softmax --epochs 1 --folds 2 --batch-size";
        JsonElement[] trials = [.. CliProcess.Succeed(files.Path, $"{line} 1,full --json".Split(' ')).Json(Keys).GetProperty("trials").EnumerateArray()];
        Assert.Equal(["full", "1"], trials.Select(trial => trial.GetProperty("values").GetProperty("batch-size").GetString()));
        Assert.EndsWith("Give at least two rows.", trials[1].GetProperty("failure").GetString(), StringComparison.Ordinal);
        CliResult alone = CliProcess.Run(files.Path, $"{line} 1".Split(' '));
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains("has no variance", alone.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--csv ./names.csv", "--csv would replace names.csv, which is data")]
    [InlineData("--learning-curve names.csv", "--learning-curve would replace names.csv, which is data")]
    [InlineData("--csv a.csv --learning-curve ./a.csv", "both write ./a.csv")]
    public void Files_that_would_replace_another_are_refused(string options, string part) =>
        CliProcess.Run(files.Path, $"tune names.csv --layers 3:softmax {options}".Split(' ')).AssertMistake(2, "simdnet tune", part);
}
