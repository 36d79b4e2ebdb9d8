using System;
using System.Collections.Generic;
using System.IO;

using SimdNet.Kernels;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Checkpoints;

/// <summary>A checkpoint of each version of the format, which must load for ever. The files are never changed; a new version adds one, and the text of the method that made it.</summary>
public sealed class CheckpointGoldenTests
{
    /// <summary>The argument of the process that makes the file in a folder.</summary>
    internal const string Maker = "checkpoint-golden";

    /// <summary>How the fingerprint of what the file holds begins.</summary>
    private const string Saved = "8824e80d12f40838b2bf191632d607205e326c432";

    [Fact]
    public void Version_1_loads_and_goes_on()
    {
        using TemporaryFolder folder = new(inMemory: true);
        File.Copy(Path.Combine(Repository.Root, "tests", "SimdNet.Tests", "Golden", "files", "checkpoints", "1.safetensors"), folder.File("checkpoint-000001.safetensors"));
        Trainer<float> trainer = Trainer<float>.Resume(folder.Path);
        CheckpointInfo info = trainer.ResumedFrom!;
        Assert.Equal((1, 10, 1, 64, null), ((int)info.Generation, (int)info.Steps, info.Epochs, info.RowsDone, info.Damage));
        Assert.Equal("golden", info.Remarks["made"]);
        Assert.Equal("64,6:relu,dropout(0.2),10:softmax", trainer.Network.Spec.ToString());
        Assert.StartsWith(Saved, trainer.Fingerprint(), StringComparison.Ordinal);
        EarlyStopping<float> stopping = Stopping();
        History history = trainer.Fit(Dataset.Digits<float>().Take(120), Options(stopping, null));
        Assert.Equal(3, history.Epochs.Count);
        if (FusedMultiplyAdd.IsSupported)
        {
            Trainer<float> whole = Make();
            Assert.Equal(ResumeCase.Bits(whole, whole.Fit(Dataset.Digits<float>().Take(120), Options(Stopping(), null))), ResumeCase.Bits(trainer, history));
        }
    }

    /// <summary>How the file was made, in a folder that exists.</summary>
    internal static void MakeVersion1(string folder)
    {
        Trainer<float> trainer = Make();
        trainer.Disk = new LastDisk(1);
        Assert.Throws<KilledException>(() => trainer.Fit(Dataset.Digits<float>().Take(120), Options(Stopping(), new(folder) { EverySteps = 10, Remarks = new Dictionary<string, string> { ["made"] = "golden" } })));
    }

    private static Trainer<float> Make()
    {
        Network<float> network = NetworkSpec.Parse("64,6:relu,dropout(0.2),10:softmax").Build<float>(seed: 1);
        network.InputScaler = Scaler<float>.Constant(16, 64);
        return new(network, Loss.SmoothedCrossEntropy(0.1), new AdamW { LearningRate = 0.01 }, new() { Schedule = LearningRateSchedule.WarmUp(4, LearningRateSchedule.Cosine(100)), ClipGlobalNorm = 1, Seed = 5 });
    }

    private static EarlyStopping<float> Stopping() => new(9) { RestoreBestWeights = true };

    private static FitOptions<float> Options(EarlyStopping<float> stopping, CheckpointOptions? checkpoint) =>
        new() { Epochs = 3, BatchSize = 16, ValidationSplit = 0.2, Callbacks = [stopping], Metrics = [Metric.F1(10)], Checkpoint = checkpoint };
}
