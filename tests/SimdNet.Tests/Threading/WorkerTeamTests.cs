using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

using SimdNet.Memory;
using SimdNet.Tests.Support;
using SimdNet.Threading;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>Every part is run once, by whom it may be, whatever the size, the spin time, the load and the calls around it.</summary>
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
    public void Every_part_is_run_once(int size, int microseconds) => Within(() =>
    {
        using WorkerTeam team = Team(size, microseconds);
        int[] runs = new int[TeamState.MaxParts];
        for (int round = 0; round < 2_000; round++)
        {
            int parts = round % 37;
            Count work = new() { Runs = runs, Size = size };
            team.Run(ref work, parts);
            for (int part = 0; part < runs.Length; part++)
            {
                Assert.Equal(part < parts ? 1 : 0, runs[part]);
                runs[part] = 0;
            }
        }
    });

    [Fact]
    public void Parts_run_on_more_than_one_thread() => Within(() =>
    {
        using WorkerTeam team = Team(3, 0);
        Meet work = new() { Arrived = new CountdownEvent(3) };
        team.Run(ref work, 3);
        Assert.Equal(0, work.Arrived.CurrentCount);
    });

    [Fact]
    public void A_part_reads_spans_on_the_stack_of_the_caller_while_memory_moves() => Within(() =>
    {
        using WorkerTeam team = Team(4, 50);
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

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void An_exception_reaches_the_caller_and_the_team_goes_on(int faulty) => Within(() =>
    {
        using WorkerTeam team = Team(2, 50);
        int[] runs = new int[6];
        Throw work = new() { Runs = runs, Faulty = faulty };
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => team.Run(ref work, 6));
        Assert.Contains(nameof(Throw), exception.StackTrace, StringComparison.Ordinal);
        Assert.All(runs, run => Assert.Equal(1, run));
        Count next = new() { Runs = runs, Size = 2 };
        team.Run(ref next, 6);
        Assert.All(runs, run => Assert.Equal(2, run));
    });

    /// <summary>The parts lie on the stack of the caller, who may not leave it before the last of them has ended.</summary>
    [Fact]
    public void Of_several_exceptions_the_caller_gets_that_of_the_lowest_part_even_where_another_was_first() => Within(() =>
    {
        using WorkerTeam team = Team(3, 50);
        StrongBox<int> first = new(-1);
        ThrowLater work = new() { Lowest = 2, First = first };
        Assert.Equal("Part 2.", Assert.Throws<InvalidOperationException>(() => team.Run(ref work, 7)).Message);

        // The control: the one that was first is another. Part 2 waits for it.
        Assert.InRange(first.Value, 3, 6);

        // A caller that finds the team busy comes to the lowest first.
        ThrowLater inline = new() { Lowest = 2, First = new(5) };
        RunWithin within = new() { Team = team, Work = inline };
        Assert.Equal("Part 2.", Assert.Throws<InvalidOperationException>(() => team.Run(ref within, 2)).Message);
    });

    [Fact]
    public void An_interrupted_caller_waits_for_its_parts_and_is_interrupted_afterwards() => Within(() =>
    {
        using WorkerTeam team = Team(2, 0);
        using ManualResetEventSlim release = new();
        Held work = new() { Began = new CountdownEvent(2), Release = release, Ended = new bool[2] };
        bool[] seen = new bool[2];
        Thread caller = new(() =>
        {
            Held own = work;
            try
            {
                team.Run(ref own, 2);
                seen[0] = Volatile.Read(ref own.Ended[1]);
                Thread.Sleep(TimeSpan.FromSeconds(1));
            }
            catch (ThreadInterruptedException)
            {
                seen[1] = true;
            }
        });
        caller.Start();
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref work.Ended[0]) && caller.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin), Watchdog.Limit), "The caller waits asleep.");
        caller.Interrupt();
        Assert.False(caller.Join(TimeSpan.FromMilliseconds(100)), "The caller waits on.");
        release.Set();
        caller.Join();
        Assert.Equal([true, true], seen);
    });

    [Fact]
    public void Work_within_work_is_done_inline() => Within(() =>
    {
        using WorkerTeam team = Team(4, 50);
        int[] runs = new int[16 * 8];
        Nest work = new() { Team = team, Runs = runs };
        for (int round = 1; round <= 200; round++)
        {
            team.Run(ref work, 16);
            Assert.All(runs, run => Assert.Equal(round, run));
        }
    });

    [Fact]
    public void Several_callers_share_a_team() => Within(() =>
    {
        using WorkerTeam team = Team(3, 50);
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            int[] runs = new int[16];
            for (int round = 1; round <= 5_000; round++)
            {
                Count work = new() { Runs = runs, Size = 3 };
                team.Run(ref work, 16);
            }

            Assert.All(runs, run => Assert.Equal(5_000, run));
        }))];
        Run(callers);
    });

    [Fact]
    public void More_threads_than_processors_make_progress() => Within(() =>
    {
        WorkerTeam[] teams = [.. Enumerable.Range(0, 4).Select(_ => Team(Math.Min(WorkerTeam.MaxSize, 2 * Environment.ProcessorCount), 50))];
        Run([.. teams.Select(team => new Thread(() =>
        {
            int[] runs = new int[16];
            for (int round = 1; round <= 2_000; round++)
            {
                Count work = new() { Runs = runs, Size = team.Size };
                team.Run(ref work, 16);
            }

            Assert.All(runs, run => Assert.Equal(2_000, run));
        }))]);
        Assert.All(teams, team => team.Dispose());
    });

    [Fact]
    public void A_thread_pool_full_of_blocked_tasks_is_no_hindrance() => Within(() =>
    {
        using ManualResetEventSlim release = new();
        Task[] blocked = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => Task.Run(release.Wait))];
        using WorkerTeam team = Team(2, 0);
        int[] runs = new int[16];
        for (int round = 0; round < 500; round++)
        {
            Count work = new() { Runs = runs, Size = 2 };
            team.Run(ref work, 16);
        }

        release.Set();
        Task.WaitAll(blocked);
        Assert.All(runs, run => Assert.Equal(500, run));
    });

    /// <summary>Negative control of the watchdog's tests: parts that wait for each other need a thread each, and hang where the team has fewer.</summary>
    [Fact]
    public void The_watchdog_sees_a_deadlock()
    {
        Meet work = new() { Arrived = new CountdownEvent(2) };
        Assert.Throws<TimeoutException>(() => Within(
            () =>
            {
                using WorkerTeam team = Team(1, 0);
                team.Run(ref work, 2);
            },
            TimeSpan.FromMilliseconds(300)));
        work.Arrived.Signal();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public void Nothing_is_allocated_by_any_thread(int microseconds)
    {
        using WorkerTeam team = Team(2, microseconds);
        int[] runs = new int[16];
        Assert.Equal((0, 0), Allocation.Of(Run, Long.Count(10_000, 1_000_000)));
        Assert.Equal(0, Allocation.OnAllThreads(Run, 1_000));
        Assert.True(Allocation.OnAllThreads(() => Parallel.For(0, 2, _ => { }), 1_000) > 0, "Parallel.For allocates, and this is seen.");

        void Run()
        {
            // On the stack, not in a closure, which the garbage collector could move.
            Count work = new() { Runs = runs, Size = 2 };
            team.Run(ref work, runs.Length);
        }
    }

    [Fact]
    public void A_disposed_team_leaves_no_thread_and_computes_on()
    {
        int before = Threads();
        WorkerTeam team = Team(4, 50);
        Assert.Equal(before + 3, Threads());
        team.Dispose();
        team.Dispose();
        Assert.True(Gone(before), "The threads have ended.");
        int[] runs = new int[5];
        Count work = new() { Runs = runs, Size = 1 };
        team.Run(ref work, 5);
        Assert.All(runs, run => Assert.Equal(1, run));
    }

    [Fact]
    public void Disposing_a_team_at_work_does_not_hang() => Within(() =>
    {
        for (int round = 0; round < 200; round++)
        {
            WorkerTeam team = Team(3, round % 2 * 50);
            int[] runs = new int[16];
            using ManualResetEventSlim began = new();
            Thread caller = new(() =>
            {
                began.Set();
                for (int i = 0; i < 50; i++)
                {
                    Count work = new() { Runs = runs, Size = 3 };
                    team.Run(ref work, 16);
                }
            });
            caller.Start();
            began.Wait();
            team.Dispose();
            caller.Join();
            Assert.All(runs, run => Assert.Equal(50, run));
        }
    });

    [Fact]
    public void A_team_can_be_disposed_by_one_of_its_parts() => Within(() =>
    {
        for (int round = 0; round < 50; round++)
        {
            DisposeTeam work = new() { Team = Team(3, 50), Part = round % 3 };
            work.Team.Run(ref work, 3);
        }
    });

    [Fact]
    public void A_forgotten_team_ends_its_threads()
    {
        int before = Threads();
        Forget();
        Assert.True(Gone(before), "The threads have ended.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            Count work = new() { Runs = new int[4], Size = 4 };
            Team(4, 0).Run(ref work, 4);
        }
    }

    /// <summary>What flows from the maker to threads that it starts, such as a request's services, may hold the team.</summary>
    [Fact]
    public void A_team_that_is_held_by_its_makers_context_alone_ends_its_threads()
    {
        int before = Threads();
        AsyncLocal<WorkerTeam?[]?> context = new();
        Forget();
        Assert.True(Gone(before), "The threads have ended.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget()
        {
            context.Value = new WorkerTeam?[1];
            context.Value[0] = Team(4, 0);
            context.Value = null;
        }
    }

    /// <summary>Negative control: a team that is held keeps its threads.</summary>
    [Fact]
    public void A_held_team_keeps_its_threads()
    {
        int before = Threads();
        WorkerTeam team = Team(4, 0);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before + 3, Threads());
        team.Dispose();
        Assert.True(Gone(before), "The threads have ended.");
    }

    /// <summary>Asleep by the system's record, on the same count of processor ticks after a while as before. Control: workers that look for work for a second are not asleep; with one processor none looks.</summary>
    [LinuxFact]
    public void An_idle_team_burns_no_processor_time() => Within(() =>
    {
        using WorkerTeam idle = Team(4, 50);
        Count work = new() { Runs = new int[4], Size = 4 };
        idle.Run(ref work, 4);
        Assert.True(SpinWait.SpinUntil(() => Workers().All(worker => worker.State == "S"), TimeSpan.FromSeconds(20)), "All workers fall asleep.");
        (string, string)[] before = Workers();
        Thread.Sleep(500);
        Assert.Equal(before, Workers());
        if (Environment.ProcessorCount > 1)
        {
            using WorkerTeam looking = new(2, new() { SpinTime = TimeSpan.FromSeconds(1) });
            looking.Run(ref work, 2);
            Assert.Contains(Workers(), worker => worker.State == "R");
        }
    });

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(WorkerTeam.MaxSize + 1)]
    public void A_size_out_of_range_is_refused(int size) => Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(size));

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeamOptions { SpinTime = TimeSpan.FromTicks(-1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeamOptions { SpinTime = TimeSpan.FromSeconds(2) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeamOptions { Priority = (ThreadPriority)9 });
        Assert.Throws<ArgumentException>(() => new WorkerTeamOptions { Processors = [] });
        Assert.Throws<ArgumentException>(() => new WorkerTeamOptions { Processors = [0, -1] });
        Assert.Throws<ArgumentException>(() => new WorkerTeamOptions { Processors = [5000] });
    }

    [LinuxFact]
    public void Workers_run_where_they_are_bound_and_as_urgently_as_asked() => Within(() =>
    {
        int processor = Thread.GetCurrentProcessorId();
        using WorkerTeam team = new(2, new() { Processors = [processor], Priority = ThreadPriority.Lowest });
        Meet work = new() { Arrived = new CountdownEvent(2), Observed = new string[2] };
        team.Run(ref work, 2);
        string[] fields = Fields(work.Observed!.Single(line => line.Contains("SimdNet worker", StringComparison.Ordinal)));
        Assert.Equal("10", fields[16]);
        Assert.Equal(processor.ToString(System.Globalization.CultureInfo.InvariantCulture), fields[36]);
    });

    /// <summary>A worker that is woken on its caller's processor helps nobody. Control: one that is bound to it is found there by the same look.</summary>
    [LinuxFact]
    public void A_worker_wakes_on_another_processor_than_its_caller_is_on() => Within(() =>
    {
        if (Environment.ProcessorCount == 1)
        {
            return;
        }

        foreach (int processor in (ReadOnlySpan<int>)[.. Allowed().Take(2)])
        {
            ThreadPlacement.Bind(processor);
            using WorkerTeam team = Team(2, 0);
            using WorkerTeam bound = new(2, new() { SpinTime = TimeSpan.Zero, Processors = [processor] });
            for (int round = 0; round < 20; round++)
            {
                Assert.All(ProcessorsOf(team), other => Assert.NotEqual(processor, other));
                Assert.All(ProcessorsOf(bound), other => Assert.Equal(processor, other));
            }
        }
    });

    [LinuxFact]
    public void A_processor_that_is_not_there_is_refused_and_no_thread_is_left()
    {
        int before = Threads();
        Win32Exception exception = Assert.Throws<Win32Exception>(() => new WorkerTeam(3, new() { Processors = [1023] }));
        Assert.Contains("processor 1023", exception.Message, StringComparison.Ordinal);
        Assert.True(Gone(before), "The threads have ended.");
    }

    [Fact]
    public void A_thread_that_the_system_refuses_leaves_none() => Within(() =>
    {
        int before = Threads();
        int begun = 0;
        Assert.Throws<InvalidOperationException>(() => TeamState.Start(4, new(), thread =>
        {
            if (begun == 2)
            {
                throw new InvalidOperationException("Refused.");
            }

            thread.Start();
            begun++;
        }));
        Assert.Equal(2, begun);
        Assert.True(Gone(before), "The threads have ended.");
    });

    private static WorkerTeam Team(int size, int microseconds) => new(size, new() { SpinTime = TimeSpan.FromMicroseconds(microseconds) });

    private static void Within(Action action) => Within(action, Watchdog.Limit);

    private static void Within(Action action, TimeSpan limit)
    {
        // On a thread of its own: the pool may be full.
        Task task = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!Watchdog.Wait(((IAsyncResult)task).AsyncWaitHandle.WaitOne, limit))
        {
            throw new TimeoutException($"Not done within {limit}.");
        }

        task.GetAwaiter().GetResult();
    }

    private static void Run(Thread[] threads)
    {
        foreach (Thread thread in threads)
        {
            thread.Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    /// <summary>The processors that the calling thread may use.</summary>
    private static IEnumerable<int> Allowed()
    {
        const string Title = "Cpus_allowed_list:";
        string list = System.IO.File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith(Title, StringComparison.Ordinal))[Title.Length..];
        return list.Split(',').Select(range => range.Split('-').Select(text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)).ToArray()).SelectMany(range => Enumerable.Range(range[0], range[^1] - range[0] + 1));
    }

    /// <summary>Where a team's workers are when they meet their caller, who found them asleep or woke them up.</summary>
    private static int[] ProcessorsOf(WorkerTeam team)
    {
        Meet work = new() { Arrived = new CountdownEvent(team.Size), Observed = new string[team.Size] };
        team.Run(ref work, team.Size);
        return [.. work.Observed!.Where(line => line.Contains("SimdNet worker", StringComparison.Ordinal)).Select(line => int.Parse(Fields(line)[36], System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>State and processor ticks of each thread of a team.</summary>
    private static (string State, string Ticks)[] Workers() =>
        [.. System.IO.Directory.GetDirectories("/proc/self/task").Where(task => Name(task).StartsWith("SimdNet worker", StringComparison.Ordinal)).Select(task => Fields(System.IO.File.ReadAllText(System.IO.Path.Combine(task, "stat")))).Select(fields => (fields[0], fields[11] + "+" + fields[12]))];

    /// <summary>The fields of a thread's record from its state on, which is the third.</summary>
    private static string[] Fields(string record) => record.Split(") ")[1].Split(' ');

    /// <summary>Threads of teams in this process, as the system counts them.</summary>
    private static int Threads() => OperatingSystem.IsLinux()
        ? System.IO.Directory.GetDirectories("/proc/self/task").Count(task => Name(task).StartsWith("SimdNet worker", StringComparison.Ordinal))
        : Process.GetCurrentProcess().Threads.Count;

    private static string Name(string task)
    {
        try
        {
            return System.IO.File.ReadAllText(System.IO.Path.Combine(task, "comm"));
        }
        catch (System.IO.IOException)
        {
            return "";
        }
    }

    private static bool Gone(int threads) => SpinWait.SpinUntil(
        () =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return Threads() <= threads;
        },
        Watchdog.Limit);

    private struct Count : IPartedWork
    {
        public int[] Runs;
        public int Size;

        public readonly void Run(int part, int worker)
        {
            // Assert.InRange would allocate until the runtime has optimised it.
            if ((uint)worker >= (uint)Size)
            {
                throw new InvalidOperationException($"Worker {worker} of {Size}.");
            }

            Interlocked.Increment(ref Runs[part]);
        }
    }

    /// <summary>Each part waits for all others.</summary>
    private struct Meet : IPartedWork
    {
        public CountdownEvent Arrived;
        public string[]? Observed;

        public readonly void Run(int part, int worker)
        {
            Arrived.Signal();
            Arrived.Wait();
            if (Observed is not null)
            {
                Observed[part] = System.IO.File.ReadAllText("/proc/thread-self/stat");
            }
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

    /// <summary>The worker's part ends when it is told to.</summary>
    private struct Held : IPartedWork
    {
        public CountdownEvent Began;
        public ManualResetEventSlim Release;
        public bool[] Ended;

        public readonly void Run(int part, int worker)
        {
            (ManualResetEventSlim release, bool[] ended) = (Release, Ended);
            Began.Signal();
            Began.Wait();
            if (worker > 0)
            {
                release.Wait();
            }

            Volatile.Write(ref ended[worker], true);
        }
    }

    private struct Throw : IPartedWork
    {
        public int[] Runs;
        public int Faulty;

        public readonly void Run(int part, int worker)
        {
            Interlocked.Increment(ref Runs[part]);
            if (part == Faulty)
            {
                throw new InvalidOperationException("A part failed.");
            }
        }
    }

    /// <summary>All parts from the lowest on throw: that one once another has.</summary>
    private struct ThrowLater : IPartedWork
    {
        public int Lowest;
        public StrongBox<int> First;

        public readonly void Run(int part, int worker)
        {
            if (part == Lowest)
            {
                while (Volatile.Read(ref First.Value) < 0)
                {
                    Thread.Yield();
                }

                Thread.Sleep(5);
            }

            if (part >= Lowest)
            {
                Interlocked.CompareExchange(ref First.Value, part, -1);
                throw new InvalidOperationException($"Part {part}.");
            }
        }
    }

    private struct RunWithin : IPartedWork
    {
        public WorkerTeam Team;
        public ThrowLater Work;

        public readonly void Run(int part, int worker)
        {
            ThrowLater work = Work;
            Team.Run(ref work, 7);
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

    private struct DisposeTeam : IPartedWork
    {
        public WorkerTeam Team;
        public int Part;

        public readonly void Run(int part, int worker)
        {
            if (part == Part)
            {
                Team.Dispose();
            }
        }
    }
}
