using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading;

using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Training.Checkpoints;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>An interrupted training ends in the bits of one that was not: those of every parameter, of the optimizer's state, of what the epochs measured and of what callbacks know.</summary>
public sealed class ResumeTests
{
    public static TheoryData<string> Names => new(ResumeCase.All.Select(one => one.Name));

    private static ResumeCase Find(string name) => ResumeCase.All.First(one => one.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_training_that_dies_and_is_resumed_ends_in_the_same_bits(string name)
    {
        ResumeCase one = Find(name);
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        foreach (int step in Points(whole.Steps, name))
        {
            using TemporaryFolder folder = new(inMemory: true);
            Kill(one.Begin<float>(), one, folder.Path, step);
            Assert.Equal(expected, Resumed<float>(one, folder.Path, step));
        }
    }

    [Theory]
    [InlineData("single steps")]
    [InlineData("adam")]
    [InlineData("lbfgs")]
    [InlineData("dropout")]
    public void In_double_precision_too(string name)
    {
        ResumeCase one = Find(name);
        Trainer<double> whole = one.Begin<double>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<double>(), one.Fit<double>()));
        foreach (int step in Points(whole.Steps, name))
        {
            using TemporaryFolder folder = new(inMemory: true);
            Kill(one.Begin<double>(), one, folder.Path, step);
            Assert.Equal(expected, Resumed<double>(one, folder.Path, step));
        }
    }

    /// <summary>Negative controls: a resumed training that lacks a part of its state does not end in the same bits.</summary>
    [Theory]
    [InlineData("adam", "moment")]
    [InlineData("adam", "numbers")]
    [InlineData("adam", "rate")]
    [InlineData("dropout", "steps")]
    [InlineData("one-cycle", "steps")]
    [InlineData("steps per epoch", "epochs")]
    [InlineData("plateau", "schedule")]
    [InlineData("batchnorm", "statistics")]
    [InlineData("lbfgs", "moment")]
    [InlineData("rprop", "moment")]
    public void A_part_of_the_state_that_is_lost_is_noticed(string name, string part)
    {
        ResumeCase one = Find(name);
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        using TemporaryFolder folder = new(inMemory: true);
        Kill(one.Begin<float>(), one, folder.Path, (int)Math.Max(1, whole.Steps / 2));
        Trainer<float> trainer = Trainer<float>.Resume(folder.Path, one.Resume);
        switch (part)
        {
            case "moment":
                trainer.StateBlock(1).Clear();
                break;
            case "numbers":
                trainer.StateNumbers.Fill(1);
                break;
            case "rate":
                trainer.LearningRate = Math.BitIncrement(trainer.LearningRate) * 1.001;
                break;
            case "steps":
                trainer.Steps++;
                break;
            case "epochs":
                trainer.Epochs = 0;
                break;
            case "schedule":
                trainer.Scheduler!.State[1] = double.PositiveInfinity;
                trainer.Scheduler.State[0] = 0.01;
                break;
            default:
                trainer.Network.GetParameter("running_mean1").Clear();
                break;
        }

        Assert.NotEqual(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>())));
    }

    /// <summary>Negative controls: neither does one that goes on elsewhere in the epoch, or without what the epoch has summed so far.</summary>
    [Theory]
    [InlineData("place")]
    [InlineData("sums")]
    public void A_part_of_the_epoch_that_is_lost_is_noticed(string part)
    {
        ResumeCase one = Find("adam");
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        using TemporaryFolder folder = new(inMemory: true);
        Kill(one.Begin<float>(), one, folder.Path, ((int)whole.Steps / 2) + 3);
        CheckpointContents contents = CheckpointFolder.ReadNewest(folder.Path);
        Assert.True(contents.Number("fit.rows_done") > one.Batch);
        if (part == "place")
        {
            contents.Set("fit.rows_done", one.Batch);
        }
        else
        {
            contents.Set<double>("fit/sums", new double[contents.Values<double>("fit/sums").Length]);
        }

        CheckpointFile.Write(contents.Path, contents, DiskOperations.Instance);
        Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
        Assert.NotEqual(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>())));
    }

    /// <summary>What the case of two threads trains is large enough for both: products and updates.</summary>
    [Fact]
    public void The_training_on_two_threads_is_cut()
    {
        ResumeCase one = Find("two threads");
        Trainer<float> trainer = one.Begin<float>();
        Assert.Equal(2, trainer.Options.Threads);
        Assert.True(trainer.Network.Layers[1].Operations * one.Batch >= 2 * SimdNet.Training.Steps.LayerTeam<float>.LeastOperations);
        Assert.True(trainer.Network.ParameterBlock.Length >= 2 * SimdNet.Training.Steps.LayerTeam<float>.LeastElements);
    }

    /// <summary>Where checkpoints lie changes nothing, not even the last bit of an epoch's loss.</summary>
    [Theory]
    [InlineData("single steps")]
    [InlineData("single steps of a small network")]
    [InlineData("single steps of a wide network")]
    [InlineData("adam")]
    public void Checkpoints_change_no_bit(string name)
    {
        ResumeCase one = Find(name);
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        foreach (int every in (int[])[1, 7, 64, 100])
        {
            using TemporaryFolder folder = new(inMemory: true);
            Trainer<float> trainer = one.Begin<float>();
            Assert.Equal(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>(new(folder.Path) { EverySteps = every }))));
            Assert.Equal(every < whole.Steps ? 2 : 1, System.IO.Directory.GetFiles(folder.Path).Length);
        }
    }

    [Fact]
    public void A_training_is_interrupted_again_and_again()
    {
        ResumeCase one = Find("dropout");
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        using TemporaryFolder folder = new(inMemory: true);
        Kill(one.Begin<float>(), one, folder.Path, 3);
        for (int written = 1; ; written++)
        {
            Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
            Assert.Equal(written, trainer.ResumedFrom!.Generation);
            Assert.Equal(3 * written, trainer.Steps);
            if (trainer.Steps + 3 >= whole.Steps)
            {
                Assert.Equal(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>())));
                return;
            }

            trainer.Disk = new LastDisk(1);
            Assert.Throws<KilledException>(() => trainer.Fit(one.Data<float>(), one.Fit<float>(new(folder.Path) { EverySteps = 3 })));
        }
    }

    [Fact]
    public void A_training_that_is_cancelled_is_saved_and_goes_on()
    {
        ResumeCase one = Find("single steps");
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        using TemporaryFolder folder = new(inMemory: true);
        using CancellationTokenSource source = new();
        Trainer<float> trainer = one.Begin<float>();
        FitOptions<float> options = one.Fit<float>(new(folder.Path)) with { Progress = progress => source.Cancel() };
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(one.Data<float>(), options, source.Token));
        Assert.Equal(1, Checkpoint.ReadInfo(folder.Path).Epochs);
        Assert.Equal(expected, Resumed<float>(one, folder.Path, ResumeCase.Rows));

        // Before the first step too.
        using TemporaryFolder other = new(inMemory: true);
        Assert.Throws<OperationCanceledException>(() => one.Begin<float>().Fit(one.Data<float>(), one.Fit<float>(new(other.Path)), source.Token));
        Assert.Equal(expected, Resumed<float>(one, other.Path, 0));
    }

    [Fact]
    public void A_complete_training_returns_its_history_and_goes_on_with_more_epochs()
    {
        ResumeCase one = Find("adam");
        using TemporaryFolder folder = new(inMemory: true);
        Trainer<float> trainer = one.Begin<float>();
        string half = ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>(new(folder.Path)) with { Epochs = 2 }));
        Trainer<float> again = Trainer<float>.Resume(folder.Path);
        Assert.Equal(half, ResumeCase.Bits(again, again.Fit(one.Data<float>(), one.Fit<float>(new(folder.Path)) with { Epochs = 2 })));
        Assert.Single(System.IO.Directory.GetFiles(folder.Path));

        Trainer<float> whole = one.Begin<float>();
        Assert.Equal(ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>())), Resumed<float>(one, folder.Path, (int)trainer.Steps));

        // The same trainer then begins a training of its own, as ever.
        Assert.Equal(1, again.Fit(one.Data<float>(), one.Fit<float>() with { Epochs = 1 }).Epochs[0].Epoch);
    }

    /// <summary>What is resumed and saved again is the same training at the same place of its fit.</summary>
    [Theory]
    [InlineData("early stopping")]
    [InlineData("told of single steps")]
    [InlineData("lbfgs")]
    [InlineData("plateau")]
    public void A_training_that_is_saved_before_it_goes_on_keeps_its_place(string name)
    {
        ResumeCase one = Find(name);
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        int step = ((int)whole.Steps / 2) + 1;
        using TemporaryFolder folder = new(inMemory: true);
        using TemporaryFolder other = new(inMemory: true);
        Trainer<float> dying = one.Begin<float>();
        dying.Disk = new LastDisk(1);
        CheckpointOptions checkpoint = new(folder.Path) { EverySteps = step, Remarks = new Dictionary<string, string> { ["who"] = "this test" } };
        Assert.Throws<KilledException>(() => dying.Fit(one.Data<float>(), one.Fit<float>(checkpoint)));

        Trainer<float>.Resume(folder.Path).SaveCheckpoint(other.Path);
        CheckpointInfo saved = Checkpoint.ReadInfo(other.Path);
        CheckpointInfo first = Checkpoint.ReadInfo(folder.Path);
        Assert.Equal((first.Steps, first.Epochs, first.RowsDone), (saved.Steps, saved.Epochs, saved.RowsDone));
        Assert.Equal("this test", saved.Remarks["who"]);
        Trainer<float> trainer = Trainer<float>.Resume(other.Path);
        Assert.Equal(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>())));

        // The controls: once the fit has gone on, there is none that is to go on; nor is one at its place after steps of another kind.
        using TemporaryFolder third = new(inMemory: true);
        trainer.SaveCheckpoint(third.Path);
        Assert.Equal((whole.Steps, 0, 0), (Checkpoint.ReadInfo(third.Path).Steps, Checkpoint.ReadInfo(third.Path).Epochs, Checkpoint.ReadInfo(third.Path).Remarks.Count));
        if (one.Optimizer is not Lbfgs)
        {
            using TemporaryFolder fourth = new(inMemory: true);
            Trainer<float> stepping = Trainer<float>.Resume(other.Path);
            stepping.PartialFit(one.Data<float>().Take(1));
            stepping.SaveCheckpoint(fourth.Path);
            CheckpointInfo after = Checkpoint.ReadInfo(fourth.Path);
            Assert.Equal((saved.Steps + 1, 0, 0), (after.Steps, after.Epochs, after.RowsDone));
        }
    }

    /// <summary>Where nothing is left to do, or no step is made, a folder that has no checkpoint of the training gets one.</summary>
    [Fact]
    public void A_training_that_goes_on_into_another_folder_is_there_however_it_ends()
    {
        ResumeCase one = Find("dropout");
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        using TemporaryFolder first = new(inMemory: true);
        using TemporaryFolder second = new(inMemory: true);
        using TemporaryFolder third = new(inMemory: true);
        Kill(one.Begin<float>(), one, first.Path, 5);
        Assert.Throws<OperationCanceledException>(() => Trainer<float>.Resume(first.Path).Fit(one.Data<float>(), one.Fit<float>(new(second.Path)), new CancellationToken(canceled: true)));
        Assert.Equal(expected, Resumed<float>(one, second.Path, 5));

        Trainer<float> complete = Trainer<float>.Resume(second.Path);
        complete.Fit(one.Data<float>(), one.Fit<float>(new(second.Path)));
        Trainer<float>.Resume(second.Path).Fit(one.Data<float>(), one.Fit<float>(new(third.Path)));
        Assert.Equal(expected, Resumed<float>(one, third.Path, (int)whole.Steps));
    }

    /// <summary>A file cannot hold threads, and results are the same bits: whoever goes on may have others.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Threads_may_be_others_when_a_training_goes_on(int threads)
    {
        ResumeCase one = Find("two threads");
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>()));
        using TemporaryFolder folder = new(inMemory: true);
        Kill(one.Begin<float>(), one, folder.Path, 6);
        Assert.Equal(expected, Resumed<float>(one with { Resume = new() { Threads = threads } }, folder.Path, 6));

        using WorkerTeam team = new(threads);
        Assert.Equal(expected, Resumed<float>(one with { Resume = new() { Team = team } }, folder.Path, 6));
    }

    /// <summary>Trainings that make their steps one by one.</summary>
    [Theory]
    [InlineData("single steps of a small network")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("nadam")]
    [InlineData("dropout")]
    [InlineData("batchnorm")]
    [InlineData("warm-up and cosine")]
    public void Steps_go_on_from_a_checkpoint(string name)
    {
        ResumeCase one = Find(name);
        Dataset<float> data = one.Data<float>().Take(11);
        Trainer<float> whole = one.Begin<float>();
        Trainer<float> first = one.Begin<float>();
        for (int step = 0; step < 30; step++)
        {
            whole.Step(data);
        }

        using TemporaryFolder folder = new(inMemory: true);
        for (int step = 0; step < 15; step++)
        {
            first.Step(data);
        }

        first.SaveCheckpoint(folder.Path);
        Trainer<float> second = Trainer<float>.Resume(folder.Path);
        Assert.Equal(first.Fingerprint(), second.Fingerprint());
        for (int step = 0; step < 15; step++)
        {
            second.Step(data);
        }

        Assert.Equal((whole.Fingerprint(), whole.Steps, whole.LearningRate), (second.Fingerprint(), second.Steps, second.LearningRate));
        Assert.NotEqual(whole.Fingerprint(), first.Fingerprint());
    }

    [Theory]
    [InlineData("BatchSize")]
    [InlineData("Shuffle")]
    [InlineData("Seed")]
    [InlineData("training rows")]
    [InlineData("validation rows")]
    [InlineData("Metrics")]
    [InlineData("Callbacks")]
    public void Other_rows_or_options_are_refused_by_name(string what)
    {
        ResumeCase one = Find("early stopping");
        using TemporaryFolder folder = new(inMemory: true);
        Kill(one.Begin<float>(), one, folder.Path, 5);
        FitOptions<float> options = one.Fit<float>();
        Dataset<float> data = one.Data<float>();
        float[] inputs = data.Inputs.ToArray();
        inputs[17] = MathF.BitIncrement(inputs[17]);
        (data, options) = what switch
        {
            "BatchSize" => (data, options with { BatchSize = 9 }),
            "Shuffle" => (data, options with { Shuffle = false }),
            "Seed" => (data, options with { Seed = 43, ValidationSplit = 0, Validation = data.Split(0.3, 42).Validation }),
            "training rows" => (new(inputs, ResumeCase.Features, data.Labels), options),
            "validation rows" => (data, options with { ValidationSplit = 0 }),
            "Metrics" => (data, options with { Metrics = [Metric.F1(ResumeCase.Classes)] }),
            _ => (data, options with { Callbacks = [new EarlyStopping<float>(2) { RestoreBestWeights = true, MinDelta = 0.02 }] }),
        };
        data = what == "Seed" ? data.Split(0.3, 42).Training : data;
        if (what == "validation rows")
        {
            data = data.Split(0.3, 42).Training;
        }

        Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
        ArgumentException error = Assert.Throws<ArgumentException>(() => trainer.Fit(data, options));
        Assert.Contains($"had {what}: ", error.Message, StringComparison.Ordinal);

        // Nothing was lost by it.
        Trainer<float> whole = one.Begin<float>();
        Assert.Equal(ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), one.Fit<float>())), ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), one.Fit<float>())));
    }

    /// <summary>A log that cannot be opened, a callback that throws, a token that is cancelled already: the next call goes on where the training was.</summary>
    [Theory]
    [InlineData("begin")]
    [InlineData("restore")]
    [InlineData("epoch")]
    [InlineData("token")]
    public void A_fit_that_fails_before_its_first_step_can_be_made_again(string what)
    {
        ResumeCase one = Find("adam");
        FitOptions<float> options = one.Fit<float>() with { Callbacks = [new Failing("never")] };
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), options));
        using TemporaryFolder folder = new(inMemory: true);
        using CancellationTokenSource source = new();
        Assert.Throws<OperationCanceledException>(() => one.Begin<float>().Fit(one.Data<float>(), options with { Checkpoint = new(folder.Path), Progress = _ => source.Cancel() }, source.Token));

        Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
        Assert.ThrowsAny<Exception>(() => trainer.Fit(one.Data<float>(), options with { Callbacks = [new Failing(what)] }, new CancellationToken(what == "token")));
        Assert.Equal(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), options)));
    }

    /// <summary>Early stopping leaves the best weights however a training ends. One that has not gone on yet has not ended: in mid-epoch its weights are others.</summary>
    [Theory]
    [InlineData("restore")]
    [InlineData("token")]
    public void A_fit_that_fails_before_its_first_step_keeps_the_weights_that_it_goes_on_from(string what)
    {
        ResumeCase one = Find("early stopping");
        Trainer<float> whole = one.Begin<float>();
        string expected = ResumeCase.Bits(whole, whole.Fit(one.Data<float>(), Options("never")));
        using TemporaryFolder folder = new(inMemory: true);
        Trainer<float> dying = one.Begin<float>();
        dying.Disk = new LastDisk(1);
        Assert.Throws<KilledException>(() => dying.Fit(one.Data<float>(), Options("never") with { Checkpoint = new(folder.Path) { EverySteps = 9 } }));

        Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
        Assert.Equal((1, 9), (trainer.ResumedFrom!.Epochs, (int)trainer.Steps));
        string before = trainer.Fingerprint();
        Assert.ThrowsAny<Exception>(() => trainer.Fit(one.Data<float>(), Options(what), new CancellationToken(what == "token")));
        Assert.Equal(before, trainer.Fingerprint());
        Assert.Equal(expected, ResumeCase.Bits(trainer, trainer.Fit(one.Data<float>(), Options("never"))));

        FitOptions<float> Options(string at) => one.Fit<float>() with { Callbacks = [new EarlyStopping<float>(50) { RestoreBestWeights = true }, new Failing(at)] };
    }

    [Fact]
    public void What_a_file_cannot_hold_is_asked_for()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Find("own formula").Begin<float>().SaveCheckpoint(folder.Path);
        Assert.Contains("ResumeOptions.Schedule", Assert.Throws<ArgumentException>(() => Trainer<float>.Resume(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("cosine(7)", Assert.Throws<ArgumentException>(() => Trainer<float>.Resume(folder.Path, new() { Schedule = LearningRateSchedule.Cosine(7) })).Message, StringComparison.Ordinal);
        Assert.Contains("Trainer<float>", Assert.Throws<ArgumentException>(() => Trainer<double>.Resume(folder.Path, Find("own formula").Resume)).Message, StringComparison.Ordinal);

        using TemporaryFolder own = new(inMemory: true);
        Find("own layer and activation").Begin<float>().SaveCheckpoint(own.Path);
        Assert.Throws<SimdNetFormatException>(() => Trainer<float>.Resume(own.Path));
    }

    private static void Kill<T>(Trainer<T> trainer, ResumeCase one, string folder, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        trainer.Disk = new LastDisk(1);
        Assert.Throws<KilledException>(() => trainer.Fit(one.Data<T>(), one.Fit<T>(new(folder) { EverySteps = step })));
    }

    private static string Resumed<T>(ResumeCase one, string folder, int step)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Trainer<T> trainer = Trainer<T>.Resume(folder, one.Resume);
        Assert.Equal(step, trainer.Steps);
        Assert.Null(trainer.ResumedFrom!.Damage);
        return ResumeCase.Bits(trainer, trainer.Fit(one.Data<T>(), one.Fit<T>()));
    }

    /// <summary>Steps after which the training dies.</summary>
    private static IEnumerable<int> Points(long steps, string name)
    {
        Random random = new(name.Length);
        return Enumerable.Range(0, Long.Count(5, 100)).Select(_ => 1 + random.Next((int)steps)).Distinct();
    }

    private sealed class Failing(string at) : Callback<float>
    {
        public override void OnTrainBegin(FitContext<float> context) => Fail("begin");

        public override void RestoreState(FitContext<float> context, CallbackState<float> state) => Fail("restore");

        public override void OnEpochBegin(FitContext<float> context) => Fail("epoch");

        private void Fail(string here)
        {
            if (here == at)
            {
                throw new InvalidTimeZoneException(here);
            }
        }
    }
}
