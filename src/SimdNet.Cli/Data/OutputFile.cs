using System.IO;

namespace SimdNet.Cli.Data;

/// <summary>Files that are written at the end of long work.</summary>
internal static class OutputFile
{
    /// <summary>Finds out before the work that a file could not be written after it.</summary>
    public static void CheckFolder(string? path)
    {
        if (path is null)
        {
            return;
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
        {
            throw ToolException.Failure($"{path}: this is a folder, and a file is to be written. Choose another name.");
        }

        if (folder is not null && !Directory.Exists(folder))
        {
            throw ToolException.Failure($"{path}: there is no folder {folder}. Make it first.");
        }
    }
}
