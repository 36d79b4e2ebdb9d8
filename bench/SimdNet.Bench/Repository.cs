using System;
using System.IO;

namespace SimdNet.Bench;

/// <summary>Where things lie.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution, above this program; the current one where the program was copied elsewhere.</summary>
    public static string Root { get; } = Find() ?? Environment.CurrentDirectory;

    public static string Results => Path.Combine(Root, "perf-results");

    public static string Artifacts => Path.Combine(Root, "artifacts", "benchmarks");

    private static string? Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SimdNet.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
