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

        // Of many epochs the least counts: the runtime's own threads allocate now and then, and an epoch's garbage is in each.
        long least = long.MaxValue;
        long last = 0;
        trainer.Fit(data, new()
        {
            Epochs = 40,
            BatchSize = rows,
            Progress = progress =>
            {
                if (progress.EpochCompleted)
                {
                    long now = GC.GetTotalAllocatedBytes(precise: true);
                    least = Math.Min(least, now - last);
                    last = now;
                }
            },
        });
        Assert.Equal(0, least);
    }
}
