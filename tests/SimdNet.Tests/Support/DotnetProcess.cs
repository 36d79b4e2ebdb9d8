using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using SimdNet.Threading;

namespace SimdNet.Tests.Support;

/// <summary>A program of the build beside the tests as a process of its own, with standard input closed and both outputs redirected.</summary>
/// <param name="ExitCode">Null where it was killed, since it had not ended within its limit.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record DotnetProcess(int? ExitCode, string Output, string Error)
{
    /// <summary>What runs programs: that which runs the tests.</summary>
    public static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Runs it to its end, or to the limit.</summary>
    /// <param name="assembly">The program's file, beside the tests.</param>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="environment">Variables, each as NAME=VALUE, beside those of the tests.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">See <see cref="Watchdog"/>.</param>
    /// <param name="processor">The one processor that all of its threads run on, from the first on; on Linux alone. Null for all.</param>
    public static DotnetProcess Run(string assembly, string folder, ReadOnlySpan<string> environment, ReadOnlySpan<string> arguments, TimeSpan limit, int? processor = null)
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

        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, assembly));
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = processor is { } number ? StartOn(number, start) : Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> error = process.StandardError.ReadToEndAsync();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        bool ended = Watchdog.Wait(process.WaitForExit, limit);
        if (!ended)
        {
            process.Kill();
        }

        process.WaitForExit();
        return new(ended ? process.ExitCode : null, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>A process inherits the processors of the thread that starts it.</summary>
    private static Process StartOn(int processor, ProcessStartInfo start)
    {
        Process? process = null;
        Thread thread = new(() =>
        {
            ThreadPlacement.Bind(processor);
            process = Process.Start(start);
        });
        thread.Start();
        thread.Join();
        return process!;
    }
}
