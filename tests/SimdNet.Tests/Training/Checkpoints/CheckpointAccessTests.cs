using System;
using System.IO;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>A checkpoint that is there and cannot be read may be sound: no older one takes its place, which would remove it in the end.</summary>
public sealed class CheckpointAccessTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others = UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly string _run;
    private readonly string _newest;

    public CheckpointAccessTests()
    {
        _run = _folder.File("run");
        _newest = Path.Combine(_run, "checkpoint-000002.safetensors");
        Trainer<float> trainer = Make();
        for (int step = 0; step < 2; step++)
        {
            trainer.Step([1, 2], 1);
            trainer.SaveCheckpoint(_run);
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_newest_checkpoint_that_is_in_use_is_not_passed_over()
    {
        using (new FileStream(_newest, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            Refused(Record.Exception(() => Trainer<float>.Resume(_run)), _newest);
            Refused(Record.Exception(() => Checkpoint.ReadInfo(_run)), _newest);
        }

        Trainer<float> resumed = Trainer<float>.Resume(_run);
        Assert.Equal((2, null), (resumed.Steps, resumed.ResumedFrom!.Damage));

        // Negative control: a damaged one is passed over, and so is one that a link leads nowhere from.
        File.WriteAllText(_newest, "damaged");
        Assert.Equal(1, Trainer<float>.Resume(_run).Steps);
        File.Delete(_newest);
        File.CreateSymbolicLink(_newest, _folder.File("nothing"));
        Assert.Equal(1, Trainer<float>.Resume(_run).Steps);
    }

    [Fact]
    public void What_may_not_be_read_or_listed_is_told_by_its_path()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Dataset<float> data = new(new float[8], 2, new int[4]);
        Action[] reads = [() => Checkpoint.ReadInfo(_run), () => Trainer<float>.Resume(_run)];
        Action[] lists = [.. reads, () => Checkpoint.Exists(_run), () => Make().SaveCheckpoint(_run), () => Make().Fit(data, new() { Checkpoint = new(_run) })];
        Array.ForEach(lists, action => Record.Exception(action));
        File.SetUnixFileMode(_folder.Path, Owner | Others);
        File.SetUnixFileMode(_newest, UnixFileMode.None);
        Array.ForEach(reads, action => Refused(Unprivileged.ErrorOf(action), _newest));
        File.SetUnixFileMode(_newest, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        try
        {
            File.SetUnixFileMode(_run, UnixFileMode.UserWrite | UnixFileMode.UserExecute | Others);
            Array.ForEach(lists, action => Refused(Unprivileged.ErrorOf(action), _run));
        }
        finally
        {
            File.SetUnixFileMode(_run, Owner);
        }

        Assert.Equal(2, Directory.GetFiles(_run).Length);
        Assert.Equal(2, Trainer<float>.Resume(_run).Steps);
    }

    private static void Refused(Exception? error, string path)
    {
        Assert.True(error is IOException and not SimdNetFormatException, $"{error}");
        Assert.Contains(path, error!.Message, StringComparison.Ordinal);
    }

    private static Trainer<float> Make() => new(NetworkSpec.Parse("2,3:tanh,2:softmax").Build<float>(), Loss.CrossEntropy, new Adam());
}
