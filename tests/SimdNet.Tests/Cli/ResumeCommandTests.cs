using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>simdnet train --checkpoint DIR --resume</c>: a new process goes on to the same bits, whatever ended the one before.</summary>
public sealed class ResumeCommandTests : IDisposable
{
    private static readonly string[] Keys = ["epochs", "rows", "parameters", "loss", "accuracy", "test_loss", "test_accuracy", "fingerprint", "seconds", "samples_per_second"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--layers 12:relu,dropout(0.2),10:softmax --optimizer adam --schedule cosine(40) --batch-size 32")]
    [InlineData("--layers 12:tanh,10:softmax --optimizer sgd --learning-rate 0.01 --batch-size 1 --validation-split 0.2 --early-stopping 50 --restore-best")]
    [InlineData("--layers 12,batchnorm,relu,10:softmax --optimizer nadam --clip-norm 1 --batch-size 50 --precision float64 --class-weights balanced")]
    public void A_new_process_goes_on_to_the_same_bits(string options)
    {
        string[] training = ["train", "digits", "--rows", "300", "--json", .. options.Split(' ')];
        JsonElement whole = CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "5"]).Json(Keys);
        CliResult first = CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "2", "--checkpoint", "run", "--resume"]);
        Assert.Contains("run has no checkpoint yet", first.Error, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, first.Json([.. Keys, "resumed"]).GetProperty("resumed").ValueKind);

        CliResult second = CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "5", "--checkpoint", "run", "--resume", "--threads", "2"]);
        JsonElement json = second.Json([.. Keys, "resumed"]);
        Assert.Equal(2, json.GetProperty("resumed").GetProperty("epochs").GetInt32());
        foreach (string key in (string[])["epochs", "rows", "loss", "accuracy", "test_loss", "test_accuracy", "fingerprint"])
        {
            Assert.Equal(whole.GetProperty(key).ToString(), json.GetProperty(key).ToString());
        }

        Assert.DoesNotContain("Nothing is left", second.Error, StringComparison.Ordinal);

        // Once more, or less: the training is complete. Negative control: half of it is another one.
        foreach (string epochs in (string[])["5", "3"])
        {
            CliResult third = CliProcess.Succeed(_folder.Path, [.. training, "--epochs", epochs, "--checkpoint", "run", "--resume"]);
            Assert.Contains($"Nothing is left to train: --epochs is {epochs}", third.Error, StringComparison.Ordinal);
            Assert.Equal(whole.GetProperty("fingerprint").GetString(), third.Json([.. Keys, "resumed"]).GetProperty("fingerprint").GetString());
        }

        Assert.NotEqual(whole.GetProperty("fingerprint").GetString(), first.Json([.. Keys, "resumed"]).GetProperty("fingerprint").GetString());
    }

    /// <summary>A signal in mid-epoch, a checkpoint, the command that is printed, and the bits of a training without an interruption.</summary>
    [Theory]
    [InlineData("INT", 130, "Ctrl-C", "--optimizer adam --batch-size 16")]
    [InlineData("TERM", 143, "SIGTERM", "--optimizer sgd --batch-size 1")]
    public void A_signal_saves_the_training_and_says_how_to_go_on(string signal, int exitCode, string cause, string options)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] training = ["train", "digits", "--layers", "16:relu,10:softmax", "--json", "--log-every", "1", .. options.Split(' ')];
        CliResult stopped = CliProcess.Stop(_folder.Path, signal, [.. training, "--epochs", "100000", "--checkpoint", "my run"]);
        Assert.Equal(exitCode, stopped.ExitCode);
        Assert.Empty(stopped.Output);
        string line = stopped.ErrorLines[^1];
        Assert.StartsWith($"simdnet train: stopped by {cause}; the training is saved in my run. Go on with: ", line, StringComparison.Ordinal);
        Assert.Contains("train digits --layers 16:relu,10:softmax", line, StringComparison.Ordinal);
        Assert.EndsWith("--checkpoint 'my run' --resume", line, StringComparison.Ordinal);

        CheckpointInfo info = Checkpoint.ReadInfo(_folder.File("my run"));
        Assert.True(info.Epochs >= 1, "It was stopped after a line of progress.");
        string epochs = (info.Epochs + 3).ToString(CultureInfo.InvariantCulture);
        string resumed = CliProcess.Succeed(_folder.Path, [.. training, "--epochs", epochs, "--checkpoint", "my run", "--resume"]).Json([.. Keys, "resumed"]).GetProperty("fingerprint").GetString()!;
        Assert.Equal(CliProcess.Succeed(_folder.Path, [.. training, "--epochs", epochs]).Json(Keys).GetProperty("fingerprint").GetString(), resumed);
    }

    [Theory]
    [InlineData("INT", 130, "Ctrl-C")]
    [InlineData("TERM", 143, "SIGTERM")]
    public void Without_a_checkpoint_it_stops_and_says_what_is_lost(string signal, int exitCode, string cause)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        CliResult stopped = CliProcess.Stop(_folder.Path, signal, ["train", "digits", "--epochs", "100000", "--log-every", "1", "--output", "model.safetensors"]);
        Assert.Equal(exitCode, stopped.ExitCode);
        Assert.Contains($"stopped by {cause}; the training was not saved", stopped.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>Batches of all rows of a network that takes seconds for one, so that the first signal is still waited for.</summary>
    [Fact]
    public void A_second_signal_ends_it_at_once()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        CliResult stopped = CliProcess.StopTwice(_folder.Path, "run", ["train", "digits", "--layers", "4000:relu,4000:relu,10:softmax", "--precision", "float64", "--batch-size", "full", "--epochs", "3", "--checkpoint", "run"]);
        Assert.Equal(130, stopped.ExitCode);
        Assert.DoesNotContain("saved in run", stopped.Error, StringComparison.Ordinal);
    }

    /// <summary>Steps of some tenths of a second, so that both signals come within one.</summary>
    [Fact]
    public void A_signal_that_comes_doubly_is_one()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        CliResult stopped = CliProcess.StopDoubly(_folder.Path, ["train", "digits", "--layers", "1500:relu,1500:relu,10:softmax", "--batch-size", "full", "--epochs", "1000", "--log-every", "1", "--checkpoint", "run"]);
        Assert.True(stopped.ExitCode is 130 or 143, stopped.Error);
        Assert.Contains("the training is saved in run", stopped.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--seed 2", "--seed is 2, and in the training that run has it was 42")]
    [InlineData("--learning-rate 0.5", "--learning-rate is 0.5")]
    [InlineData("--layers 9:relu,10:softmax", "--layers is 9:relu,10:softmax")]
    [InlineData("--optimizer sgd", "--optimizer is sgd")]
    [InlineData("--batch-size 7", "--batch-size is 7")]
    [InlineData("--rows 90", "--rows is 90")]
    [InlineData("--validation-split 0.3", "--validation-split is 0.3")]
    [InlineData("--early-stopping 3", "--early-stopping is 3")]
    [InlineData("--schedule cosine(9)", "--schedule is cosine(9)")]
    [InlineData("--clip-tensor-norm 3", "--clip-tensor-norm is 3")]
    [InlineData("--on-nan stop", "--on-nan is stop")]
    [InlineData("--precision float64", "--precision is float64")]
    public void Another_option_is_refused_by_its_name(string option, string part)
    {
        string[] training = ["train", "digits", "--epochs", "1", "--checkpoint", "run"];
        CliProcess.Succeed(_folder.Path, training);
        byte[] before = File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.File("run"))));
        CliProcess.Run(_folder.Path, (string[])[.. training, "--resume", .. option.Split(' ')]).AssertMistake(2, "simdnet train", part);
        CliProcess.Run(_folder.Path, training).AssertMistake(2, "simdnet train", "Add --resume");
        Assert.Equal(before, File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.File("run")))));
    }

    [Theory]
    [InlineData("--resume", "--resume goes with --checkpoint")]
    [InlineData("--checkpoint-every 3s", "--checkpoint-every goes with --checkpoint")]
    [InlineData("--checkpoint run --checkpoint-every 3", "100steps, 30s or 1epoch, and '3' is not")]
    [InlineData("--checkpoint run --checkpoint-every 0steps", "'0steps' is not")]
    [InlineData("--checkpoint run --checkpoint-every -1s", "'-1s' is not")]
    [InlineData("--checkpoint", "--checkpoint needs a value DIR")]
    public void Wrong_usage_exits_with_2(string options, string part) =>
        CliProcess.Run(_folder.Path, (string[])["train", "digits", .. options.Split(' ')]).AssertMistake(2, "simdnet train", part);

    [Fact]
    public void A_damaged_newest_checkpoint_is_told_and_the_one_before_goes_on()
    {
        string[] training = ["train", "digits", "--rows", "200", "--json", "--checkpoint", "run", "--checkpoint-every", "1epoch", "--resume"];
        CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "3"]);
        string newest = Directory.GetFiles(_folder.File("run")).Order().Last();
        File.WriteAllText(newest, "damaged");
        CliResult result = CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "3"]);
        Assert.Contains($"{Path.GetFileName(newest)}", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("Going on from the checkpoint before", result.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(2, result.Json([.. Keys, "resumed"]).GetProperty("resumed").GetProperty("epochs").GetInt32());
        using TemporaryFolder other = new();
        Assert.Equal(CliProcess.Succeed(other.Path, [.. training, "--epochs", "3"]).Json([.. Keys, "resumed"]).GetProperty("fingerprint").GetString(), result.Json([.. Keys, "resumed"]).GetProperty("fingerprint").GetString());
    }

    [Fact]
    public void Other_data_is_refused()
    {
        File.WriteAllText(_folder.File("d.csv"), "a,b\n1,0\n2,1\n3,0\n");
        string[] training = ["train", "d.csv", "--layers", "2:softmax", "--epochs", "1", "--checkpoint", "run", "--resume"];
        CliProcess.Succeed(_folder.Path, training);
        File.WriteAllText(_folder.File("d.csv"), "a,b\n1,0\n2,1\n4,0\n");
        CliResult result = CliProcess.Run(_folder.Path, training);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("training rows", result.ErrorLines[^1], StringComparison.Ordinal);
    }

    /// <summary>Rows before the interruption took none of this process's time: the first line would have the speed of forty epochs in one.</summary>
    [Fact]
    public void The_speed_that_is_told_is_that_of_the_rows_since_then()
    {
        string[] training = ["train", "digits", "--layers", "256:relu,10:softmax", "--checkpoint", "run", "--resume", "--log-every", "1"];
        CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "40"]);
        double[] speeds = [.. CliProcess.Succeed(_folder.Path, [.. training, "--epochs", "46"]).ErrorLines.Where(line => line.StartsWith("epoch ", StringComparison.Ordinal)).Select(Speed)];
        Assert.Equal(6, speeds.Length);
        Assert.InRange(speeds[0], 1, 3 * speeds[1..].Max());

        static double Speed(string line)
        {
            string[] words = line.Split(' ');
            return double.Parse(words[Array.IndexOf(words, "samples/s") - 1], NumberStyles.Number, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Half a million epochs of some milliseconds.</summary>
    [Fact]
    public void Hours_that_are_left_are_told_as_such()
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.Matches(@"  \d+:\d\d:\d\d left$", CliProcess.Stop(_folder.Path, "INT", ["train", "digits", "--layers", "10:softmax", "--epochs", "500000", "--log-every", "1"]).ErrorLines[0]);
        }
    }

    [Fact]
    public void Help_shows_the_choices()
    {
        string help = CliProcess.Succeed(_folder.Path, "train", "--help").Output;
        Assert.All((string[])["--checkpoint <DIR>", "--checkpoint-every <100steps|30s|1epoch>", "--resume"], option => Assert.Contains(option, help, StringComparison.Ordinal));
    }
}
