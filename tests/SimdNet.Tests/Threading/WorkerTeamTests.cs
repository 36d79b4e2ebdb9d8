using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using SimdNet.Memory;
using SimdNet.Tests.Support;
using SimdNet.Threading;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>Every part is run once, by whom it may be, whatever the size, the spin time and the calls around it.</summary>
[Collection(nameof(Alone))]
public sealed class WorkerTeamTests
{
    public static TheoryData<int, int> Sizes
    {
        get
        {
            TheoryData<int, int> sizes = [];
            foreach (int size in (ReadOnlySpan<int>)[1, 2, 3, 4, 8])
            {
                sizes.Add(size, 0);
                sizes.Add(size, 50);
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_part_is_run_once(int size, int microseconds) => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(size, microseconds);
        int[] runs = new int[TeamState.MaxParts];
        for (int round = 0; round < 2_000; round++)
        {
            int parts = round % 37;
            TeamWork.Count work = new() { Runs = runs, Size = size };
            team.Run(ref work, parts);
            for (int part = 0; part < runs.Length; part++)
            {
                Assert.Equal(part < parts ? 1 : 0, runs[part]);
                runs[part] = 0;
            }
        }
    });

    /// <summary>As the folds of a cross-validation may be: more than one offer holds, and more than its bits count.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void More_parts_than_an_offer_holds_are_each_run_once(int size) => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(size, 50);
        foreach (int parts in (int[])[TeamState.MaxParts, TeamState.MaxParts + 1, (3 * TeamState.MaxParts) + 7, 70_000])
        {
            int[] runs = new int[parts];
            TeamWork.Count work = new() { Runs = runs, Size = size };
            team.Run(ref work, parts);
            Assert.DoesNotContain(runs, run => run != 1);
        }
    });

    [Fact]
    public void Parts_run_on_more_than_one_thread() => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(3, 0);
        TeamWork.Meet work = new() { Arrived = new CountdownEvent(3) };
        team.Run(ref work, 3);
        Assert.Equal(0, work.Arrived.CurrentCount);
    });

    [Fact]
    public void A_part_reads_spans_on_the_stack_of_the_caller_while_memory_moves() => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(4, 50);
        Span<long> sums = stackalloc long[8];
        for (int round = 0; round < 200; round++)
        {
            sums.Clear();
            int[] values = Enumerable.Range(round, 4_000).ToArray();
            Sum work = new() { Values = values, Sums = sums, Collects = round % 10 == 0 };
            team.Run(ref work, sums.Length);
            long total = 0;
            foreach (long sum in sums)
            {
                total += sum;
            }

            Assert.Equal(values.Sum(value => (long)value), total);
        }
    });

    [Fact]
    public void Work_within_work_is_done_inline() => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(4, 50);
        int[] runs = new int[16 * 8];
        Nest work = new() { Team = team, Runs = runs };
        for (int round = 1; round <= 200; round++)
        {
            team.Run(ref work, 16);
            Assert.All(runs, run => Assert.Equal(round, run));
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Nothing_is_allocated_by_any_thread(int microseconds)
    {
        using WorkerTeam team = TeamWork.Team(2, microseconds);
        int[] runs = new int[16];
        Assert.Equal((0, 0), Allocation.Of(Run, Long.Count(10_000, 1_000_000)));
        Assert.Equal(0, Allocation.OnAllThreads(Run, 1_000));
        Assert.True(Allocation.OnAllThreads(() => Parallel.For(0, 2, _ => { }), 1_000) > 0, "Parallel.For allocates, and this is seen.");

        void Run()
        {
            // On the stack, not in a closure, which the garbage collector could move.
            TeamWork.Count work = new() { Runs = runs, Size = 2 };
            team.Run(ref work, runs.Length);
        }
    }

    private ref struct Sum : IPartedWork
    {
        public ReadOnlySpan<int> Values;
        public Span<long> Sums;
        public bool Collects;

        public readonly void Run(int part, int worker)
        {
            if (Collects && part == 1)
            {
                GC.Collect();
            }

            int length = Values.Length / Sums.Length;
            foreach (int value in Values.Slice(part * length, length))
            {
                Sums[part] += value;
            }
        }
    }

    private struct Nest : IPartedWork
    {
        public WorkerTeam Team;
        public int[] Runs;

        public readonly void Run(int part, int worker)
        {
            Inner work = new() { Runs = Runs, First = part * 8, Thread = Environment.CurrentManagedThreadId };
            Team.Run(ref work, 8);
        }
    }

    private struct Inner : IPartedWork
    {
        public int[] Runs;
        public int First;
        public int Thread;

        public readonly void Run(int part, int worker)
        {
            Assert.Equal(Thread, Environment.CurrentManagedThreadId);
            Interlocked.Increment(ref Runs[First + part]);
        }
    }
}
