using System;
using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Threading;

using SimdNet.Memory;
using SimdNet.Tests.Support;
using SimdNet.Threading;
using SimdNet.Training.Checkpoints;

using Xunit;

namespace SimdNet.Tests.Threading;

/// <summary>A team that is disposed, forgotten or refused leaves no thread.</summary>
[Collection(nameof(Alone))]
public sealed class WorkerTeamLifetimeTests
{
    [Fact]
    public void A_disposed_team_leaves_no_thread_and_computes_on()
    {
        int before = TeamThreads.Settled();
        WorkerTeam team = TeamWork.Team(4, 50);
        Assert.Equal(before + 3, TeamThreads.Count());
        team.Dispose();
        team.Dispose();
        Assert.True(TeamThreads.Gone(before), "The threads have ended.");
        int[] runs = new int[5];
        TeamWork.Count work = new() { Runs = runs, Size = 1 };
        team.Run(ref work, 5);
        Assert.All(runs, run => Assert.Equal(1, run));
    }

    [Fact]
    public void Disposing_a_team_at_work_does_not_hang() => Watchdog.Within(() =>
    {
        for (int round = 0; round < 200; round++)
        {
            WorkerTeam team = TeamWork.Team(3, round % 2 * 50);
            int[] runs = new int[16];
            using ManualResetEventSlim began = new();
            Thread caller = new(() =>
            {
                began.Set();
                for (int i = 0; i < 50; i++)
                {
                    TeamWork.Count work = new() { Runs = runs, Size = 3 };
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
    public void A_team_can_be_disposed_by_one_of_its_parts() => Watchdog.Within(() =>
    {
        for (int round = 0; round < 50; round++)
        {
            DisposeTeam work = new() { Team = TeamWork.Team(3, 50), Part = round % 3 };
            work.Team.Run(ref work, 3);
        }
    });

    /// <summary>None of them may wait for another that waits for it.</summary>
    [Fact]
    public void A_team_can_be_disposed_by_all_of_its_threads_at_once() => Watchdog.Within(() =>
    {
        int before = TeamThreads.Count();
        for (int round = 0; round < 50; round++)
        {
            using CountdownEvent arrived = new(4);
            DisposeTeam work = new() { Team = TeamWork.Team(4, round % 2 * 50), Arrived = arrived };
            work.Team.Run(ref work, 4);
        }

        Assert.True(TeamThreads.Gone(before), "The threads have ended.");
    });

    [Fact]
    public void A_forgotten_team_ends_its_threads()
    {
        int before = TeamThreads.Count();
        Forget();
        Assert.True(TeamThreads.Gone(before), "The threads have ended.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget()
        {
            TeamWork.Count work = new() { Runs = new int[4], Size = 4 };
            TeamWork.Team(4, 0).Run(ref work, 4);
        }
    }

    /// <summary>What flows from the maker to threads that it starts, such as a request's services, may hold the team.</summary>
    [Fact]
    public void A_team_that_is_held_by_its_makers_context_alone_ends_its_threads()
    {
        int before = TeamThreads.Count();
        AsyncLocal<WorkerTeam?[]?> context = new();
        Forget();
        Assert.True(TeamThreads.Gone(before), "The threads have ended.");

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget()
        {
            context.Value = new WorkerTeam?[1];
            context.Value[0] = TeamWork.Team(4, 0);
            context.Value = null;
        }
    }

    /// <summary>Negative control: a team that is held keeps its threads.</summary>
    [Fact]
    public void A_held_team_keeps_its_threads()
    {
        int before = TeamThreads.Settled();
        WorkerTeam team = TeamWork.Team(4, 0);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Equal(before + 3, TeamThreads.Count());
        team.Dispose();
        Assert.True(TeamThreads.Gone(before), "The threads have ended.");
    }

    [LinuxFact]
    public void A_processor_that_is_not_there_is_refused_and_no_thread_is_left()
    {
        int before = TeamThreads.Count();
        Win32Exception exception = Assert.Throws<Win32Exception>(() => new WorkerTeam(3, new() { Processors = [1023] }));
        Assert.Contains("processor 1023", exception.Message, StringComparison.Ordinal);
        Assert.True(TeamThreads.Gone(before), "The threads have ended.");
    }

    [Fact]
    public void A_thread_that_the_system_refuses_leaves_none() => Watchdog.Within(() =>
    {
        int before = TeamThreads.Count();
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
        Assert.True(TeamThreads.Gone(before), "The threads have ended.");
    });

    /// <summary>What a trainer is refused for is found before its team is made. The control: one that is not refused has the threads.</summary>
    [LinuxFact]
    public void A_trainer_that_is_refused_starts_no_thread()
    {
        TrainerOptions options = new() { Threads = 3 };
        Network<float> network = NetworkSpec.Parse("3,2,batchnorm,1:identity").Build<float>();
        int before = TeamThreads.Settled();
        Refused<ArgumentException>(new Lbfgs(), options with { ClipNorm = 1 });
        Refused<ArgumentException>(new Rprop(), options with { Schedule = LearningRateSchedule.Cosine(10) });
        Refused<InvalidOperationException>(new Sgd(), options with { Schedule = LearningRateSchedule.Custom((_, _) => -1) });
        Refused<ArgumentOutOfRangeException>(new Sgd { LearningRate = 1e300 }, options);
        Refused<ArgumentException>(new Sgd(), options with { MaxBatch = 1 << 30 });
        Trainer<float> trainer = new(network, Loss.MeanSquaredError, new Sgd(), options);
        Assert.Equal(before + 2, TeamThreads.Count());
        GC.KeepAlive(trainer);

        void Refused<TException>(Optimizer optimizer, TrainerOptions choices)
            where TException : Exception
        {
            Assert.Throws<TException>(() => new Trainer<float>(network, Loss.MeanSquaredError, optimizer, choices));
            Assert.Equal(before, TeamThreads.Count());
        }
    }

    /// <summary>A checkpoint may be refused once its trainer is made. The control: that of one which is not refused has the threads.</summary>
    [LinuxFact]
    public void A_checkpoint_that_is_refused_leaves_no_thread()
    {
        using TemporaryFolder folder = new(inMemory: true);
        new Trainer<float>(NetworkSpec.Parse("3,2:tanh,1:identity").Build<float>(), Loss.MeanSquaredError, new Adam()).SaveCheckpoint(folder.Path);
        CheckpointContents contents = CheckpointFolder.ReadNewest(folder.Path);
        double[] rate = contents.Values<double>("learning_rate", 1);
        contents.Set<double>("learning_rate", [double.NaN]);
        int before = TeamThreads.Settled();
        Assert.Throws<SimdNetFormatException>(() => Trainer<float>.Of(contents, new() { Threads = 3 }));

        // A few looks, until the system has taken off threads that have ended: after many a collection would end what was left.
        for (int look = 0; look < 10 && TeamThreads.Count() > before; look++)
        {
            Thread.Sleep(10);
        }

        Assert.Equal(before, TeamThreads.Count());
        contents.Set<double>("learning_rate", rate);
        Trainer<float> trainer = Trainer<float>.Of(contents, new() { Threads = 3 });
        Assert.Equal(before + 2, TeamThreads.Count());
        GC.KeepAlive(trainer);
    }

    private struct DisposeTeam : IPartedWork
    {
        public WorkerTeam Team;

        /// <summary>The part that disposes, where not all of them do once they have met.</summary>
        public int Part;
        public CountdownEvent? Arrived;

        public readonly void Run(int part, int worker)
        {
            Arrived?.Signal();
            Arrived?.Wait();
            if (part == Part || Arrived is not null)
            {
                Team.Dispose();
            }
        }
    }
}
