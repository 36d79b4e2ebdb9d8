using System;
using System.Collections.Generic;
using System.Linq;

using Xunit;

namespace SimdNet.Tests.Training.Callbacks;

/// <summary>When callbacks are called, what they are told, and what they can do.</summary>
public sealed class CallbackTests
{
    [Fact]
    public void Calls_come_in_order()
    {
        List<string> calls = [];
        Scripted training = new(1, 2);
        training.Fit(Noting("a"), Noting("b"));
        string[] epoch = ["epoch", "epoch", "batch", "batch", "batch", "batch", "batch", "batch", "end", "end"];
        Assert.Equal(["begin", "begin", .. epoch, .. epoch, "over", "over"], calls.Select(call => call[1..]));
        Assert.All(Enumerable.Range(0, calls.Count), i => Assert.Equal(i % 2 == 0 ? 'a' : 'b', calls[i][0]));

        LambdaCallback<float> Noting(string name) => new()
        {
            TrainBegin = _ => calls.Add(name + "begin"),
            EpochBegin = _ => calls.Add(name + "epoch"),
            BatchEnd = _ => calls.Add(name + "batch"),
            EpochEnd = _ => calls.Add(name + "end"),
            TrainEnd = _ => calls.Add(name + "over"),
        };
    }

    /// <summary>The best weights come back though the callback before throws; what ended the training is what the caller sees.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_callback_that_throws_at_the_end_keeps_no_other_from_it(bool isEndedByError)
    {
        Scripted training = new(1, 2);
        List<string> calls = [];
        string message = Assert.Throws<InvalidTimeZoneException>(() => training.Fit(
            new LambdaCallback<float> { TrainEnd = _ => throw new InvalidTimeZoneException("at the end") },
            new LambdaCallback<float> { EpochEnd = isEndedByError ? _ => throw new InvalidTimeZoneException("in an epoch") : null },
            new EarlyStopping<float>(9) { Monitor = Scripted.Name, RestoreBestWeights = true },
            new LambdaCallback<float> { TrainEnd = context => calls.Add(context.Error?.Message ?? "none") })).Message;
        Assert.Equal(isEndedByError ? "in an epoch" : "at the end", message);
        Assert.Equal([isEndedByError ? message : "none"], calls);
        if (!isEndedByError)
        {
            Assert.Equal(training.After(1), training.Network.ParameterBlock.ToArray());
        }
    }

    [Fact]
    public void The_context_tells_batches_and_epochs()
    {
        Scripted training = new(1, 2);
        List<(int Epoch, int Batch, int Rows, double Loss)> batches = [];
        History history = training.Fit(new LambdaCallback<float> { BatchEnd = context => batches.Add((context.Epoch, context.Batch, context.BatchRows, context.BatchLoss)) });
        Assert.Equal([(1, 1, 8), (1, 2, 8), (1, 3, 4), (2, 1, 8), (2, 2, 8), (2, 3, 4)], batches.Select(batch => (batch.Epoch, batch.Batch, batch.Rows)));
        Assert.Equal(history.Epochs[1].Loss, batches.Where(batch => batch.Epoch == 2).Sum(batch => batch.Loss * batch.Rows) / 20, 1e-12);
        Assert.Equal([0.05, 0.05], history.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal([1, 2], history.Epochs.Select(epoch => epoch[Scripted.Name]));
        Assert.Equal(["loss", "accuracy", Scripted.Name, "learning_rate"], history.Epochs[0].Names);
    }

    /// <summary>Being told of batches takes single steps one by one, to the same bits.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Callbacks_change_no_bit(int batch)
    {
        Assert.Equal(Fit(), Fit(new LambdaCallback<float> { BatchEnd = _ => { }, EpochEnd = _ => { } }));
        Assert.Equal(Fit(), Fit(new TerminateOnNaN<float>(NonFinitePolicy.RollBack), new EarlyStopping<float>(9)));
        Assert.NotEqual(Fit(), Fit(new LambdaCallback<float> { BatchEnd = context => context.Trainer.LearningRate *= 0.9 }));

        string Fit(params Callback<float>[] callbacks)
        {
            Scripted training = new();
            Trainer<float> trainer = new(training.Network, Loss.CrossEntropy, new Sgd { LearningRate = 0.1 });
            trainer.Fit(training.Data, new() { Epochs = 3, BatchSize = batch, Callbacks = callbacks });
            return trainer.Fingerprint();
        }
    }

    [Fact]
    public void A_stop_within_an_epoch_ends_it_after_the_batch()
    {
        Scripted training = new(1, 2, 3);
        int batches = 0;
        History history = training.Fit(new LambdaCallback<float> { BatchEnd = context => { batches++; if (context is { Epoch: 2, Batch: 1 }) { context.Stop("enough"); context.Stop("more than enough"); } } });
        Assert.Equal((2, 4), (history.Epochs.Count, batches));
        Assert.Equal("enough", history.StopReason);
    }

    [Fact]
    public void The_end_comes_with_the_error_of_another_callback()
    {
        Scripted training = new(1, 2);
        List<Exception?> errors = [];
        LambdaCallback<float> noting = new() { TrainEnd = context => errors.Add(context.Error) };
        training.Fit(noting);
        Assert.Null(Assert.Single(errors));
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => training.Fit(noting, new LambdaCallback<float> { EpochEnd = _ => throw new InvalidOperationException() }));
        Assert.Same(error, errors[1]);

        // Who was not told of the beginning is not told of the end.
        Assert.Throws<InvalidOperationException>(() => training.Fit(new LambdaCallback<float> { TrainBegin = _ => throw new InvalidOperationException() }, noting));
        Assert.Equal(2, errors.Count);
    }

    [Fact]
    public void What_every_epoch_measures_cannot_be_logged_by_another()
    {
        Scripted training = new(1);
        Assert.Throws<ArgumentException>(() => training.Fit(new LambdaCallback<float> { EpochEnd = context => context.Log("val_loss", 1) }));
        Assert.Throws<InvalidOperationException>(() => training.Fit(new LambdaCallback<float> { TrainBegin = context => context.Log("own", 1) }));
        Assert.Throws<ArgumentException>(() => training.Fit(null!, new LambdaCallback<float>()));
        Assert.Throws<ArgumentNullException>(() => new FitOptions<float> { Callbacks = null! });
    }
}
