using System;
using System.IO;
using System.Linq;

using SimdNet.Tests.Support;

using Xunit;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>Which networks are saved, and that none is lost.</summary>
public sealed class ModelCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new(inMemory: true);

    [Fact]
    public void The_best_is_saved()
    {
        Scripted training = new(3, 1, 2, 1);
        ModelCheckpoint<float> checkpoint = new(_folder.File("best.safetensors")) { Monitor = Scripted.Name };
        training.Fit(checkpoint);
        Assert.Equal(1, checkpoint.BestValue);
        Assert.Equal(training.After(2), Saved("best.safetensors"));
        Assert.Equal(["best.safetensors"], Files());
    }

    /// <summary>Neither a value that is NaN nor the training that fails by it touches the file of the best (keras#21771).</summary>
    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void The_best_outlives_what_is_not_finite(double bad)
    {
        Scripted training = new(bad, 2, bad, bad);
        training.Fit(new ModelCheckpoint<float>(_folder.File("best.safetensors")) { Monitor = Scripted.Name });
        Assert.Equal(training.After(2), Saved("best.safetensors"));

        Scripted failing = new(2, 1, 0);
        Assert.Throws<NonFiniteException>(() => failing.Fit(
            new ModelCheckpoint<float>(_folder.File("failing.safetensors")) { Monitor = Scripted.Name },
            new LambdaCallback<float> { EpochBegin = context => { if (context.Epoch == 3) { context.Network.GetParameter("b1")[0] = (float)bad; } } }));
        Assert.Equal(failing.After(2), Saved("failing.safetensors"));
        Assert.Equal(["best.safetensors", "failing.safetensors"], Files());
    }

    [Fact]
    public void A_second_training_does_not_replace_the_best_by_a_worse_one()
    {
        Scripted training = new(3, 1);
        ModelCheckpoint<float> checkpoint = new(_folder.File("best.safetensors")) { Monitor = Scripted.Name };
        training.Fit(checkpoint);
        float[] best = training.After(2);
        (training.Values[0], training.Values[1]) = (2, 1.5);
        training.Fit(checkpoint);
        Assert.Equal(best, Saved("best.safetensors"));
    }

    [Fact]
    public void Every_nth_is_saved_under_its_number()
    {
        Scripted training = new(1, 2, 3, 4, 5);
        ModelCheckpoint<float> checkpoint = new(_folder.File("at-{epoch:000}.safetensors")) { EveryEpochs = 2 };
        training.Fit(checkpoint);
        Assert.Equal(["at-002.safetensors", "at-004.safetensors"], Files());
        Assert.Equal(training.After(4), Saved("at-004.safetensors"));
        Assert.Equal(_folder.File("at-004.safetensors"), checkpoint.LastPath);
        training.Fit(new ModelCheckpoint<float>(_folder.File("{epoch}{x}.safetensors")) { EveryEpochs = 5 });
        Assert.Contains("5{x}.safetensors", Files());
        Assert.Throws<ArgumentException>(() => new ModelCheckpoint<float>("{epoch:Q}.safetensors"));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ModelCheckpoint<float>("m.safetensors") { EveryEpochs = 0 });
    }

    /// <summary>As with early stopping: with one batch an epoch its loss is that of the weights it began with.</summary>
    [Fact]
    public void The_best_of_the_training_loss_has_that_loss()
    {
        Scripted training = new();
        Trainer<float> trainer = new(training.Network, Loss.MeanSquaredError, new Sgd { LearningRate = 60 });
        float[] before = training.Network.ParameterBlock.ToArray();
        History history = trainer.Fit(training.Data, new() { Epochs = 10, BatchSize = FitOptions<float>.FullBatch, Callbacks = [new ModelCheckpoint<float>(_folder.File("best.safetensors"))] });
        double best = history.Epochs.Min(epoch => epoch.Loss);
        Assert.Equal(best, ModelFile.Load<float>(_folder.File("best.safetensors")).Evaluate(training.Data).Loss, 1e-6 * best);
        Assert.NotEqual(before, training.Network.ParameterBlock.ToArray());
    }

    public void Dispose() => _folder.Dispose();

    private float[] Saved(string name) => ModelFile.Load<float>(_folder.File(name)).ParameterBlock.ToArray();

    private string[] Files() => [.. Directory.GetFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
}
