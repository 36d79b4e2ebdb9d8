using System;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>The tool as a process of its own, as a shell runs it: the build beside the tests.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs the tool in a folder, with standard input closed and both outputs redirected.</summary>
    public static CliResult Run(string folder, params string[] arguments) => Run(folder, [], arguments);

    /// <summary>As <see cref="Run(string, string[])"/>, with variables of the environment, each as NAME=VALUE, beside those of the tests.</summary>
    public static CliResult Run(string folder, ReadOnlySpan<string> environment, params string[] arguments)
    {
        DotnetProcess process = DotnetProcess.Run("simdnet.dll", folder, environment, arguments, Limit);
        Assert.True(process.ExitCode is not null, $"simdnet {string.Join(' ', arguments)} did not end.");
        return new(process.ExitCode.Value, process.Output, process.Error);
    }

    /// <summary>As <see cref="Run(string, string[])"/>, and the command is expected to succeed.</summary>
    public static CliResult Succeed(string folder, params string[] arguments)
    {
        CliResult result = Run(folder, arguments);
        Assert.True(result.ExitCode == 0, $"simdnet {string.Join(' ', arguments)} exited with {result.ExitCode}: {result.Error}");
        return result;
    }
}
