using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Steps on two threads allocate nothing, on either of them.</summary>
[Collection(nameof(Alone))]
public sealed class TeamAllocationTests
{
    public static TheoryData<string, int> Ways => new()
    {
        { "64,96:relu,10:softmax", 64 },
        { "5,12:tanh,3:softmax", 2500 },
        { "5,12:tanh,3:softmax", 1 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Steps_with_two_workers_allocate_nothing(string network, int rows)
    {
        NetworkSpec spec = NetworkSpec.Parse(network);
        Random random = new(1);
        float[] x = [.. Enumerable.Range(0, rows * spec.Inputs).Select(_ => random.NextSingle())];
        Dataset<float> data = new(x, spec.Inputs, new int[rows]);
        Trainer<float> trainer = new(spec.Build<float>(), Loss.CrossEntropy, new Adam(), new() { Threads = 2 });
        Assert.Equal((0, 0, 0), OnAllThreads(() => trainer.Step(data), Long.Count(100_000, 1_000_000) / Math.Max(1, rows / 2)));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Epochs_with_two_workers_allocate_nothing(string network, int rows)
    {
        NetworkSpec spec = NetworkSpec.Parse(network);
        Dataset<float> data = new(new float[2 * rows * spec.Inputs], spec.Inputs, new int[2 * rows]);
        Trainer<float> trainer = new(spec.Build<float>(), Loss.CrossEntropy, new Sgd { Momentum = 0.9 }, new() { Threads = 2 });
        // The history grows with the epochs, before the first of them: what is left must not depend on their number.
        Assert.Equal(Fit(100), Fit(300));

        long Fit(int epochs)
        {
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 10; attempt++)
            {
                long first = 0;
                long last = 0;
                trainer.Fit(data, new()
                {
                    Epochs = epochs,
                    BatchSize = rows,
                    Progress = progress =>
                    {
                        if (progress.EpochCompleted && (progress.Epoch == 1 || progress.Epoch == epochs))
                        {
                            last = GC.GetTotalAllocatedBytes(precise: true);
                            first = progress.Epoch == 1 ? last : first;
                        }
                    },
                });
                least = Math.Min(least, last - first);
            }

            return least;
        }
    }

    /// <summary>Negative control: what other threads allocate is counted, and so is a fork-join that makes garbage.</summary>
    [Fact]
    public void Garbage_of_other_threads_is_noticed() =>
        Assert.True(OnAllThreads(() => System.Threading.Tasks.Parallel.For(0, 2, _ => { }), 1_000).All > 0, "Parallel.For allocates");

    /// <summary>Bytes of this thread, bytes of all threads and collections over so many calls: the least of a few measurements, since the runtime's own threads allocate now and then.</summary>
    private static (long Own, long All, int Collections) OnAllThreads(Action action, int calls)
    {
        (long, long, int) least = (long.MaxValue, 0, 0);
        for (int attempt = 0; attempt < 20 && least != (0, 0, 0); attempt++)
        {
            for (int i = 0; i < 200; i++)
            {
                action();
            }

            int collections = GC.CollectionCount(0);
            long all = GC.GetTotalAllocatedBytes(precise: true);
            long own = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < calls; i++)
            {
                action();
            }

            own = GC.GetAllocatedBytesForCurrentThread() - own;
            (long, long, int) measured = (own, GC.GetTotalAllocatedBytes(precise: true) - all, GC.CollectionCount(0) - collections);
            least = measured.CompareTo(least) < 0 ? measured : least;
        }

        return least;
    }
}
