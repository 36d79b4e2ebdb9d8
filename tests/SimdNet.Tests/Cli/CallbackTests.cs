using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Interop;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>simdnet train</c> that stops early, restores and logs.</summary>
public sealed class CallbackTests(CliFiles files) : IClassFixture<CliFiles>
{
    private static readonly string[] Training = ["train", "names.csv", "--layers", "16:tanh,3:softmax", "--learning-rate", "0.2", "--batch-size", "4", "--validation-split", "0.3"];

    /// <summary>The log of every epoch says when it should have stopped and which model is the best.</summary>
    [Fact]
    public void It_stops_early_restores_the_best_saves_it_and_logs()
    {
        using TemporaryFolder folder = new();
        string log = folder.File("log.csv");
        CliResult result = CliProcess.Succeed(files.Path, [.. Training, "--epochs", "400", "--early-stopping", "3", "--restore-best", "--checkpoint-best", folder.File("best.safetensors"), "--csv-log", log, "--tensorboard", folder.File("runs"), "--output", folder.File("last.safetensors")]);
        Assert.Contains("val_loss has not improved for 3 epochs", result.Output, StringComparison.Ordinal);

        string[] lines = File.ReadAllLines(log);
        Assert.Equal("epoch,loss,accuracy,val_loss,val_accuracy,learning_rate", lines[0]);
        double[] losses = [.. lines.Skip(1).Select(line => double.Parse(line.Split(',')[3], CultureInfo.InvariantCulture))];
        int best = Array.IndexOf(losses, losses.Min()) + 1;
        Assert.Equal(best + 3, losses.Length);
        Assert.Contains($"epoch {best}, the best held-out loss", result.Output, StringComparison.Ordinal);
        Assert.Equal(ModelFile.Load<float>(folder.File("best.safetensors")).Fingerprint(), ModelFile.Load<float>(folder.File("last.safetensors")).Fingerprint());
        Assert.Equal(losses.Length + 1, EventReader.Read(Assert.Single(Directory.GetFiles(folder.File("runs")))).Count);

        // Negative control: without restoring, the last weights are those after the last epoch.
        CliProcess.Succeed(files.Path, [.. Training, "--epochs", "400", "--early-stopping", "3", "--output", folder.File("last.safetensors")]);
        Assert.NotEqual(ModelFile.Load<float>(folder.File("best.safetensors")).Fingerprint(), ModelFile.Load<float>(folder.File("last.safetensors")).Fingerprint());
    }

    /// <summary>Labels by chance: what is learnt of them is wrong of other rows. A few epochs learn too little of labels that are not; the table has the numbers of the log.</summary>
    [Fact]
    public void A_learning_curve_tells_overfitting_from_underfitting()
    {
        using TemporaryFolder folder = new();
        Random random = new(3);
        File.WriteAllLines(folder.File("chance.csv"), ["a,b,c,d,label", .. Enumerable.Range(0, 60).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{random.NextDouble()},{random.NextDouble()},{random.NextDouble()},{random.NextDouble()},{random.Next(2)}"))]);
        string[] chance = ["train", "chance.csv", "--layers", "32:tanh,2:softmax", "--validation-split", "0.3", "--learning-rate", "0.05", "--learning-curve", "curve.csv"];
        CliResult result = CliProcess.Succeed(folder.Path, [.. chance, "--epochs", "150", "--csv-log", "log.csv"]);
        Assert.Contains(result.OutputLines, line => line.StartsWith("verdict", StringComparison.Ordinal) && line.Contains("overfitting: the validation loss was", StringComparison.Ordinal));
        Assert.Contains(result.OutputLines, line => line.StartsWith("learning curve", StringComparison.Ordinal) && line.EndsWith("curve.csv", StringComparison.Ordinal));
        string[] curve = File.ReadAllLines(folder.File("curve.csv"));
        Assert.StartsWith("epochs,training_loss,", curve[0], StringComparison.Ordinal);
        double[][] logged = Numbers(File.ReadAllLines(folder.File("log.csv")));
        Assert.Equal(150, logged.Length);
        Assert.Equal(logged.Select(row => (row[0], row[1], row[3], row[2], row[4])), Numbers(curve).Select(row => (row[0], row[1], row[3], row[5], row[7])));

        string[] few = [.. Training[..4], .. Training[6..], "--learning-rate", "0.01", "--epochs", "5", "--learning-curve", folder.File("few.csv"), "--json"];
        Assert.Equal("underfitting", Verdict(files.Path, few));
        Assert.Equal("overfitting", Verdict(folder.Path, [.. chance, "--epochs", "150", "--json"]));
        Assert.DoesNotContain("verdict", CliProcess.Succeed(folder.Path, [.. chance[..^2], "--epochs", "2", "--json"]).Output, StringComparison.Ordinal);

        static string? Verdict(string folder, string[] line) => JsonDocument.Parse(CliProcess.Succeed(folder, line).OutputLines[^1]).RootElement.GetProperty("verdict").GetString();
        static double[][] Numbers(string[] lines) => [.. lines.Skip(1).Select(line => line.Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
    }

    [Fact]
    public void Without_rows_held_out_it_goes_by_the_training_loss_and_says_so()
    {
        CliResult result = CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "3:softmax", "--epochs", "3", "--restore-best");
        Assert.Contains("--restore-best goes by the training loss", result.Error, StringComparison.Ordinal);
        Assert.Contains("the best training loss", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("held out", CliProcess.Succeed(files.Path, "train", "names.csv", "--layers", "3:softmax", "--epochs", "3", "--csv-log", "plain.csv").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train digits --early-stopping", "--early-stopping needs a value PATIENCE")]
    [InlineData("train digits --early-stopping -1", "'-1'")]
    [InlineData("train digits --early-stopping 1.5", "a whole number from 0")]
    [InlineData("train digits --restore-best yes", "'yes'")]
    [InlineData("train digits --checkpoint-best best.bin", ".safetensors")]
    [InlineData("train digits --csv-log log.txt", ".csv")]
    [InlineData("train digits --checkpoint-best m.safetensors --output ./m.safetensors", "both write")]
    [InlineData("train names.csv --layers 3:softmax --csv-log ./names.csv", "would replace names.csv")]
    [InlineData("train names.csv --layers 3:softmax --learning-curve curve.csv", "Add --test or --validation-split")]
    [InlineData("train damaged.npy --labels y.npy --layers 3 --learning-curve curve.csv", "Add --test or --validation-split")]
    [InlineData("train names.csv --layers 3:softmax --learning-curve ./names.csv", "would replace names.csv")]
    [InlineData("train digits --csv-log a.csv --learning-curve ./a.csv", "both write ./a.csv")]
    [InlineData("train digits --learning-curve curve.txt", ".csv")]
    public void Wrong_usage_exits_with_2(string line, string part) => CliProcess.Run(files.Path, line.Split(' ')).AssertMistake(2, "simdnet train", part);

    [Theory]
    [InlineData("train digits --csv-log no/log.csv", "there is no folder")]
    [InlineData("train digits --learning-curve no/curve.csv", "there is no folder")]
    [InlineData("train xor --validation-split 0.01 --learning-curve curve.csv", "--validation-split 0.01 of 4 rows holds out none")]
    [InlineData("train digits --checkpoint-best no/m.safetensors", "there is no folder")]
    [InlineData("train xor --epochs 1 --tensorboard notes.txt", "notes.txt")]
    public void Failed_work_exits_with_1(string line, string part) => CliProcess.Run(files.Path, line.Split(' ')).AssertMistake(1, "simdnet train", part);

    /// <summary>What led to it comes before the line that tells the mistake.</summary>
    [Fact]
    public void A_training_that_diverges_reports_batch_and_layers()
    {
        CliResult result = CliProcess.Run(files.Path, "train", "X.npy", "--labels", "real.npy", "--layers", "4,3", "--optimizer", "sgd", "--learning-rate", "1e9", "--epochs", "100", "--log-every", "1000", "--checkpoint-best", "diverging.safetensors");
        Assert.Equal(1, result.ExitCode);
        Assert.Matches(@"^epoch \d+, batch \d+ \(\d+ rows from row \d+ on\), loss (NaN|Infinity), learning rate 1E\+09", result.ErrorLines.First(line => line.StartsWith("epoch", StringComparison.Ordinal)));
        Assert.Contains(result.ErrorLines, line => line.StartsWith("1 4:identity", StringComparison.Ordinal));
        Assert.StartsWith("simdnet train: ", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Help_shows_the_choices()
    {
        string help = CliProcess.Succeed(files.Path, "train", "--help").Output;
        Assert.All((string[])["--early-stopping <PATIENCE>", "--restore-best", "--checkpoint-best <FILE.safetensors>", "--csv-log <FILE.csv>", "--learning-curve <FILE.csv>", "--tensorboard <DIR>"], option => Assert.Contains(option, help, StringComparison.Ordinal));
    }
}
