using System;
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

        // What is there may be a device, into which anybody may write.
        if (folder is not null && !File.Exists(path) && new DirectoryInfo(path).LinkTarget is null && !TakesFiles(folder))
        {
            throw ToolException.Failure($"{path}: nothing may be written into {folder}. Check its permissions, or choose another folder.");
        }
    }

    /// <summary>What is written must not take the place of what is read: data is often the only copy.</summary>
    /// <param name="option">The option that names the file.</param>
    /// <param name="path">The file; null for none.</param>
    /// <param name="data">What is read.</param>
    public static void CheckKeeps(string option, string? path, params ReadOnlySpan<DataSource?> data)
    {
        foreach (DataSource? source in data)
        {
            foreach (string file in source?.Files ?? [])
            {
                if (path is not null && AreSame(path, file))
                {
                    throw ToolException.Usage($"{option} would replace {file}, which is data. Name another file.");
                }
            }
        }
    }

    /// <summary>Whether two names lead to one file, through links of files and folders too: a link is written through.</summary>
    public static bool AreSame(string a, string b) => Resolve(a) == Resolve(b);

    /// <summary>Permissions do not tell it all: it is tried.</summary>
    private static bool TakesFiles(string folder)
    {
        string probe = Path.Combine(folder, $".simdnet-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(probe);
            Directory.Delete(probe);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Resolve(string path)
    {
        string full = Path.GetFullPath(path);
        string resolved = Path.GetPathRoot(full)!;
        foreach (string part in full[resolved.Length..].Split(Path.DirectorySeparatorChar))
        {
            resolved = Path.Combine(resolved, part);
            try
            {
                resolved = Directory.ResolveLinkTarget(resolved, returnFinalTarget: true)?.FullName ?? resolved;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is not there yet, or leads nowhere: then it is nobody's data.
            }
        }

        return resolved;
    }
}
