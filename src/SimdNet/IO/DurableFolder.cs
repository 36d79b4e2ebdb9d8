using System;
using System.IO;

namespace SimdNet.IO;

/// <summary>Makes folders that outlive a power failure as well as what is written into them.</summary>
internal static class DurableFolder
{
    /// <summary>Makes a folder, with those above it, where there is none.</summary>
    /// <remarks>
    /// Each folder is a name in the one above, which must be on the disk too. Those that are there already are no exception: a process may have made them and ended before it came to that.
    /// So all above are written to the disk, once for each writer; where nothing changed in one that costs next to nothing.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="operations">The file system.</param>
    /// <exception cref="IOException">It cannot be made, or its name not be written to the disk: message with path and reason.</exception>
    public static void Make(string folder, IFileOperations operations)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        try
        {
            Directory.CreateDirectory(path);
            for (string? above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
            {
                operations.SyncDirectory(above);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{folder}: the folder cannot be made: {error.Message}", error);
        }
    }
}
