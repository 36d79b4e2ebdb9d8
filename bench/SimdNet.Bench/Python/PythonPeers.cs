using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Bench.Measurement;

namespace SimdNet.Bench.Python;

/// <summary>The peers of bench/python, started when they are first needed, with the data that they share with the benchmarks.</summary>
internal sealed class PythonPeers : IDisposable
{
    private static readonly string[] Files = ["numpy_tutorial.py", "sklearn_mlp.py", "torch_mlp.py"];

    private readonly string _folder = Directory.CreateTempSubdirectory("simdnet-bench-").FullName;
    private readonly Lazy<Script[]> _scripts = new(() => [.. Files.Select(Script.Start)]);
    private readonly HashSet<string> _reported = [];

    public IReadOnlyList<Script> Scripts => _scripts.Value;

    /// <summary>Hands a case to all of them; their samples are added to the benchmarks'.</summary>
    public void Measure(Suite suite, Case subject, bool isDry)
    {
        if (subject.Task is not { } task)
        {
            return;
        }

        SampleFiles files = SampleFiles.Of(task, _folder);
        foreach (Script script in Scripts.Where(script => script.Presence.IsPresent))
        {
            IReadOnlyList<SampleLine> lines = script.Ask(task.RequestOf(suite, subject, files, isDry));
            foreach (SampleLine line in lines.Where(line => line.Absent is not null))
            {
                // The suite goes on without it.
                if (_reported.Add($"{line.Suite} {line.Case} {line.Implementation}"))
                {
                    Console.Error.WriteLine($"  {line.Case}, {line.Implementation}: {line.Absent}");
                }
            }

            SampleLine.Append(lines.Where(line => line.Absent is null));
        }
    }

    public void Dispose()
    {
        if (_scripts.IsValueCreated)
        {
            foreach (Script script in Scripts)
            {
                script.Dispose();
            }
        }

        Directory.Delete(_folder, recursive: true);
    }
}
