using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.IO;
using SimdNet.Tests.IO;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>Weights in several files of text are the old ones, the new ones, or refused: never some of each.</summary>
public sealed class TextFolderTests : IDisposable
{
    private const string Mixed = "mixed";
    private const string OldAfterSuccess = "not the new ones after success";

    private static readonly Network<float> Old = Weights(1);
    private static readonly Network<float> New = Weights(2);

    private readonly TemporaryFolder _folder = new(inMemory: true);

    /// <summary>What was loaded, and nothing where a folder was refused.</summary>
    private readonly HashSet<string> _found = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Power_may_fail_at_any_moment()
    {
        Assert.Empty(DamageByPowerFailure(_ => { }));
        Assert.Equal((true, true, true), (_found.Contains(Old.Fingerprint()), _found.Contains(New.Fingerprint()), _found.Contains("")));
    }

    [Fact]
    public void Control_a_writer_that_leaves_the_last_file_in_place_is_caught() =>
        Assert.Contains(Mixed, DamageByPowerFailure(disk => disk.Ignored.Add(nameof(IFileOperations.Delete))));

    [Fact]
    public void Control_a_writer_that_does_not_sync_the_directory_is_caught() =>
        Assert.Contains(Mixed, DamageByPowerFailure(disk => disk.Ignored.Add(nameof(IFileOperations.SyncDirectory))));

    /// <summary>As long as no name has changed, the old weights are there.</summary>
    [Fact]
    public void Whichever_operation_fails_the_error_is_told_and_no_mixture_is_left()
    {
        SimulatedDisk sound = WithOld();
        int before = sound.Operations;
        WeightFiles.SaveText(New, _folder.Path, null, sound);
        int count = sound.Operations - before;
        int refused = 0;
        for (int n = 0; n < count; n++)
        {
            SimulatedDisk disk = WithOld();
            disk.FailAt = disk.Operations + n;
            IOException error = Assert.Throws<IOException>(() => WeightFiles.SaveText(New, _folder.Path, null, disk));
            Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(disk.Names, name => name.EndsWith(".tmp", StringComparison.Ordinal));
            string? left = Load(disk.Names.ToDictionary(name => name, disk.Contents));
            Assert.NotEqual(Mixed, left);
            refused += left is null ? 1 : 0;
        }

        // Two directories' syncs, and the renames of all files: all else fails in time.
        Assert.InRange(refused, 1, 2 + Old.Parameters.Count);
    }

    [Fact]
    public void A_folder_that_may_not_be_made_or_listed_is_told_by_its_path()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode PassedThrough = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        string closed = Directory.CreateDirectory(_folder.File("closed")).FullName;
        string unlisted = _folder.File("unlisted");
        WeightFiles.SaveText(Old, unlisted);
        Action[] actions = [() => WeightFiles.SaveText(Old, Path.Combine(closed, "w")), () => WeightFiles.LoadText(Weights(3), unlisted)];
        Array.ForEach(actions, action => action());
        Directory.Delete(Path.Combine(closed, "w"), recursive: true);
        File.SetUnixFileMode(_folder.Path, Owner | PassedThrough);
        File.SetUnixFileMode(closed, PassedThrough);
        File.SetUnixFileMode(unlisted, PassedThrough);
        Exception?[] errors = Array.ConvertAll(actions, Unprivileged.ErrorOf);
        File.SetUnixFileMode(closed, Owner);
        File.SetUnixFileMode(unlisted, Owner);
        Assert.Contains(closed, Assert.IsType<IOException>(errors[0]).Message, StringComparison.Ordinal);
        Assert.Contains(unlisted, Assert.IsType<IOException>(errors[1]).Message, StringComparison.Ordinal);
        actions[1]();
    }

    private static Network<float> Weights(ulong seed) => NetworkSpec.Parse("2,2:tanh,1:no-bias").Build<float>(seed);

    /// <summary>Every way in which the folder could be found after a power failure during or after a write, other than with a whole set or none.</summary>
    private List<string> DamageByPowerFailure(Action<SimulatedDisk> seed)
    {
        SimulatedDisk disk = WithOld();
        seed(disk);
        HashSet<string> damage = [];
        ProbedDisk probe = new(disk, () => Look(acknowledged: false));
        WeightFiles.SaveText(New, _folder.Path, null, probe);
        Look(acknowledged: true);
        return [.. damage];

        void Look(bool acknowledged)
        {
            foreach (IReadOnlyDictionary<string, byte[]> files in disk.AfterCrash())
            {
                string? left = Load(files);
                _found.Add(left ?? "");
                if (left == Mixed)
                {
                    damage.Add(Mixed);
                }
                else if (acknowledged && left != New.Fingerprint())
                {
                    damage.Add(OldAfterSuccess);
                }
            }
        }
    }

    private SimulatedDisk WithOld()
    {
        SimulatedDisk disk = new();
        WeightFiles.SaveText(Old, _folder.Path, null, disk);
        return disk;
    }

    /// <summary>The fingerprint of the weights that are loaded; null where the folder is refused.</summary>
    private static string? Load(IReadOnlyDictionary<string, byte[]> files)
    {
        using TemporaryFolder folder = new(inMemory: true);
        foreach ((string path, byte[] contents) in files)
        {
            folder.File(Path.GetFileName(path), contents);
        }

        Network<float> network = Weights(3);
        try
        {
            WeightFiles.LoadText(network, folder.Path);
        }
        catch (IOException)
        {
            return null;
        }

        string fingerprint = network.Fingerprint();
        return fingerprint == Old.Fingerprint() || fingerprint == New.Fingerprint() ? fingerprint : Mixed;
    }
}
