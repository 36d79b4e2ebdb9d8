using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Interop;
using SimdNet.Tests.Interop;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>What callbacks know goes on with the training: the best weights, what was waited for, lines of logs, states to roll back to.</summary>
public sealed class CheckpointCallbackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Early_stopping_knows_the_best_weights_and_how_long_it_waited()
    {
        for (int step = 1; step < 60; step += 3)
        {
            EarlyStopping<float> whole = new(3) { RestoreBestWeights = true };
            Trainer<float> expected = Make();
            History history = expected.Fit(Data(), Options([whole]));
            Assert.NotNull(whole.StoppedEpoch);

            using TemporaryFolder folder = new(inMemory: true);
            Kill(folder.Path, step, [new EarlyStopping<float>(3) { RestoreBestWeights = true }]);
            EarlyStopping<float> resumed = new(3) { RestoreBestWeights = true };
            Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
            Assert.Equal(ResumeCase.Bits(expected, history), ResumeCase.Bits(trainer, trainer.Fit(Data(), Options([resumed]))));
            Assert.Equal((whole.BestEpoch, whole.BestValue, whole.StoppedEpoch), (resumed.BestEpoch, resumed.BestValue, resumed.StoppedEpoch));
        }
    }

    [Fact]
    public void A_training_that_was_stopped_stays_stopped_in_its_best_weights()
    {
        EarlyStopping<float> stopping = new(3) { RestoreBestWeights = true };
        Trainer<float> trainer = Make();
        History history = trainer.Fit(Data(), Options([stopping]) with { Checkpoint = new(_folder.Path) });
        Trainer<float> resumed = Trainer<float>.Resume(_folder.Path);
        Assert.NotEqual(trainer.Network.Fingerprint(), resumed.Network.Fingerprint());
        Assert.Equal(ResumeCase.Bits(trainer, history), ResumeCase.Bits(resumed, resumed.Fit(Data(), Options([new EarlyStopping<float>(3) { RestoreBestWeights = true }]) with { Epochs = 1_000 })));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_log_has_each_epoch_once(bool appends)
    {
        string log = _folder.File("log.csv");
        File.WriteAllText(log, appends ? "epoch,loss,accuracy,val_loss,val_accuracy,learning_rate\n7,1,1,1,1,1\n" : "something else");
        byte[] before = File.ReadAllBytes(log);
        Make().Fit(Data(), Options([Logger()]) with { Epochs = 6 });
        string expected = File.ReadAllText(log);
        for (int step = 1; step < 24; step += 2)
        {
            foreach (string damage in (string[])["none", "cut", "gone", "half a line"])
            {
                File.WriteAllBytes(log, before);
                using TemporaryFolder folder = new(inMemory: true);
                Kill(folder.Path, step, [Logger(), new LambdaCallback<float>()], 6);

                // What the training wrote after its last checkpoint, and what a power failure does.
                File.AppendAllText(log, damage == "half a line" ? "9,0.5," : "99,1,2,3,4,5\n");
                if (damage == "cut")
                {
                    File.WriteAllBytes(log, before);
                }
                else if (damage == "gone" && !appends)
                {
                    File.Delete(log);
                }

                Trainer<float>.Resume(folder.Path).Fit(Data(), Options([Logger(), new LambdaCallback<float>()]) with { Epochs = 6 });
                Assert.Equal(expected, File.ReadAllText(log));
            }
        }

        CsvLogger<float> Logger() => new(log) { Append = appends };
    }

    [Fact]
    public void The_best_saved_model_stays_the_best()
    {
        string best = _folder.File("best.safetensors");
        ModelCheckpoint<float> whole = new(best);
        Make().Fit(Data(), Options([whole]));
        byte[] expected = File.ReadAllBytes(best);
        for (int step = 2; step < 90; step += 8)
        {
            using TemporaryFolder folder = new(inMemory: true);
            Kill(folder.Path, step, [new ModelCheckpoint<float>(best)]);
            ModelCheckpoint<float> resumed = new(best);
            Trainer<float>.Resume(folder.Path).Fit(Data(), Options([resumed]));
            Assert.Equal((whole.BestValue, whole.LastPath), (resumed.BestValue, resumed.LastPath));
            Assert.Equal(expected, File.ReadAllBytes(best));
        }
    }

    [Fact]
    public void A_roll_back_after_a_resumption_goes_to_the_same_state()
    {
        for (int step = 1; step < 20; step++)
        {
            Trainer<float> expected = Make();
            History history = expected.Fit(Data(), Options([new TerminateOnNaN<float>(NonFinitePolicy.RollBack), Spoils()]) with { Epochs = 8 });
            Assert.True(expected.LearningRate < 0.05, "It rolled back.");
            using TemporaryFolder folder = new(inMemory: true);
            Kill(folder.Path, step, [new TerminateOnNaN<float>(NonFinitePolicy.RollBack), Spoils()], 8);
            Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
            Assert.Equal(ResumeCase.Bits(expected, history), ResumeCase.Bits(trainer, trainer.Fit(Data(), Options([new TerminateOnNaN<float>(NonFinitePolicy.RollBack), Spoils()]) with { Epochs = 8 })));
        }

        // In the second batch of epoch 6, where the rate is still the first.
        static LambdaCallback<float> Spoils() => new()
        {
            BatchEnd = context => context.Network.ParameterBlock[0] = context is { Epoch: 6, Batch: 2, Trainer.LearningRate: 0.05 } ? float.NaN : context.Network.ParameterBlock[0],
        };
    }

    [Fact]
    public void Events_for_TensorBoard_go_on_in_their_file()
    {
        string runs = _folder.File("runs");
        Kill(_folder.File("run"), 6, [new TensorBoardCallback<float>(runs)], 6);
        Trainer<float> trainer = Trainer<float>.Resume(_folder.File("run"));
        trainer.Fit(Data(), Options([new TensorBoardCallback<float>(runs)]) with { Epochs = 6 });
        Assert.Equal(1 + 6, EventReader.Read(Assert.Single(Directory.GetFiles(runs))).Count);

        // Where the file is no more, a new one has the epochs since.
        Kill(_folder.File("other"), 6, [new TensorBoardCallback<float>(_folder.File("lost"))], 6);
        Directory.Delete(_folder.File("lost"), recursive: true);
        Trainer<float>.Resume(_folder.File("other")).Fit(Data(), Options([new TensorBoardCallback<float>(_folder.File("lost"))]) with { Epochs = 6 });
        Assert.Equal(1 + 5, EventReader.Read(Assert.Single(Directory.GetFiles(_folder.File("lost")))).Count);
    }

    /// <summary>A user's callback has its numbers, texts and arrays back, after its beginning and to the bit.</summary>
    [Fact]
    public void A_callback_of_ones_own_is_asked_and_told()
    {
        Kill(_folder.Path, 6, [new Remembers()]);
        Remembers resumed = new();
        Trainer<float>.Resume(_folder.Path).Fit(Data(), Options([resumed]) with { Epochs = 4 });
        Assert.Equal("begins, resumed at epoch 2 of 4 with 1 epochs and 1, epoch 2, epoch 3, epoch 4, ends", string.Join(", ", resumed.Calls));
    }

    private static Trainer<float> Make() => new(NetworkSpec.Parse("3,6:tanh,3:softmax").Build<float>(seed: 5), Loss.CrossEntropy, new Adam { LearningRate = 0.05 });

    private static FitOptions<float> Options(IReadOnlyList<Callback<float>> callbacks) => new() { Epochs = 60, BatchSize = 4, ValidationSplit = 0.3, Callbacks = callbacks };

    private static Dataset<float> Data()
    {
        Random random = new(11);
        return new(Enumerable.Range(0, 20 * 3).Select(_ => random.NextSingle()).ToArray(), 3, Enumerable.Range(0, 20).Select(i => i % 3).ToArray());
    }

    private static void Kill(string folder, int step, IReadOnlyList<Callback<float>> callbacks, int epochs = 60)
    {
        Directory.CreateDirectory(folder);
        Trainer<float> trainer = Make();
        trainer.Disk = new LastDisk(1);
        Assert.Throws<KilledException>(() => trainer.Fit(Data(), Options(callbacks) with { Epochs = epochs, Checkpoint = new(folder) { EverySteps = step } }));
    }

    private sealed class Remembers : Callback<float>
    {
        private readonly float[] _array = [float.Epsilon, -0f, float.NaN];
        private int _epochs;

        public List<string> Calls { get; } = [];

        public override void OnTrainBegin(FitContext<float> context) => Calls.Add("begins");

        public override void OnEpochEnd(FitContext<float> context)
        {
            _epochs++;
            Calls.Add($"epoch {context.Epoch}");
        }

        public override void OnTrainEnd(FitContext<float> context) => Calls.Add("ends");

        public override void SaveState(FitContext<float> context, CallbackState<float> state)
        {
            Assert.False(context.IsResumed && Calls.Count == 0);
            state.Numbers["epochs"] = _epochs;
            state.Numbers["nan"] = BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234);
            state.Texts["text"] = "tëxt";
            state.Arrays["array"] = _array;
            state.Arrays["empty"] = [];
        }

        public override void RestoreState(FitContext<float> context, CallbackState<float> state)
        {
            _epochs = (int)state.Numbers["epochs"];
            Assert.True(context.IsResumed);
            Assert.Equal(0x7FF8_0000_0000_1234, BitConverter.DoubleToInt64Bits(state.Numbers["nan"]));
            Assert.Equal("tëxt", state.Texts["text"]);
            Assert.Equal(_array.Select(BitConverter.SingleToInt32Bits), state.Arrays["array"].Select(BitConverter.SingleToInt32Bits));
            Assert.Empty(state.Arrays["empty"]);
            Calls.Add($"resumed at epoch {context.Epoch} of {context.Options.Epochs} with {context.History.Epochs.Count} epochs and {_epochs}");
        }
    }
}
