using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>--on-nan</c>: what is done where numbers go bad. The rate is far too high: the loss is finite before the first step, and not for long.</summary>
public sealed class NonFiniteOptionTests(CliFiles files) : IClassFixture<CliFiles>
{
    private static readonly string[] Keys = ["epochs", "rows", "parameters", "loss", "accuracy", "test_loss", "test_accuracy", "fingerprint", "seconds", "samples_per_second", "non_finite"];

    [Fact]
    public void To_throw_reports_and_saves_nothing()
    {
        using TemporaryFolder folder = new();
        CliResult result = CliProcess.Run(files.Path, (string[])[.. Training("1e9"), "--on-nan", "throw", "--output", folder.File("m.safetensors")]);
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(result.ErrorLines, line => line.StartsWith("1 4:identity", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    /// <summary>The weights that led there are not worth saving; those of the best epoch are.</summary>
    [Fact]
    public void To_stop_ends_in_the_best_weights_or_fails()
    {
        using TemporaryFolder folder = new();
        string[] stop = [.. Training("1e9"), "--on-nan", "stop", "--output", folder.File("m.safetensors")];
        CliResult lost = CliProcess.Run(files.Path, stop);
        Assert.Equal(1, lost.ExitCode);
        Assert.Contains("nothing was saved. --restore-best ends in those of the best epoch", lost.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));

        CliResult result = CliProcess.Succeed(files.Path, [.. stop, "--restore-best", "--json"]);
        JsonElement json = result.Json(Keys);
        Assert.Equal(1, json.GetProperty("non_finite").GetInt32());
        Assert.InRange(json.GetProperty("epochs").GetInt32(), 1, 29);
        Assert.True(double.IsFinite(json.GetProperty("loss").GetDouble()));
        Assert.Contains(result.ErrorLines, line => line.StartsWith("1 4:identity", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(folder.Path));
        Assert.Contains(CliProcess.Succeed(files.Path, [.. stop, "--restore-best"]).OutputLines, line => line.StartsWith("stopped", StringComparison.Ordinal));
    }

    /// <summary>A millionth of the rate is still too much, a millionth of that learns.</summary>
    [Fact]
    public void To_roll_back_lowers_the_rate_and_goes_on()
    {
        using TemporaryFolder folder = new();
        string[] rollBack = [.. Training("1e9"), "--on-nan", "rollback", "--rollback-factor", "1e-5", "--csv-log", folder.File("log.csv"), "--output", folder.File("m.safetensors")];
        CliResult result = CliProcess.Succeed(files.Path, [.. rollBack, "--json"]);
        JsonElement json = result.Json(Keys);
        int count = json.GetProperty("non_finite").GetInt32();
        Assert.InRange(count, 2, 10);
        Assert.Equal(30, json.GetProperty("epochs").GetInt32());
        Assert.Equal(count, result.ErrorLines.Count(line => line.StartsWith("rolled back: epoch ", StringComparison.Ordinal)));
        Assert.True(File.Exists(folder.File("m.safetensors")));
        double[][] log = [.. File.ReadAllLines(folder.File("log.csv")).Skip(1).Select(line => line.Split(',').Select(field => double.TryParse(field, CultureInfo.InvariantCulture, out double number) ? number : double.NaN).ToArray())];
        double rate = log[^1][^1];
        Assert.Equal(1, 1e9 * Math.Pow(1e-5, count) / rate, 1e-9);
        Assert.True(json.GetProperty("loss").GetDouble() < log[0][1]);
        Assert.Contains(CliProcess.Succeed(files.Path, rollBack).OutputLines, line => line.StartsWith("rolled back", StringComparison.Ordinal) && line.EndsWith($" {count} times", StringComparison.Ordinal));

        // One is not enough.
        CliResult once = CliProcess.Run(files.Path, (string[])[.. rollBack, "--max-rollbacks", "1"]);
        Assert.Equal(1, once.ExitCode);
        Assert.Empty(once.Output);
    }

    /// <summary>Negative control: where nothing goes bad, the policy makes no difference.</summary>
    [Fact]
    public void Numbers_that_stay_good_are_left_alone()
    {
        string[] good = [.. Training("0.01"), "--json"];
        string? expected = CliProcess.Succeed(files.Path, good).TrainJson().GetProperty("fingerprint").GetString();
        foreach (string policy in (string[])["throw", "stop", "rollback"])
        {
            JsonElement json = CliProcess.Succeed(files.Path, [.. good, "--on-nan", policy]).Json(Keys);
            Assert.Equal((expected, 0), (json.GetProperty("fingerprint").GetString(), json.GetProperty("non_finite").GetInt32()));
        }
    }

    [Theory]
    [InlineData("--on-nan ignore", "one of throw, stop, rollback, and 'ignore' is not")]
    [InlineData("--on-nan", "--on-nan needs a value throw|stop|rollback")]
    [InlineData("--rollback-factor 0.5", "--rollback-factor goes with --on-nan rollback")]
    [InlineData("--on-nan stop --max-rollbacks 3", "--max-rollbacks goes with --on-nan rollback")]
    [InlineData("--on-nan rollback --rollback-factor 1", "--rollback-factor takes a number between 0 and 1")]
    [InlineData("--on-nan rollback --max-rollbacks 0", "--max-rollbacks takes a whole number, at least 1")]
    public void Wrong_usage_exits_with_2(string options, string part) =>
        CliProcess.Run(files.Path, (string[])["train", "digits", .. options.Split(' ')]).AssertMistake(2, "simdnet train", part);

    private static string[] Training(string rate) => ["train", "X.npy", "--labels", "real.npy", "--layers", "4,3", "--optimizer", "sgd", "--learning-rate", rate, "--batch-size", "full", "--epochs", "30", "--log-every", "1000"];
}
