using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>The tool as a process of its own, as a shell runs it: the build beside the tests.</summary>
internal static class CliProcess
{
    private const int TimeoutMilliseconds = 120_000;

    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    private static readonly string Tool = Path.Combine(AppContext.BaseDirectory, "simdnet.dll");

    /// <summary>Runs the tool in a folder, with standard input closed and both outputs redirected.</summary>
    public static CliResult Run(string folder, params string[] arguments) => Run(folder, [], arguments);

    /// <summary>As <see cref="Run(string, string[])"/>, with variables of the environment, each as NAME=VALUE, beside those of the tests.</summary>
    public static CliResult Run(string folder, ReadOnlySpan<string> environment, params string[] arguments)
    {
        ProcessStartInfo start = new(Host)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string variable in environment)
        {
            int sign = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..sign]] = variable[(sign + 1)..];
        }

        start.ArgumentList.Add(Tool);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeoutMilliseconds))
        {
            process.Kill();
            Assert.Fail($"simdnet {string.Join(' ', arguments)} did not end.");
        }

        process.WaitForExit();
        return new(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>As <see cref="Run(string, string[])"/>, and the command is expected to succeed.</summary>
    public static CliResult Succeed(string folder, params string[] arguments)
    {
        CliResult result = Run(folder, arguments);
        Assert.True(result.ExitCode == 0, $"simdnet {string.Join(' ', arguments)} exited with {result.ExitCode}: {result.Error}");
        return result;
    }
}
