using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using BenchmarkDotNet.Running;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Results;
using SimdNet.Kernels;

namespace SimdNet.Bench;

/// <summary><c>dotnet run -c Release --project bench/SimdNet.Bench -- [suite …] [--smoke] [--list]</c>. How to read the results, and how to add a benchmark, is in perf-results/README.md.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Misuse = 2;

    public static int Main(string[] arguments)
    {
        string[] options = [.. arguments.Where(argument => argument.StartsWith('-'))];
        string[] names = [.. arguments.Except(options)];
        if (options.FirstOrDefault(option => option is not ("--smoke" or "--list")) is { } option)
        {
            Console.Error.WriteLine($"{option} is no option. The options are --smoke (one dry run of each suite) and --list.");
            return Misuse;
        }

        if (names.FirstOrDefault(name => !Suite.All.Any(suite => IsNamed(suite, name))) is { } unknown)
        {
            Console.Error.WriteLine($"{unknown} is no suite. The suites are {string.Join(", ", Suite.All.Select(suite => suite.Name))}.");
            return Misuse;
        }

        // An environment variable that names no kernels of this processor is found here, rather than in every process that is started.
        try
        {
            _ = KernelSets.Active<float>();
        }
        catch (InvalidOperationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return Misuse;
        }

        Suite[] suites = [.. Suite.All.Where(suite => names.Length == 0 || names.Any(name => IsNamed(suite, name)))];
        return options.Contains("--list") ? List(suites) : Run(suites, options.Contains("--smoke"));
    }

    private static bool IsNamed(Suite suite, string name) => suite.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static int List(IEnumerable<Suite> suites)
    {
        foreach (Suite suite in suites)
        {
            Console.WriteLine(suite.Name);
            foreach (IGrouping<Case, BenchmarkCase> group in suite.Benchmarks().GroupBy(Suite.CaseOf))
            {
                Console.WriteLine($"  {group.Key.Precision} {group.Key.Name}: {string.Join(", ", group.Select(Suite.ImplementationOf))}");
            }
        }

        return Success;
    }

    private static int Run(IEnumerable<Suite> suites, bool smoke)
    {
        // BenchmarkDotNet looks for the project that it builds below the current folder.
        Environment.CurrentDirectory = Repository.Root;
        Machine machine = Machine.Current();
        int exitCode = Success;
        foreach (Suite suite in suites)
        {
            Console.WriteLine(suite.Name);
            SuiteResult? result = SuiteRun.Run(suite, machine, smoke);
            if (result is null)
            {
                exitCode = Failure;
            }
            else if (!smoke)
            {
                Save(result);
            }
        }

        return exitCode;
    }

    private static void Save(SuiteResult result)
    {
        string folder = Path.Combine(Repository.Results, result.Machine.Folder);
        string markdown = MarkdownReport.Write(result);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, result.Suite + ".md"), markdown);
        File.WriteAllText(Path.Combine(folder, result.Suite + ".json"), JsonReport.Write(result));
        Console.WriteLine();
        Console.WriteLine(markdown);
    }
}
