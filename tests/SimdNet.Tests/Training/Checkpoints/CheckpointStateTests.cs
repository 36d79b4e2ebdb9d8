using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Files;
using SimdNet.Interop;
using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Training.Checkpoints;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>Checkpoints whose checksum is right and whose state no training leaves: each is refused by its field and its file, before anything is made of it.</summary>
public sealed class CheckpointStateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    private string Run => _folder.File("run");

    private string Log => _folder.File("log.csv");

    private string Events => _folder.File("events");

    [Theory]
    [InlineData("lbfgs", "optimizer", 0, 3)]
    [InlineData("lbfgs", "optimizer", 0, -1)]
    [InlineData("lbfgs", "optimizer", 0, 0.5)]
    [InlineData("lbfgs", "optimizer", 1, 2)]
    [InlineData("lbfgs", "optimizer", 1, double.NaN)]
    [InlineData("lbfgs", "optimizer", 2, double.PositiveInfinity)]
    [InlineData("lbfgs", "optimizer", 4, double.NaN)]
    [InlineData("adam", "optimizer", 0, 2)]
    [InlineData("adamw", "optimizer", 1, double.NaN)]
    [InlineData("nadam", "optimizer", 0, -1)]
    [InlineData("nadam", "optimizer", 2, 1.5)]
    [InlineData("adagrad", "optimizer", 0, double.PositiveInfinity)]
    [InlineData("plateau", "schedule", 0, -1)]
    [InlineData("plateau", "schedule", 0, double.PositiveInfinity)]
    [InlineData("plateau", "schedule", 1, double.NaN)]
    [InlineData("plateau", "schedule", 2, -1)]
    [InlineData("plateau", "schedule", 3, double.NaN)]
    public void Numbers_that_no_step_leaves_are_refused(string name, string array, int index, double value)
    {
        ResumeCase one = ResumeCase.All.First(one => one.Name == name);
        one.Begin<float>().Fit(one.Data<float>(), one.Fit<float>(new(Run)));
        Change(_ => { });
        Trainer<float>.Resume(Run);
        Change(contents =>
        {
            double[] numbers = contents.Values<double>(array);
            numbers[index] = value;
            contents.Set<double>(array, numbers);
        });
        Refused(() => Trainer<float>.Resume(Run), $"checkpoint/{array}");
    }

    /// <summary>Means of squares and step sizes are never below 0; other moments may be.</summary>
    [Theory]
    [InlineData("adam", "moment/2", "moment/1")]
    [InlineData("adamw", "moment/2", "moment/1")]
    [InlineData("nadam", "moment/2", "moment/1")]
    [InlineData("rmsprop", "moment/1", "moment/2")]
    [InlineData("adagrad", "moment/1", null)]
    [InlineData("rprop", "moment/2", "moment/1")]
    public void A_mean_of_squares_below_0_is_refused(string name, string squares, string? other)
    {
        ResumeCase one = ResumeCase.All.First(one => one.Name == name);
        one.Begin<float>().Fit(one.Data<float>(), one.Fit<float>(new(Run)));
        if (other is not null)
        {
            SetLast(other);
            Trainer<float>.Resume(Run);
        }

        SetLast(squares);
        Refused(() => Trainer<float>.Resume(Run), $"checkpoint/{squares} is -1E-30");

        void SetLast(string moment) => Change(contents =>
        {
            float[] values = contents.Values<float>(moment);
            values[^1] = -1e-30f;
            contents.Set<float>(moment, values);
        });
    }

    /// <summary>Of 43 rows in batches of 8, with a callback.</summary>
    [Theory]
    [InlineData("fit.rows_done", "43")]
    [InlineData("fit.rows_done", "48")]
    [InlineData("fit.rows_done", "2147483647")]
    [InlineData("fit.rows_done", "9")]
    [InlineData("fit.callbacks", "0")]
    [InlineData("fit.callbacks", "2")]
    [InlineData("fit.callbacks", "1000")]
    public void A_place_that_the_fit_has_not_is_refused(string field, string value)
    {
        ResumeCase one = ResumeCase.All.First(one => one.Name == "early stopping");
        one.Begin<float>().Fit(one.Data<float>(), one.Fit<float>(new(Run)));
        Change(contents => contents.Set("fit.rows_done", "8"));
        Trainer<float>.Resume(Run).Fit(one.Data<float>(), one.Fit<float>());
        Change(contents => contents.Set(field, value));
        Trainer<float> trainer = Trainer<float>.Resume(Run);
        string before = trainer.Fingerprint();
        Refused(() => trainer.Fit(one.Data<float>(), one.Fit<float>(new(Run))), $"simdnet.checkpoint.{field} is {value}");
        Assert.Equal(before, trainer.Fingerprint());
        Assert.Single(Directory.GetFiles(Run));
    }

    /// <summary>Three epochs are done, and the history has their rows.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void A_history_of_other_epochs_than_those_that_are_done_is_refused(int next)
    {
        Trained(new LambdaCallback<float>());
        Change(contents => contents.Set("fit.epoch", 4));
        Assert.Equal(3, Trainer<float>.Resume(Run).Fit(Data(), Options(new LambdaCallback<float>())).Epochs.Count);
        Change(contents => contents.Set("fit.epoch", next));
        Refused(() => Trainer<float>.Resume(Run), $"{next - 1} epochs are done");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(2.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_history_whose_epochs_do_not_follow_each_other_is_refused(double second)
    {
        Trained(new LambdaCallback<float>());
        Change(contents =>
        {
            double[] history = contents.Values<double>("history", 3 * 6);
            history[6] = second;
            contents.Set<double>("history", history, 3, 6);
        });
        Refused(() => Trainer<float>.Resume(Run), $"the epoch {second} where 2 should be");
    }

    [Fact]
    public void A_time_to_which_none_can_be_added_is_refused()
    {
        Trained(new LambdaCallback<float>());
        Change(contents => contents.Set("fit.training_ticks", long.MaxValue));
        Refused(() => Trainer<float>.Resume(Run), "fit.training_ticks");
    }

    [Theory]
    [InlineData("csv", "start", -1)]
    [InlineData("csv", "start", double.NaN)]
    [InlineData("csv", "start", 0.5)]
    [InlineData("csv", "start", 1e300)]
    [InlineData("events", "length", -1)]
    [InlineData("events", "length", double.NaN)]
    [InlineData("events", "length", 0.5)]
    [InlineData("stopping", "seen", double.NaN)]
    [InlineData("stopping", "waited", 1e10)]
    [InlineData("stopping", "best_epoch", 0.5)]
    [InlineData("stopping", "stopped_epoch", double.NegativeInfinity)]
    [InlineData("rolling back", "steps", -1)]
    [InlineData("rolling back", "roll_backs", double.NaN)]
    [InlineData("rolling back", "fails_again", 2)]
    [InlineData("rolling back", "good/0", double.NaN)]
    public void Numbers_that_no_callback_writes_are_refused(string callback, string name, double value)
    {
        Trained(Make(callback));
        byte[][] before = Written();
        Change(contents => contents.Set<double>($"callback/0/number/{name}", [value]));
        Refused(() => GoOn(Make(callback)), $"'{name.Split('/')[0]}'");
        Assert.Equal(before, Written());

        // Negative control: a number that could be.
        Change(contents => contents.Set<double>($"callback/0/number/{name}", [0]));
        GoOn(Make(callback));
    }

    /// <summary>What a callback keeps becomes the network's weights and the optimizer's moments.</summary>
    [Theory]
    [InlineData("restoring", "best", float.NaN)]
    [InlineData("rolling back", "good/0", float.NegativeInfinity)]
    [InlineData("rolling back", "good/1", float.NaN)]
    public void Kept_numbers_that_are_not_finite_are_refused(string callback, string name, float value)
    {
        Trained(Make(callback));
        float[] sound = CheckpointFolder.ReadNewest(Run).Values<float>($"callback/0/array/{name}");
        Change(contents => contents.Set<float>($"callback/0/array/{name}", [.. sound[1..], value]));
        Trainer<float> trainer = Trainer<float>.Resume(Run);
        string before = trainer.Fingerprint();
        Refused(() => trainer.Fit(Data(), Options(Make(callback))), $"'{name}' of a callback holds {value}");
        Assert.Equal(before, trainer.Fingerprint());

        // Negative control: another number.
        Change(contents => contents.Set<float>($"callback/0/array/{name}", [.. sound[1..], 0]));
        GoOn(Make(callback));
    }

    [Fact]
    public void A_variance_below_0_is_refused_and_not_written()
    {
        Trainer<float> trainer = new(NetworkSpec.Parse("2,3,batchnorm,tanh,2:softmax").Build<float>(), Loss.CrossEntropy, new Adam());
        trainer.SaveCheckpoint(Run);
        Trainer<float>.Resume(Run);
        CheckpointContents sound = CheckpointFolder.ReadNewest(Run);
        NamedBlock[] blocks = [.. sound.Arrays.Select(block => block.Name == "running_var1" ? NamedBlock.Create<float>(block.Name, [1, 1, -1], 3) : block)];
        CheckpointFile.Write(sound.Path, new(new(blocks, sound.Texts), sound.Path), DiskOperations.Instance);
        Refused(() => Trainer<float>.Resume(Run), "running_var1 holds -1 at index 2");

        trainer.Network.GetParameter("running_var1")[2] = -1;
        Assert.Contains("running_var1", Assert.Throws<InvalidOperationException>(() => trainer.SaveCheckpoint(Run)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Run));
    }

    /// <summary>Names in any order, of as many callbacks as there may be: each gets its own.</summary>
    [Fact]
    public void Names_of_many_callbacks_are_sorted_to_their_own()
    {
        const int callbacks = 1_000;
        const int names = 30_000;
        Trained(new LambdaCallback<float>());
        IReadOnlyList<ParameterInfo> parameters = Trainer<float>.Resume(Run).Network.Parameters;
        CheckpointContents contents = CheckpointFolder.ReadNewest(Run);
        contents.Set("fit.callbacks", callbacks);
        for (int i = 0; i < names; i += 3)
        {
            int callback = i / 3 % callbacks;
            contents.Set($"callback/{callback}/text/{i}", $"{callback}");
            contents.Set<double>($"callback/{callback}/number/{i}", [i]);
            contents.Set<float>($"callback/{callback}/array/{i}", [i, 1]);
        }

        CallbackState<float>[] read = FitState<float>.Load(contents, parameters)!.Callbacks;
        Assert.Equal(callbacks, read.Length);
        Assert.All(read, one => Assert.Equal((10, 10, 10), (one.Texts.Count, one.Numbers.Count, one.Arrays.Count)));
        Assert.Equal((6, 6f, "2"), (read[2].Numbers["6"], read[2].Arrays["6"][0], read[2].Texts["6"]));
        Assert.Equal((29_997, 29_997f, "999"), (read[999].Numbers["29997"], read[999].Arrays["29997"][0], read[999].Texts["29997"]));
    }

    /// <summary>A checkpoint may not choose what a callback writes to.</summary>
    [Theory]
    [InlineData("../victim")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("victim")]
    [InlineData("events.out.tfevents./../../victim")]
    [InlineData("events.out.tfevents.\\..\\victim")]
    [InlineData("events.out.tfevents.1:victim")]
    [InlineData("events.out.tfevents.1\0")]
    public void A_name_that_is_none_of_an_event_file_is_refused(string name)
    {
        Trained(Make("events"));
        _folder.Text("victim", "victim");
        File.WriteAllText(Path.Combine(Events, "victim"), "victim");
        byte[][] before = Written();
        Change(contents => contents.Set("callback/0/text/file", name));
        Refused(() => GoOn(Make("events")), "'file'");
        Assert.Equal(before, Written());

        // Negative control: another file of events, which is begun where it is no more.
        Change(contents => contents.Set("callback/0/text/file", "events.out.tfevents.7"));
        GoOn(Make("events"));
        Assert.Equal(3, Directory.GetFiles(Events).Length);
    }

    private Callback<float> Make(string callback) => callback switch
    {
        "csv" => new CsvLogger<float>(Log),
        "events" => new TensorBoardCallback<float>(Events),
        "stopping" => new EarlyStopping<float>(1),
        "restoring" => new EarlyStopping<float>(1) { RestoreBestWeights = true },
        _ => new TerminateOnNaN<float>(NonFinitePolicy.RollBack),
    };

    private void Trained(Callback<float> callback) =>
        new Trainer<float>(NetworkSpec.Parse("2,3:tanh,2:softmax").Build<float>(), Loss.CrossEntropy, new Adam()).Fit(Data(), Options(callback) with { Checkpoint = new(Run) });

    private void GoOn(Callback<float> callback) => Trainer<float>.Resume(Run).Fit(Data(), Options(callback));

    private static FitOptions<float> Options(Callback<float> callback) => new() { Epochs = 3, BatchSize = 4, Callbacks = [callback] };

    private static Dataset<float> Data() => new(Enumerable.Range(0, 24).Select(i => i % 7 * 0.1f).ToArray(), 2, Enumerable.Range(0, 12).Select(i => i % 2).ToArray());

    /// <summary>What the files beside the checkpoint hold.</summary>
    private byte[][] Written()
    {
        IEnumerable<string> files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(path => !path.StartsWith(Run, StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return [.. files.Select(File.ReadAllBytes)];
    }

    /// <summary>Writes the checkpoint anew, with a checksum of its own.</summary>
    private void Change(Action<CheckpointContents> change)
    {
        CheckpointContents contents = CheckpointFolder.ReadNewest(Run);
        change(contents);
        CheckpointFile.Write(contents.Path, contents, DiskOperations.Instance);
    }

    private void Refused(Action action, string field)
    {
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(action);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(Run, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
