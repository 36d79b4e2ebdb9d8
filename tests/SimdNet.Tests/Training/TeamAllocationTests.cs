using System;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training;

/// <summary>Epochs on two threads allocate nothing, on either of them. <see cref="AllocationTests"/> has single steps, and the control that sees what other threads allocate is WorkerTeamTests'.</summary>
[Collection(nameof(Alone))]
public sealed class TeamAllocationTests
{
    public static TheoryData<string, int> Ways => new()
    {
        { "784,128:relu,10:softmax", 128 },
        { "5,12:tanh,3:softmax", 2500 },
        { "5,12:tanh,3:softmax", 1 },
    };

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
}
