using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

using SimdNet.IO;

namespace SimdNet.Bench.Results;

/// <summary>The files under perf-results. Each is written whole or not at all, and none before the texts of all of them are made.</summary>
internal static class ResultFiles
{
    /// <summary>Writes a suite's two files, the roofline of all suites of that processor, and the history.</summary>
    /// <returns>The suite's page.</returns>
    public static string Save(SuiteResult result)
    {
        string folder = Path.Combine(Repository.Results, result.Machine.Folder);
        Directory.CreateDirectory(folder);
        SuiteResult[] suites = [.. Suite.All.Select(suite => suite.Name == result.Suite ? result : TryRead(Path.Combine(folder, suite.Name + ".json"))).OfType<SuiteResult>()];
        string history = Path.Combine(Repository.Results, History.FileName);
        string page = MarkdownReport.Write(result);
        List<(string Path, string Text)> files =
        [
            (Path.Combine(folder, result.Suite + ".json"), JsonReport.Write(result)),
            (Path.Combine(folder, result.Suite + ".md"), page),
            (Path.Combine(folder, RooflineReport.Name + ".json"), RooflineReport.WriteJson(suites)),
            (Path.Combine(folder, RooflineReport.Name + ".md"), RooflineReport.Write(suites)),
            (history, History.Append(File.Exists(history) ? File.ReadAllText(history) : "", result)),
        ];
        foreach ((string path, string text) in files)
        {
            AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }

        return page;
    }

    /// <summary>Another suite's results, for the roofline; one of an older version is left out of it until it is measured again.</summary>
    private static SuiteResult? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonReport.Read(File.ReadAllText(path), path) : null;
        }
        catch (InvalidDataException error)
        {
            Console.Error.WriteLine($"Left out of the roofline: {error.Message}");
            return null;
        }
    }
}
