using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using SimdNet.Interop;
using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Files;

/// <summary>What is written to files, and read from them, follows no culture.</summary>
public sealed class FileCultureTests
{
    [Fact]
    public void Files_have_the_same_bytes_under_any_culture_and_are_read_under_it()
    {
        List<string> expected = Written();
        using CommaCulture comma = new();
        Assert.Equal(expected, Written());
    }

    /// <summary>Every file with its name.</summary>
    private static List<string> Written()
    {
        using TemporaryFolder folder = new(inMemory: true);
        Network<float> network = NetworkSpec.Parse("2,3:leaky-relu(0.25):l2=0.01:kernel=uniform(-1,1),batchnorm,dropout(0.5),2:softmax").Build<float>();
        network.InputScaler = Scaler<float>.Standard([0, 1.5f, 1, -0.5f], 2);
        Dataset<float> data = new(new float[] { 0, 1, -0.5f, 0.25f, 1, -1, 1, 0 }, 2, new int[] { 0, 1, 1, 0 });
        TrainerOptions options = new() { Schedule = LearningRateSchedule.WarmUp(5, LearningRateSchedule.Cosine(20)), ClipNorm = 0.5 };
        Trainer<float> trainer = new(network, Loss.CrossEntropy with { ClassWeights = ClassWeights.Create(0.5, 2) }, new Adam { LearningRate = 0.01 }, options);
        trainer.Fit(data, new() { Epochs = 2, BatchSize = 4 });
        trainer.SaveCheckpoint(folder.File("run"));
        network.Save(folder.File("model"));
        WeightFiles.SaveText(network, folder.File("weights"));
        CsvFile.WritePredictions<float>(folder.File("predictions.csv"), [0.5f, -1e-30f, -2, 1e30f], 2);

        Assert.Equal(trainer.Fingerprint(), Trainer<float>.Resume(folder.File("run")).Fingerprint());
        Network<float> read = ModelFile.Load<float>(folder.File("model"));
        Assert.Equal((network.Fingerprint(), network.Spec), (read.Fingerprint(), read.Spec));
        WeightFiles.LoadText(read, folder.File("weights"));
        Assert.Equal(network.Fingerprint(), read.Fingerprint());
        Assert.Equal([0.5f, -1e-30f, -2, 1e30f], CsvFile.ReadInputs<float>(folder.File("predictions.csv"), 2).Values.ToArray());
        return [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => $"{Path.GetRelativePath(folder.Path, path)}: {Convert.ToHexString(File.ReadAllBytes(path))}")];
    }
}
