using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Security.Cryptography;

namespace SimdNet.Bench.Peers;

/// <summary>The machine's C compiler, which makes a library of a source beside this program, once for each text of the source and each compiler.</summary>
internal static class CCompiler
{
    private const string Command = "cc";
    private const string Options = "-O3 -march=native -std=c11";

    /// <summary>The library of <c>Peers/native/<paramref name="source"/></c>.</summary>
    /// <param name="source">The file's name.</param>
    /// <param name="library">Where the library is.</param>
    /// <returns>The compiler and its options, or what was missing.</returns>
    public static Presence TryCompile(string source, out string library)
    {
        string path = Path.Combine(Repository.Root, "bench", "SimdNet.Bench", "Peers", "native", source);
        library = "";
        if (!File.Exists(path))
        {
            return Presence.Absent($"{source} is not beside this program");
        }

        if (Run("--version") is not { ExitCode: 0 } compiler)
        {
            return Presence.Absent($"no C compiler: {Command} does not run; Debian's package is gcc");
        }

        string version = compiler.Output.Split('\n')[0].Trim();
        string id = Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(path), .. System.Text.Encoding.UTF8.GetBytes(version + Options)]))[..16];
        string folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "native")).FullName;
        library = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(source)}-{id}.so");
        return File.Exists(library) ? Presence.Here($"{version}, {Options}") : Compile(path, library, version);
    }

    /// <summary>Under another name first: another process may look for the library at the same time.</summary>
    private static Presence Compile(string path, string library, string version)
    {
        string unfinished = $"{library}.{Environment.ProcessId}";
        if (Run($"{Options} -fPIC -shared -o", unfinished, path, "-lm") is not { ExitCode: 0 })
        {
            return Presence.Absent($"{version} does not compile {Path.GetFileName(path)} with {Options}");
        }

        File.Move(unfinished, library, overwrite: true);
        return Presence.Here($"{version}, {Options}");
    }

    private static (int ExitCode, string Output)? Run(string options, params string[] files)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Command, [.. options.Split(' '), .. files]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
