using System;
using System.Linq;

using BenchmarkDotNet.Characteristics;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;

namespace SimdNet.Bench.Measurement;

/// <summary>Measures all implementations of a case in one process, a sample of each in turn: A B C, C B A, A B C, …</summary>
/// <remarks>
/// BenchmarkDotNet starts a process for each of its benchmarks and takes all samples of one before it starts the next. What drifts on a shared machine from second to second (clock, cache and
/// bandwidth that others use) then falls on one side of a ratio alone. Here both sides of a ratio lie within a tenth of a second, and what drifts cancels. BenchmarkDotNet still
/// builds and starts the process, several times for a case, and this engine takes the place of its own there.
/// </remarks>
internal sealed class InterleavedEngine(EngineParameters parameters) : IEngine
{
    /// <summary>Shows that every implementation works, measures nothing.</summary>
    private readonly bool _isDry = parameters.TargetJob.Run.RunStrategy == RunStrategy.ColdStart;

    public IHost Host => parameters.Host;

    public Job TargetJob => parameters.TargetJob;

    public IResolver Resolver => EngineResolver.Instance;

    public long OperationsPerInvoke => parameters.OperationsPerInvoke;

    public Action<long> WorkloadAction => parameters.WorkloadActionUnroll;

    public Action<long> OverheadAction => parameters.OverheadActionUnroll;

    public Action GlobalSetupAction => parameters.GlobalSetupAction;

    public Action GlobalCleanupAction => parameters.GlobalCleanupAction;

    public RunResults Run()
    {
        object instance = parameters.WorkloadActionUnroll.Target!;
        Suite suite = Suite.All.First(suite => suite.Types.Any(type => type.IsInstanceOfType(instance)));
        Type type = suite.Types.First(type => type.IsInstanceOfType(instance));
        Case subject = (Case)type.GetProperty(Suite.Parameter)!.GetValue(instance)!;
        Contender[] contenders = Contender.All(suite.Benchmarks().Where(benchmark => benchmark.Descriptor.Type == type && Suite.CaseOf(benchmark).Equals(subject)));
        foreach (Contender contender in contenders)
        {
            contender.Calibrate(_isDry);
        }

        for (int round = 0; round < Contender.Rounds && !_isDry; round++)
        {
            foreach (Contender contender in round % 2 == 0 ? contenders : contenders.Reverse())
            {
                contender.Measure(round);
            }
        }

        SampleLine.Append(contenders.Select(contender => new SampleLine(suite.Name, subject.Name, subject.Precision, contender.Name, contender.Samples, contender.CountAllocations(), null)));

        // What BenchmarkDotNet itself is told: the first implementation's samples, so that it sees a benchmark that succeeded.
        return new([.. contenders[0].Samples.Select((sample, index) => new BenchmarkDotNet.Reports.Measurement(1, IterationMode.Workload, IterationStage.Actual, index + 1, 1, sample))], default, default, default, 0);
    }

    /// <summary>Called by stages of BenchmarkDotNet's own engine alone.</summary>
    public BenchmarkDotNet.Reports.Measurement RunIteration(IterationData data) => throw new NotSupportedException();

    public void WriteLine() => Host.WriteLine();

    public void WriteLine(string line) => Host.WriteLine(line);

    public void Dispose()
    {
    }
}

/// <summary>Makes <see cref="InterleavedEngine"/>s: what BenchmarkDotNet's generated program names.</summary>
public sealed class InterleavedEngineFactory : IEngineFactory
{
    public IEngine CreateReadyToRun(EngineParameters engineParameters) => new InterleavedEngine(engineParameters);
}
