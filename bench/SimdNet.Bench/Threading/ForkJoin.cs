using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Memory;

namespace SimdNet.Bench.Threading;

/// <summary>What it costs to hand half of some work to another thread, and to wait for it: a team of two, the caller alone, and the runtime's own loop.</summary>
/// <remarks>Of a call with a gap, what one thread takes is the gap and the work without handing over: the difference is what handing over cost, or spared.</remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "BenchmarkDotNet derives from the class, and calls what cleans up.")]
public class ForkJoin
{
    private const int PartCount = 2;

    private WorkerTeam _team = null!;
    private WorkerTeam _caller = null!;
    private Action<int> _body = null!;
    private ParallelOptions _options = null!;

    [ParamsSource(nameof(Cases))]
    public ForkJoinCase Case { get; set; } = null!;

    public IEnumerable<ForkJoinCase> Cases => ForkJoinCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _team = new(PartCount, Case.IsParked ? new() { SpinTime = TimeSpan.Zero } : null);
        _caller = new(1);
        Parts parts = new(Case.Operations);
        _body = part => parts.Run(part, worker: 0);
        _options = new() { MaxDegreeOfParallelism = PartCount };
        WarmUp.Run(SimdNet, OneThread, ParallelFor);
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _team.Dispose();
        _caller.Dispose();
    }

    [Benchmark(Description = Implementations.SimdNet)]
    public void SimdNet() => Run(_team);

    [Benchmark(Description = Implementations.OneThread)]
    public void OneThread() => Run(_caller);

    [Benchmark(Description = Implementations.ParallelFor)]
    public void ParallelFor()
    {
        Wait();
        Parallel.For(0, PartCount, _options, _body);
    }

    private void Run(WorkerTeam team)
    {
        Wait();
        Parts parts = new(Case.Operations);
        team.Run(ref parts, PartCount);
    }

    private void Wait()
    {
        if (Case.Gap > TimeSpan.Zero)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < Case.Gap)
            {
                Thread.SpinWait(1);
            }
        }
    }

    private readonly struct Parts(int operations) : IPartedWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run(int part, int worker)
        {
            double value = part;
            for (int i = 0; i < operations; i++)
            {
                value = (value * 0.999) + 0.001;
            }

            // Never so: keeps the loop.
            if (value > 2)
            {
                throw new InvalidOperationException();
            }
        }
    }
}
