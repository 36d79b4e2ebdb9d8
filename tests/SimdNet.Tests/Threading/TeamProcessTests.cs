using System;
using System.Linq;
using System.Threading;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>Teams end their work, and in the same bits, in processes that have one processor, take one for two, are oversubscribed, or have a thread pool full of blocked tasks.</summary>
[Collection(nameof(Alone))]
public sealed class TeamProcessTests
{
    [FusedTheory]
    [InlineData(1, true, TeamSituation.Alone, 6)]
    [InlineData(1, false, TeamSituation.Alone, 6)]
    [InlineData(2, true, TeamSituation.Alone, 6)]
    [InlineData(2, true, TeamSituation.Crowded, 4)]
    [InlineData(2, false, TeamSituation.Crowded, 4)]
    [InlineData(1, true, TeamSituation.PoolIsFull, 6)]
    [InlineData(2, false, TeamSituation.PoolIsFull, 6)]
    internal void Teams_end_their_work_in_the_same_bits(int processors, bool isBound, TeamSituation situation, int teams)
    {
        DotnetProcess process = Run(processors, isBound, situation, Watchdog.Limit);
        Assert.True(process.ExitCode is not null, $"Not done within {Watchdog.Limit}: {process.Output}");
        Assert.True(process.ExitCode == 0, process.Error);
        string[][] lines = [.. process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        string[] seen = lines.Single(words => words[0] == TeamProcess.Processors);
        Assert.Equal(processors.ToString(System.Globalization.CultureInfo.InvariantCulture), seen[1]);
        if (isBound && OperatingSystem.IsLinux())
        {
            Assert.Matches("^[0-9]+$", seen[2]);
        }

        string[] fingerprints = [.. lines.Where(words => words[0] == TeamProcess.Team).Select(words => words[^1])];
        Assert.Equal(teams, fingerprints.Length);
        string alone = TeamProcess.Fingerprints(team: null);
        Assert.All(fingerprints, fingerprint => Assert.Equal(alone, fingerprint));
    }

    /// <summary>Negative control: a process that waits for a worker that never begins is ended by the watchdog.</summary>
    [Fact]
    public void A_wait_for_a_worker_that_never_begins_is_seen()
    {
        DotnetProcess process = Run(1, isBound: true, TeamSituation.WorkerNeverBegins, TimeSpan.FromSeconds(5));
        Assert.Null(process.ExitCode);
        Assert.Empty(process.Error);
    }

    private static DotnetProcess Run(int processors, bool isBound, TeamSituation situation, TimeSpan limit) => DotnetProcess.Run(
        "SimdNet.Tests.dll", AppContext.BaseDirectory, [$"DOTNET_PROCESSOR_COUNT={processors}"], [TeamProcess.Name, situation.ToString()], limit, isBound && OperatingSystem.IsLinux() ? Thread.GetCurrentProcessorId() : null);
}
