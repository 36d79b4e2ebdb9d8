using System;
using System.Linq;
using System.Text;

namespace SimdNet.Bench.Results;

/// <summary>All medians that were ever recorded, a line each: perf-results/history.csv.</summary>
internal static class History
{
    public const string FileName = "history.csv";

    private const string Header = "date,commit,processor,kernels,suite,case,precision,implementation,median_ns,spread_percent,allocated_bytes\n";

    /// <summary>The old text, if any, with the lines of a suite after it.</summary>
    public static string Append(string old, SuiteResult result)
    {
        StringBuilder text = new(old.Length == 0 ? Header : old);
        foreach (CaseResult row in result.Results)
        {
            string[] fields =
            [
                $"{result.Date:yyyy-MM-ddTHH:mm:ssZ}", result.Commit, result.Machine.Processor, result.Machine.Kernels, result.Suite, row.Case, row.Precision, row.Implementation,
                $"{row.MedianNs:G6}", $"{row.SpreadPercent:0.0}", $"{row.AllocatedBytes}",
            ];
            text.AppendJoin(',', fields.Select(Quoted)).Append('\n');
        }

        return text.ToString();
    }

    private static string Quoted(string field) =>
        field.AsSpan().IndexOfAny(",\"\n") < 0 ? field : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
