using System.Diagnostics;

namespace SimdNet.Bench;

/// <summary>What git knows of the checkout.</summary>
internal static class Git
{
    private const string Changes = "+changes";

    /// <summary>The commit that a build named, with a mark where the sources are not those of the commit.</summary>
    /// <param name="library">The version of the library: after its plus sign the commit, where the build knew it.</param>
    public static string CommitOf(string library)
    {
        string commit = library.Contains('+') ? library[(library.IndexOf('+') + 1)..] : "unknown";
        return Run("diff", "--quiet", "HEAD", "--", "src", "bench", "Directory.Build.props", "Directory.Packages.props").ExitCode == 0 ? commit : commit + Changes;
    }

    /// <summary>A commit as people write it.</summary>
    public static string Short(string commit) => commit.Length < 40 ? commit : commit[..7] + commit[40..];

    /// <summary>A file as it was last committed; null where it was not.</summary>
    /// <param name="path">Relative to the root, with slashes.</param>
    public static string? Show(string path) => Run("show", $"HEAD:{path}") is { ExitCode: 0, Output: string text } ? text : null;

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("git", arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No git on this machine.
            return (-1, "");
        }
    }
}
