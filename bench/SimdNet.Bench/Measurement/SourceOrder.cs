using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Running;

namespace SimdNet.Bench.Measurement;

/// <summary>Cases in the order of the source, all launches of one after the other: what is compared is measured within seconds of each other.</summary>
internal sealed class SourceOrder : DefaultOrderer
{
    public override IEnumerable<BenchmarkCase> GetExecutionOrder(ImmutableArray<BenchmarkCase> benchmarksCase, IEnumerable<BenchmarkLogicalGroupRule>? order = null) =>
        benchmarksCase.GroupBy(Suite.CaseOf).SelectMany(group => group.OrderBy(benchmark => benchmark.Job.Id, StringComparer.Ordinal).ThenBy(benchmark => benchmark.Descriptor.MethodIndex));
}
