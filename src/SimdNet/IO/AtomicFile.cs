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
    /// <para>A link is followed: what it points to is replaced. What is no file (/dev/stdout, a named pipe), and what leads there, is written to as it is.</para>
    /// </remarks>
    /// <param name="path">The file to write; its directory must exist.</param>
    /// <param name="write">Writes the contents to the stream it is given, which can seek, and leaves it open.</param>
    /// <exception cref="IOException">The file cannot be written: message with path and reason.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, DiskOperations.Instance);

    /// <summary>The same on a file system of the caller's.</summary>
    public static void Write(string path, Action<Stream> write, IFileOperations operations)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (DeviceFile.TryWrite(path, write))
        {
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

    /// <summary>What the path names behind all its links; where there is nothing yet, the path itself.</summary>
    internal static string Resolve(string path)
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
}
