using System;
using System.IO;

namespace SimdNet.IO;

/// <summary>Opens files that grow by whole records while others read them: logs, which cannot be written at once and renamed.</summary>
/// <remarks>
/// Unbuffered, so that a record is one write: a process that is killed loses no record and cuts none. Nothing is flushed to the disk, since a log is not worth
/// the wait; a power failure can cost or cut the last records, and who appends looks at the end.
/// </remarks>
internal static class AppendFile
{
    /// <summary>The file, open for writing, and for reading where the mode allows it.</summary>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="mode">What becomes of a file of that name.</param>
    /// <exception cref="IOException">It cannot be opened, or is no file with a length (a pipe, a socket, a terminal), or, with <see cref="FileMode.CreateNew"/>, there is one.</exception>
    public static Stream Open(string path, FileMode mode)
    {
        FileAccess access = mode == FileMode.Append ? FileAccess.Write : FileAccess.ReadWrite;
        if (FileKind.IsPipe(path))
        {
            throw NoFile(path);
        }

        FileStream stream;
        try
        {
            stream = new FileStream(path, mode, access, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"{path}: the file may not be written; check its permissions and those of its directory.", error);
        }

        if (!stream.CanSeek)
        {
            stream.Dispose();
            throw NoFile(path);
        }

        return stream;
    }

    private static IOException NoFile(string path) => new($"{path}: this is a pipe, a socket or a terminal, and a log is a file, which has an end to look at. Name a file.");
}
