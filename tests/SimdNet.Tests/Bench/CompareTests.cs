using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Bench;

/// <summary>The benchmark program's compare command, as a process on two files whose samples are made here: what it must find, and what it must not take for something.</summary>
public sealed class CompareTests
{
    private const int Launches = 3;
    private const int SamplesOfLaunch = 8;
    private const string Own = "SimdNet";

    private static readonly string[] Cases = ["a", "b", "c", "d", "e", "f"];

    [Fact]
    public void What_did_not_change_is_not_slower()
    {
        (int exitCode, string output) = Compare(Rows(seed: 1), Rows(seed: 2));
        Assert.Contains("Nothing became slower", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public void A_row_that_takes_a_tenth_longer_is_named_and_no_other()
    {
        (int exitCode, string output) = Compare(Rows(seed: 1), Rows(seed: 2, factor: (name, who) => name == "b" && who == Own ? 1.1 : 1));
        Assert.Equal(1, exitCode);
        Assert.Equal(["b"], Slower(output));
    }

    [Fact]
    public void A_row_that_takes_a_tenth_less_is_no_error()
    {
        (int exitCode, string output) = Compare(Rows(seed: 1), Rows(seed: 2, factor: (name, who) => name == "b" && who == Own ? 0.9 : 1));
        Assert.Equal(0, exitCode);
        Assert.Contains("faster float b:", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_machine_on_which_everything_takes_longer_is_not_the_code()
    {
        (int exitCode, string output) = Compare(Rows(seed: 1), Rows(seed: 2, factor: (_, _) => 1.2));
        Assert.Equal(0, exitCode);
        Assert.Contains("the machine took 1.2", output, StringComparison.Ordinal);
    }

    [Fact]
    public void On_such_a_machine_a_row_that_became_slower_still_is_found()
    {
        (int exitCode, string output) = Compare(Rows(seed: 1), Rows(seed: 2, factor: (name, who) => name == "b" && who == Own ? 1.35 : 1.2));
        Assert.Equal(1, exitCode);
        Assert.Equal(["b"], Slower(output));
    }

    /// <summary>Medians of so few and so scattered samples differ by more than the threshold now and then.</summary>
    [Fact]
    public void Chance_is_not_taken_for_a_difference()
    {
        bool didMediansDiffer = false;
        for (int seed = 1; seed <= 4; seed++)
        {
            (int exitCode, string output) = Compare(Rows(seed, spread: 1), Rows(seed + 100, spread: 1));
            Assert.True(exitCode == 0, output);
            didMediansDiffer |= output.Split('\n').Any(line => line.Split(": ") is [_, var rest] && rest.Split(' ') is [var ratio, "times", ..] && double.Parse(ratio, CultureInfo.InvariantCulture) > 1.05);
        }

        Assert.True(didMediansDiffer);
    }

    [Fact]
    public void The_threshold_is_the_callers()
    {
        Func<string, string, double> longer = (name, who) => name == "b" && who == Own ? 1.1 : 1;
        Assert.Equal(0, Compare(Rows(seed: 1), Rows(seed: 2, factor: longer), "--threshold", "0.2").ExitCode);
        Assert.Equal(2, Compare(Rows(seed: 1), Rows(seed: 2), "--threshold", "much").ExitCode);
    }

    [Fact]
    public void New_garbage_counts_as_slower()
    {
        Assert.Equal(1, Compare(Rows(seed: 1), Rows(seed: 2, allocated: 64)).ExitCode);
        Assert.Equal(0, Compare(Rows(seed: 1, allocated: 64), Rows(seed: 2, allocated: 64)).ExitCode);
    }

    [Fact]
    public void A_file_of_another_version_or_suite_or_none_at_all_is_refused()
    {
        Assert.Equal(2, Compare(Rows(seed: 1), Rows(seed: 2), version: 1).ExitCode);
        Assert.Equal(2, Compare(Rows(seed: 1), Rows(seed: 2), suite: "PerSampleStep").ExitCode);
        using TemporaryFolder folder = new();
        Assert.Equal(2, Run(folder.Path, "compare", "none.json", "nothing.json").ExitCode);
        Assert.Equal(2, Run(folder.Path, "compare", "NoSuite").ExitCode);
        Assert.Equal(2, Run(folder.Path, "Products", "--case=no such case").ExitCode);
    }

    private static (int ExitCode, string Output) Compare(object before, object after, params string[] options) => Compare(before, after, 2, "Products", options);

    private static (int ExitCode, string Output) Compare(object before, object after, int version = 2, string suite = "Products", params string[] options)
    {
        using TemporaryFolder folder = new();
        Write(Path.Combine(folder.Path, "before.json"), 2, "Products", before);
        Write(Path.Combine(folder.Path, "after.json"), version, suite, after);
        return Run(folder.Path, ["compare", "before.json", "after.json", .. options]);
    }

    private static IEnumerable<string> Slower(string output) =>
        output.Split('\n').Where(line => line.StartsWith("  SLOWER float ", StringComparison.Ordinal)).Select(line => line["  SLOWER float ".Length..line.IndexOf(':', StringComparison.Ordinal)]);

    /// <summary>Samples of two implementations on all cases: 1,000 ns times a factor, launch by launch and sample by sample up to a spread above it.</summary>
    private static object[] Rows(int seed, double spread = 0.02, Func<string, string, double>? factor = null, long allocated = 0)
    {
        Random random = new(seed);
        return [.. from name in Cases from who in (string[])[Own, "Peer"] select Row(name, who)];

        object Row(string name, string who)
        {
            double[][] samples = [.. Enumerable.Range(0, Launches).Select(_ => Launch(1 + (0.005 * random.NextDouble())))];
            double[] sorted = [.. samples.SelectMany(launch => launch).Order()];
            double Launch0(double offset) => 1_000 * (factor?.Invoke(name, who) ?? 1) * offset * (1 + (spread * random.NextDouble()));
            double[] Launch(double offset) => [.. Enumerable.Range(0, SamplesOfLaunch).Select(_ => Launch0(offset))];
            return new
            {
                @case = name,
                precision = "float",
                implementation = who,
                median_ns = sorted[sorted.Length / 2],
                spread_percent = 1.0,
                allocated_bytes = who == Own ? allocated : 0,
                work = new { flops = 1e6, bytes = 0, items = 1, item = "product" },
                samples_ns = samples,
            };
        }
    }

    private static void Write(string path, int version, string suite, object rows) => File.WriteAllText(path, JsonSerializer.Serialize(new
    {
        version,
        suite,
        date = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        seconds = 1.0,
        machine = new { processor = "P", cores = 1, operating_system = "S", runtime = "R", library = "L", kernels = "vector512", folder = "p-vector512", knobs = new { } },
        commit = "unknown",
        peaks = new { @float = 100.0, @double = 50.0, latency_float = 1.0, latency_double = 1.0, levels = Array.Empty<object>() },
        peers = new { Peer = "1" },
        absent = new { },
        results = rows,
    }));

    /// <summary>Of the same configuration as these tests, built with them.</summary>
    private static (int ExitCode, string Output) Run(string folder, params string[] arguments)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(Repository.Root, "artifacts", "bin", "SimdNet.Bench", configuration, "SimdNet.Bench.dll");
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
