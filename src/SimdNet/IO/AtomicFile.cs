using System;
using System.Collections.Generic;
using System.IO;

namespace SimdNet.IO;

/// <summary>Writes a file so that its name stands for the whole old contents or the whole new ones, whatever happens in between.</summary>
internal static class AtomicFile
{
    private const string TemporaryPrefix = ".simdnet-";
    private const string TemporaryEnding = ".tmp";
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Writes <paramref name="path"/> in one step as far as readers, crashes and power failures can tell.</summary>
    /// <remarks>
    /// The contents go to a new file of a unique name in the same directory and on to the disk; only then does it take the name, and the name
    /// goes to the disk too. On failure the temporary file is removed and the old file is as it was; a failed flush is never tried again,
    /// since the system may have dropped the data and call the second attempt a success. The one failure that comes too late for the old file
    /// is that of the directory: the new contents are in place and whole, yet may not outlive a power failure.
    /// <para>A link is followed: what it points to is replaced. What is no file (/dev/stdout, a named pipe), and what leads there, is written to as it is.</para>
    /// </remarks>
    /// <param name="path">The file to write; its directory must exist.</param>
    /// <param name="write">Writes the contents to the stream it is given, which can seek, and leaves it open.</param>
    /// <exception cref="IOException">The file cannot be written: message with path and reason.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, DiskOperations.Instance);

    /// <summary>The same on a file system of the caller's.</summary>
    public static void Write(string path, Action<Stream> write, IFileOperations operations) => WriteAll([path], (_, stream) => write(stream), operations);

    /// <summary>Writes a file that is not there yet.</summary>
    /// <returns>False where there is one of that name by then, another process's perhaps, which stays as it is.</returns>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/param"/>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    public static bool TryWriteNew(string path, Action<Stream> write, IFileOperations operations) => WriteAll([path], (_, stream) => write(stream), operations, isNew: true);

    /// <summary>Writes files that belong together, each in one step. Whoever reads them all gets the old ones or the new ones, or finds that the last is missing, whatever happens in between: never some of each.</summary>
    /// <remarks>
    /// No file system gives several files their names at once. All contents are on the disk first; then the last file is removed, the others take their names, and the last comes back as the new one, each
    /// of these steps on the disk before the next. What fails before leaves all as it was; what fails between leaves the last file missing.
    /// </remarks>
    /// <param name="paths">The files, none twice; their directories must exist.</param>
    /// <param name="write">Writes the contents of the file of a number, from 0, to the stream it is given.</param>
    /// <param name="operations">The file system.</param>
    /// <exception cref="IOException">A file cannot be written: message with path and reason.</exception>
    public static void WriteAll(IReadOnlyList<string> paths, Action<int, Stream> write, IFileOperations operations) => WriteAll(paths, write, operations, isNew: false);

    private static bool WriteAll(IReadOnlyList<string> paths, Action<int, Stream> write, IFileOperations operations, bool isNew)
    {
        List<(string Path, string Target, string Temporary)> written = [];
        HashSet<string> directories = [];
        string path = "";
        string directory = "";
        int moved = 0;
        try
        {
            for (int i = 0; i < paths.Count; i++)
            {
                path = paths[i];
                ArgumentException.ThrowIfNullOrEmpty(path, nameof(path));
                int number = i;
                if (DeviceFile.TryWrite(path, stream => write(number, stream)))
                {
                    continue;
                }

                string target = TargetOf(path);
                directory = Path.GetDirectoryName(target)!;
                directories.Add(directory);
                string temporary = Path.Combine(directory, $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporaryEnding}");
                using Stream stream = operations.Create(temporary, target);
                written.Add((path, target, temporary));
                write(i, stream);
                operations.Flush(stream);
            }

            bool isSet = written.Count > 1;
            if (isSet)
            {
                operations.Delete(written[^1].Target);
                Sync(directories, operations);
            }

            for (; moved < written.Count; moved++)
            {
                if (isSet && moved == written.Count - 1)
                {
                    Sync(directories, operations);
                }

                path = written[moved].Path;
                directory = Path.GetDirectoryName(written[moved].Target)!;
                if (!isNew)
                {
                    operations.Move(written[moved].Temporary, written[moved].Target);
                }
                else if (!operations.TryMoveToNew(written[moved].Temporary, written[moved].Target))
                {
                    return false;
                }
            }

            Sync(directories, operations);
            return true;
        }
        catch (DirectoryNotFoundException error) when (!Directory.Exists(directory))
        {
            throw new DirectoryNotFoundException($"{path}: the directory {directory} does not exist; create it first.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: the file may not be written; check the permissions of {directory}.", error);
        }
        catch (IOException error) when (error is not SimdNetFormatException && !error.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new IOException($"{path}: the file could not be written: {error.Message}", error);
        }
        finally
        {
            for (; moved < written.Count; moved++)
            {
                Remove(written[moved].Temporary, operations);
            }
        }
    }

    /// <summary>Removes temporary files of processes that were killed: those that have not been written to for a time in which no write lasts.</summary>
    public static void RemoveAbandoned(string directory, IFileOperations operations)
    {
        foreach (string path in Directory.EnumerateFiles(directory, $"{TemporaryPrefix}*{TemporaryEnding}"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > Abandoned)
            {
                Remove(path, operations);
            }
        }
    }

    private static string TargetOf(string path)
    {
        string target = Resolve(path);
        return Directory.Exists(target) ? throw new IOException($"{path}: this is a directory, a file cannot take its place.") : target;
    }

    private static void Sync(HashSet<string> directories, IFileOperations operations)
    {
        foreach (string directory in directories)
        {
            operations.SyncDirectory(directory);
        }
    }

    /// <summary>What the path names behind all its links; where there is nothing yet, where the last of them leads.</summary>
    /// <remarks>A link's target is followed part by part, as the system does, so that ".." is the folder above the one that was reached; .NET takes it off the text, whatever links that has.</remarks>
    internal static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        if (new FileInfo(full).LinkTarget is null)
        {
            return full;
        }

        string at = Path.GetPathRoot(full)!;
        Stack<string> parts = new();
        Push(full[at.Length..]);
        for (int links = 0; parts.TryPop(out string? part);)
        {
            string next = part == ".." ? Path.GetDirectoryName(at) ?? at : Path.Combine(at, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > DeviceFile.MaxLinks)
            {
                throw new IOException($"{path}: more than {DeviceFile.MaxLinks} links lead on from here, or they go round. Name the file itself.");
            }

            string root = Path.GetPathRoot(target)!;
            at = root.Length > 0 ? Path.GetFullPath(root) : at;
            Push(target[root.Length..]);
        }

        return at;

        void Push(string text)
        {
            string[] names = text.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
            for (int i = names.Length - 1; i >= 0; i--)
            {
                if (names[i] != ".")
                {
                    parts.Push(names[i]);
                }
            }
        }
    }

    private static void Remove(string temporary, IFileOperations operations)
    {
        try
        {
            operations.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The error that brought us here says more than this one.
        }
    }
}
