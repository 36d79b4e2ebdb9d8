using System;
using System.Runtime.CompilerServices;
using System.Threading;

using SimdNet.Memory;
using SimdNet.Tests.Support;
using SimdNet.Threading;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>What happens in a part reaches the caller, and not before all parts have ended.</summary>
[Collection(nameof(Alone))]
public sealed class WorkerTeamFaultTests
{
    [Theory]
    [InlineData(0, 6)]
    [InlineData(5, 6)]
    [InlineData(TeamState.MaxParts + 1, TeamState.MaxParts + 6)]
    public void An_exception_reaches_the_caller_and_the_team_goes_on(int faulty, int parts) => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(2, 50);
        int[] runs = new int[parts];
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => TeamWork.Run(team, new Throw { Runs = runs, Faulty = faulty }, parts));
        Assert.Contains(nameof(Throw), exception.StackTrace, StringComparison.Ordinal);
        Assert.All(runs, run => Assert.Equal(1, run));
        TeamWork.Count next = new() { Runs = runs, Size = 2 };
        team.Run(ref next, parts);
        Assert.All(runs, run => Assert.Equal(2, run));
    });

    [Fact]
    public void Of_several_exceptions_the_caller_gets_that_of_the_lowest_part_even_where_another_was_first() => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(3, 50);
        StrongBox<int> first = new(-1);
        Assert.Equal("Part 2.", Assert.Throws<InvalidOperationException>(() => TeamWork.Run(team, new ThrowLater { Lowest = 2, First = first }, 7)).Message);

        // The control: the one that was first is another. Part 2 waits for it.
        Assert.InRange(first.Value, 3, 6);

        // A caller that finds the team busy comes to the lowest first.
        RunWithin within = new() { Team = team, Work = new() { Lowest = 2, First = new(5) } };
        Assert.Equal("Part 2.", Assert.Throws<InvalidOperationException>(() => TeamWork.Run(team, within, 2)).Message);
    });

    /// <summary>The parts lie on the stack of the caller, who may not leave it before the last of them has ended.</summary>
    [Fact]
    public void An_interrupted_caller_waits_for_its_parts_and_is_interrupted_afterwards() => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(2, 0);
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
}
