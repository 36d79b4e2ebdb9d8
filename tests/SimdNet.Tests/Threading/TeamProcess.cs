using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Numerics;
using System.Threading;
using System.Threading.Tasks;

using SimdNet.Memory;
using SimdNet.Numerics;
using SimdNet.Tests.Support;
using SimdNet.Threading;

namespace SimdNet.Tests.Threading;

/// <summary>What the process of a <see cref="TeamProcess"/> suffers from.</summary>
internal enum TeamSituation
{
    /// <summary>Nothing but what its environment says.</summary>
    Alone,

    /// <summary>Four trainers at once, each with a team of four times the processors.</summary>
    Crowded,

    /// <summary>A thread pool that may not grow, and all of whose threads wait.</summary>
    PoolIsFull,

    /// <summary>A seeded fault: a worker that never begins, and is waited for.</summary>
    WorkerNeverBegins,
}

/// <summary>All that teams are asked for, in a process of its own. It writes a line for each processor number that it sees, each team and what came of its work.</summary>
internal static class TeamProcess
{
    public const string Name = "team";

    /// <summary>The first word of the line that tells how many processors the runtime counts, and which of them the system allows.</summary>
    public const string Processors = "processors";

    /// <summary>The first word of a line that ends in a team's <see cref="Fingerprints"/>.</summary>
    public const string Team = "team";

    private static readonly SeededTraining[] Trainings =
    [
        new("30,65:relu,33:tanh,10:softmax", Loss.CrossEntropy, new Sgd { Momentum = 0.9 }, 40, 1),
        new("100,128:relu,10:softmax", Loss.CrossEntropy, new Adam(), 200, 64),
        new("5,12:tanh,3:identity", Loss.MeanSquaredError, new Adam(), 2500, 2500),
    ];

    /// <summary>What trainings, products, and work within work end in with a team, or without.</summary>
    public static string Fingerprints(WorkerTeam? team)
    {
        List<string> fingerprints = [.. Trainings.SelectMany(training => (string[])[training.Fingerprint<float>(1, team), training.Fingerprint<double>(1, team)])];
        fingerprints.Add(Product<float>(team));
        fingerprints.Add(Product<double>(team));
        string[] inner = new string[6];
        Nest work = new() { Team = team, Fingerprints = inner };
        if (team is null)
        {
            for (int part = 0; part < inner.Length; part++)
            {
                work.Run(part, worker: 0);
            }
        }
        else
        {
            team.Run(ref work, inner.Length);
        }

        return Hash([.. fingerprints, .. inner]);
    }

    public static void Run(TeamSituation situation)
    {
        Console.WriteLine($"{Processors} {Environment.ProcessorCount} {(OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal)).Split('\t')[1] : "?")}");
        switch (situation)
        {
            case TeamSituation.WorkerNeverBegins:
                TeamState.Start(2, new(), _ => { });
                break;
            case TeamSituation.Crowded:
                Crowd();
                return;
            case TeamSituation.PoolIsFull:
                FillPool();
                break;
        }

        foreach (int size in (ReadOnlySpan<int>)[2, 8])
        {
            // Asleep at once, as usual, and looking for work for longer than the system leaves a thread its processor.
            foreach (double milliseconds in (ReadOnlySpan<double>)[0, 0.05, 20])
            {
                using WorkerTeam team = new(size, new() { SpinTime = TimeSpan.FromMilliseconds(milliseconds) });
                Console.WriteLine($"{Team} of {size}, {milliseconds} ms {Fingerprints(team)}");
            }
        }

        WorkerTeamTests parts = new();
        parts.Parts_run_on_more_than_one_thread();
        parts.Work_within_work_is_done_inline();
        WorkerTeamFaultTests faults = new();
        faults.An_exception_reaches_the_caller_and_the_team_goes_on(faulty: 5, parts: 6);
        faults.An_interrupted_caller_waits_for_its_parts_and_is_interrupted_afterwards();
        WorkerTeamLoadTests load = new();
        load.Several_callers_share_a_team();
        load.More_threads_than_processors_make_progress();
        new WorkerTeamLifetimeTests().Disposing_a_team_at_work_does_not_hang();
    }

    private static void Crowd()
    {
        int size = Math.Min(WorkerTeam.MaxSize, 4 * Environment.ProcessorCount);
        string[] fingerprints = new string[4];
        Thread[] trainers = [.. Enumerable.Range(0, fingerprints.Length).Select(i => new Thread(() =>
        {
            using WorkerTeam team = new(size);
            fingerprints[i] = Fingerprints(team);
        }))];
        Array.ForEach(trainers, trainer => trainer.Start());
        Array.ForEach(trainers, trainer => trainer.Join());
        foreach (string fingerprint in fingerprints)
        {
            Console.WriteLine($"{Team} of {size}, one of {trainers.Length} {fingerprint}");
        }
    }

    /// <summary>Until the process ends.</summary>
    private static void FillPool()
    {
        int threads = Environment.ProcessorCount;
        ThreadPool.SetMaxThreads(threads, threads);
        int blocked = 0;
        for (int i = 0; i < 4 * threads; i++)
        {
            _ = Task.Run(() =>
            {
                Interlocked.Increment(ref blocked);
                Thread.Sleep(Timeout.Infinite);
            });
        }

        SpinWait.SpinUntil(() => Volatile.Read(ref blocked) == threads);
    }

    private static string Product<T>(WorkerTeam? team)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        const int Side = 150;
        T[] a = new T[Side * Side];
        T[] b = new T[Side * Side];
        T[] c = new T[Side * Side];
        Numbers.Fill<T>(a, 1);
        Numbers.Fill<T>(b, 2);
        for (int round = 0; round < 10; round++)
        {
            MatrixPrimitives.Multiply<T>(Side, Side, Side, a, b, c, team);
            MatrixPrimitives.MultiplyTransposedA<T>(Side, Side, Side, a, b, c, team);
            MatrixPrimitives.Dense(Side, Side, Side, a, b, b.AsSpan(0, Side), ActivationKind.Tanh, T.Zero, c, team);
        }

        return Hash(string.Join(' ', c));
    }

    private static string Hash(params string[] texts) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', texts))));

    /// <summary>Each part trains and multiplies with the team that runs it.</summary>
    private struct Nest : IPartedWork
    {
        public WorkerTeam? Team;
        public string[] Fingerprints;

        public readonly void Run(int part, int worker) => Fingerprints[part] = Trainings[1].Fingerprint<float>((ulong)part, Team) + Product<float>(Team);
    }
}
