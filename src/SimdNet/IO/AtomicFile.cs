using System;
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
    /// <para>A link is followed: what it points to is replaced. Devices (/dev/stdout), and what leads to one, are written to directly.</para>
    /// </remarks>
    /// <param name="path">The file to write; its directory must exist.</param>
    /// <param name="write">Writes the contents to the stream it is given, which can seek, and leaves it open.</param>
    /// <exception cref="IOException">The file cannot be written: message with path and reason.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, DiskOperations.Instance);

    /// <summary>The same on a file system of the caller's.</summary>
    public static void Write(string path, Action<Stream> write, IFileOperations operations)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (LeadsToDevice(path))
        {
            WriteDevice(path, write);
            return;
        }

        string target = Resolve(path);
        string directory = Path.GetDirectoryName(target)!;
        if (Directory.Exists(target))
        {
            throw new IOException($"{path}: this is a directory, a file cannot take its place.");
        }

        string temporary = Path.Combine(directory, $"{TemporaryPrefix}{Guid.NewGuid():N}{TemporaryEnding}");
        bool created = false;
        try
        {
            using (Stream stream = operations.Create(temporary, target))
            {
                created = true;
                write(stream);
                operations.Flush(stream);
            }

            operations.Move(temporary, target);
            created = false;
            operations.SyncDirectory(directory);
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
            if (created)
            {
                Remove(temporary, operations);
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

    private static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        try
        {
            return File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return full;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: the file may not be written; check the permissions of its directory.", error);
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

    /// <summary>The path without links among its folders: a device may lie behind one.</summary>
    private static string Real(string path)
    {
        string? folder = Path.GetDirectoryName(path);
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (new DirectoryInfo(at).LinkTarget is not null && Directory.ResolveLinkTarget(at, returnFinalTarget: true) is { } real)
            {
                return Path.Combine(real.FullName, Path.GetRelativePath(at, path));
            }
        }

        return path;
    }

    /// <summary>Whether this is, or leads to, what is no file and is not to be replaced by one.</summary>
    internal static bool LeadsToDevice(string path) => IsDevice(path) || IsDevice(Real(Resolve(path)));

    private static bool IsDevice(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        string full = Path.GetFullPath(path);
        return (full.StartsWith("/dev/", StringComparison.Ordinal) && !full.StartsWith("/dev/shm/", StringComparison.Ordinal))
            || full.StartsWith("/proc/", StringComparison.Ordinal);
    }

    private static void WriteDevice(string path, Action<Stream> write)
    {
        // Formats seek back to fill in sizes, a pipe cannot: the contents are made first.
        using MemoryStream contents = new();
        write(contents);
        contents.Position = 0;
        try
        {
            using FileStream device = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            contents.CopyTo(device);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: may not be written.", error);
        }
    }
}
