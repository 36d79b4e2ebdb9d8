using System;
using System.IO;

namespace SimdNet.IO;

/// <summary>Opens files for reading, with errors that say in one line which file and why not.</summary>
internal static class InputFile
{
    /// <summary>The file, open for reading from its start, unbuffered: readers ask for large pieces.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It is a directory, may not be read, or is no file with a length (a pipe, a socket, a terminal).</exception>
    public static FileStream Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (FileKind.IsPipe(path))
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

    private static IOException NoFile(string path) => new($"{path}: this is a pipe, a socket or a terminal, a file is needed; write the data to a file first.");
}
