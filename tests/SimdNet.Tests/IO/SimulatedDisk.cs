using System.Collections.Generic;
using System.IO;

using SimdNet.IO;

namespace SimdNet.Tests.IO;

/// <summary>
/// Directories on a disk that remembers what has reached it, fails when told to, and tells what could be left after a crash.
/// </summary>
/// <remarks>
/// Contents that were not flushed may be there in any part from nothing to all; names that were not synced may be the old or the new ones, each
/// change on its own, in any combination; and the crash may come after any operation.
/// </remarks>
internal sealed class SimulatedDisk : IFileOperations
{
    /// <summary>Lengths that are tried of what was not flushed, less one.</summary>
    private const int Parts = 4;

    private readonly List<Change> _log = [];
    private readonly Dictionary<string, FileState> _names = [];
    private readonly Dictionary<string, FileState> _synced = [];

    /// <summary>Number of the operation that fails, from 0; −1 for none.</summary>
    public int FailAt { get; set; } = -1;

    public int Operations { get; private set; }

    /// <summary>Operations that do nothing, as if the writer had left them out.</summary>
    public HashSet<string> Ignored { get; } = [];

    public IReadOnlyCollection<string> Names => _names.Keys;

    public byte[] Contents(string path) => _names[path].Contents;

    /// <summary>Puts a file on the disk, safe.</summary>
    public void Add(string path, byte[] contents) => _synced[path] = _names[path] = new FileState { Contents = contents, Flushed = contents.Length };

    public Stream Create(string path, string replaced)
    {
        Count();
        FileState file = new();
        Apply(new Change(path, null, file));
        return new OpenFile(this, file);
    }

    public void Flush(Stream stream)
    {
        Count();
        if (!Ignored.Contains(nameof(Flush)))
        {
            FileState file = ((OpenFile)stream).File;
            file.Contents = ((OpenFile)stream).ToArray();
            file.Flushed = file.Contents.Length;
        }
    }

    public void Move(string source, string destination)
    {
        Count();
        Apply(new Change(destination, source, _names[source]));
    }

    /// <summary>A second name, then the first one goes: the crash may come between.</summary>
    public bool TryMoveToNew(string source, string destination)
    {
        Count();
        if (_names.ContainsKey(destination))
        {
            return false;
        }

        Apply(new Change(destination, null, _names[source]));
        Count();
        Apply(new Change(null, source, null));
        return true;
    }

    public void Delete(string path)
    {
        Count();
        if (!Ignored.Contains(nameof(Delete)))
        {
            Apply(new Change(null, path, null));
        }
    }

    public void SyncDirectory(string directory)
    {
        Count();
        if (Ignored.Contains(nameof(SyncDirectory)))
        {
            return;
        }

        foreach (Change change in _log)
        {
            if (change.Directory == directory)
            {
                change.ApplyTo(_synced);
            }
        }

        _log.RemoveAll(change => change.Directory == directory);
    }

    /// <summary>Everything that <paramref name="path"/> could hold if the power failed now; null for no such file.</summary>
    public IEnumerable<byte[]?> AfterCrash(string path)
    {
        for (int applied = 0; applied < 1 << _log.Count; applied++)
        {
            Dictionary<string, FileState> names = new(_synced);
            for (int i = 0; i < _log.Count; i++)
            {
                if ((applied & (1 << i)) != 0)
                {
                    _log[i].ApplyTo(names);
                }
            }

            if (!names.TryGetValue(path, out FileState? file))
            {
                yield return null;
                continue;
            }

            for (int length = file.Flushed; length <= file.Contents.Length; length++)
            {
                yield return file.Contents[..length];
            }
        }
    }

    /// <summary>All folders that the disk could hold if the power failed now. What was not flushed of a file is there in a few lengths; temporary files are left out.</summary>
    public IEnumerable<IReadOnlyDictionary<string, byte[]>> AfterCrash()
    {
        for (int applied = 0; applied < 1 << _log.Count; applied++)
        {
            Dictionary<string, FileState> names = new(_synced);
            for (int i = 0; i < _log.Count; i++)
            {
                if ((applied & (1 << i)) != 0)
                {
                    _log[i].ApplyTo(names);
                }
            }

            for (int part = 0; part <= Parts; part++)
            {
                Dictionary<string, byte[]> folder = [];
                bool isWhole = true;
                foreach ((string path, FileState file) in names)
                {
                    if (!path.EndsWith(".tmp", System.StringComparison.Ordinal))
                    {
                        int unflushed = file.Contents.Length - file.Flushed;
                        folder[path] = file.Contents[..(file.Flushed + (unflushed * part / Parts))];
                        isWhole &= unflushed == 0;
                    }
                }

                yield return folder;
                if (isWhole)
                {
                    break;
                }
            }
        }
    }

    private void Apply(Change change)
    {
        _log.Add(change);
        change.ApplyTo(_names);
    }

    private void Count()
    {
        if (Operations++ == FailAt)
        {
            throw new IOException("The disk fails.");
        }
    }

    private sealed class FileState
    {
        public byte[] Contents { get; set; } = [];

        public int Flushed { get; set; }
    }

    private sealed record Change(string? Name, string? OldName, FileState? File)
    {
        /// <summary>Where the names are; nothing is moved to another directory.</summary>
        public string? Directory => Path.GetDirectoryName(Name ?? OldName);

        public void ApplyTo(Dictionary<string, FileState> names)
        {
            if (OldName is not null)
            {
                names.Remove(OldName);
            }

            if (Name is not null)
            {
                names[Name] = File!;
            }
        }
    }

    private sealed class OpenFile(SimulatedDisk disk, FileState file) : MemoryStream
    {
        public FileState File => file;

        public override void Write(byte[] buffer, int offset, int count)
        {
            disk.Count();
            base.Write(buffer, offset, count);
            file.Contents = ToArray();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && CanRead)
            {
                file.Contents = ToArray();
            }

            base.Dispose(disposing);
        }
    }
}
