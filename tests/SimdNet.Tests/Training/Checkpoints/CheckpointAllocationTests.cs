using System;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>Between two checkpoints nothing is allocated, and without any a fit allocates what it did.</summary>
[Collection(nameof(Alone))]
public sealed class CheckpointAllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Training_between_checkpoints_allocates_nothing(int batch)
    {
        Dataset<float> data = new(Enumerable.Range(0, 40 * 9).Select(i => i % 11 * 0.1f).ToArray(), 9, new int[40]);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(), new Adam()])
        {
            Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Between(optimizer, everyEpochs: 1_000)));

            // Negative control: a checkpoint is counted.
            Assert.True(Between(optimizer, everyEpochs: 400) > 1_000);
        }

        long Between(Optimizer optimizer, int everyEpochs)
        {
            using TemporaryFolder folder = new(inMemory: true);
            Trainer<float> trainer = new(NetworkSpec.Parse("9,17:relu,4:softmax").Build<float>(), Loss.CrossEntropy, optimizer);
            long first = 0;
            long last = 0;
            LambdaCallback<float> counts = new()
            {
                EpochEnd = context =>
                {
                    last = GC.GetAllocatedBytesForCurrentThread();
                    first = context.Epoch == 1 ? last : first;
                },
            };
            CheckpointOptions checkpoint = new(folder.Path) { EverySteps = long.MaxValue / 2, EveryEpochs = everyEpochs, Every = TimeSpan.FromHours(1) };
            trainer.Fit(data, new() { Epochs = 1_000, BatchSize = batch, Callbacks = [counts], Checkpoint = checkpoint });
            return last - first;
        }
    }
}
