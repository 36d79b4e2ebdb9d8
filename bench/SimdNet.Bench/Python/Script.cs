using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Peers;

namespace SimdNet.Bench.Python;

/// <summary>A script of bench/python in a process of its own, on the same core, which waits for requests between the launches of the benchmarks.</summary>
internal sealed class Script : IDisposable
{
    /// <summary>The interpreter to use; without it, the first one that has what the script needs.</summary>
    public const string InterpreterVariable = "BENCH_PYTHON";

    /// <summary>The system's first: Debian's packages install there, whatever a path has before it.</summary>
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3", "python"];

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Process? _process;

    private Script(string name, Process? process, Presence presence)
    {
        Name = name;
        _process = process;
        Presence = presence;
    }

    /// <summary>What it calls itself.</summary>
    public string Name { get; }

    /// <summary>Of the library that it measures.</summary>
    public Presence Presence { get; private set; }

    /// <summary>Starts a script.</summary>
    /// <param name="file">Its name in bench/python.</param>
    public static Script Start(string file)
    {
        string[] interpreters = Environment.GetEnvironmentVariable(InterpreterVariable) is { Length: > 0 } given ? [given] : Interpreters;
        Script script = new(Path.GetFileNameWithoutExtension(file), null, Presence.Absent($"none of {string.Join(", ", interpreters)} is here"));
        foreach (string interpreter in interpreters)
        {
            script = Start(file, interpreter) ?? script;
            if (script.Presence.IsPresent)
            {
                break;
            }
        }

        return script;
    }

    /// <summary>Sends a request and waits for its answers. A script that fails is absent from then on.</summary>
    public IReadOnlyList<SampleLine> Ask(object request)
    {
        List<SampleLine> answers = [];
        try
        {
            _process!.StandardInput.WriteLine(JsonSerializer.Serialize(request, Options));
            _process.StandardInput.Flush();
            string? line;
            while (!string.IsNullOrEmpty(line = _process.StandardOutput.ReadLine()))
            {
                answers.Add(SampleLine.Parse(line));
            }

            if (line is null)
            {
                Presence = Presence.Absent("ended while it measured");
            }
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            Presence = Presence.Absent($"failed while it measured: {error.Message}");
        }

        return answers;
    }

    public void Dispose()
    {
        if (_process is null)
        {
            return;
        }

        // The end of its input is the end of its work.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <returns>Null where there is no such interpreter.</returns>
    private static Script? Start(string file, string interpreter)
    {
        ProcessStartInfo start = new(interpreter, [Path.Combine(Repository.Root, "bench", "python", file)]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach ((string name, string? value) in NativeEnvironment.Variables)
        {
            start.Environment[name] = value;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }

        if (process.StandardOutput.ReadLine() is not { } line)
        {
            process.Dispose();
            return new(Path.GetFileNameWithoutExtension(file), null, Presence.Absent($"{interpreter} ended without a word"));
        }

        Greeting greeting = JsonSerializer.Deserialize<Greeting>(line, Options)!;
        if (greeting.Absent is null)
        {
            return new(greeting.Implementation, process, Presence.Here(greeting.Version ?? ""));
        }

        process.Dispose();
        return new(greeting.Implementation, null, Presence.Absent($"{greeting.Absent} ({interpreter})"));
    }

    private sealed record Greeting(string Implementation, string? Version, string? Absent);
}
