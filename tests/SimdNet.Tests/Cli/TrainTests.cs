using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary><c>simdnet train</c> on every kind of data, with what it reports and writes.</summary>
public sealed class TrainTests(CliFiles files) : IClassFixture<CliFiles>
{
    [Theory]
    [InlineData("X.npy --labels y.npy --layers 4:tanh,3:softmax", 40, 31, true)]
    [InlineData("X.npy --labels float.npy --layers 3:softmax", 40, 12, true)]
    [InlineData("X.npy --labels onehot.npy --layers 3:softmax", 40, 12, true)]
    [InlineData("X.npy --labels onehot.npy --layers 3:sigmoid", 40, 12, true)]
    [InlineData("X.npy --labels binary.npy --layers 1:sigmoid", 40, 4, true)]
    [InlineData("X.npy --labels real.npy --layers 5,3", 40, 38, false)]
    [InlineData("X.npy --labels half.npy --layers 1", 40, 4, false)]
    [InlineData("X.npy --labels y.npy --layers 1", 40, 4, false)]
    [InlineData("X.npy --labels y.npy --layers 3:softmax --no-bias", 40, 9, true)]
    [InlineData("X.npy --labels y.npy --layers 8,batchnorm,relu,dropout(0.2),residual(8:relu,8),layernorm,3:softmax --batch-size full", 40, 251, true)]
    [InlineData("X.npy --labels y.npy --layers 4:gelu,4:gelu-tanh,4:silu,4:mish,4:softplus,4:softsign,4:hard-sigmoid,4:selu,4:elu(0.5),4:leaky-relu(0.1),3:log-softmax", 40, 211, true)]
    [InlineData("--rows 30 both.npz --layers 3:softmax", 30, 12, true)]
    [InlineData("both.npz --layers 3:softmax --rows 30 --validation-split 0.2", 24, 12, true)]
    [InlineData("both.npz --layers 3:softmax --rows 1000 --validation-split 0", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --scale standard", 40, 12, true)]
    [InlineData("REVERSED.CSV --layers 3:softmax --label-column colour --scale max", 40, 12, true)]
    [InlineData("REVERSED.CSV --layers 3:softmax --label-column 0", 40, 12, true)]
    [InlineData("numbers.csv --no-header --layers 3:softmax", 40, 12, true)]
    [InlineData("numbers.csv --no-header --layers 1", 40, 4, false)]
    [InlineData("prices.csv --layers 1", 40, 4, false)]
    [InlineData("idx --layers 4:softmax --scale divide:255", 30, 20, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer rmsprop --momentum 0.5 --rho 0.9 --epsilon 1e-7 --weight-decay 0.001", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer sgd --clip-norm 0.1 --clip-value 0.05", 40, 12, true)]
    [InlineData("names.csv --layers 4:tanh,3:softmax --optimizer sgd --clip-tensor-norm 0.05 --clip-norm 0.1", 40, 31, true)]
    [InlineData("names.csv --layers 3:softmax --schedule step(5,0.5)", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule exponential(0.9) --schedule-per epoch", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule cosine(20) --optimizer sgd --batch-size 1", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule cosine-restarts(5,2)", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule one-cycle(20)", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule warmup(5)+cosine(15)", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule polynomial(20,2)", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --schedule plateau(1,0.5)", 40, 12, true)]
    [InlineData("names.csv --layers 4:relu:l2=0.001:max-norm=3,3:softmax:l1=0.001", 40, 31, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer adagrad --epsilon 1e-9", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer adam --beta1 0.8 --beta2 0.99 --epsilon 1e-7", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer adamw --weight-decay 0.1 --beta1 0.8", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer nadam --beta2 0.99", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer rprop", 40, 12, true)]
    [InlineData("names.csv --layers 3:softmax --optimizer lbfgs --weight-decay 0.001 --epochs 20", 40, 12, true)]
    [InlineData("exam --optimizer lbfgs --epochs 5", 3, 9, false)]
    [InlineData("exam --epochs 5", 3, 9, false)]
    [InlineData("exam --epochs 5 --bias --shuffle --batch-size 1", 3, 13, false)]
    [InlineData("xor --epochs 5", 4, 9, true)]
    [InlineData("digits --epochs 1 --layers 10:softmax", 1438, 650, true)]
    [InlineData("digits --epochs 1 --layers 10:softmax --test digits", 1797, 650, true)]
    public void Every_kind_of_data_trains(string line, int rows, int parameters, bool hasAccuracy)
    {
        CliResult result = CliProcess.Succeed(files.Path, ["train", .. line.Split(' '), "--json"]);
        JsonElement json = result.TrainJson();
        Assert.Equal(rows, json.GetProperty("rows").GetInt32());
        Assert.Equal(parameters, json.GetProperty("parameters").GetInt32());
        Assert.True(double.IsFinite(json.GetProperty("loss").GetDouble()));
        Assert.Equal(hasAccuracy ? JsonValueKind.Number : JsonValueKind.Null, json.GetProperty("accuracy").ValueKind);
        bool isHeldOut = line.StartsWith("digits", StringComparison.Ordinal) || line.EndsWith("0.2", StringComparison.Ordinal);
        Assert.Equal(isHeldOut ? JsonValueKind.Number : JsonValueKind.Null, json.GetProperty("test_loss").ValueKind);
        Assert.True(json.GetProperty("seconds").GetDouble() > 0);
        Assert.True(json.GetProperty("samples_per_second").GetDouble() > 0);
    }

    /// <summary>The tutorials' rates of 1 and 0.1 are those of plain descent: with another optimizer, its own holds.</summary>
    [Fact]
    public void A_built_in_rate_holds_for_its_own_optimizer_alone()
    {
        Assert.Equal(Loss("--optimizer", "adam"), Loss("--optimizer", "adam", "--learning-rate", "0.001"));
        Assert.Equal(Loss("--optimizer", "sgd"), Loss("--optimizer", "sgd", "--learning-rate", "1"));
        Assert.NotEqual(Loss("--optimizer", "adam"), Loss("--optimizer", "adam", "--learning-rate", "1"));
        Assert.True(Loss("--optimizer", "lbfgs") < 1e-6);

        double Loss(params string[] optimizer) => CliProcess.Succeed(files.Path, ["train", "exam", "--epochs", "100", "--json", .. optimizer]).TrainJson().GetProperty("loss").GetDouble();
    }

    /// <summary>A step of rate 1 is as long as the bound lets it be: of both tensors, or of each.</summary>
    [Fact]
    public void A_norm_is_bounded_over_all_tensors_or_over_each()
    {
        double[] all = Lengths("--clip-norm");
        Assert.Equal(1e-3, Math.Sqrt((all[0] * all[0]) + (all[1] * all[1])), 1e-6);
        Assert.All(Lengths("--clip-tensor-norm"), length => Assert.Equal(1e-3, length, 1e-6));

        double[] Lengths(string option)
        {
            CliProcess.Succeed(files.Path, "train", "X.npy", "--labels", "real.npy", "--layers", "3", "--init", "zeros", "--optimizer", "sgd", "--learning-rate", "1", "--batch-size", "full", "--epochs", "1", option, "0.001", "--weights-out", "bounded.npz");
            return [.. NpzFile.Read(files.File("bounded.npz")).Values.Select(array => Math.Sqrt(array.ToArray<double>().Sum(value => value * value)))];
        }
    }

    [Fact]
    public void A_network_of_every_layer_trains_and_is_shown_exported_and_predicted()
    {
        string[] train = ["train", "X.npy", "--labels", "y.npy", "--layers", "8,batchnorm,relu,dropout(0.2),residual(8:relu,8),layernorm,3:softmax", "--batch-size", "8", "--epochs", "40", "--learning-rate", "0.02", "--output", "layers.safetensors", "--json"];
        JsonElement json = CliProcess.Succeed(files.Path, train).TrainJson();
        Assert.True(json.GetProperty("accuracy").GetDouble() > 0.9);
        Assert.Equal(json.GetProperty("fingerprint").GetString(), CliProcess.Succeed(files.Path, [.. train, "--threads", "2"]).TrainJson().GetProperty("fingerprint").GetString());
        string shown = CliProcess.Succeed(files.Path, "inspect", "layers.safetensors").Output;
        Assert.All(["dense 1 (identity)", "batchnorm 1", "relu", "dropout(0.2)", "residual(8:relu,8)", "layernorm 2", "dense 4 (softmax)"], line => Assert.Contains(line, shown, StringComparison.Ordinal));
        CliProcess.Succeed(files.Path, "export", "layers.safetensors", "layers");
        Assert.True(File.Exists(files.File("layers/running_mean1.txt")));
        Assert.Equal(CliFiles.Rows, CliProcess.Succeed(files.Path, "predict", "layers.safetensors", "X.npy", "--classes").OutputLines.Length);
        CliProcess.Run(files.Path, "train", "X.npy", "--labels", "y.npy", "--layers", "residual(4:relu,4),3:softmax").AssertMistake(2, "simdnet train", "3 features");
        CliProcess.Run(files.Path, "train", "X.npy", "--labels", "y.npy", "--layers", "dropout(0.5),relu").AssertMistake(2, "simdnet train", "UNITS:ACTIVATION");
        CliProcess.Run(files.Path, "train", "X.npy", "--labels", "y.npy", "--layers", "4,batchnorm,3:softmax", "--batch-size", "1").AssertMistake(1, "simdnet train", "one row");
    }

    [Fact]
    public void A_folder_is_tested_on_its_test_pair()
    {
        CliResult result = CliProcess.Succeed(files.Path, "train", "idx", "--test", "idx", "--layers", "4:softmax", "--scale", "divide:255", "--learning-rate", "0.1", "--epochs", "30", "--output", "idx.safetensors", "--json");
        JsonElement json = result.TrainJson();
        Assert.Equal(30, json.GetProperty("rows").GetInt32());
        Assert.Equal(1, json.GetProperty("test_accuracy").GetDouble());
        JsonElement evaluation = CliProcess.Succeed(files.Path, "evaluate", "idx.safetensors", "idx", "--json").Json("rows", "loss", "accuracy", "precision", "recall", "f1");
        Assert.Equal(12, evaluation.GetProperty("rows").GetInt32());
        Assert.Equal(json.GetProperty("test_loss").GetDouble(), evaluation.GetProperty("loss").GetDouble());
        Assert.Equal(12, CliProcess.Succeed(files.Path, "predict", "idx.safetensors", "idx", "--classes").OutputLines.Length);
    }

    [Fact]
    public void Names_of_classes_are_matched_between_files()
    {
        CliResult result = CliProcess.Succeed(files.Path, "train", "names.csv", "--test", "names.csv", "--layers", "3:softmax", "--json");
        JsonElement json = result.TrainJson();
        Assert.Equal(json.GetProperty("loss").GetDouble(), json.GetProperty("test_loss").GetDouble());
    }

    /// <summary>Half a row is one, as where the library splits.</summary>
    [Fact]
    public void A_share_that_is_half_a_row_holds_one_out()
    {
        JsonElement json = CliProcess.Succeed(files.Path, "train", "X.npy", "--labels", "real.npy", "--layers", "3", "--rows", "5", "--validation-split", "0.1", "--json").TrainJson();
        Assert.Equal(4, json.GetProperty("rows").GetInt32());
        Assert.Equal(JsonValueKind.Number, json.GetProperty("test_loss").ValueKind);
    }

    [Fact]
    public void A_backslash_is_no_shells_in_what_next()
    {
        if (!OperatingSystem.IsWindows())
        {
            using TemporaryFolder folder = new();
            string[] lines = CliProcess.Succeed(folder.Path, "train", "xor", "--epochs", "1", "--output", @"a\b.safetensors").OutputLines;
            Assert.EndsWith(@" inspect 'a\b.safetensors'", lines[^2], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Digits_alone_learns_saves_a_model_and_says_what_next()
    {
        using TemporaryFolder folder = new();
        CliResult result = CliProcess.Succeed(folder.Path, "train", "digits");
        Assert.True(File.Exists(folder.File("digits.safetensors")));
        string held = result.OutputLines.Single(line => line.StartsWith("held-out accuracy", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[2];
        Assert.True(double.Parse(held, CultureInfo.InvariantCulture) >= 97, held);
        Assert.InRange(result.ErrorLines.Length, 1, 100);

        // Each line of advice works as it stands, but for how the tool is called.
        string[] advice = [.. result.OutputLines.SkipWhile(line => line != "What next:").Skip(1)];
        Assert.Equal(4, advice.Length);
        foreach (string line in advice)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            CliProcess.Succeed(folder.Path, [.. words.SkipWhile(word => word is not ("evaluate" or "predict" or "inspect" or "export"))]);
        }
    }

    [Fact]
    public void Digits_with_an_option_saves_nothing_unasked()
    {
        using TemporaryFolder folder = new();
        CliProcess.Succeed(folder.Path, "train", "digits", "--epochs", "1");
        CliProcess.Succeed(folder.Path, "train", "--json", "digits");
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_file_named_digits_does_not_hide_the_digits()
    {
        using TemporaryFolder folder = new();
        folder.Text("digits", "not data");
        CliResult result = CliProcess.Succeed(folder.Path, "train", "digits", "--epochs", "1", "--json");
        Assert.Equal(1438, result.TrainJson().GetProperty("rows").GetInt32());
    }

    [Fact]
    public void Threads_change_no_bit_and_the_seed_does()
    {
        string Fingerprint(string threads, string seed)
        {
            CliResult result = CliProcess.Succeed(files.Path, "train", "digits", "--epochs", "1", "--batch-size", "256", "--threads", threads, "--seed", seed, "--json");
            return result.TrainJson().GetProperty("fingerprint").GetString()!;
        }

        string alone = Fingerprint("1", "7");
        Assert.Matches("^[0-9a-f]{64}$", alone);
        Assert.All(["2", "3", "4", "8"], threads => Assert.Equal(alone, Fingerprint(threads, "7")));
        Assert.NotEqual(alone, Fingerprint("1", "8"));
    }

    /// <summary>What is printed would be the same if --threads did nothing. The control: without it there are none.</summary>
    [LinuxFact]
    public void Threads_are_started_as_they_are_asked_for()
    {
        foreach (string line in (string[])["train digits --layers 10:softmax --epochs 500000 --log-every 1", "tune digits --layers 64:relu,10:softmax --learning-rate 0.01,0.009,0.008,0.007,0.006,0.005 --epochs 200 --folds 2"])
        {
            string[] arguments = line.Split(' ');
            Assert.Equal(0, CliProcess.CountWorkers(files.Path, arguments));
            Assert.Equal(2, CliProcess.CountWorkers(files.Path, [.. arguments, "--threads", "3"]));
        }
    }

    [Fact]
    public void The_defaults_for_xor_learn_it() =>
        Assert.Equal(1, CliProcess.Succeed(files.Path, "train", "xor", "--json").TrainJson().GetProperty("accuracy").GetDouble());

    [Theory]
    [InlineData("exam --epochs 5000", 1, 100)]
    [InlineData("exam --epochs 101 ", 1, 100)]
    [InlineData("exam --epochs 7", 7, 7)]
    [InlineData("exam --epochs 5000 --log-every 10", 500, 500)]
    [InlineData("exam --epochs 25 --log-every 10", 2, 2)]
    public void Progress_is_a_few_plain_lines_on_standard_error(string line, int least, int most)
    {
        CliResult result = CliProcess.Succeed(files.Path, ["train", .. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.InRange(result.ErrorLines.Length, least, most);
        Assert.All(result.ErrorLines, error => Assert.StartsWith("epoch ", error, StringComparison.Ordinal));
        Assert.DoesNotContain("epoch ", result.OutputLines[0], StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', result.Error);
    }

    [Fact]
    public void Threads_do_not_change_results() =>
        Assert.Equal(
            CliProcess.Succeed(files.Path, "train", "both.npz", "--layers", "3:softmax", "--json").TrainJson().GetProperty("loss").GetDouble(),
            CliProcess.Succeed(files.Path, "train", "both.npz", "--layers", "3:softmax", "--threads", "4", "--json").TrainJson().GetProperty("loss").GetDouble());

    [Fact]
    public void Weights_go_out_and_come_back_unchanged()
    {
        string[] train = ["train", "X.npy", "--labels", "y.npy", "--layers", "4:relu,3:softmax", "--learning-rate", "0"];
        CliProcess.Succeed(files.Path, [.. train, "--weights-out", "first.npz", "--epochs", "1", "--seed", "7"]);
        CliProcess.Succeed(files.Path, [.. train, "--init-weights", "first.npz", "--weights-out", "second.npz", "--epochs", "3"]);
        IReadOnlyDictionary<string, NpyArray> first = NpzFile.Read(files.File("first.npz"));
        IReadOnlyDictionary<string, NpyArray> second = NpzFile.Read(files.File("second.npz"));
        Assert.Equal(["W1", "b1", "W2", "b2"], first.Keys);
        Assert.Equal(first.Keys, second.Keys);
        foreach ((string name, NpyArray array) in first)
        {
            Assert.Equal(NpyElementType.Float32, array.Type);
            Assert.Equal(array.Shape, second[name].Shape);
            Assert.Equal(array.ToArray<float>(), second[name].ToArray<float>());
        }

        Assert.Equal([3, 4], first["W1"].Shape.ToArray());
        Assert.Equal([4], first["b1"].Shape.ToArray());
    }

    [Fact]
    public void Scaling_is_fitted_on_the_training_rows_alone()
    {
        using TemporaryFolder folder = new();
        NpyFile.Write(folder.File("X.npy"), NpyArray.Create<double>([.. Enumerable.Range(1, 10).Select(value => (double)value)], 10, 1));
        NpyFile.Write(folder.File("y.npy"), NpyArray.Create<double>(new double[10], 10));
        CliProcess.Succeed(folder.Path, "train", "X.npy", "--labels", "y.npy", "--layers", "1", "--scale", "max", "--rows", "4", "--precision", "float64", "--output", "m.safetensors");
        Scaler<double>? scaler = ModelFile.Load<double>(folder.File("m.safetensors")).InputScaler;
        Assert.NotNull(scaler);
        Assert.Equal(4, scaler.Divisors[0]);
    }
}
