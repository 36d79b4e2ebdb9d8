using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>Teams end their work whatever else runs: other callers, other teams, a thread pool that is full.</summary>
[Collection(nameof(Alone))]
public sealed class WorkerTeamLoadTests
{
    [Fact]
    public void Several_callers_share_a_team() => Watchdog.Within(() =>
    {
        using WorkerTeam team = TeamWork.Team(3, 50);
        Thread[] callers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            int[] runs = new int[16];
            for (int round = 1; round <= 5_000; round++)
            {
                TeamWork.Count work = new() { Runs = runs, Size = 3 };
                team.Run(ref work, 16);
            }

            Assert.All(runs, run => Assert.Equal(5_000, run));
        }))];
        TeamWork.Run(callers);
    });

    [Fact]
    public void More_threads_than_processors_make_progress() => Watchdog.Within(() =>
    {
        WorkerTeam[] teams = [.. Enumerable.Range(0, 4).Select(_ => TeamWork.Team(Math.Min(WorkerTeam.MaxSize, 2 * Environment.ProcessorCount), 50))];
        TeamWork.Run([.. teams.Select(team => new Thread(() =>
        {
            int[] runs = new int[16];
            for (int round = 1; round <= 2_000; round++)
            {
                TeamWork.Count work = new() { Runs = runs, Size = team.Size };
                team.Run(ref work, 16);
            }

            Assert.All(runs, run => Assert.Equal(2_000, run));
        }))]);
        Assert.All(teams, team => team.Dispose());
    });

    [Fact]
    public void A_thread_pool_full_of_blocked_tasks_is_no_hindrance() => Watchdog.Within(() =>
    {
        using ManualResetEventSlim release = new();
        Task[] blocked = [.. Enumerable.Range(0, 4 * Environment.ProcessorCount).Select(_ => Task.Run(release.Wait))];
        using WorkerTeam team = TeamWork.Team(2, 0);
        int[] runs = new int[16];
        for (int round = 0; round < 500; round++)
        {
            TeamWork.Count work = new() { Runs = runs, Size = 2 };
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
        TeamWork.Meet work = new() { Arrived = new CountdownEvent(2) };
        Assert.Throws<TimeoutException>(() => Watchdog.Within(
            () =>
            {
                using WorkerTeam team = TeamWork.Team(1, 0);
                team.Run(ref work, 2);
            },
            TimeSpan.FromMilliseconds(300)));
        work.Arrived.Signal();
    }
}
