using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.IO;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.IO;

public sealed class AtomicFileTests : IDisposable
{
    private static readonly byte[] Old = [1, 2, 3];
    private static readonly byte[] New = [9, 8, 7, 6, 5];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_written_and_replaced_and_nothing_else_is_left()
    {
        string path = _folder.File("a");
        AtomicFile.Write(path, stream => stream.Write(Old));
        Assert.Equal(Old, File.ReadAllBytes(path));
        AtomicFile.Write(path, stream => stream.Write(New));
        Assert.Equal(New, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Permissions_and_links_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string path = _folder.File("a", Old);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        string link = _folder.File("link");
        File.CreateSymbolicLink(link, path);
        AtomicFile.Write(link, stream => stream.Write(New));
        Assert.Equal(New, File.ReadAllBytes(path));
        Assert.Equal(path, File.ResolveLinkTarget(link, returnFinalTarget: true)!.FullName);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead, File.GetUnixFileMode(path));
    }

    /// <summary>".." in a link is the folder above the one that the link really lies in: readers, who leave it to the system, and writers mean the same file.</summary>
    [Fact]
    public void Links_that_lie_behind_links_of_folders_lead_where_the_system_says()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string models = Directory.CreateDirectory(_folder.File("disk/models")).FullName;
        string target = _folder.File("disk/target");
        File.WriteAllBytes(target, Old);
        File.CreateSymbolicLink(Path.Combine(models, "link"), "../target");
        File.CreateSymbolicLink(Path.Combine(models, "again"), "../models/link");
        File.CreateSymbolicLink(Path.Combine(models, "new"), "../none yet");
        Directory.CreateSymbolicLink(_folder.File("models"), models);
        foreach (string link in (string[])["link", "again", "new"])
        {
            File.WriteAllBytes(target, Old);
            string path = Path.Combine(_folder.File("models"), link);
            AtomicFile.Write(path, stream => stream.Write(New));
            Assert.Equal(New, File.ReadAllBytes(path));
            Assert.Equal(link == "new" ? Old : New, File.ReadAllBytes(target));
            Assert.NotNull(new FileInfo(path).LinkTarget);
        }

        Assert.Equal(["disk", "models"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(["models", "none yet", "target"], Directory.GetFileSystemEntries(_folder.File("disk")).Select(Path.GetFileName).Order());
    }

    /// <summary>Folders that are links lie behind others and in the text of links: a write reaches what the system reads. Links that go round are told.</summary>
    [Theory]
    [InlineData("models/sub/absolute", "target")]
    [InlineData("models/up", "beside")]
    [InlineData("models/sub/far", "disk/models/far")]
    [InlineData("models/round", null)]
    public void Links_of_folders_within_links_lead_where_the_system_says(string link, string? expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string models = Directory.CreateDirectory(_folder.File("disk/models")).FullName;
        string store = Directory.CreateDirectory(_folder.File("store")).FullName;
        Directory.CreateSymbolicLink(_folder.File("models"), "disk/models");
        Directory.CreateSymbolicLink(Path.Combine(models, "sub"), "../../store");
        File.CreateSymbolicLink(Path.Combine(store, "absolute"), _folder.File("target"));
        File.CreateSymbolicLink(Path.Combine(models, "up"), "sub/../beside");
        File.CreateSymbolicLink(Path.Combine(store, "far"), "../models/./far");
        File.CreateSymbolicLink(Path.Combine(models, "round"), "sub/../models/round");
        string path = _folder.File(link);
        if (expected is null)
        {
            IOException error = Assert.Throws<IOException>(() => AtomicFile.Write(path, stream => stream.Write(New)));
            Assert.StartsWith($"{path}: more than 40 links", error.Message, StringComparison.Ordinal);
            return;
        }

        File.WriteAllBytes(path, Old);
        Assert.Equal(Old, File.ReadAllBytes(_folder.File(expected)));
        AtomicFile.Write(path, stream => stream.Write(New));
        Assert.Equal(New, File.ReadAllBytes(path));
        Assert.Equal(New, File.ReadAllBytes(_folder.File(expected)));
        Assert.NotNull(new FileInfo(path).LinkTarget);
    }

    /// <summary>While it is written, the new file has a name of its own, and all its contents.</summary>
    [Fact]
    public void What_others_may_not_read_they_may_not_read_while_it_is_replaced()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        UnixFileMode usual = File.GetUnixFileMode(_folder.File("usual", Old));
        foreach (UnixFileMode mode in (UnixFileMode[])[UnixFileMode.UserRead | UnixFileMode.UserWrite, UnixFileMode.UserRead, usual])
        {
            string path = _folder.File($"a{(int)mode}", Old);
            File.SetUnixFileMode(path, mode);
            AtomicFile.Write(path, stream => Assert.Equal(mode, ModeOf(stream)));
            Assert.Equal(mode, File.GetUnixFileMode(path));
        }

        AtomicFile.Write(_folder.File("new"), stream => Assert.Equal(usual, ModeOf(stream)));
    }

    [Fact]
    public void A_failure_in_the_middle_leaves_the_old_file_and_no_other()
    {
        string path = _folder.File("a", Old);
        Assert.Throws<InvalidTimeZoneException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(New);
            stream.Flush();
            Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
            throw new InvalidTimeZoneException();
        }));
        Assert.Equal(Old, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_cannot_be_written_says_why_in_one_line_with_its_path()
    {
        IOException error = Assert.Throws<IOException>(() => AtomicFile.Write(_folder.Path, _ => { }));
        Assert.Contains($"{_folder.Path}: this is a directory", error.Message, StringComparison.Ordinal);
        string missing = Path.Combine(_folder.Path, "none", "a");
        error = Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(missing, _ => { }));
        Assert.Contains($"{missing}: the directory", error.Message, StringComparison.Ordinal);
        string below = Path.Combine(_folder.File("a", Old), "b");
        error = Assert.ThrowsAny<IOException>(() => AtomicFile.Write(below, _ => { }));
        Assert.Contains(below, error.Message, StringComparison.Ordinal);
        error = Assert.ThrowsAny<IOException>(() => AtomicFile.Write(_folder.File(new string('x', 300)), _ => { }));
        Assert.Contains("xxx", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => AtomicFile.Write("", _ => { }));
        Assert.Equal(Old, File.ReadAllBytes(_folder.File("a")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void The_null_device_stays_a_device()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        AtomicFile.Write("/dev/null", stream => stream.Write(New));
        Assert.Empty(File.ReadAllBytes("/dev/null"));
    }

    [Fact]
    public void Whichever_operation_fails_the_old_or_the_new_file_is_whole_and_the_error_is_told()
    {
        int count = Run(new SimulatedDisk());
        Assert.Equal(6, count); // create, two writes, flush, move, sync
        for (int n = 0; n < count; n++)
        {
            SimulatedDisk disk = new() { FailAt = n };
            IOException error = Assert.Throws<IOException>(() => Run(disk));
            Assert.Contains("/d/a", error.Message, StringComparison.Ordinal);
            Assert.Equal(["/d/a"], disk.Names);
            Assert.Equal(n < count - 1 ? Old : New, disk.Contents("/d/a"));
        }
    }

    [Fact]
    public void Power_may_fail_at_any_moment() => Assert.Empty(DamageByPowerFailure(new SimulatedDisk()));

    [Fact]
    public void Control_a_writer_without_a_flush_is_caught()
    {
        SimulatedDisk disk = new();
        disk.Ignored.Add(nameof(IFileOperations.Flush));
        Assert.Contains("neither old nor new", DamageByPowerFailure(disk));
    }

    [Fact]
    public void Control_a_writer_that_does_not_sync_the_directory_is_caught()
    {
        SimulatedDisk disk = new();
        disk.Ignored.Add(nameof(IFileOperations.SyncDirectory));
        Assert.Equal(["old after success"], DamageByPowerFailure(disk).Distinct());
    }

    [Fact]
    public void Control_a_writer_that_syncs_another_directory_is_caught()
    {
        SimulatedDisk disk = new();
        disk.Add("/d/a", Old);
        AtomicFile.Write("/d/a", WriteNew, new SyncsElsewhere(disk));
        Assert.Contains(disk.AfterCrash("/d/a"), contents => contents!.SequenceEqual(Old));
        disk.SyncDirectory("/d");
        Assert.All(disk.AfterCrash("/d/a"), contents => Assert.Equal(New, contents));
    }

    /// <summary>Who comes first has the name: the other's contents are nowhere, and it knows.</summary>
    [Fact]
    public void A_new_file_takes_the_place_of_none()
    {
        string path = _folder.File("a");
        Assert.True(AtomicFile.TryWriteNew(path, stream => stream.Write(Old), DiskOperations.Instance));
        Assert.False(AtomicFile.TryWriteNew(path, stream => stream.Write(New), DiskOperations.Instance));
        Assert.Equal(Old, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
        Assert.False(AtomicFile.TryWriteNew(_folder.File("late"), stream => File.WriteAllBytes(_folder.File("late"), Old), DiskOperations.Instance));
        Assert.Equal(Old, File.ReadAllBytes(_folder.File("late")));
        Assert.Equal(2, Directory.GetFileSystemEntries(_folder.Path).Length);
    }

    [Fact]
    public void Whichever_operation_fails_a_new_file_is_whole_or_not_there_and_the_error_is_told()
    {
        SimulatedDisk sound = new();
        Assert.True(AtomicFile.TryWriteNew("/d/a", WriteNew, sound));
        for (int n = 0; n < sound.Operations; n++)
        {
            SimulatedDisk disk = new() { FailAt = n };
            Assert.Contains("/d/a", Assert.Throws<IOException>(() => AtomicFile.TryWriteNew("/d/a", WriteNew, disk)).Message, StringComparison.Ordinal);
            Assert.All(disk.AfterCrash("/d/a"), contents => Assert.True(contents is null || contents.SequenceEqual(New)));
            Assert.DoesNotContain(disk.Names, name => name.EndsWith(".tmp", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Control_a_writer_without_the_rename_is_caught()
    {
        SimulatedDisk disk = new();
        disk.Add("/d/a", Old);
        using (Stream stream = disk.Create("/d/a", "/d/a"))
        {
            stream.Write(New, 0, 2);
            Assert.Contains(disk.AfterCrash("/d/a"), contents => contents is not null && !contents.SequenceEqual(Old) && !contents.SequenceEqual(New));
        }
    }

    private static UnixFileMode ModeOf(Stream stream) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(((FileStream)stream).Name);

    /// <summary>Every way in which the file could be found after a power failure during or after a write, other than whole.</summary>
    private static List<string> DamageByPowerFailure(SimulatedDisk disk)
    {
        List<string> damage = [];
        ProbedDisk probe = new(disk, () => Look(acknowledged: false));
        disk.Add("/d/a", Old);
        AtomicFile.Write("/d/a", WriteNew, probe);
        Look(acknowledged: true);
        Assert.True(probe.Looks >= 5, "The disk was looked at before each operation.");
        return damage;

        void Look(bool acknowledged)
        {
            foreach (byte[]? contents in disk.AfterCrash("/d/a"))
            {
                bool isOld = contents is not null && contents.SequenceEqual(Old);
                bool isNew = contents is not null && contents.SequenceEqual(New);
                if (!isOld && !isNew)
                {
                    damage.Add("neither old nor new");
                }
                else if (acknowledged && !isNew)
                {
                    damage.Add("old after success");
                }
            }
        }
    }

    private static void WriteNew(Stream stream)
    {
        stream.Write(New, 0, 2);
        stream.Write(New, 2, New.Length - 2);
    }

    private static int Run(SimulatedDisk disk)
    {
        disk.Add("/d/a", Old);
        AtomicFile.Write("/d/a", WriteNew, disk);
        return disk.Operations;
    }

    /// <summary>A seeded fault.</summary>
    private sealed class SyncsElsewhere(SimulatedDisk disk) : IFileOperations
    {
        public Stream Create(string path, string replaced) => disk.Create(path, replaced);

        public void Flush(Stream stream) => disk.Flush(stream);

        public void Move(string source, string destination) => disk.Move(source, destination);

        public bool TryMoveToNew(string source, string destination) => disk.TryMoveToNew(source, destination);

        public void Delete(string path) => disk.Delete(path);

        public void SyncDirectory(string directory) => disk.SyncDirectory(Path.GetDirectoryName(directory)!);
    }
}
