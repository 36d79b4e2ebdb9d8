using System;
using System.Globalization;

using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;

namespace SimdNet.Bench.Measurement;

/// <summary>A line for each benchmark as it ends, and for each thing that went wrong.</summary>
internal sealed class Progress(int total) : EventProcessor
{
    private int _done;

    public override void OnValidationError(ValidationError validationError)
    {
        if (validationError.IsCritical)
        {
            Console.Error.WriteLine(validationError.Message);
        }
    }

    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report)
    {
        _done++;
        string time = report.ResultStatistics is { } statistics ? string.Create(CultureInfo.InvariantCulture, $"{statistics.Median:N1} ns") : "failed";
        Console.WriteLine($"  {_done,3}/{total} {Suite.CaseOf(benchmarkCase).Precision} {Suite.CaseOf(benchmarkCase).Name}, {Suite.ImplementationOf(benchmarkCase)}: {time}");
    }
}
