using System;
using System.Globalization;
using System.Linq;
using System.Threading;

using SimdNet.Tests.Support;
using SimdNet.Threading;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>Where, how urgently and how long workers wait and run is as the options say.</summary>
[Collection(nameof(Alone))]
public sealed class WorkerTeamPlacementTests
{
    /// <summary>Asleep by the system's record, on the same count of processor ticks after a while as before. Control: workers that look for work for a second are not asleep; with one processor none looks.</summary>
    [LinuxFact]
    public void An_idle_team_burns_no_processor_time() => Watchdog.Within(() =>
    {
        TeamThreads.Settled();
        using WorkerTeam idle = TeamWork.Team(4, 50);
        TeamWork.Count work = new() { Runs = new int[4], Size = 4 };
        idle.Run(ref work, 4);
        Assert.True(SpinWait.SpinUntil(() => TeamThreads.Workers().All(worker => worker.State == "S"), TimeSpan.FromSeconds(20)), "All workers fall asleep.");
        (string, string)[] before = TeamThreads.Workers();
        Thread.Sleep(500);
        Assert.Equal(before, TeamThreads.Workers());
        if (Environment.ProcessorCount > 1)
        {
            using WorkerTeam looking = new(2, new() { SpinTime = TimeSpan.FromSeconds(1) });
            looking.Run(ref work, 2);
            Assert.Contains(TeamThreads.Workers(), worker => worker.State == "R");
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
    public void Workers_run_where_they_are_bound_and_as_urgently_as_asked() => Watchdog.Within(() =>
    {
        int processor = Thread.GetCurrentProcessorId();
        using WorkerTeam team = new(2, new() { Processors = [processor], Priority = ThreadPriority.Lowest });
        string[] fields = WorkerOf(team);
        Assert.Equal("10", fields[16]);
        Assert.Equal(processor.ToString(CultureInfo.InvariantCulture), fields[36]);
    });

    /// <summary>A thread begins with its maker's nice value, and to lower that takes a right: a team that is asked not to be urgent asks for none.</summary>
    [LinuxFact]
    public void Workers_that_are_less_urgent_already_stay_so() => Watchdog.Within(() =>
    {
        ThreadPlacement.SetPriority(ThreadPriority.Lowest);
        using WorkerTeam team = new(2, new() { Priority = ThreadPriority.BelowNormal });
        Assert.Equal("10", WorkerOf(team)[16]);
    });

    /// <summary>A worker that is woken on its caller's processor helps nobody. Control: one that is bound to it is found there by the same look.</summary>
    [LinuxFact]
    public void A_worker_wakes_on_another_processor_than_its_caller_is_on() => Watchdog.Within(() =>
    {
        if (Environment.ProcessorCount == 1)
        {
            return;
        }

        foreach (int processor in (ReadOnlySpan<int>)[.. TeamThreads.Allowed().Take(2)])
        {
            ThreadPlacement.Bind(processor);
            using WorkerTeam team = TeamWork.Team(2, 0);
            using WorkerTeam bound = new(2, new() { SpinTime = TimeSpan.Zero, Processors = [processor] });
            for (int round = 0; round < 20; round++)
            {
                Assert.All(ProcessorsOf(team), other => Assert.NotEqual(processor, other));
                Assert.All(ProcessorsOf(bound), other => Assert.Equal(processor, other));
            }
        }
    });

    /// <summary>The system's record of the worker of a team of two, at work.</summary>
    private static string[] WorkerOf(WorkerTeam team)
    {
        TeamWork.Meet work = new() { Arrived = new CountdownEvent(2), Observed = new string[2] };
        team.Run(ref work, 2);
        return TeamThreads.Fields(work.Observed!.Single(line => line.Contains("SimdNet worker", StringComparison.Ordinal)));
    }

    /// <summary>Where a team's workers are when they meet their caller, who found them asleep or woke them up.</summary>
    private static int[] ProcessorsOf(WorkerTeam team)
    {
        TeamWork.Meet work = new() { Arrived = new CountdownEvent(team.Size), Observed = new string[team.Size] };
        team.Run(ref work, team.Size);
        return [.. work.Observed!.Where(line => line.Contains("SimdNet worker", StringComparison.Ordinal)).Select(line => int.Parse(TeamThreads.Fields(line)[36], CultureInfo.InvariantCulture))];
    }
}
