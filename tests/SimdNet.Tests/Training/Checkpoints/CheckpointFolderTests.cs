using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Training.Checkpoints;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>Two generations in a folder, what is damaged, what is newer, and what is another training's.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_newest_two_are_kept()
    {
        Trainer<float> trainer = Make();
        Assert.False(Checkpoint.Exists(_folder.Path));
        Assert.Throws<FileNotFoundException>(() => Checkpoint.ReadInfo(_folder.Path));
        Assert.Throws<FileNotFoundException>(() => Trainer<float>.Resume(_folder.File("none")));
        for (int step = 1; step <= 5; step++)
        {
            Step(trainer);
            trainer.SaveCheckpoint(step % 2 == 0 ? _folder.Path : _folder.Path + "/");
            CheckpointInfo info = Checkpoint.ReadInfo(_folder.Path);
            Assert.Equal((step, step, 0, 0, "float32", null), (info.Generation, info.Steps, info.Epochs, info.RowsDone, info.Precision, info.Damage));
            Assert.Equal(trainer.Network.Spec.ToString(), info.Spec.ToString());
            Assert.Equal(Math.Min(2, step), Directory.GetFileSystemEntries(_folder.Path).Length);
        }

        Assert.Equal(["checkpoint-000004.safetensors", "checkpoint-000005.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.True(Checkpoint.Exists(_folder.Path));
    }

    [Fact]
    public void A_training_writes_to_several_folders_in_turn()
    {
        string[] folders = [_folder.File("a"), _folder.File("b")];
        Trainer<float> trainer = Make();
        for (int step = 1; step <= 7; step++)
        {
            Step(trainer);
            trainer.SaveCheckpoint(folders[step % 2]);
            trainer = step == 4 ? Trainer<float>.Resume(folders[0]) : trainer;
            if (step == 4)
            {
                // A resumed training goes on in the folder that it comes from: the other one is not its own.
                Assert.Throws<InvalidOperationException>(() => trainer.SaveCheckpoint(folders[1]));
                folders[1] = _folder.File("c");
            }
        }

        Assert.All(folders, folder => Assert.Equal(2, Directory.GetFiles(folder).Length));
        Assert.Equal((3, 2), (Checkpoint.ReadInfo(folders[0]).Generation, Checkpoint.ReadInfo(folders[1]).Generation));
        Assert.Equal((6, 7), (Checkpoint.ReadInfo(folders[0]).Steps, Checkpoint.ReadInfo(folders[1]).Steps));

        // Negative control: another training is refused there as ever.
        Assert.All(folders, folder => Assert.Throws<InvalidOperationException>(() => Make().SaveCheckpoint(folder)));
    }

    /// <summary>Two trainings in one folder: neither replaces or removes what the other wrote.</summary>
    [Fact]
    public void Another_training_in_the_folder_is_noticed_before_anything_is_written()
    {
        Trainer<float> one = Make();
        one.SaveCheckpoint(_folder.Path);
        Trainer<float> other = Trainer<float>.Resume(_folder.Path);
        Step(other);
        other.SaveCheckpoint(_folder.Path);
        Step(one);
        Step(one);
        Assert.Contains("another training writes", Assert.Throws<IOException>(() => one.SaveCheckpoint(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
        Assert.Equal(1, Checkpoint.ReadInfo(_folder.Path).Steps);

        // The control: who wrote last goes on.
        Step(other);
        other.SaveCheckpoint(_folder.Path);
        Assert.Equal(2, Checkpoint.ReadInfo(_folder.Path).Steps);
    }

    /// <summary>Two trainings that begin in one folder at the same time: one of them has its checkpoint there, and the other is told.</summary>
    [Fact]
    public void Another_training_that_writes_at_the_same_moment_keeps_its_checkpoint()
    {
        Trainer<float> one = Make();
        Trainer<float> other = Make();
        Step(other);
        one.Disk = new Meanwhile(() => other.SaveCheckpoint(_folder.Path));
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.Contains("another training writes", Assert.Throws<IOException>(() => one.SaveCheckpoint(_folder.Path)).Message, StringComparison.Ordinal);
            Assert.Equal((1, 1), (Checkpoint.ReadInfo(_folder.Path).Generation, Checkpoint.ReadInfo(_folder.Path).Steps));
            Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
            one.Disk = DiskOperations.Instance;
        }

        // The control: the one that has it goes on.
        Step(other);
        other.SaveCheckpoint(_folder.Path);
        Assert.Equal(2, Checkpoint.ReadInfo(_folder.Path).Steps);
    }

    /// <summary>Who looks into the folder of a training that goes on finds a checkpoint, even if those that were there at first are gone when they are opened.</summary>
    [Fact]
    public void Checkpoints_that_go_away_while_they_are_looked_for_are_looked_for_anew()
    {
        Trainer<float> trainer = Make();
        trainer.SaveCheckpoint(_folder.Path);
        IReadOnlyList<(long, string)> stale = [.. CheckpointFolder.List(_folder.Path)];
        Step(trainer);
        trainer.SaveCheckpoint(_folder.Path);
        trainer.SaveCheckpoint(_folder.Path);
        int looks = 0;
        CheckpointContents found = CheckpointFolder.ReadNewest(_folder.Path, folder => looks++ == 0 ? stale : CheckpointFolder.List(folder));
        Assert.Equal((3, 2, null), (found.Generation, looks, found.Damage));

        // The control: what is gone for good is not looked for for ever, and what is damaged only once.
        looks = 0;
        Assert.Throws<FileNotFoundException>(() => CheckpointFolder.ReadNewest(_folder.Path, _ => looks++ < 1_000 ? stale : []));
        Assert.InRange(looks, 2, 10);
        looks = 0;
        File.WriteAllText(stale[0].Item2, "damaged");
        Assert.Throws<SimdNetFormatException>(() => CheckpointFolder.ReadNewest(_folder.Path, _ => looks++ < 1_000 ? stale : []));
        Assert.Equal(1, looks);
    }

    /// <summary>Every byte of the newest file, damaged: what is loaded is what was saved, by it or by the one before, which then is said.</summary>
    [Fact]
    public void A_damaged_newest_falls_back_to_the_one_before_and_says_so()
    {
        Trainer<float> trainer = Make();
        trainer.SaveCheckpoint(_folder.Path);
        Step(trainer);
        trainer.SaveCheckpoint(_folder.Path);
        string newest = _folder.File("checkpoint-000002.safetensors");
        byte[] bytes = File.ReadAllBytes(newest);
        int flipped = 0;
        int unnoticed = 0;
        for (int i = 0; i < bytes.Length; i += Long.Enabled ? 1 : 7)
        {
            byte[] copy = [.. bytes];
            copy[i] ^= (byte)(1 << (i % 8));
            flipped++;
            unnoticed += IsDamaged(copy) ? 0 : 1;
        }

        // JSON has two ways to write some characters.
        Assert.InRange(unnoticed, 0, flipped / 20);
        for (int length = 0; length < bytes.Length; length += 13)
        {
            Assert.True(IsDamaged(bytes[..length]), $"{length} of {bytes.Length} bytes are read.");
        }

        Assert.True(IsDamaged([.. bytes, 0]), "A byte more is read.");

        // The control: the file itself.
        Assert.False(IsDamaged(bytes));

        bool IsDamaged(byte[] contents)
        {
            File.WriteAllBytes(newest, contents);
            CheckpointInfo info = Checkpoint.ReadInfo(_folder.Path);
            Assert.Equal(info.Damage is null ? 1 : 0, info.Steps);
            Assert.Equal(info.Damage is null ? 2 : 1, info.Generation);
            Assert.True(info.Damage is null || info.Damage.Contains(newest, StringComparison.Ordinal), info.Damage);
            Assert.True(info.Damage is not null || Trainer<float>.Resume(_folder.Path).Fingerprint() == trainer.Fingerprint(), "Other numbers than those that were saved are loaded.");
            return info.Damage is not null;
        }
    }

    [Fact]
    public void After_a_damaged_one_the_next_goes_on_and_the_sound_one_stays_until_then()
    {
        Trainer<float> trainer = Make();
        trainer.SaveCheckpoint(_folder.Path);
        Step(trainer);
        trainer.SaveCheckpoint(_folder.Path);
        File.WriteAllText(_folder.File("checkpoint-000002.safetensors"), "");
        Trainer<float> resumed = Trainer<float>.Resume(_folder.Path);
        Assert.Equal(0, resumed.Steps);
        Assert.Contains("checkpoint-000002", resumed.ResumedFrom!.Damage, StringComparison.Ordinal);
        Step(resumed);
        resumed.SaveCheckpoint(_folder.Path);
        Assert.Equal(["checkpoint-000001.safetensors", "checkpoint-000003.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal((3, 1, null), (Checkpoint.ReadInfo(_folder.Path) is var info ? info.Generation : 0, (int)info.Steps, info.Damage));

        foreach (string path in Directory.GetFiles(_folder.Path))
        {
            File.WriteAllText(path, "no checkpoint");
        }

        string message = Assert.Throws<SimdNetFormatException>(() => Checkpoint.ReadInfo(_folder.Path)).Message;
        Assert.All((string[])["none of the 2 checkpoints", "checkpoint-000001.safetensors", "checkpoint-000003.safetensors"], part => Assert.Contains(part, message, StringComparison.Ordinal));
        Assert.True(Checkpoint.Exists(_folder.Path));

        File.Delete(_folder.File("checkpoint-000001.safetensors"));
        message = Assert.Throws<SimdNetFormatException>(() => Checkpoint.ReadInfo(_folder.Path)).Message;
        Assert.StartsWith(_folder.File("checkpoint-000003.safetensors"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_version_is_refused_by_its_number_and_not_passed_over()
    {
        Trainer<float> trainer = Make();
        trainer.SaveCheckpoint(_folder.Path);
        trainer.SaveCheckpoint(_folder.Path);
        string path = _folder.File("checkpoint-000002.safetensors");
        SafetensorsContents contents = SafetensorsFile.Read(path);
        Dictionary<string, string> metadata = new(contents.Metadata) { ["simdnet.checkpoint.version"] = "2" };
        metadata["simdnet.checkpoint.sha256"] = CheckpointFile.Checksum(new(new(contents.Blocks, metadata), path));
        SafetensorsFile.Write(path, contents.Blocks, metadata);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => Trainer<float>.Resume(_folder.Path));
        Assert.Contains("version 2, and this SimdNet reads versions up to 1", error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);

        // A model is no checkpoint, whatever it is called.
        trainer.Network.Save(path);
        Assert.Contains("no checkpoint", Trainer<float>.Resume(_folder.Path).ResumedFrom!.Damage, StringComparison.Ordinal);
    }

    /// <summary>A file that has its checksum, and does not hold what a checkpoint holds.</summary>
    [Theory]
    [InlineData("simdnet.checkpoint.optimizer", "adam(0.001)", "optimizer")]
    [InlineData("simdnet.checkpoint.optimizer", "adam(-1,0,0.9,0.999,1e-8)", "contradicts itself")]
    [InlineData("simdnet.checkpoint.loss", "unknown", "ResumeOptions.Losses")]
    [InlineData("simdnet.checkpoint.loss", "bce-with-logits", "contradicts itself")]
    [InlineData("simdnet.checkpoint.steps", "-1", "steps")]
    [InlineData("simdnet.checkpoint.seed", "x", "seed")]
    [InlineData("simdnet.checkpoint.max_batch", "0", "contradicts itself")]
    [InlineData("simdnet.checkpoint.has_converged", "2", "has_converged")]
    [InlineData("simdnet.checkpoint.fit.epoch", "3", "fit/sums")]
    [InlineData("simdnet.spec", "{}", "metadata")]
    [InlineData("checkpoint/moment/1", null, "moment/1")]
    [InlineData("checkpoint/learning_rate", null, "learning_rate")]
    public void What_is_not_a_training_is_refused_by_its_part(string name, string? value, string part)
    {
        Make().SaveCheckpoint(_folder.Path);
        string path = _folder.File("checkpoint-000001.safetensors");
        SafetensorsContents contents = SafetensorsFile.Read(path);
        Dictionary<string, string> metadata = new(contents.Metadata);
        metadata.Remove("simdnet.checkpoint.version");
        metadata.Remove("simdnet.checkpoint.sha256");
        if (value is not null)
        {
            metadata[name] = value;
        }

        CheckpointContents changed = new(new(contents.Blocks.Where(block => block.Name != name).ToArray(), metadata), path);
        CheckpointFile.Write(path, changed, DiskOperations.Instance);
        SimdNetFormatException error = Assert.Throws<SimdNetFormatException>(() => Trainer<float>.Resume(_folder.Path));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checkpoints_of_another_training_are_never_overwritten()
    {
        Make().SaveCheckpoint(_folder.Path);
        byte[] bytes = File.ReadAllBytes(_folder.File("checkpoint-000001.safetensors"));
        Assert.Contains("another training", Assert.Throws<InvalidOperationException>(() => Make().SaveCheckpoint(_folder.Path)).Message, StringComparison.Ordinal);
        Dataset<float> data = new(new float[8], 2, new int[4]);
        Assert.Throws<InvalidOperationException>(() => Make().Fit(data, new() { Checkpoint = new(_folder.Path) }));
        Assert.Equal(bytes, File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder.Path))));
    }

    /// <summary>What a callback saves has no place in the epoch, and would push out what the fit has written.</summary>
    [Fact]
    public void A_callback_cannot_save_among_the_checkpoints_of_its_fit()
    {
        Dataset<float> data = new(new float[8], 2, new int[4]);
        Trainer<float> trainer = Make();
        LambdaCallback<float> saves = new()
        {
            EpochEnd = context =>
            {
                context.Trainer.SaveCheckpoint(_folder.File("other"));
                Assert.Contains("Save to another folder", Assert.Throws<InvalidOperationException>(() => context.Trainer.SaveCheckpoint(_folder.File("run/"))).Message, StringComparison.Ordinal);
            },
        };
        trainer.Fit(data, new() { Epochs = 2, BatchSize = 2, Callbacks = [saves], Checkpoint = new(_folder.File("run")) });
        Assert.Equal(2, Checkpoint.ReadInfo(_folder.File("run")).Epochs);
        Assert.Equal(trainer.Steps, Checkpoint.ReadInfo(_folder.File("other")).Steps);

        // The control: after the fit, the folder is the trainer's again.
        trainer.SaveCheckpoint(_folder.File("run"));
        Assert.Equal(0, Checkpoint.ReadInfo(_folder.File("run")).Epochs);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_before_the_first_step()
    {
        string file = _folder.Text("file", "");
        Trainer<float> trainer = Make();
        IOException error = Assert.ThrowsAny<IOException>(() => trainer.Fit(new(new float[8], 2, new int[4]), new() { Checkpoint = new(file) }));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.Steps);
    }

    /// <summary>A link that leads nowhere, as the folder and above it: no folder is made in its place, and none at its end.</summary>
    [Theory]
    [InlineData("link")]
    [InlineData("link/run")]
    public void A_folder_behind_a_link_that_leads_nowhere_is_told(string folder)
    {
        File.CreateSymbolicLink(_folder.File("link"), _folder.File("nothing"));
        string path = _folder.File(folder);
        Assert.Contains(path, Assert.ThrowsAny<IOException>(() => Make().SaveCheckpoint(path)).Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Choices_are_checked()
    {
        Assert.Throws<ArgumentException>(() => new CheckpointOptions(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("a") { EverySteps = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("a") { EveryEpochs = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new CheckpointOptions("a") { Every = TimeSpan.FromMilliseconds(1) - TimeSpan.FromTicks(1) });
        Assert.Throws<ArgumentNullException>(() => new CheckpointOptions("a") { Remarks = null! });
        foreach ((string name, string? text) in ((string, string?)[])[("who", null), ("who", "\uD800"), ("who\uDC00", "me")])
        {
            Assert.Contains("The remark 'who", Assert.Throws<ArgumentException>(() => new CheckpointOptions("a") { Remarks = new Dictionary<string, string> { [name] = text! } }).Message, StringComparison.Ordinal);
        }

        Assert.Single(new CheckpointOptions("a") { Remarks = new Dictionary<string, string> { ["who"] = "größer \uD83D\uDE00" } }.Remarks);
        Dictionary<string, string> remarks = new() { ["who"] = "me" };
        CheckpointOptions noted = new("a") { Remarks = remarks };
        remarks["who"] = "\uD800";
        Assert.Equal("me", noted.Remarks["who"]);
        Assert.Equal(TimeSpan.FromMinutes(1), new CheckpointOptions("a").Interval);
        Assert.Null(new CheckpointOptions("a") { EverySteps = 1 }.Interval);
    }

    [Fact]
    public void Checkpoints_are_written_by_steps_epochs_and_time()
    {
        Dataset<float> data = new(new float[2 * 100], 2, new int[100]);
        Assert.Equal(1, Written(new(_folder.File("end"))));
        Assert.Equal(1 + 3, Written(new(_folder.File("steps")) { EverySteps = 150 }));
        Assert.Equal(3, Written(new(_folder.File("epochs")) { EveryEpochs = 2 }));
        Assert.Equal(5 + 2, Written(new(_folder.File("both")) { EverySteps = 150, EveryEpochs = 1 }));
        long byTime = Written(new(_folder.File("time")) { Every = TimeSpan.FromMilliseconds(1) }, batch => System.Threading.Thread.Sleep(batch % 100 == 0 ? 5 : 0));
        Assert.True(byTime >= 4, $"{byTime} checkpoints in five epochs of 5 ms.");

        long Written(CheckpointOptions options, Action<int>? batchEnd = null)
        {
            Callback<float>[] callbacks = batchEnd is null ? [] : [new LambdaCallback<float> { BatchEnd = context => batchEnd(context.Batch) }];
            Make().Fit(data, new() { Epochs = 5, BatchSize = 1, Checkpoint = options, Callbacks = callbacks });
            return Checkpoint.ReadInfo(options.Folder).Generation;
        }
    }

    [Fact]
    public void Remarks_come_back_and_the_model_is_in_the_file()
    {
        Trainer<float> trainer = Make();
        trainer.Network.ClassNames = ["yes", "nö"];
        trainer.Network.InputScaler = Scaler<float>.Constant(3, 2);
        trainer.Network.Metadata["author"] = "somebody";
        trainer.Network.Freeze(0);
        Dataset<float> data = new(new float[8], 2, new int[4]);
        trainer.Fit(data, new() { Epochs = 1, Checkpoint = new(_folder.Path) { Remarks = new Dictionary<string, string> { ["--seed"] = "42", ["ö"] = "" } } });
        Trainer<float> resumed = Trainer<float>.Resume(_folder.Path);
        Assert.Equal(2, resumed.ResumedFrom!.Remarks.Count);
        Assert.Equal("42", resumed.ResumedFrom.Remarks["--seed"]);
        Assert.Equal(["yes", "nö"], resumed.Network.ClassNames);
        Assert.Equal(3, resumed.Network.InputScaler!.Divisors[0]);
        Assert.Equal("somebody", resumed.Network.Metadata["author"]);
        Assert.True(resumed.Network.IsFrozen(0));
        Assert.Contains("__metadata__", Encoding.UTF8.GetString(File.ReadAllBytes(resumed.ResumedFrom.Path)), StringComparison.Ordinal);
    }

    private static Trainer<float> Make() => new(NetworkSpec.Parse("2,3:tanh,2:softmax").Build<float>(), Loss.CrossEntropy, new Adam());

    private static void Step(Trainer<float> trainer) => trainer.Step([1, 2], 1);

    /// <summary>The real disk, on which something happens once while a file is written.</summary>
    private sealed class Meanwhile(Action happens) : IFileOperations
    {
        public Stream Create(string path, string replaced) => DiskOperations.Instance.Create(path, replaced);

        public void Flush(Stream stream)
        {
            happens();
            DiskOperations.Instance.Flush(stream);
        }

        public void Move(string source, string destination) => DiskOperations.Instance.Move(source, destination);

        public bool TryMoveToNew(string source, string destination) => DiskOperations.Instance.TryMoveToNew(source, destination);

        public void Delete(string path) => DiskOperations.Instance.Delete(path);

        public void SyncDirectory(string directory) => DiskOperations.Instance.SyncDirectory(directory);
    }
}
