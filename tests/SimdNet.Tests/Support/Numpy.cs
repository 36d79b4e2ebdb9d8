using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test that needs Python with numpy; reported as skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NumpyFactAttribute : FactAttribute
{
    public NumpyFactAttribute()
    {
        if (!Numpy.IsAvailable)
        {
            Skip = "python3 with numpy was not found; what it would read and write is unchecked.";
        }
    }
}

/// <summary>Runs Python scripts that use numpy, the reference for its own formats.</summary>
internal static class Numpy
{
    private static readonly string Python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    public static bool IsAvailable { get; } = TryRun("import numpy", Path.GetTempPath(), out _);

    /// <summary>Runs a script in a folder and returns what it prints.</summary>
    public static string Run(string script, string folder)
    {
        Assert.True(TryRun(script, folder, out string output), output);
        return output;
    }

    internal static bool TryRun(string script, string folder, out string output)
    {
        ProcessStartInfo start = new(Python)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("import warnings; warnings.simplefilter('ignore')\n" + script);
        try
        {
            using Process process = Process.Start(start)!;
            System.Threading.Tasks.Task<string> errors = process.StandardError.ReadToEndAsync();
            output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception error)
        {
            output = error.Message;
            return false;
        }
    }
}
