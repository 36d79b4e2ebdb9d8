using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

using BenchmarkDotNet.Attributes;

using SimdNet.Bench.Measurement;
using SimdNet.Bench.Training;
using SimdNet.Memory;

namespace SimdNet.Bench.Threading;

/// <summary>Teams that have nothing to do, and teams of two where not both cores are theirs.</summary>
public class SharedCores : IReportsTime
{
    /// <summary>So long is trained, or waited.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(0.25);

    private MinibatchStep[] _teams = [];
    private MinibatchStep[] _singles = [];

    [ParamsSource(nameof(Cases))]
    public SharedCoresCase Case { get; set; } = null!;

    public IEnumerable<SharedCoresCase> Cases => SharedCoresCase.All;

    [GlobalSetup]
    public void Setup()
    {
        _teams = Start(threads: 2);
        _singles = Start(threads: 1);
    }

    /// <summary>With teams of two.</summary>
    [Benchmark(Description = Implementations.SimdNet)]
    public double SimdNet() => Case.Use == CoreUse.Idle ? ProcessorTime(hasTeam: true) : StepTime(_teams, Case.Use);

    /// <summary>The same situation without teams.</summary>
    [Benchmark(Description = Implementations.OneThread)]
    public double OneThread() => Case.Use == CoreUse.Idle ? ProcessorTime(hasTeam: false) : StepTime(_singles, Case.Use);

    /// <summary>One trainer with a team, and nobody else.</summary>
    [Benchmark(Description = Implementations.Alone)]
    public double Alone() => StepTime(_teams, CoreUse.Idle);

    private MinibatchStep[] Start(int threads)
    {
        MinibatchStep[] trainers = [.. Enumerable.Range(0, 2).Select(_ => new MinibatchStep { Case = Case.Row, Threads = threads })];
        foreach (MinibatchStep trainer in trainers)
        {
            trainer.SetUpSimdNet();
        }

        return trainers;
    }

    /// <summary>Nanoseconds of a step, the mean of all who take steps at once.</summary>
    private static double StepTime(MinibatchStep[] trainers, CoreUse use)
    {
        using CancellationTokenSource end = new();
        using Barrier start = new(use == CoreUse.TwoTrainers ? 2 : 1);
        double[] times = new double[start.ParticipantCount];
        List<Thread> threads = [.. Enumerable.Range(0, times.Length).Select(i => new Thread(() => times[i] = Train(trainers[i], start)))];
        if (use == CoreUse.BusyNeighbour)
        {
            new Thread(() => Occupy(end.Token)) { IsBackground = true }.Start();
        }

        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        end.Cancel();
        return times.Average();
    }

    private static double Train(MinibatchStep trainer, Barrier start)
    {
        start.SignalAndWait();
        long began = Stopwatch.GetTimestamp();
        TimeSpan elapsed;
        int steps = 0;
        do
        {
            trainer.SimdNet();
            steps++;
            elapsed = Stopwatch.GetElapsedTime(began);
        }
        while (elapsed < Duration);

        return elapsed.TotalNanoseconds / steps;
    }

    private static void Occupy(CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            Thread.SpinWait(20);
        }
    }

    /// <summary>Nanoseconds of processor time that this process takes in a second in which it waits, after some work. At least a unit of the clock, so that ratios can be formed.</summary>
    private static double ProcessorTime(bool hasTeam)
    {
        using WorkerTeam team = new(hasTeam ? 2 : 1);
        Nothing work = default;
        team.Run(ref work, parts: 2);

        // By then it sleeps.
        Thread.Sleep(10);
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(Duration);
        double share = (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(start);
        return Math.Max(share * 1e9, TimeSpan.NanosecondsPerTick);
    }

    private struct Nothing : IPartedWork
    {
        public readonly void Run(int part, int worker)
        {
        }
    }
}
