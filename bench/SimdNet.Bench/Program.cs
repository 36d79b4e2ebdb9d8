using System;
using System.Collections.Generic;
using System.Linq;

using BenchmarkDotNet.Running;

using SimdNet.Bench.Comparing;
using SimdNet.Bench.Measurement;
using SimdNet.Bench.Python;
using SimdNet.Bench.Results;
using SimdNet.Bench.Starting;
using SimdNet.Kernels;

namespace SimdNet.Bench;

/// <summary><c>dotnet run -c Release --project bench/SimdNet.Bench -- [suite …] [--case=TEXT] [--smoke] [--list]</c>, or <c>-- compare [suite …]</c>. How to read the results, and how to add a benchmark, is in perf-results/README.md.</summary>
internal static class Program
{
    private const string CaseOption = "--case=";
    private const string ListOption = "--list";

    public static int Main(string[] arguments)
    {
        if (arguments is [CompareCommand.Name, ..])
        {
            return CompareCommand.Run(arguments[1..]);
        }

        string[] options = [.. arguments.Where(argument => argument.StartsWith('-'))];
        string[] names = [.. arguments.Except(options)];
        if (options.FirstOrDefault(option => option is not ("--smoke" or ListOption) && !option.StartsWith(CaseOption, StringComparison.Ordinal)) is { } option)
        {
            Console.Error.WriteLine($"{option} is no option. The options are --smoke (a dry run of the first case of each suite, or of all that --case selects), {ListOption}, and {CaseOption}TEXT (cases whose names hold the text; nothing is written).");
            return ExitCodes.Misuse;
        }

        if (names.FirstOrDefault(name => !Suite.All.Any(suite => suite.IsNamed(name))) is { } unknown)
        {
            Console.Error.WriteLine($"{unknown} is no suite. The suites are {string.Join(", ", Suite.All.Select(suite => suite.Name))}.");
            return ExitCodes.Misuse;
        }

        // An environment variable that names no kernels of this processor is found here, rather than in every process that is started.
        try
        {
            _ = KernelSets.Active<float>();
        }
        catch (InvalidOperationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return ExitCodes.Misuse;
        }

        Suite[] suites = [.. Suite.All.Where(suite => names.Length == 0 || names.Any(suite.IsNamed))];
        string? text = options.LastOrDefault(option => option.StartsWith(CaseOption, StringComparison.Ordinal))?[CaseOption.Length..];
        if (text is "")
        {
            Console.Error.WriteLine($"{CaseOption} wants a part of a case's name after it. {ListOption} shows the names; without {CaseOption}, all cases are run.");
            return ExitCodes.Misuse;
        }

        if (text is not null && !suites.Any(suite => new Selection(IsSmoke: false, text).Of(suite.Cases).Length > 0))
        {
            Console.Error.WriteLine($"No case's name holds '{text}'. {ListOption} shows the names.");
            return ExitCodes.Misuse;
        }

        return options.Contains(ListOption) ? List(suites) : Run(suites, new(options.Contains("--smoke"), text));
    }

    private static int List(IEnumerable<Suite> suites)
    {
        foreach (Suite suite in suites)
        {
            Console.WriteLine(suite.Name);
            foreach (IGrouping<Case, BenchmarkCase> group in suite.Benchmarks().GroupBy(Suite.CaseOf))
            {
                Console.WriteLine($"  {group.Key.Precision} {group.Key.Name}: {string.Join(", ", group.Select(Suite.ImplementationOf))}");
            }

            foreach (Case subject in suite.Launched)
            {
                Console.WriteLine($"  {subject.Precision} {subject.Name}: {Implementations.SimdNet}, {Implementations.Native}");
            }
        }

        return ExitCodes.Success;
    }

    private static int Run(Suite[] suites, Selection selection)
    {
        // BenchmarkDotNet looks for the project that it builds below the current folder.
        Environment.CurrentDirectory = Repository.Root;
        Machine machine = Machine.Current();
        int exitCode = ExitCodes.Success;
        foreach (Suite suite in suites.Where(suite => selection.Of(suite.Cases).Length > 0))
        {
            if (!selection.IsSmoke && Environment.ProcessorCount < suite.Threads)
            {
                Console.Error.WriteLine($"{suite.Name} wants {suite.Threads} cores, and may use {Environment.ProcessorCount}. It is left out; bench/run.sh {suite.Name} gives it its cores.");
                exitCode = suites.Length == 1 ? ExitCodes.Failure : exitCode;
                continue;
            }

            Console.WriteLine(suite.Name);
            ThreadCount.Set(suite.Threads);
            using PythonPeers python = new();
            SuiteResult? result = suite.Launched.Count > 0 ? StartupRun.Run(suite, machine, selection) : SuiteRun.Run(suite, machine, python, selection);
            if (result is null)
            {
                exitCode = ExitCodes.Failure;
            }
            else if (!selection.IsSmoke)
            {
                Console.WriteLine();
                Console.WriteLine(selection.IsWhole ? ResultFiles.Save(result) : $"{MarkdownReport.Write(result)}\n{RooflineReport.Write([result])}");
            }
        }

        return exitCode;
    }
}
