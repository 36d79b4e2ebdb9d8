using System;
using System.ComponentModel;
using System.Diagnostics;

using Xunit;

namespace SimdNet.Tests.Support;

/// <summary>A test that needs bash; reported as skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BashFactAttribute : FactAttribute
{
    public BashFactAttribute() => Skip = Bash.IsAvailable ? null : "bash was not found; what it makes of printed commands is unchecked.";
}

/// <summary>The shell that most people paste commands into.</summary>
internal static class Bash
{
    public static bool IsAvailable { get; } = Complaint("true") is null;

    /// <summary>What bash says is wrong with a line, which it reads and does not run; null where it takes the line.</summary>
    public static string? Complaint(string line)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("bash", ["-n", "-c", line]) { RedirectStandardError = true })!;
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : error;
        }
        catch (Win32Exception error)
        {
            return error.Message;
        }
    }
}
