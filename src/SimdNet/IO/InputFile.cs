using System;
using System.IO;
using System.Runtime.InteropServices;

using Microsoft.Win32.SafeHandles;

namespace SimdNet.IO;

/// <summary>Opens files for reading, with errors that say in one line which file and why not.</summary>
internal static partial class InputFile
{
    // O_NONBLOCK and O_CLOEXEC, which have other numbers on macOS and the BSDs.
    private static readonly int WithoutWaiting = OperatingSystem.IsLinux() ? 0x800 | 0x80000 : 0x4 | 0x1000000;

    /// <summary>The file, open for reading from its start, unbuffered: readers ask for large pieces.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a directory, may not be read, or is no file with a length (a pipe, a terminal).</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!OperatingSystem.IsWindows() && IsPipe(path))
        {
            throw NoFile(path);
        }

        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"{path}: there is no such file.", path, error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(
                Directory.Exists(path) ? $"{path}: this is a directory, a file is needed." : $"{path}: the file may not be read; check its permissions.",
                error);
        }
        catch (IOException error) when (!error.Message.Contains(path, StringComparison.Ordinal))
        {
            throw new IOException($"{path}: {error.Message}", error);
        }

        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw NoFile(path);
        }

        return stream;
    }

    private static IOException NoFile(string path) => new($"{path}: this is a pipe or a terminal, a file is needed; write the data to a file first.");

    /// <summary>Whether the path names something that cannot seek. .NET opens a named pipe by waiting for somebody to write to it, for ever if nobody does.</summary>
    internal static bool IsPipe(string path)
    {
        using SafeFileHandle handle = new(OpenDescriptor(path, WithoutWaiting), ownsHandle: true);
        if (handle.IsInvalid)
        {
            // It is opened once more, by .NET, whose errors say why not.
            return false;
        }

        try
        {
            using FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
            return !stream.CanSeek;
        }
        catch (UnauthorizedAccessException)
        {
            // A directory.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDescriptor(string path, int flags);
}
