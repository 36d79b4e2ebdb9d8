using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.IO;
using SimdNet.Tests.IO;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>Checkpoints on a disk that fails and crashes: the old or the new one loads, and the error is told.</summary>
public sealed class CheckpointDiskTests : IDisposable
{
    /// <summary>Steps of the checkpoint that was acknowledged before the one that is watched.</summary>
    private const int Old = 2;

    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Power_may_fail_at_any_moment() => Assert.Empty(DamageByPowerFailure(_ => { }));

    [Fact]
    public void Control_a_writer_without_a_flush_is_caught() =>
        Assert.Contains("old after success", DamageByPowerFailure(disk => disk.Ignored.Add(nameof(IFileOperations.Flush))));

    [Fact]
    public void Control_a_writer_that_does_not_sync_the_directory_is_caught() =>
        Assert.Contains("old after success", DamageByPowerFailure(disk => disk.Ignored.Add(nameof(IFileOperations.SyncDirectory))));

    [Fact]
    public void Whichever_operation_fails_the_old_or_the_new_checkpoint_loads_and_the_error_is_told()
    {
        int count = Operations();
        Assert.True(count >= 6, $"{count} operations: create, writes, flush, move, sync, delete.");
        for (int n = 0; n < count; n++)
        {
            (Trainer<float> trainer, WatchedDisk watched) = Begin();
            SimulatedDisk disk = watched.Disk;
            Step(trainer);
            disk.FailAt = disk.Operations + n;
            bool isTidying = n == count - 1;
            if (isTidying)
            {
                // What is too old could not be removed: the new one is on the disk nevertheless.
                trainer.SaveCheckpoint(_folder.Path);
            }
            else
            {
                IOException error = Assert.Throws<IOException>(() => trainer.SaveCheckpoint(_folder.Path));
                Assert.Contains("checkpoint-000003", error.Message, StringComparison.Ordinal);
            }

            foreach (IReadOnlyDictionary<string, byte[]> left in disk.AfterCrash())
            {
                long steps = Load(left)!.Value;
                Assert.True(steps is Old + 1 || (steps == Old && !isTidying), $"Operation {n} failed, and the checkpoint of step {steps} was loaded.");
            }

            // The disk works again: the next one takes a number of its own, and no more than three files are left.
            disk.FailAt = -1;
            Step(trainer);
            trainer.SaveCheckpoint(_folder.Path);
            Assert.All(disk.AfterCrash(), left => Assert.Equal(Old + 2, Load(left)));
            Assert.InRange(disk.Names.Count, 2, 3);
        }
    }

    /// <summary>Of a new path of several folders each is a name in the one above: all are on the disk before the first checkpoint is begun.</summary>
    [Fact]
    public void The_folders_that_are_made_are_on_the_disk()
    {
        SyncsAreNoted disk = new(new());
        Trainer<float> trainer = Make();
        trainer.Disk = disk;
        string folder = _folder.File("a/b/c");
        string[] above = [.. Above(folder)];
        Assert.Equal([_folder.File("a/b"), _folder.File("a"), _folder.Path], above[..3]);
        trainer.SaveCheckpoint(folder);
        Assert.Equal([.. above, "create", folder], disk.Calls);

        // Once for a training, and a failure is told.
        disk.Calls.Clear();
        trainer.SaveCheckpoint(folder);
        Assert.Equal(["create", folder], disk.Calls);
        for (int i = 0; i < above.Length; i++)
        {
            trainer.Disk = new SimulatedDisk { FailAt = i };
            Assert.Contains("d/e/f", Assert.Throws<IOException>(() => trainer.SaveCheckpoint(_folder.File("d/e/f"))).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A process may have made them, and ended before their names were on the disk.</summary>
    [Fact]
    public void The_folders_that_are_there_are_on_the_disk()
    {
        SyncsAreNoted disk = new(new());
        Trainer<float> trainer = Make();
        trainer.Disk = disk;
        string folder = Directory.CreateDirectory(_folder.File("a/b/c")).FullName;
        trainer.SaveCheckpoint(folder);
        Assert.Equal([.. Above(folder), "create", folder], disk.Calls);

        // Weights as text go into a folder too.
        disk.Calls.Clear();
        WeightFiles.SaveText(trainer.Network, folder, null, disk);
        Assert.Equal(Above(folder), disk.Calls[..disk.Calls.IndexOf("create")]);
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (string? above = Path.GetDirectoryName(folder); above is not null; above = Path.GetDirectoryName(above))
        {
            yield return above;
        }
    }

    [Fact]
    public void A_failed_flush_is_never_tried_again()
    {
        FlushFails fails = new(new());
        Trainer<float> trainer = Make();
        trainer.Disk = fails;
        Assert.Throws<IOException>(() => trainer.SaveCheckpoint(_folder.Path));
        Assert.Equal(1, fails.Flushes);
        Assert.Equal(0, fails.Moves);
    }

    [Fact]
    public void A_fit_tells_the_error_and_keeps_what_it_had()
    {
        SimulatedDisk disk = new();
        Trainer<float> trainer = Make();
        trainer.Disk = disk;
        FitOptions<float> options = new() { Epochs = 4, BatchSize = 1, Checkpoint = new(_folder.Path) { EverySteps = 3 }, Callbacks = [new LambdaCallback<float> { EpochEnd = context => disk.FailAt = context.Epoch == 2 ? disk.Operations + 2 : -1 }] };
        Dataset<float> data = new(Enumerable.Range(0, 14).Select(i => i * 0.1f).ToArray(), 2, new int[] { 0, 1, 0, 1, 0, 1, 0 });
        Assert.Throws<IOException>(() => trainer.Fit(data, options));
        Assert.All(disk.AfterCrash(), left => Assert.Equal(12, Load(left)));
    }

    /// <summary>Every folder that could be found after a power failure during or after the third write, other than with the old or the new checkpoint.</summary>
    private List<string> DamageByPowerFailure(Action<SimulatedDisk> fault)
    {
        List<string> damage = [];
        (Trainer<float> trainer, WatchedDisk disk) = Begin();
        fault(disk.Disk);
        Step(trainer);
        int looks = 0;
        disk.Look = () =>
        {
            looks++;
            Look(acknowledged: false);
        };
        trainer.SaveCheckpoint(_folder.Path);
        disk.Look = null;
        Look(acknowledged: true);
        Assert.True(looks >= 6, "The disk was looked at around each operation.");
        return damage;

        void Look(bool acknowledged)
        {
            foreach (IReadOnlyDictionary<string, byte[]> left in disk.Disk.AfterCrash())
            {
                long? steps = Load(left);
                if (steps is not (Old or Old + 1))
                {
                    damage.Add($"step {steps}");
                }
                else if (acknowledged && steps == Old)
                {
                    damage.Add("old after success");
                }
            }
        }
    }

    private int Operations()
    {
        (Trainer<float> trainer, WatchedDisk disk) = Begin();
        int before = disk.Disk.Operations;
        Step(trainer);
        trainer.SaveCheckpoint(_folder.Path);
        return disk.Disk.Operations - before;
    }

    /// <summary>A training with two checkpoints on the disk.</summary>
    private (Trainer<float> Trainer, WatchedDisk Disk) Begin()
    {
        WatchedDisk disk = new(new());
        Trainer<float> trainer = Make();
        trainer.Disk = disk;
        for (int step = 0; step < Old; step++)
        {
            Step(trainer);
            trainer.SaveCheckpoint(_folder.Path);
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
        return (trainer, disk);
    }

    /// <summary>The steps of the checkpoint that is loaded; null where none is.</summary>
    private static long? Load(IReadOnlyDictionary<string, byte[]> files)
    {
        using TemporaryFolder folder = new(inMemory: true);
        foreach ((string path, byte[] contents) in files)
        {
            folder.File(Path.GetFileName(path), contents);
        }

        try
        {
            return Trainer<float>.Resume(folder.Path).Steps;
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Trainer<float> Make() => new(NetworkSpec.Parse("2,2:softmax").Build<float>(), Loss.CrossEntropy, new Sgd { Momentum = 0.9 });

    private static void Step(Trainer<float> trainer) => trainer.Step([1, 2], 1);

    /// <summary>A disk that is looked at before and after each operation.</summary>
    private sealed class WatchedDisk(SimulatedDisk disk) : IFileOperations
    {
        public SimulatedDisk Disk => disk;

        public Action? Look { get; set; }

        public Stream Create(string path, string replaced)
        {
            Look?.Invoke();
            Stream stream = disk.Create(path, replaced);
            Look?.Invoke();
            return stream;
        }

        public void Flush(Stream stream) => Watch(() => disk.Flush(stream));

        public void Move(string source, string destination) => Watch(() => disk.Move(source, destination));

        public bool TryMoveToNew(string source, string destination)
        {
            bool isMoved = false;
            Watch(() => isMoved = disk.TryMoveToNew(source, destination));
            return isMoved;
        }

        public void Delete(string path) => Watch(() => disk.Delete(path));

        public void SyncDirectory(string directory) => Watch(() => disk.SyncDirectory(directory));

        private void Watch(Action operation)
        {
            Look?.Invoke();
            operation();
            Look?.Invoke();
        }
    }

    /// <summary>The disk that notes which folders are synced, and when files are made.</summary>
    private sealed class SyncsAreNoted(SimulatedDisk disk) : IFileOperations
    {
        public List<string> Calls { get; } = [];

        public Stream Create(string path, string replaced)
        {
            Calls.Add("create");
            return disk.Create(path, replaced);
        }

        public void Flush(Stream stream) => disk.Flush(stream);

        public void Move(string source, string destination) => disk.Move(source, destination);

        public bool TryMoveToNew(string source, string destination) => disk.TryMoveToNew(source, destination);

        public void Delete(string path) => disk.Delete(path);

        public void SyncDirectory(string directory)
        {
            Calls.Add(directory);
            disk.SyncDirectory(directory);
        }
    }

    /// <summary>The disk whose flush fails.</summary>
    private sealed class FlushFails(SimulatedDisk disk) : IFileOperations
    {
        public int Flushes { get; private set; }

        public int Moves { get; private set; }

        public Stream Create(string path, string replaced) => disk.Create(path, replaced);

        public void Flush(Stream stream)
        {
            Flushes++;
            throw new IOException("The disk fails.");
        }

        public void Move(string source, string destination) => Moves++;

        public bool TryMoveToNew(string source, string destination) => ++Moves > 0;

        public void Delete(string path) => disk.Delete(path);

        public void SyncDirectory(string directory) => disk.SyncDirectory(directory);
    }
}
