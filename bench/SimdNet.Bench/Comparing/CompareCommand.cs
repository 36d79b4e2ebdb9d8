using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

using SimdNet.Bench.Results;

namespace SimdNet.Bench.Comparing;

/// <summary><c>compare [suite …] [--threshold 0.05]</c>: the files of this processor against those of the last commit. <c>compare before.json after.json</c>: two files.</summary>
internal static class CompareCommand
{
    public const string Name = "compare";

    private const string ThresholdOption = "--threshold";

    public static int Run(IReadOnlyList<string> arguments)
    {
        try
        {
            double threshold = Comparison.DefaultThreshold;
            List<string> names = [.. arguments];
            if (names.IndexOf(ThresholdOption) is int at && at >= 0)
            {
                if (at + 1 == names.Count || !double.TryParse(names[at + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out threshold) || threshold is not (>= 0 and < 10))
                {
                    Console.Error.WriteLine($"{ThresholdOption} takes a share, as in {ThresholdOption} 0.05.");
                    return ExitCodes.Misuse;
                }

                names.RemoveRange(at, 2);
            }

            return names is [var before, var after] && before.EndsWith(".json", StringComparison.Ordinal) && after.EndsWith(".json", StringComparison.Ordinal)
                ? Report(JsonReport.Read(File.ReadAllText(before), before), JsonReport.Read(File.ReadAllText(after), after), threshold) ? ExitCodes.Failure : ExitCodes.Success
                : CompareWithCommit(names, threshold);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or InvalidOperationException)
        {
            Console.Error.WriteLine(error.Message);
            return ExitCodes.Misuse;
        }
    }

    private static int CompareWithCommit(List<string> names, double threshold)
    {
        if (names.FirstOrDefault(name => !Suite.All.Any(suite => suite.IsNamed(name))) is { } unknown)
        {
            Console.Error.WriteLine($"{unknown} is no suite. The suites are {string.Join(", ", Suite.All.Select(suite => suite.Name))}.");
            return ExitCodes.Misuse;
        }

        string folder = Measurement.Machine.Current().Folder;
        bool anySlower = false;
        int compared = 0;
        foreach (Suite suite in Suite.All.Where(suite => names.Count == 0 || names.Any(suite.IsNamed)))
        {
            string file = $"perf-results/{folder}/{suite.Name}.json";
            string path = Path.Combine(Repository.Root, file);
            if (!File.Exists(path) || Git.Show(file) is not { } committed)
            {
                Console.WriteLine($"{suite.Name}: {(File.Exists(path) ? "not committed yet" : "not measured")} on this processor.");
                continue;
            }

            compared++;
            anySlower |= Report(JsonReport.Read(committed, $"HEAD:{file}"), JsonReport.Read(File.ReadAllText(path), file), threshold);
        }

        return compared == 0 && names.Count > 0 ? ExitCodes.Misuse : anySlower ? ExitCodes.Failure : ExitCodes.Success;
    }

    /// <returns>Whether anything became slower.</returns>
    private static bool Report(SuiteResult before, SuiteResult after, double threshold)
    {
        if (before.Suite != after.Suite || before.Machine.Folder != after.Machine.Folder)
        {
            throw new InvalidDataException($"{before.Suite} on {before.Machine.Folder} and {after.Suite} on {after.Machine.Folder} cannot be compared: times are of one suite on one processor.");
        }

        Comparison comparison = Comparison.Of(before, after, threshold);
        Console.WriteLine($"{after.Suite}: {before.Date:yyyy-MM-dd HH:mm} ({Git.Short(before.Commit)}) → {after.Date:yyyy-MM-dd HH:mm} ({Git.Short(after.Commit)}); the machine took {comparison.Drift:0.000} times as long by {comparison.DriftOf}.");
        int slower = 0;
        foreach (ComparedRow row in comparison.Rows)
        {
            bool isSlower = comparison.IsSlower(row);
            slower += isSlower ? 1 : 0;
            string verdict = isSlower ? "SLOWER" : comparison.IsFaster(row) ? "faster" : "";
            string garbage = row.MoreGarbage ? $", now {row.Row.AllocatedBytes} B a call" : "";
            Console.WriteLine($"  {verdict,-6} {row.Row.Precision} {row.Row.Case}: {row.Time.Ratio:0.000} times as long ({row.Time.Low:0.000}–{row.Time.High:0.000}), {row.Corrected:0.000} less the drift, p = {row.Probability:0.0000}{garbage}");
        }

        foreach (string gone in comparison.Gone)
        {
            Console.WriteLine($"  gone   {gone}");
        }

        Console.WriteLine(slower == 0 ? "  Nothing became slower." : $"  {slower} of {comparison.Rows.Count} rows became slower.");
        return slower > 0;
    }
}
