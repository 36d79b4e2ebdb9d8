using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace SimdNet.Bench.Measurement;

/// <summary>What one process measured of one implementation on one case: a line of JSON, from a benchmark's process or from a script.</summary>
/// <param name="Suite">Name of the suite.</param>
/// <param name="Case">Name of the case.</param>
/// <param name="Precision">float or double.</param>
/// <param name="Implementation">Who did the work.</param>
/// <param name="SamplesNs">Nanoseconds a call, in the order of measurement.</param>
/// <param name="AllocatedBytes">Garbage of a call; null where it cannot be told.</param>
/// <param name="Absent">Why there are no samples; null where there are.</param>
internal sealed record SampleLine(string Suite, string Case, string Precision, string Implementation, IReadOnlyList<double> SamplesNs, long? AllocatedBytes, string? Absent)
{
    /// <summary>Names the file that processes append their lines to.</summary>
    private const string Variable = "BENCH_SAMPLES";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static SampleLine Parse(string line) => JsonSerializer.Deserialize<SampleLine>(line, Options) ?? throw new JsonException("A line is null.");

    /// <summary>Hands lines over to the program that started this process.</summary>
    public static void Append(IEnumerable<SampleLine> lines)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } path)
        {
            File.AppendAllLines(path, lines.Select(line => JsonSerializer.Serialize(line, Options)));
        }
    }

    /// <summary>Begins with an empty file, which processes that are started from now on append to.</summary>
    public static void Collect(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        Environment.SetEnvironmentVariable(Variable, path);
    }

    /// <summary>What was appended since <see cref="Collect"/>.</summary>
    public static IReadOnlyList<SampleLine> Collected() => [.. File.ReadLines(Environment.GetEnvironmentVariable(Variable)!).Select(Parse)];
}
