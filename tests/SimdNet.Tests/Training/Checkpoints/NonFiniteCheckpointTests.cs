using System;
using System.IO;
using System.Linq;

using SimdNet.IO;
using SimdNet.Tests.Support;
using SimdNet.Training.Checkpoints;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>Where a number has gone bad no checkpoint is written, and the last good one loads.</summary>
public sealed class NonFiniteCheckpointTests
{
    private const string Text = "4,5,batchnorm,tanh,3:softmax";
    private const int Bad = 5;

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_bad_number_in_any_tensor_is_never_saved(float bad)
    {
        Network<float> network = NetworkSpec.Parse(Text).Build<float>();
        int blocks = Make().StateBlocks;
        Assert.Equal(3, blocks);
        for (int block = 0; block < blocks; block++)
        {
            foreach (ParameterInfo parameter in network.Parameters)
            {
                using TemporaryFolder folder = new(inMemory: true);
                Trainer<float> trainer = Make();
                LambdaCallback<float> spoils = new()
                {
                    BatchEnd = context =>
                    {
                        if (context.Trainer.Steps == Bad)
                        {
                            context.Trainer.StateBlock(block)[parameter.Start + parameter.Length - 1] = bad;
                        }
                    },
                };
                Assert.Throws<NonFiniteException>(() => trainer.Fit(Data(), new() { Epochs = 3, BatchSize = 5, Callbacks = [spoils], Checkpoint = new(folder.Path) { EverySteps = 1 } }));
                Assert.Equal(Bad, trainer.Steps);

                Trainer<float> good = Trainer<float>.Resume(folder.Path);
                Assert.Equal((Bad - 1, null), ((int)good.Steps, good.ResumedFrom!.Damage));
                for (int i = 0; i < blocks; i++)
                {
                    Assert.DoesNotContain(good.StateBlock(i).ToArray(), value => !float.IsFinite(value));
                }

                Assert.Throws<NonFiniteException>(() => trainer.SaveCheckpoint(folder.Path));
                Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
            }
        }
    }

    /// <summary>Negative control: without the look before, a moment would be written that no training can go on with.</summary>
    [Fact]
    public void A_bad_moment_that_was_written_does_not_load()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Trainer<float> trainer = Make();
        trainer.StateBlock(1)[0] = float.NaN;
        CheckpointFile.Write(folder.File("checkpoint-000001.safetensors"), TrainerCheckpoint.Of(trainer, new System.Collections.Generic.Dictionary<string, string>()), DiskOperations.Instance);
        Assert.Contains("a moment holds NaN", Assert.Throws<SimdNetFormatException>(() => Trainer<float>.Resume(folder.Path)).Message, StringComparison.Ordinal);
    }

    /// <summary>A training that a policy stops at a bad number returns, and leaves the last good checkpoint.</summary>
    [Fact]
    public void A_training_that_stops_leaves_the_last_good_one()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Trainer<float> trainer = Make();
        LambdaCallback<float> spoils = new() { BatchEnd = context => context.Network.ParameterBlock[0] = context.Trainer.Steps == Bad ? float.NaN : context.Network.ParameterBlock[0] };
        History history = trainer.Fit(Data(), new() { Epochs = 3, BatchSize = 5, Callbacks = [spoils, new TerminateOnNaN<float>()], Checkpoint = new(folder.Path) { EverySteps = 2 } });
        Assert.NotNull(history.StopReason);
        Assert.Equal(4, Trainer<float>.Resume(folder.Path).Steps);
    }

    private static Trainer<float> Make() => new(NetworkSpec.Parse(Text).Build<float>(), Loss.CrossEntropy, new Adam());

    private static Dataset<float> Data() => new(Enumerable.Range(0, 80).Select(i => i % 11 * 0.1f).ToArray(), 4, Enumerable.Range(0, 20).Select(i => i % 3).ToArray());
}
