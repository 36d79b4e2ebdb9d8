using System;
using System.IO;

namespace SimdNet.Cli;

/// <summary>Command lines to be typed, or copied, into the shell that this process came from.</summary>
internal static class Shell
{
    /// <summary>A backslash stands between folders on Windows; elsewhere a shell takes it for its own.</summary>
    private static readonly string NeedsNoQuotes = OperatingSystem.IsWindows() ? "._-/+=:,@%\\" : "._-/+=:,@%";

    /// <summary>How the tool is called from here: by its name where the search path has it, else by its path.</summary>
    public static string ToolName { get; } = FindToolName();

    /// <summary>An argument as a shell takes it for one.</summary>
    public static string Quote(string argument)
    {
        foreach (char character in argument)
        {
            if (!char.IsLetterOrDigit(character) && !NeedsNoQuotes.Contains(character, StringComparison.Ordinal))
            {
                return OperatingSystem.IsWindows() ? $"\"{argument}\"" : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
            }
        }

        return argument.Length > 0 ? argument : OperatingSystem.IsWindows() ? "\"\"" : "''";
    }

    private static string FindToolName()
    {
        string? program = Environment.ProcessPath;
        if (program is null)
        {
            return "simdnet";
        }

        if (Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            return $"dotnet {Quote(Shorter(Path.Combine(AppContext.BaseDirectory, "simdnet.dll")))}";
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Path.Combine(folder, Path.GetFileName(program)) == program)
            {
                return Path.GetFileNameWithoutExtension(program);
            }
        }

        string path = Shorter(program);
        return Quote(path.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : $".{Path.DirectorySeparatorChar}{path}");
    }

    private static string Shorter(string path)
    {
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.Length < path.Length ? relative : path;
    }
}
