using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Threading;

using BenchmarkDotNet.Running;

namespace SimdNet.Bench.Measurement;

/// <summary>One implementation at one case, ready to be called, among others in the same process.</summary>
internal sealed class Contender
{
    /// <summary>Rounds in a process: with <see cref="SuiteRun.Launches"/> processes, enough samples for quartiles and for a rank test.</summary>
    public const int Rounds = 12;

    /// <summary>A sample: long beside the refilling of caches after another's sample (about 20 µs for 1 MB), short beside what drifts, and short enough that many fit between the turns that
    /// a system gives to another process on the same core (4 ms in every 20 to 40, where this one has the highest priority).</summary>
    private const double SampleNs = 10e6;

    /// <summary>Time for all samples of one implementation in a process. One that is slower takes part in fewer rounds, at least in <see cref="FewestRounds"/>.</summary>
    private const double BudgetNs = 0.6e9;

    private const int FewestRounds = 2;

    /// <summary>Rounds of one that says itself what it measured, in about a quarter of a second.</summary>
    private const int ReportedRounds = 6;

    /// <summary>Native libraries' threads look for more work for a while after a call, tens of milliseconds in OpenBLAS, and would take a core from who is next.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(60);

    /// <summary>Samples' worth of calls between a rest and a sample: 20 ms.</summary>
    private const int WakingSamples = 2;

    /// <summary>A sample during which processors worked for this process for less of the time was interrupted, and is taken again. With several threads it tells less: one may hide what another lacks.</summary>
    private const double LeastShare = 0.98;

    /// <summary>Times that a sample is taken before the least interrupted one is kept, and that allocations are counted before the least count is.</summary>
    private const int Attempts = 4;

    private readonly CallLoop _loop;
    private readonly List<double> _samples = [];
    private long _calls = 1;
    private double _idleNs;
    private int _every = 1;

    private Contender(string name, CallLoop loop)
    {
        Name = name;
        _loop = loop;
    }

    /// <summary>One of <see cref="Implementations"/>.</summary>
    public string Name { get; }

    /// <summary>Nanoseconds a call.</summary>
    public IReadOnlyList<double> Samples => _samples;

    /// <summary>The implementations of one case, set up and warm. Those that share a set-up share an instance of the class, and with it the data; the others have their own.</summary>
    public static Contender[] All(IEnumerable<BenchmarkCase> benchmarks)
    {
        using WarmUp.Gathering warmUp = WarmUp.Gather();
        Dictionary<object, object> instances = [];
        List<Contender> contenders = [];
        foreach (BenchmarkCase benchmark in benchmarks)
        {
            MethodInfo? setUp = benchmark.Descriptor.GlobalSetupMethod;
            object key = (object?)setUp ?? benchmark.Descriptor.Type;
            if (!instances.TryGetValue(key, out object? instance))
            {
                instance = Activator.CreateInstance(benchmark.Descriptor.Type)!;
                benchmark.Descriptor.Type.GetProperty(Suite.Parameter)!.SetValue(instance, Suite.CaseOf(benchmark));
                setUp?.CreateDelegate<Action>(instance)();
                instances.Add(key, instance);
            }

            contenders.Add(new(Suite.ImplementationOf(benchmark), CallLoop.Of(instance, benchmark.Descriptor.WorkloadMethod)));
        }

        return [.. contenders];
    }

    /// <summary>Finds the number of calls in a sample, or with <paramref name="isDry"/> calls once and is done.</summary>
    public void Calibrate(bool isDry)
    {
        double elapsed = _loop.Time(1);
        if (isDry)
        {
            _samples.Add(elapsed);
            return;
        }

        if (_loop.IsReport)
        {
            _every = Rounds / ReportedRounds;
            return;
        }

        while (elapsed < SampleNs / 2)
        {
            _calls = Math.Max(_calls + 1, (long)(_calls * Math.Clamp(SampleNs / elapsed, 1.5, 10)));
            elapsed = _loop.Time(_calls);
        }

        _calls = Math.Max(1, (long)Math.Round(_calls * SampleNs / elapsed));
        _every = (int)Math.Clamp(Math.Ceiling(Math.Max(elapsed, SampleNs) * Rounds / BudgetNs), 1, Rounds / FewestRounds);
        _idleNs = Enumerable.Range(0, 5).Min(_ => _loop.TimeIdle(_calls));
    }

    /// <summary>Takes a sample, if it is this implementation's turn.</summary>
    public void Measure(int round)
    {
        if (round % _every == 0)
        {
            if (ThreadCount.Current > 1)
            {
                // Then everybody's workers are woken, and the system is given the time to find each a processor: several milliseconds in a virtual machine, whose halted processors it takes for busy ones.
                Thread.Sleep(Rest);
                _loop.Time(WakingSamples * _calls);
            }
            else if (_calls > 1)
            {
                // Brings its data and its branches back, which others displaced; in a sample of one long call that is a trifle.
                _loop.Time(1 + (_calls / 50));
            }

            _samples.Add(Math.Max(0, TimeUninterrupted() - _idleNs) / _calls);
        }
    }

    /// <summary>Nanoseconds that a sample took while no other process had the core.</summary>
    private double TimeUninterrupted()
    {
        if (_loop.IsReport)
        {
            return _loop.Time(_calls);
        }

        double best = 0;
        double bestShare = 0;
        for (int attempt = 0; attempt < Attempts && bestShare < LeastShare; attempt++)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            double elapsed = _loop.Time(_calls);
            double share = (Environment.CpuUsage.TotalTime - before).TotalNanoseconds / elapsed;
            if (share > bestShare)
            {
                (best, bestShare) = (elapsed, share);
            }

            if (elapsed > 4 * SampleNs)
            {
                // A call so long is always interrupted where anything is.
                break;
            }
        }

        return best;
    }

    /// <summary>Bytes of garbage a call, on all threads, or null where a method measures more than its work: what twice as many calls allocate more, so that what counting itself allocates does not count.</summary>
    /// <remarks>The least of a few counts: now and then the runtime allocates a kilobyte or two beside the calls, which few long calls would share. What a call allocates is in every count.</remarks>
    public long? CountAllocations()
    {
        if (_loop.IsReport)
        {
            return null;
        }

        long least = long.MaxValue;
        for (int attempt = 0; attempt < Attempts && least > 0; attempt++)
        {
            least = Math.Min(least, Math.Max(0, AllocatedBy(2 * _calls) - AllocatedBy(_calls)) / _calls);
        }

        return least;
    }

    private long AllocatedBy(long calls)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        _loop.Time(calls);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
