using System;
using System.Collections.Generic;
using System.Linq;

using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;

using SimdNet.Bench.Peers;
using SimdNet.Bench.Python;
using SimdNet.Bench.Results;

namespace SimdNet.Bench.Measurement;

/// <summary>After each launch of a case: the scripts' turn on the same case, then a line of what was measured. And a line for each thing that went wrong.</summary>
internal sealed class Progress(Suite suite, int total, PythonPeers python, bool isDry) : EventProcessor
{
    private int _done;
    private int _lines;

    public override void OnValidationError(ValidationError validationError)
    {
        if (validationError.IsCritical)
        {
            Console.Error.WriteLine(validationError.Message);
        }
    }

    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report)
    {
        Case subject = Suite.CaseOf(benchmarkCase);
        python.Measure(suite, subject, isDry);
        _done++;
        IReadOnlyList<SampleLine> lines = SampleLine.Collected();
        string medians = string.Join(", ", lines.Skip(_lines).Select(line => $"{line.Implementation} {(isDry ? "ran" : Text.Time(CaseResult.Median(line.SamplesNs)))}"));
        _lines = lines.Count;
        Console.WriteLine($"  {_done,3}/{total} {subject.Precision} {subject.Name}: {(medians.Length > 0 ? medians : "failed")}");
    }

    /// <summary>Versions of the peers that were measured.</summary>
    public IReadOnlyDictionary<string, string> Versions() => Peers().Where(peer => peer.Presence.IsPresent).ToDictionary(peer => peer.Name, peer => peer.Presence.Text);

    /// <summary>Peers that could not be measured, or are not, and why.</summary>
    public IReadOnlyDictionary<string, string> Absences() =>
        Peers().Where(peer => !peer.Presence.IsPresent).Select(peer => KeyValuePair.Create(peer.Name, peer.Presence.Text)).Concat(suite.Gaps).ToDictionary();

    /// <summary>Of this process, then of scripts, where the suite has work for them.</summary>
    private IEnumerable<(string Name, Presence Presence)> Peers() =>
        suite.Peers.Select(peer => (peer.Name, peer.Presence))
            .Concat(suite.Benchmarks().Any(benchmark => Suite.CaseOf(benchmark).Task is not null) ? python.Scripts.Where(IsConcerned).Select(script => (script.Name, script.Presence)) : []);

    /// <summary>A script that is here has an opinion on what is its work; one that is not is named wherever scripts have any.</summary>
    private static bool IsConcerned(Script script) => !script.Presence.IsPresent || SampleLine.Collected().Any(line => line.Implementation.StartsWith(script.Name, StringComparison.Ordinal));
}
