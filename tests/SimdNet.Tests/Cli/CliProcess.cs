using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using SimdNet.Tests.Support;
using SimdNet.Tests.Threading;

using Xunit;

namespace SimdNet.Tests.Cli;

/// <summary>The tool as a process of its own, as a shell runs it: the build beside the tests.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

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

    /// <summary>Starts the tool in a folder, and sends it a signal, INT or TERM, once it has said something.</summary>
    public static CliResult Stop(string folder, string signal, string[] arguments) => Stop(folder, arguments, process =>
    {
        string first = process.StandardError.ReadLine() + "\n";
        Send(process, signal);
        return first;
    });

    /// <summary>As <see cref="Stop(string, string, string[])"/>, with two signals at once. Of different kinds: of one kind, the second could be lost on the way.</summary>
    public static CliResult StopDoubly(string folder, string[] arguments) => Stop(folder, arguments, process =>
    {
        string first = process.StandardError.ReadLine() + "\n";
        using Process shell = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {process.Id}; kill -TERM {process.Id}")]);
        shell.WaitForExit();
        return first;
    });

    /// <summary>Starts the tool in a folder, counts the threads of its teams once it has said something, and interrupts it. On Linux.</summary>
    public static int CountWorkers(string folder, string[] arguments)
    {
        int workers = 0;
        Stop(folder, arguments, process =>
        {
            string first = process.StandardError.ReadLine() + "\n";
            workers = TeamThreads.Count(process.Id.ToString(CultureInfo.InvariantCulture));
            Send(process, "INT");
            return first;
        });
        return workers;
    }

    /// <summary>Starts the tool in a folder, and interrupts it twice once it has made a folder there: before it says anything.</summary>
    public static CliResult StopTwice(string folder, string made, string[] arguments) => Stop(folder, arguments, process =>
    {
        while (!Directory.Exists(Path.Combine(folder, made)))
        {
            Thread.Sleep(20);
        }

        // The training looks for a signal before its first step too.
        Thread.Sleep(100);
        Send(process, "INT");
        Thread.Sleep(500);
        Send(process, "INT");
        return "";
    });

    private static CliResult Stop(string folder, string[] arguments, Func<Process, string> interrupt)
    {
        // What runs in the background of a script ignores SIGINT, and so would all that it starts.
        ProcessStartInfo start = new("env") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(["--default-signal=INT", Host, Path.Combine(AppContext.BaseDirectory, "simdnet.dll"), .. arguments], start.ArgumentList.Add);
        using Process process = Process.Start(start)!;
        using Timer watchdog = new(_ => process.Kill(), null, Limit, Timeout.InfiniteTimeSpan);
        string first = interrupt(process);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, first + error.GetAwaiter().GetResult());
    }

    private static void Send(Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
